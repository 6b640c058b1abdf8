"""The columns of a grid: from its ``show`` children, or every column of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.expression import parse
from kernel.tables.change import TEMPORARY
from kernel.tables.schema import Column, Reference, Schema, path_title, title_of
from layouts.node import Formula, Node
from widgets.filter import is_column
from widgets.format import Writer, all_writer, column_writer, writer
from widgets.grid.renderer.table import renderer

_NUMBERS = ("integer", "decimal", "real")


class GridColumn:
    """One column on screen.

    Attributes:
        id: What the person's arrangement calls it; given by ``arrangement``.
        summary: The aggregate that the layout wants below it, or empty.
        heading: What its heading shows of ``label``: all of it, unless another heading stands above it.
        path: What is read for its value; empty for a computed one.
        shown: What is painted: the reference's label path, else ``path``.
        column: The table's own column when there is one; only these can be edited.
        reference: The reference that the column alone makes; its rows are chosen from a list.
        labelled: The reference whose label is painted and chosen: ``reference``, or one of several columns that this
            ends.
        look: The name of a row in ``renderer.table``.
        low, high: The values where bars and scales begin and end; None = by the rows.
        pattern: How values are written, empty where neither the layout nor the table says it.
        has_pattern: Whether one of them does.
        classes: What style rules match it by.
        color, ground, weight: What they say of it, as names of tokens; empty = as the rows.
        icon_path: The column that names an icon to stand before the text, or empty.
        is_flexible: Whether it takes room that is left over: texts without a pattern do.
        is_pinned: Whether the person gave it its width.
        needed_width: What heading and rows take, in pixels; 0 until there were rows.
    """

    __slots__ = (
        "_is_aligned", "_plain_align", "align", "classes", "color", "column", "computed", "editor", "ground", "heading",
        "high", "has_pattern", "icon_path", "id", "is_editable", "is_flexible", "is_pinned", "label", "labelled",
        "look", "low", "needed_width", "path", "pattern", "reference", "shown", "summary", "wanted_width", "weight",
        "width", "write", "write_all",
    )  # fmt: skip

    def __init__(self, node: Node, schema: Schema) -> None:
        self.id = ""
        summary = node.get("summary") or "none"
        self.summary: str = "" if summary == "none" else summary
        self.path: str = _own_path(node.get("column") or "", schema)
        computed = node.get("computed")
        self.computed = parse(computed.text if isinstance(computed, Formula) else str(computed)) if computed else None
        self.column: Column | None = schema.column(self.path)
        found = schema.reference(self.path) if self.column else None
        self.reference: Reference | None = found if found and len(found.via) == 1 else None
        self.labelled = self.reference or (schema.chosen_by(self.path) if self.column else None)
        self.shown = f"{self.labelled.name}:label" if self.labelled else self.path
        kind = self.column.type if self.column else "text"
        pattern = self.pattern = node.get("format") or (self.column.format if self.column else "")
        self.has_pattern = bool(pattern)
        self.write: Writer = column_writer(self.column, pattern) if self.column else _any_writer(pattern)
        if self.labelled:
            self.write = writer("text")
        if self.column is not None and self.column.is_key and kind == "integer":
            self.write = _key_writer(self.write)
            pattern = pattern or "new"
        several = "text" if self.labelled else kind if self.column and not self.column.words else ""
        self.write_all = all_writer(self.write, several, "" if self.labelled else pattern)
        self.label: str = node.get("label") or (self.column.label if self.column else "") or _heading(self)
        self.heading = self.label
        self.look = node.get("as", "auto")
        if self.look == "auto":
            self.look = "check" if kind == "boolean" else "text"
        self.align = self._plain_align = _ALIGN.get(node.get("align", "auto"), self._own_align(kind))
        self._is_aligned = node.get("align", "auto") != "auto"
        self.classes = frozenset(str(node.get("class") or "").split())
        self.color = self.ground = self.weight = ""
        self.editor: str = node.get("editor", "auto")
        self.is_editable = bool(node.get("editable", True)) and self.column is not None
        if self.column is not None and (self.column.is_generated or self.column.read_only_reason):
            self.is_editable = False
        self.wanted_width: int = int(node.get("width") or 0) or renderer(self.look).width
        self.low, self.high = (_number(node.get(name)) for name in ("low", "high"))
        self.icon_path: str = node.get("icon") or ""
        self.width = self.needed_width = 0
        self.is_pinned = False
        self.is_flexible = self.look == "text" and self.align == "start" and (
            self.labelled is not None or self.column is None or kind in ("text", "longtext")
        )

    def dress(self, values: dict[str, str]) -> None:
        """Look as style rules say."""
        self.color, self.ground, self.weight = (values.get(name, "") for name in ("color", "ground", "weight"))
        self.align = self._plain_align if self._is_aligned else values.get("align", self._plain_align)

    def _own_align(self, kind: str) -> str:
        if self.labelled:
            return "start"
        return renderer(self.look).align or self._type_align(kind)

    def _type_align(self, kind: str) -> str:
        return "end" if kind in _NUMBERS or (self.computed is not None) else "start"

    def side(self, is_turned: bool) -> str:
        """``start`` for the left, ``end`` for the right, or ``center``: where its cells stand.

        Args:
            is_turned: Whether lines begin at the right. Numbers end at the right all the same, for their digits to
                stand below each other.
        """
        is_number = self.labelled is None and (self.column is None or self.column.type in _NUMBERS)
        if not is_turned or self.align == "center" or (self.align == "end" and is_number):
            return self.align
        return "end" if self.align == "start" else "start"

    def value(self, row: Callable[[str], Any]) -> Any:
        """The value of a row, whose cells ``row(path)`` reads."""
        return self.computed.evaluate(row) if self.computed else row(self.path)

    def shown_value(self, row: Callable[[str], Any]) -> Any:
        """The value that is painted: a label instead of a number where there is one."""
        if self.labelled is None:
            return self.value(row)
        label = row(self.shown)
        return row(self.path) if label in (None, "") else label


_ALIGN = {"start": "start", "center": "center", "end": "end"}


def _own_path(path: str, schema: Schema) -> str:
    """A reference by its name stands for its column, which shows what the row behind it is called."""
    reference = schema.reference(path) if path and schema.column(path) is None else None
    return reference.via[0] if reference is not None and len(reference.via) == 1 else path


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def grid_columns(node: Node, schema: Schema) -> list[GridColumn]:
    """The grid's columns in order, without those that the table does not have (any more)."""
    shows = node.of_kind("show") or [Node("show", properties={"column": column.name}) for column in schema.columns]
    return [GridColumn(show, schema) for show in shows if not _is_missing(show.get("column") or "", schema)]


