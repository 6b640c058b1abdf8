"""One table over a scan: the whole contract, with the results of memory."""

from __future__ import annotations

import datetime
import hashlib
import threading
import time
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposer
from kernel.tables.block import LARGE_BLOB, Block, LargeBlob
from kernel.tables.change import Change, Committed, Key
from kernel.tables.contract import Estimate, Listener, Report
from kernel.tables.error import ReadOnlyError
from kernel.tables.grouping import is_grouped
from kernel.tables.local.found import Found, position_of, positions_of
from kernel.tables.local.grouping import Grouped
from kernel.tables.local.reading import Reading
from kernel.tables.local.scan import Rows, Scan
from kernel.tables.local.sorting import Ordered, Pushed
from kernel.tables.local.work import Work, check_interrupt
from kernel.tables.momentary import follows_clock, follows_now, holds_for
from kernel.tables.query import Query
from kernel.tables.schema import Schema, title_of

if TYPE_CHECKING:
    from kernel.tables.local.source import LocalSource

#: Orders and groups remembered of one table.
_MOST_WORKS = 6


class LocalTable:
    """Made by :class:`kernel.tables.local.source.LocalSource`; ``scan`` reads its rows."""

    #: A page of an order waits for the whole order; who prepares it beside shares that work, and hears how far it is.
    has_one_work = True

    def __init__(self, source: LocalSource, scan: Scan) -> None:
        self.source = source
        self.scan = scan
        self._lock = threading.Lock()
        self._works: OrderedDict[Any, Work] = OrderedDict()

    @property
    def schema(self) -> Schema:
        """See :class:`kernel.tables.contract.Table`."""
        return self.scan.schema

    def count(self, query: Query) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        return self.prepare(query, lambda part: None)

    def estimate(self, query: Query) -> Estimate:
        """See :class:`kernel.tables.contract.Table`."""
        work = self._work(query)
        if work is None:
            self.scan.stamp()
            return self.scan.estimate()
        if work.is_done:
            return Estimate(_length(work))
        if isinstance(work, Grouped):
            return Estimate(1, not query.group)
        known = len(work.positions)
        part = work.part if 0 < work.part <= 1 and not self.scan.is_endless else 0.0
        if query.keys is not None:
            return Estimate(min(len(query.keys), max(known, 1)), False)
        total = self.scan.estimate().count
        return Estimate(max(known, min(int(known / part), total)) if part else known + 1, False)

    def prepare(self, query: Query, report: Report) -> int:
        """See :class:`kernel.tables.contract.Table`; a table without end is as ready as it will ever be."""
        work = self._work(query)
        if work is not None:
            work.run(report)
            return _length(work)
        self.scan.stamp()
        while not self.scan.is_endless:
            part = self.scan.measure()
            report(min(part, 1.0))
            if part >= 1.0:
                break
            check_interrupt()
        return self.scan.estimate().count

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """See :class:`kernel.tables.contract.Table`."""
        start = max(start, 0)
        stop = max(start, stop)
        work = self._work(query)
        if isinstance(work, Grouped):
            work.run()
            return work.groups.block(start, stop)
        reading = Reading(self, query)
        names = query.columns
        names = tuple(column.name for column in self.schema.columns) if names is None else names
        readers = {name: reading.column(name) for name in names}
        reading.columns.update(dict.fromkeys(name for name in self.schema.key if self.schema.column(name)))
        if self.schema.is_editable:
            reading.columns.update(dict.fromkeys(column.name for column in self.schema.columns))
        columns = tuple(reading.columns)
        if work is None:
            self.scan.stamp()
            rows = self.scan.page(start, stop, columns)
        else:
            work.run(until=lambda: isinstance(work, Found) and len(work.positions) >= stop)
            positions = [int(position) for position in work.positions[start:stop]]
            rows = Rows(positions, self.scan.at(positions, columns))
        whole = set(query.columns or ()) if query.keys is not None else set()
        values = {name: _light(list(reader(rows)), name in whole) for name, reader in readers.items()}
        return Block(start, values, self._keys(rows), self._versions(rows))

    def locate(self, query: Query, key: Key) -> int | None:
        """See :class:`kernel.tables.contract.Table`."""
        work = self._work(query)
        if isinstance(work, Grouped):
            work.run()
            return work.groups.locate(tuple(key))
        position = position_of(self.scan, tuple(key))
        if work is None or position is None:
            return position
        if isinstance(work, Found):
            work.run(until=lambda: bool(work.positions) and work.positions[-1] >= position)
            place = bisect_left(work.positions, position)
            return place if place < len(work.positions) and work.positions[place] == position else None
        work.run()
        return _index(work.positions, position)

    def commit(self, changes: Sequence[Change]) -> Committed:
        """See :class:`kernel.tables.contract.Table`."""
        self.source.check_open()
        self.check_editable()
        committed = self.scan.commit(changes)
        self.source.tell(committed.change)
        return committed

    def check_editable(self) -> None:
        """Raise ReadOnlyError when the table cannot be edited."""
        schema = self.schema
        if not schema.is_editable:
            name = schema.title or title_of(schema.name)
            raise ReadOnlyError(schema.read_only_reason or f"{name} cannot be edited")

    def subscribe(self, listener: Listener) -> Disposer:
        """See :class:`kernel.tables.contract.Table`; changes from outside are heard through ``LocalSource.poll``."""
        self.source.check_open()
        return self.source.listeners.add(self.schema.name, listener)

    def _work(self, query: Query) -> Any:
        """The work that the query needs, begun or found; None when it asks for the table's own order."""
        self.source.check_open()
        if not is_grouped(query) and not query.sort and query.keys is None:
            condition = Reading(self, query).condition()
            if condition is None or condition.left is True:
                return None
        identity = repr((query.filter, query.parameters, query.sort, query.keys, query.group, query.aggregates,
                         query.computed))
        day = datetime.date.today() if follows_clock(identity) else ""
        stamped = (f"{identity} {day}", self.source.stamps())
        with self._lock:
            work = self._works.get(stamped)
            is_over = work is not None and follows_now(identity) and _is_over(work)
            if work is None or is_over or getattr(work, "problem", None) is not None:
                work = self._new_work(query)
                for old in [old for old in self._works if old[1] != stamped[1]]:
                    del self._works[old]
                self._works[stamped] = work
                while len(self._works) > _MOST_WORKS:
                    self._works.popitem(last=False)
            self._works.move_to_end(stamped)
            return work

    def _new_work(self, query: Query) -> Work:
        reading = Reading(self, query)
        test = reading.filter()
        positions = positions_of(self.scan, query)
        if is_grouped(query):
            return Grouped(self.scan, reading, test, positions, query, Reading(self, query))
        pushed = self._pushed(query, reading)
        if pushed is not None:
            return pushed
        if not query.sort:
            return Found(self.scan, reading, test, positions)
        keys = []
        for sort in query.sort:
            column = self.schema.column(reading.own_column(sort.column))
            keys += [(reader, sort.is_descending, column.type if column else "") for reader in
                     reading.sort(sort.column)]
        return Ordered(self.scan, reading, test, positions, keys)

    def _pushed(self, query: Query, reading: Reading) -> Work | None:
        """The whole order by the scan itself, None where it cannot give it."""
        pushdown = self.scan.pushdown
        if query.keys is not None:
            return None
        if pushdown.has_positions:
            positions = self.scan.positions(query)
            return None if positions is None else Pushed(lambda: positions)
        clauses, is_all = reading.clauses()
        columns = [(reading.own_column(sort.column), sort.is_descending) for sort in query.sort]
        is_exact = is_all and all(self.scan.decides(one) for clause in clauses for one in clause)
        if not columns or not is_exact or not all(name in pushdown.sorts for name, _ in columns):
            return None
        return Pushed(lambda: self.scan.order(clauses, columns))

    def _keys(self, rows: Rows) -> list[tuple[Any, ...]]:
        if self.schema.key == ("rowid",) and self.schema.column("rowid") is None:
            return [(position + 1,) for position in rows.positions]
        return list(zip(*(rows.column(name) for name in self.schema.key), strict=True))

    def _versions(self, rows: Rows) -> list[str]:
        if not self.schema.is_editable:
            return [""] * len(rows)
        columns = [rows.column(column.name) for column in self.schema.columns]
        return [version_of(values) for values in zip(*columns, strict=True)]


def _is_over(work: Work) -> bool:
    """Whether an answer of ``now()`` is to be asked for again; one that is still being made goes on."""
    return work.is_done and time.monotonic() - work.begun > work.spent + holds_for(work.spent)


def version_of(values: Sequence[Any]) -> str:
    """A row's version from all of its values in the schema's order."""
    return hashlib.blake2b(repr(tuple(values)).encode(errors="surrogatepass"), digest_size=12).hexdigest()


def _length(work: Any) -> int:
    return len(work.groups.rows) if isinstance(work, Grouped) else len(work.positions)


def _light(values: list[Any], is_whole: bool) -> list[Any]:
    """The values with large blobs named by their size."""
    if is_whole:
        return values
    return [LargeBlob(len(value)) if isinstance(value, bytes) and len(value) > LARGE_BLOB else value
            for value in values]


def _index(positions: Any, position: int) -> int | None:
    import numpy

    places = numpy.flatnonzero(positions == position)
    return int(places[0]) if len(places) else None
