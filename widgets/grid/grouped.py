"""Grouped rows of a grid: by which keys, what a group's line says, and what the person changed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QPainter

from kernel.expression import parse
from kernel.tables.change import Key
from kernel.tables.key_list import split_list
from kernel.tables.outline.grouped import GroupedTable, Grouping
from kernel.tables.outline.level import GroupBy
from kernel.tables.outline.row import GroupRow, Opened, Path, group_key
from kernel.tables.query import Aggregate
from kernel.tables.schema import Schema, title_of
from kernel.words import say, say_count
from widgets.grid.group_value import read_path, value_words, write_path
from widgets.grid.outline import Outline
from widgets.grid.outline_paint import paint_group
from widgets.grid.outline_reader import OutlineReader
from widgets.grid.summary import FUNCTIONS, figure_text, source_of, wanted

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: Open and closed groups that are remembered.
MOST_KEPT = 500


class Grouped(Outline):
    """One grid's.

    Attributes:
        keys: By what is grouped, outermost first.
    """

    def __init__(self, grid: Grid, keys: tuple[GroupBy, ...], opened: Opened = Opened()) -> None:  # noqa: B008
        super().__init__(grid)
        self.keys, self.opened = keys, opened
        self.aggregates: tuple[Aggregate, ...] = ()
        self._columns: dict[str, tuple[GridColumn, str]] = {}
        self._find_aggregates()
        self.reader = OutlineReader(grid.handle, lambda table: GroupedTable(table, Grouping()), self._wanted)

    def _wanted(self) -> Any:
        grouping = Grouping(self.keys, self.aggregates, self.opened)

        def apply(view: Any) -> None:
            view.grouping = grouping

        return apply

    @property
    def shape(self) -> Any:
        """See :class:`Outline`."""
        return self.keys

    # -- columns ------------------------------------------------------------------------------------------------------

    def _find_aggregates(self) -> None:
        grid = self.grid
        by_id = {column.id: column for column in grid.columns}
        self._columns = {f"figure of {name}": (by_id[name], function) for name, function in wanted(grid).items()}
        self.aggregates = tuple(
            Aggregate(function, source_of(column), name) for name, (column, function) in self._columns.items()
        )

    def take_columns(self) -> None:
        """See :class:`Outline`."""
        before = self.aggregates
        self._find_aggregates()
        if self.aggregates != before:
            self.grid.rows.reload()

    def key_title(self, key: GroupBy) -> str:
        """What people call a group key."""
        column = self.column_of(key)
        if column is not None:
            return column.label
        return title_of(key.text) if key.text.isidentifier() else key.text

    def column_of(self, key: GroupBy) -> GridColumn | None:
        """The grid's column with the key's values."""
        return next((one for one in self.grid.arrangement.all if one.path and one.path == key.text), None)

    # -- rows ---------------------------------------------------------------------------------------------------------

    def group(self, row: int) -> GroupRow | None:
        """The group whose line a row is."""
        mark = self.mark(row)
        return mark if isinstance(mark, GroupRow) else None

    def name_of(self, row: int) -> Any:
        """See :class:`Outline`."""
        group = self.group(row)
        return group.path if group is not None else ()

    def depth_of(self, row: int) -> int:
        """See :class:`Outline`."""
        group = self.group(row)
        return group.depth if group is not None else len(self.keys) - 1

    def row_above(self, row: int) -> Key | None:
        """See :class:`Outline`."""
        group = self.group(row)
        if group is not None:
            return group_key(group.path[:-1]) if group.depth else None
        # The line of a row's group is the nearest one above it that is here.
        for above in range(row - 1, -1, -1):
            if self.grid.rows.cache.find(above) is None:
                return None
            if (found := self.group(above)) is not None:
                return group_key(found.path)
        return None

    def has_keys(self, row: int) -> bool:
        """See :class:`Outline`: in the lines of groups; Left leads there from the first column of a row."""
        return self.group(row) is not None

    def handle_key(self, event: Any) -> bool:
        """See :class:`Outline`."""
        from PySide6.QtCore import Qt

        grid = self.grid
        if super().handle_key(event):
            return True
        is_left = event.key() == Qt.Key.Key_Left and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if is_left and grid.current.column == 0 and not grid.is_editing() and grid.current.row >= 0:
            return self.step_out()
        return False

    def refuses(self, row: int) -> str:
        """See :class:`Outline`."""
        return say("This line stands for a group. Open it to edit its rows.") if self.group(row) is not None else ""

    # -- open and closed ----------------------------------------------------------------------------------------------

    def open_below(self) -> bool:
        """See :class:`Outline`."""
        group = self.group(self.grid.current.row)
        if group is None:
            return False
        query = self.grid.rows.query()
        path, opened = group.path, self.opened.opened(group.path, group.depth)

        def take(answer: Any) -> None:
            if isinstance(answer, Exception):
                self.grid.rows.failed.emit(answer)
                return
            result = opened
            for one in answer:
                result = result.opened(one, len(one) - 1)
            self.set_opened(result)

        self.reader.ask(lambda view: view.paths_below(query, path), take)
        return True

    def open_level(self, is_open: bool) -> None:
        """See :class:`Outline`: the level of the current line; closing closes all."""
        if not is_open:
            self.set_opened(Opened())
            return
        depth = self.depth_of(self.grid.current.row)
        opened = self.opened
        for level in range(depth + 1):
            opened = opened.with_level(level, True)
        self.set_opened(opened)

    def go_to(self, key: Key, column: int | None = None) -> None:
        """See :class:`Outline`."""
        grid, query = self.grid, self.grid.rows.query()

        def take(path: Path | Exception | None) -> None:
            if path is None or isinstance(path, Exception):
                return
            opened = self.opened
            for depth in range(len(path)):
                opened = opened.opened(path[: depth + 1], depth)
            self.set_opened(opened)
            self.reader.ask(lambda view: view.locate(query, key), go)

        def go(row: Any) -> None:
            if isinstance(row, int):
                grid.rows.go_after(lambda: grid.go(row, column))

        self.reader.ask(lambda view: view.path_of_row(query, key), take)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def words(self, group: GroupRow) -> tuple[str, str, str]:
        """What it is grouped by, the value, and the count, as texts."""
        key = self.keys[min(group.depth, len(self.keys) - 1)]
        return self.key_title(key), value_words(group.label, self.column_of(key)), f"({group.count:,})"

    def figures(self, group: GroupRow) -> dict[int, str]:
        """Column index → what stands below its heading."""
        places = {column.id: index for index, column in enumerate(self.grid.columns)}
        found = {}
        for name, value in group.figures.items():
            column, function = self._columns.get(name, (None, ""))
            if column is not None and column.id in places:
                sign = "" if function in ("sum", "minimum", "maximum") else FUNCTIONS[function][1] + " "
                found[places[column.id]] = sign + figure_text(column, function, value)
        return found

    def paint_row(self, painter: QPainter, row: int, top: int, columns: Any) -> bool:
        """See :class:`Outline`."""
        group = self.group(row)
        if group is None:
            return False
        paint_group(self.grid, painter, row, top, self.words(group), group.depth, group.is_open, self.figures(group),
                    columns)
        return True

    def cell_text(self, row: int, column: int) -> str:
        """See :class:`Outline`."""
        group = self.group(row)
        if group is None:
            return ""
        if figure := self.figures(group).get(column):
            return figure
        key, value, _ = self.words(group)
        state, rows = (
            say("open") if group.is_open else say("closed"),
            say_count("{count:,} row", "{count:,} rows", group.count),
        )
        return f"{key} {value}, {rows}, {state}, {say('level {level}', level=group.depth + 1)}"

    # -- what is kept -------------------------------------------------------------------------------------------------

    def keep(self) -> None:
        """See :class:`Outline`."""
        keep_groups(self.grid, self.keys, self.opened)


def memory_name(grid: Grid) -> str:
    """What a grid's groups are remembered under."""
    return f"groups:{grid.id or f'{grid.node.where.file}:{grid.node.where.line}'}"