def missing_columns(node: Node, schema: Schema) -> list[str]:
    """The columns that a grid should show and the table does not have."""
    return [path for show in node.of_kind("show") if _is_missing(path := show.get("column") or "", schema)]


def _is_missing(path: str, schema: Schema) -> bool:
    if not path or schema.column(path) is not None:
        return False
    return schema.reference(path.partition(".")[0].partition(":")[0]) is None


def query_columns(columns: list[GridColumn], styles: list[Any], schema: Schema, limit: int = 60) -> tuple[str, ...]:
    """The paths that a page of rows needs: the shown ones, the names in formulas, and all plain columns of a table
    with at most ``limit`` of them, so that the current row is whole at once. Blobs are read only where shown."""
    paths: dict[str, None] = {}
    if len(schema.columns) <= limit:
        paths.update((column.name, None) for column in schema.columns if column.type != "blob")
        paths.update((f"{reference.name}:label", None) for reference in schema.references)
    for column in columns:
        if column.path:
            paths.update({column.path: None, column.shown: None})
        if column.icon_path and not _is_missing(column.icon_path, schema):
            paths[column.icon_path] = None
        for name in column.computed.names if column.computed else ():
            paths[name] = None
    for style in styles:
        paths.update((name, None) for name in style.expression.names if is_column(schema, name))
    return tuple(paths)


def _heading(column: GridColumn) -> str:
    if not column.path:
        return column.computed.text if column.computed else ""
    if column.column is not None:
        return title_of(column.path)
    return path_title(column.path)


def _any_writer(pattern: str) -> Writer:
    """For values whose type is not known before: by the value's own."""
    import datetime
    from decimal import Decimal

    by_type = {
        int: writer("integer", pattern), float: writer("real", pattern), Decimal: writer("decimal", pattern),
        datetime.date: writer("date", pattern), datetime.time: writer("time", pattern), bool: writer("boolean"),
        datetime.datetime: writer("datetime", pattern),
    }  # fmt: skip
    text = writer("text")
    return lambda value: by_type.get(type(value), text)(value)


def _key_writer(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """Writes keys; one that a row has only until its server gives it another is called new."""
    return lambda value: "new" if isinstance(value, int) and value < TEMPORARY else write(value)
