"""Following a reference: the row of another table that has some values, found by hashes of all its rows."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from kernel.tables.local.work import check_interrupt, holding, on_the_side
from kernel.tables.schema import Reference

if TYPE_CHECKING:
    from kernel.tables.local.source import LocalSource
    from kernel.tables.local.table import LocalTable

#: Answers remembered; others are looked up again.
_MOST = 50_000


class Lookup:
    """Rows of ``table`` by the values of ``columns``; 16 bytes a row are held, never the rows.

    A row is found by its values, which are compared as Python does, so that 1 and 1.0 are the same.
    """

    def __init__(self, source: LocalSource, table: LocalTable | None, columns: tuple[str, ...]) -> None:
        self._source = source
        self._table = table
        self._columns = columns
        self._lock = threading.Lock()
        self._stamp: Any = None
        #: (Hashes in order, their rows' positions), None until they are wanted.
        self._index: tuple[Any, Any] | None = None
        self._known: dict[Any, Any] = {}

    def values(self, key: tuple[Any, ...], rest: tuple[Reference, ...],
               names: tuple[str, ...]) -> tuple[Any, ...] | None:
        """The values of ``names`` of the row that ``key`` and then the references ``rest`` lead to, or None."""
        if self._table is None or None in key:
            return None
        identity, known = (key, rest, names), self._known  # another thread may begin anew with both
        if identity in known:
            return known[identity]
        found = self._values(self._table, key, rest, names)
        if len(known) < _MOST:
            known[identity] = found
        return found

    def refresh(self) -> None:
        """Forget what the table no longer says; call it when a query begins."""
        stamps = self._source.stamps()
        with holding(self._lock):
            if stamps != self._stamp:
                self._stamp, self._index, self._known = stamps, None, {}

    def _values(self, table: LocalTable, key: tuple[Any, ...], rest: tuple[Reference, ...],
                names: tuple[str, ...]) -> tuple[Any, ...] | None:
        position = self.find(key)
        if position is None:
            return None
        if rest:
            onward = self._read(table, position, rest[0].via)
            return self._source.lookup(rest[0].table, rest[0].columns).values(onward, rest[1:], names)
        return self._read(table, position, names)

    def find(self, key: tuple[Any, ...]) -> int | None:
        """The position of the first row with those values, or None."""
        table = self._table
        if table is None:
            return None
        if table.scan.pushdown.has_find and self._columns == table.schema.key:
            return table.scan.find(key)
        import numpy

        with holding(self._lock):
            if self._index is None:
                self._index = self._built(table)
            hashes, order = self._index
        wanted = hash(key)
        place = int(numpy.searchsorted(hashes, wanted))
        while place < len(hashes) and hashes[place] == wanted:
            position = int(order[place])
            if self._read(table, position, self._columns) == key:
                return position
            place += 1
        return None

    def _built(self, table: LocalTable) -> tuple[Any, Any]:
        from array import array

        import numpy

        hashes, positions = array("q"), array("q")
        for rows in table.scan.stretches(self._columns, ()):
            check_interrupt()
            hashes.extend(map(hash, zip(*(rows.column(name) for name in self._columns), strict=True)))
            positions.extend(rows.positions)
        found = numpy.array(hashes)
        order = on_the_side(lambda: numpy.argsort(found, kind="stable"))
        return found[order], numpy.array(positions)[order]

    def _read(self, table: LocalTable, position: int, names: tuple[str, ...]) -> tuple[Any, ...]:
        columns = table.scan.at([position], names)
        return tuple(columns[name][0] for name in names)
