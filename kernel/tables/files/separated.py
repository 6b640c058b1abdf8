"""Separated values (CSV, TSV): rows of cells, typed by a sample of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kernel.tables.files.dialect import Dialect, find_dialect, sample_rows
from kernel.tables.files.place import OpenFile
from kernel.tables.files.regional import Regional, find_regional
from kernel.tables.files.rows import RowIndex
from kernel.tables.files.shape import SAMPLE_BYTES, SAMPLE_ROWS, made_schema, told_types, unique_names, with_column
from kernel.tables.files.value import bytes_where_broken, guess_type, values_of
from kernel.tables.local.scan import Rows
from kernel.tables.schema import Column

#: The column of cells beyond the header's.
MORE = "more"


class CellRows(Rows):
    """Rows of cells; a column's values are made when it is asked for."""

    def __init__(self, positions: Sequence[int], cells: list[list[str]], columns: SeparatedColumns,
                 part: float) -> None:
        super().__init__(positions, {}, part)
        self._cells = cells
        self._made = columns

    def column(self, name: str) -> Sequence[Any]:
        """See :class:`Rows`."""
        return self._made.values(name, self._cells)

    def picked(self, places: Sequence[int]) -> Rows:
        """See :class:`Rows`."""
        cells = [self._cells[place] for place in places]
        return CellRows([self.positions[place] for place in places], cells, self._made, self.part)


class SeparatedColumns:
    """How cells become values.

    Args:
        types: Column name → type, in the order of cells.
        has_more: Whether one more column holds the cells beyond them; else they stay with the last one.
        dialect: Of the file.
        regional: Column name → how its cells are written, of those that are not in ISO's way.
    """

    def __init__(self, types: Mapping[str, str], has_more: bool, dialect: Dialect,
                 regional: Mapping[str, Regional]) -> None:
        self._types = types
        self._regional = regional
        self._places = {name: place for place, name in enumerate(types)}
        self._has_more = has_more
        self._dialect = dialect
        self._width = len(types)

    def values(self, name: str, rows: Sequence[Sequence[str]]) -> list[Any]:
        """The values of one column in those rows."""
        separator = self._dialect.separator
        place = self._places.get(name)
        if place is None:
            cells = [separator.join(row[self._width :]) for row in rows]
        elif place == self._width - 1 and not self._has_more:
            cells = [row[place] if len(row) == self._width else separator.join(row[place:]) for row in rows]
        else:
            cells = [row[place] if len(row) > place else "" for row in rows]
        regional = self._regional.get(name)
        values = regional.values(cells) if regional else values_of(self._types.get(name, "text"), cells)
        return bytes_where_broken(values, self._dialect.encoding) if self._dialect.unit == 1 else values


class SeparatedContent:
    """A file of separated values at one stamp; see :class:`kernel.tables.files.text_scan.Content`.

    Raises:
        SourceError: the file is no text, or the description is wrong.
    """

    def __init__(self, file: OpenFile, name: str, told: Mapping[str, Any]) -> None:
        self.file = file
        sample = file.read(0, SAMPLE_BYTES)
        dialect = find_dialect(sample, told, file.path.name)
        is_cut = len(sample) < file.stamp.size
        text = dialect.decode(sample[dialect.start :][: (len(sample) - dialect.start) // dialect.unit * dialect.unit])
        rows = sample_rows(dialect, text) if is_cut else (dialect.rows(text) if text else [])
        first = rows[0] if rows else []
        header = first if dialect.has_header else []
        widths = [len(row) for row in rows[:SAMPLE_ROWS]]
        width = len(header) if header else max(widths, default=0)
        names = unique_names(header or [""] * width)
        body = rows[1:SAMPLE_ROWS] if header else rows[:SAMPLE_ROWS]
        cells = {one: [row[place] for row in body if len(row) > place] for place, one in enumerate(names)}
        own = told_types(name, told)
        types = {one: guess_type(some) for one, some in cells.items()}
        found = {one: find_regional(some, dialect.separator, own.get(one, "")) for one, some in cells.items()
                 if types[one] == "text"}
        regional = {one: way for one, way in found.items() if way is not None}
        types.update({one: way.type for one, way in regional.items()})
        has_more = any(len(row) > width for row in body) and MORE not in names
        self.schema = made_schema(name, types, cells, told)
        types = {column.name: column.type for column in self.schema.columns}
        if has_more:
            more = Column(MORE, "text", doc="What a row has beyond the columns of the header")
            self.schema = with_column(self.schema, more)
        self._columns = SeparatedColumns(types, has_more, dialect, regional)
        self.rewritten = frozenset(regional)
        self._dialect = dialect
        self.has_plain_bytes = dialect.unit == 1
        self.index = RowIndex(file, dialect.start, dialect.unit, dialect.encoding.endswith("be"), dialect.newline,
                              dialect.quote, dialect.separator, skip=1 if header else 0)

    def rows(self, stored: bytes, first: int, part: float) -> Rows:
        """See :class:`kernel.tables.files.text_scan.Content`."""
        cells = self._dialect.rows(self._dialect.decode(stored))
        return CellRows(range(first, first + len(cells)), cells, self._columns, part)
