"""A pivot as a table for reading: a row for each row heading, a column for each column heading and figure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.disposer import Disposer
from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Key, TableChange
from kernel.tables.contract import Estimate, Listener, Report
from kernel.tables.error import ReadOnlyError
from kernel.tables.listener import Listeners
from kernel.tables.memory import MemorySource
from kernel.tables.pivot.reading import Pivoted
from kernel.tables.query import Query
from kernel.tables.schema import Column, Schema
from kernel.words import mark

NAME = "pivot"
TOTAL = "Total"
#: Python type → column type; what is not here, or mixed, is text.
_TYPES = {
    bool: "boolean", int: "integer", float: "real", Decimal: "decimal", str: "text", datetime.datetime: "datetime",
    datetime.date: "date", datetime.time: "time",
}  # fmt: skip


class Place(NamedTuple):
    """What a column of the table stands for: ``path`` of its heading (None for a key or a total), and which figure."""

    path: tuple[Any, ...] | None
    figure: int = -1


class Layout(NamedTuple):
    """Words and formats: titles of row keys and figures, how a heading's values read, and a figure's format."""

    keys: Sequence[str]
    figures: Sequence[str]
    words: Callable[[Sequence[Any]], str]
    formats: Sequence[str]


class PivotTable:
    """Shows what was taken last; see :class:`kernel.tables.contract.Table`.

    Attributes:
        pivoted: What is shown, None at first.
        places: Column name → what it stands for.
        error: Why there is nothing to show, or None.
    """

    def __init__(self) -> None:
        self.pivoted: Pivoted | None = None
        self.places: dict[str, Place] = {}
        self.error: Exception | None = None
        self._listeners = Listeners()
        self._inner = MemorySource([(Schema(NAME, (), is_editable=False), ())]).table(NAME)

    def take(self, pivoted: Pivoted, layout: Layout) -> None:
        """Show another one."""
        columns, places, rows = _laid_out(pivoted, layout)
        schema = Schema(NAME, tuple(columns), is_editable=False, read_only_reason="Figures are worked out")
        self._inner = MemorySource([(schema, rows)]).table(NAME)
        self.pivoted, self.places, self.error = pivoted, places, None
        self._tell()

    def fail(self, error: Exception) -> None:
        """Show why there is nothing."""
        self.error = error
        self._tell()

    def _tell(self) -> None:
        self._listeners.notify(TableChange(NAME, is_everything=True))

    @property
    def schema(self) -> Schema:
        """Row keys, figures by column, and totals at the end."""
        return self._inner.schema

    def count(self, query: Query) -> int:
        """Row headings."""
        return self._table().count(query)

    def estimate(self, query: Query) -> Estimate:
        """The count."""
        return self._table().estimate(query)

    def prepare(self, query: Query, report: Report) -> int:
        """The count."""
        return self._table().count(query)

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """Rows of figures."""
        return self._table().fetch(query, start, stop)

    def locate(self, query: Query, key: Key) -> int | None:
        """Where a row stands."""
        return self._table().locate(query, key)

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Figures are worked out, never written."""
        raise ReadOnlyError(mark("figures of a pivot are worked out"))

    def subscribe(self, listener: Listener) -> Disposer:
        """Hear when another one is shown."""
        return self._listeners.add(NAME, listener)

    def _table(self) -> Any:
        if self.error is not None:
            raise self.error
        return self._inner


def _laid_out(pivoted: Pivoted, layout: Layout) -> tuple[list[Column], dict[str, Place], list[dict[str, Any]]]:
    fields, columns, places = pivoted.fields, [], {}
    rows: list[dict[str, Any]] = [{} for _ in pivoted.rows]
    for at, title in enumerate(layout.keys):
        values = [heading.labels[at] for heading in pivoted.rows]
        _add(columns, rows, f"key_{at}", title, values)
        places[f"key_{at}"] = Place(None)
    for number, heading in enumerate(pivoted.columns):
        for at in range(len(fields.figures)):
            name = f"column_{number}_{at}"
            values = [pivoted.cells.get((row.path, heading.path), _nothing(fields))[at] for row in pivoted.rows]
            _add(columns, rows, name, _title(layout, heading.labels, at), values, layout.formats[at])
            places[name] = Place(heading.path, at)
    if fields.columns and fields.rows:
        for at in range(len(fields.figures)):
            values = [pivoted.row_totals[row.path][at] for row in pivoted.rows]
            _add(columns, rows, f"total_{at}", _title(layout, (), at, TOTAL), values, layout.formats[at])
            places[f"total_{at}"] = Place(None, at)
    return columns, places, rows


def _nothing(fields: Any) -> tuple[Any, ...]:
    return (None,) * len(fields.figures)


def _title(layout: Layout, labels: Sequence[Any], figure: int, words: str = "") -> str:
    """``2024`` of one figure, ``2024 · Sum of total`` of several."""
    words = words or (layout.words(labels) if labels else "")
    several = len(layout.figures) > 1 or not words
    return " · ".join(part for part in (words, layout.figures[figure] if several else "") if part)


def _add(columns: list[Column], rows: list[dict[str, Any]], name: str, title: str, values: list[Any],
         format: str = "") -> None:  # fmt: skip
    kind = type_of(values)
    if kind == "text":
        values = [value if value is None or isinstance(value, str) else str(value) for value in values]
    columns.append(Column(name, kind, title, format=format))
    for row, value in zip(rows, values, strict=True):
        row[name] = value


def type_of(values: Iterable[Any]) -> str:
    """The column type that fits all of the values: numbers of several kinds are decimals, else text."""
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) == 1:
        return _TYPES.get(kinds.pop(), "text")
    return "decimal" if kinds and kinds <= {int, Decimal} else "real" if kinds and kinds <= {int, float} else "text"