def keep_groups(grid: Grid, keys: tuple[GroupBy, ...], opened: Opened) -> None:
    """Remember the keys, and what is open as far as it can be written."""
    paths = [write_path(path) for path in list(opened.others)[:MOST_KEPT]]
    kept = {"keys": [list(key) for key in keys], "levels": sorted(opened.levels),
            "others": [path for path in paths if path is not None]}  # fmt: skip
    grid.context.remember(memory_name(grid), kept)


def kept_groups(grid: Grid, schema: Schema) -> tuple[tuple[GroupBy, ...], Opened]:
    """By what the person groups, else the layout; keys that the table has no more are left out."""
    kept = grid.context.recall(memory_name(grid))
    written = grid.node.get("group") or ""
    if isinstance(kept, dict) and "tree" in kept:
        return (), Opened()
    if not isinstance(kept, dict) or not isinstance(kept.get("keys"), list):
        return tuple(group_by(text, schema) for text in split_list(str(written))), Opened()
    keys = tuple(GroupBy(*key) for key in kept["keys"] if len(key) == 2 and is_known(key[0], schema))
    if len(keys) < len(kept["keys"]):
        return keys, Opened()
    paths = (read_path(path) for path in kept.get("others") or ())
    return keys, Opened(frozenset(kept.get("levels") or ()), frozenset(path for path in paths if path is not None))


def group_by(text: str, schema: Schema) -> GroupBy:
    """The key of a written text; a reference is grouped by its column and called by its label."""
    reference = schema.reference(text)
    if reference is None or len(reference.via) != 1:
        return GroupBy(text)
    return GroupBy(reference.via[0], f"{reference.name}:label")


def is_known(text: str, schema: Schema) -> bool:
    """Whether everything that a key names is there."""
    if schema.column(text) is not None:
        return True
    heads = (name.partition(".")[0] for name in parse(text).names)
    return all(schema.column(head) is not None or schema.reference(head) is not None for head in heads)
