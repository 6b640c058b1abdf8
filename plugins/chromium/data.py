"""A table of a layout as a page shows it: columns, pages of rows as texts, edits with their answers, changes.

The page gets texts and numbers of rows of this view; keys, versions and values stay here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from plugins.api import (
    PARSERS,
    ConflictError,
    Context,
    Delete,
    EspalierError,
    Insert,
    LiveFilter,
    Node,
    Query,
    Schema,
    TableHandle,
    Update,
    grid_columns,
    parse_sort,
    query_columns,
    say,
)

Done = Callable[[dict[str, Any]], None]
#: Rows that are read at once, and rows whose keys are kept.
MOST_ROWS, MOST_KEPT = 500, 50_000
_LISTS = ("grid", "list", "cards")


class Seen(NamedTuple):
    """A row as the page was told it: its key, version and values."""

    key: tuple[Any, ...]
    version: str
    values: dict[str, Any]


class DataView:
    """One ``<espalier-view>``.

    Args:
        path: The layout's path within the app, with or without ``.kdl``.
        context: The window's.
        tell: Takes events for the page.

    Raises:
        EspalierError: there is no such layout, it is wrong, or shows no table.
    """

    def __init__(self, path: str, context: Context, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell = tell
        self._opened = context.open_layout(path if path.endswith(".kdl") else f"{path}.kdl")
        try:
            nodes = [node for window in self._opened.layout.windows for node in _walk(window)]
            self._list = next((node for node in nodes if node.kind in _LISTS and node.get("table")), None)
            if self._list is None:
                hint = say("a layout for a page has a grid, and may have a form of its row")
                raise EspalierError(say("The layout {path} shows no table", path=path), hint=hint)
            name = self._list.id
            forms = [node for node in nodes if node.kind == "form"]
            self._form = next((node for node in forms if _reads(node, name, str(self._list.get("table")))), None)
            handle = self._opened.tables.get(str(self._list.get("table")))
        except EspalierError:
            self._opened.close()
            raise
        self._handle: TableHandle = handle
        self._columns: list[Any] = []
        self._in_list = 0
        self._query = Query()
        self._seen: dict[int, Seen] = {}
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._next = 1
        self._waiting: list[Done] = []
        self._is_closed = False
        self._filter = LiveFilter(self._list.get("filter"), context.scope, self._take_filter)
        handle.schema_changed.connect(self._take_schema)
        handle.changed.connect(self._hear)
        handle.base_changed.connect(self._hear_all)
        handle.state_changed.connect(self._take_state)
        if handle.schema is not None:
            self._take_schema()

    def close(self) -> None:
        """Let go of the tables."""
        if self._is_closed:
            return
        self._is_closed = True
        handle = self._handle
        for signal, slot in (
            (handle.schema_changed, self._take_schema), (handle.changed, self._hear),
            (handle.base_changed, self._hear_all), (handle.state_changed, self._take_state),
        ):  # fmt: skip
            signal.disconnect(slot)
        self._filter.dispose()
        self._opened.close()

    def describe(self, done: Done) -> None:
        """What the view looks like, once its table is known."""
        if self._handle.schema is None and self._handle.error is None:
            self._waiting.append(done)
        elif self._handle.schema is None:
            done({"error": _said(self._handle.error)})
        else:
            done(self._description())

    def rows(self, start: int, stop: int, done: Done) -> None:
        """Rows ``start`` … ``stop - 1``, at most :data:`MOST_ROWS`."""
        start = max(start, 0)
        stop = min(max(stop, start), start + MOST_ROWS)

        def take(answer: Any) -> None:
            if isinstance(answer, Exception):
                done({"error": _said(answer)})
                return
            told = [self._row(answer, index) for index in range(len(answer))]
            done({"start": start, "rows": told})

        self._handle.fetch(self._handle.merge(self._query), start, stop, self._once(take))

    def count(self, done: Done) -> None:
        """How many rows there are."""

        def take(answer: Any) -> None:
            done({"error": _said(answer)} if isinstance(answer, Exception) else {"count": answer})

        self._handle.count(self._handle.merge(self._query), self._once(take))

    def write(self, number: int, place: int, text: str, done: Done, *, is_forced: bool = False) -> None:
        """Write a cell.

        Args:
            number: Of the row.
            place: Of the column.
            text: What was typed.
            done: Gets ``{}``, an ``error``, or a ``conflict`` with what is stored now.
            is_forced: Whether it is written over what somebody else wrote meanwhile, which the page has shown.
        """
        seen, column = self._need(number), self._columns[place] if 0 <= place < len(self._columns) else None
        if column is None or not self._is_editable(column):
            raise EspalierError(say("This cell cannot be edited"))
        value = self._parse(column, text)
        self._commit(number, seen, column, value, done, is_forced=is_forced)

    def add(self, texts: dict[int, str], done: Done) -> None:
        """Add a row with these texts, by the places of columns."""
        columns = {self._columns[place]: text for place, text in texts.items() if 0 <= place < len(self._columns)}
        values = {column.path: self._parse(column, text) for column, text in columns.items() if column.column}
        self._handle.commit([Insert(values)], lambda answer: done(_answered(answer)))

    def delete(self, number: int, done: Done) -> None:
        """Delete a row."""
        seen = self._need(number)
        self._handle.commit([Delete(seen.key, seen.version)], lambda answer: done(_answered(answer)))

    # -- edits ------------------------------------------------------------------------------------------------------

    def _commit(
        self, number: int, seen: Seen, column: Any, value: Any, done: Done, *, is_forced: bool, is_last: bool = False
    ) -> None:
        def take(answer: Any) -> None:
            if isinstance(answer, ConflictError):
                self._take_conflict(answer, number, seen, column, value, done, is_last=is_last or is_forced)
            else:
                done(_answered(answer))

        change = Update(seen.key, seen.version, {column.path: value})
        self._handle.commit([change], take, say("Edit {text}", text=column.label))

    def _take_conflict(
        self, error: ConflictError, number: int, seen: Seen, column: Any, value: Any, done: Done, *, is_last: bool
    ) -> None:
        """Somebody else changed the row: where it was another column ours is written as well, else the page decides."""
        if not len(error.current):
            done({"conflict": {"gone": True}})
            return
        now = {**seen.values, **error.current.row(0)}
        fresh = Seen(tuple(error.current.keys[0]), error.current.versions[0], now)
        theirs = now.get(column.path)
        self._seen[number] = fresh
        if theirs == seen.values.get(column.path) and not is_last:
            self._commit(number, fresh, column, value, done, is_forced=False, is_last=True)
            return
        done({"conflict": {"gone": False, "theirs": column.write(theirs), "mine": column.write(value)}})

    def _parse(self, column: Any, text: str) -> Any:
        """The value of what was typed.

        Raises:
            EspalierError: it is none of the column's type.
        """
        record = column.column
        if text == "" and not record.is_required:
            return None
        if record.choices:
            found = [choice for choice in record.choices if column.write(choice) == text or str(choice) == text]
            if not found:
                raise EspalierError(say("{title} must be one of the choices", title=column.label))
            return found[0]
        parse = PARSERS.get(record.type)
        try:
            return parse(text, column.label) if parse is not None else text
        except ValueError as error:
            raise EspalierError(str(error)) from error

    def _need(self, number: int) -> Seen:
        seen = self._seen.get(number)
        if seen is None:
            raise EspalierError(say("This row is not shown any more"))
        return seen

    # -- the table --------------------------------------------------------------------------------------------------

    def _take_schema(self) -> None:
        schema: Schema = self._handle.schema
        shown = grid_columns(self._list, schema)
        self._in_list = len(shown)
        fields = [Node("show", properties=dict(field.properties)) for field in self._fields()]
        form = grid_columns(Node("grid", children=fields), schema) if fields else []
        self._columns = [*shown, *form]
        paths = query_columns(self._columns, [], schema)
        self._query = Query(columns=paths, sort=parse_sort(str(self._list.get("sort") or "")))
        self._filter.set_schema(schema)
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            done(self._description())
        if not waiting:
            self._tell({"event": "schema", **self._description()})

    def _take_filter(self, text: str, parameters: dict[str, Any]) -> None:
        query = self._query
        self._query = Query(columns=query.columns, sort=query.sort, filter=text, parameters=parameters)
        self._hear_all()

    def _take_state(self, state: str) -> None:
        if state in ("error", "offline") and self._handle.schema is None:
            waiting, self._waiting = self._waiting, []
            for done in waiting:
                done({"error": _said(self._handle.error)})

    def _hear(self, _change: Any) -> None:
        self._tell({"event": "changed"})

    def _hear_all(self) -> None:
        if self._columns:
            self._tell({"event": "changed"})

    def _once(self, take: Callable[[Any], None]) -> Callable[[Any], None]:
        """A table that remembers answers twice: where the second answer is another, the page is told to ask again."""
        answers: list[Any] = []

        def taken(answer: Any) -> None:
            if not answers:
                answers.append(answer)
                take(answer)
            elif answer != answers[0]:
                self._hear_all()

        return taken

    def _fields(self) -> list[Node]:
        if self._form is None:
            return []
        return [node for node in _walk(self._form) if node.kind == "field" and node.get("column")]

    def _description(self) -> dict[str, Any]:
        schema: Schema = self._handle.schema
        return {
            "title": str(self._list.get("name") or self._list.get("title") or schema.title or self._list.get("table")),
            "empty": str(self._list.get("empty") or ""),
            "columns": [self._column(column) for column in self._columns[: self._in_list]],
            "fields": [self._column(column) for column in self._columns[self._in_list :]],
        }

    def _column(self, column: Any) -> dict[str, Any]:
        record = column.column
        is_yes_no = record is not None and record.type == "boolean"
        choices = [column.write(choice) for choice in record.choices] if record is not None else []
        return {
            "label": column.label, "align": column.align, "editable": self._is_editable(column),
            "kind": "boolean" if is_yes_no else "long" if record and record.type == "longtext" else "text",
            "choices": choices, "required": bool(record and record.is_required), "width": column.wanted_width,
            "wide": column.is_flexible,
        }  # fmt: skip

    def _is_editable(self, column: Any) -> bool:
        """References are chosen in windows; a page shows them."""
        is_open = column.is_editable and column.labelled is None and not self._handle.schema.why_not("edit")
        return bool(is_open) and column.column.type != "blob"

    def _row(self, block: Any, index: int) -> dict[str, Any]:
        values = block.row(index)
        key = tuple(block.keys[index])
        number = self._numbers.get(key)
        if number is None:
            if len(self._numbers) >= MOST_KEPT:
                self._numbers.clear()
                self._seen.clear()
            number, self._next = self._next, self._next + 1
            self._numbers[key] = number
        self._seen[number] = Seen(key, block.versions[index], values)
        cells = []
        for column in self._columns:
            shown = column.shown_value(values.get)
            cells.append(shown if isinstance(shown, bool) else column.write(shown))
        return {"row": number, "cells": cells}


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _reads(form: Node, grid: str, table: str) -> bool:
    """Whether a form shows the current row of a grid, or a row of its table."""
    of = form.get("of")
    text = getattr(of, "text", of)
    return (bool(grid) and str(text) == f"{grid}.current") or form.get("table") == table


def _answered(answer: Any) -> dict[str, Any]:
    if isinstance(answer, ConflictError):
        return {"conflict": {"gone": not len(answer.current)}}
    return {"error": _said(answer)} if isinstance(answer, Exception) else {}


def _said(error: Any) -> str:
    return error.message if isinstance(error, EspalierError) else str(error)
