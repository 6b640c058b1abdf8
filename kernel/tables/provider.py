"""Tables whose rows Python makes: an author derives from :class:`TableProvider`, the engine does the rest.

Positions are arithmetic: nothing is made that nobody looks at, so a table of a thousand million rows, or one without
end, opens like a small one.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from kernel.error import EspalierError
from kernel.tables.change import Change, Committed, Key, TableChange
from kernel.tables.contract import Estimate
from kernel.tables.error import ReadOnlyError, TableError
from kernel.tables.local.scan import Clause, Conjunct, Measure, Pushdown, RowGroups, Rows
from kernel.tables.local.work import check_interrupt, on_the_side
from kernel.tables.query import Query
from kernel.tables.schema import Schema

#: A row: column → value, or all values in the schema's order.
Row = Mapping[str, Any] | Sequence[Any]
Answer = TypeVar("Answer")
#: Rows asked for in one go: at first, at most; and the seconds that one go may take.
_FIRST, _MOST, _STEP_S = 256, 8192, 0.015
#: Rows that a table of unknown size seems to have behind the last one seen.
_AHEAD = 1000


class TableProvider:
    """A table made by Python. Derive, set ``schema``, give :meth:`rows`; the rest may stay as it is.

    All methods may be called from any thread, and several at once.

    Attributes:
        schema: The table's columns. Without a key a row's number, from 1, is its key; with one, rows come in an order
            of your choice, and ties of a sort keep it.
        is_endless: True when there is always another row.
    """

    schema: Schema
    is_endless = False

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Rows ``start`` up to but without ``stop``; fewer only at the end."""
        raise NotImplementedError

    def count(self) -> int | None:
        """How many rows there are, None when that is not known; cheap."""
        return None

    def find(self, key: Key) -> int | None:
        """The position of the row with that key, or None; without it a key is searched in all rows."""
        raise NotImplementedError

    def positions(self, query: Query) -> Sequence[int] | None:
        """The positions of the rows of ``query.filter`` in the order of ``query.sort``; None: Espalier finds them."""
        return None

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Write all the changes or none; see :class:`kernel.tables.contract.Table`. Asked only if the schema allows it.

        A row's version is what :func:`kernel.tables.local.table.version_of` makes of its values.
        """
        raise ReadOnlyError("the table cannot be edited")

    def version(self) -> Any:
        """Something that differs once rows have changed; orders are worked out anew then, and views told. Cheap."""
        return 0

    def announce(self, change: TableChange | None = None) -> None:
        """Call it after rows have changed by themselves, from any thread: views are told now and not at the next look.

        Args:
            change: The keys of the rows that are new, changed or gone; None when anything may be another.
        """
        self._tell(change or TableChange(self.schema.name, is_everything=True))

    def _tell(self, change: TableChange) -> None:
        """Replaced by whoever opens the table."""

    def close(self) -> None:
        """Let go of what it holds."""


class ProviderScan:
    """The scan of a provider."""

    def __init__(self, provider: TableProvider) -> None:
        self._provider = provider
        kind = type(provider)
        has_find = kind.find is not TableProvider.find
        self.pushdown = Pushdown(has_find=has_find, has_positions=kind.positions is not TableProvider.positions)
        self.schema = provider.schema if provider.schema.key else _numbered(provider.schema)
        self._names = [column.name for column in self.schema.columns]
        #: (Version, rows seen, whether that is all).
        self._seen: tuple[Any, int, bool] = (None, 0, False)

    @property
    def is_endless(self) -> bool:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return self._provider.is_endless

    def stamp(self) -> Any:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return self._version()

    def follow(self, tell: Callable[[TableChange], None]) -> None:
        """Have what the provider announces told."""
        self._provider._tell = tell  # type: ignore[method-assign]

    def estimate(self) -> Estimate:
        """See :class:`kernel.tables.local.scan.Scan`."""
        count = self._count()
        if count is not None:
            return Estimate(count)
        seen, is_all = self._known()
        if is_all and not self.is_endless:
            return Estimate(seen)
        return Estimate(seen * 2 + _AHEAD if self.is_endless else seen + _AHEAD, False)

    def measure(self) -> float:
        """See :class:`kernel.tables.local.scan.Scan`; an unknown end is found by doubling and halving."""
        if self.estimate().is_exact:
            return 1.0
        seen, _ = self._known()
        last, step = seen, _AHEAD
        while len(self._read(last + step, last + step + 1)):
            check_interrupt()
            last, step = last + step + 1, step * 2
        stop = last + step
        while last < stop:
            check_interrupt()
            middle = (last + stop) // 2
            if len(self._read(middle, middle + 1)):
                last = middle + 1
            else:
                stop = middle
        self._note(stop, True)
        return 1.0

    def stretches(self, columns: Sequence[str], clauses: Sequence[Clause]) -> Iterator[Rows]:
        """See :class:`kernel.tables.local.scan.Scan`."""
        size = _FIRST
        total = self.estimate()
        start = 0
        while True:
            begun = time.perf_counter()
            rows = self._read(start, start + size)
            spent = time.perf_counter() - begun
            start += len(rows)
            part = start / max(total.count, start, 1) if total.is_exact else start / (start + 10 * _AHEAD)
            if len(rows):
                yield Rows(range(start - len(rows), start), self._columns(rows, columns), part)
            if len(rows) < size:
                return
            size = max(min(int(size * _STEP_S / max(spent, 1e-6)), size * 2, _MOST), 1)

    def page(self, start: int, stop: int, columns: Sequence[str]) -> Rows:
        """See :class:`kernel.tables.local.scan.Scan`."""
        rows = self._read(start, stop)
        return Rows(range(start, start + len(rows)), self._columns(rows, columns))

    def at(self, positions: Sequence[int], columns: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        """See :class:`kernel.tables.local.scan.Scan`; neighbours are read together."""
        found: dict[int, Row] = {}
        wanted = sorted(set(positions))
        for _, run in itertools.groupby(enumerate(wanted), lambda pair: pair[1] - pair[0]):
            places = [position for _, position in run]
            found.update(zip(places, self._read(places[0], places[-1] + 1), strict=False))
        missing = [position for position in wanted if position not in found]
        if missing:
            raise TableError(f"{self.schema.name} has no row {missing[0] + 1:,} any more", hint="load it again")
        return self._columns([found[position] for position in positions], columns)

    def find(self, key: Key) -> int | None:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return self._asked("a key", lambda: on_the_side(lambda: self._provider.find(key)))

    def decides(self, conjunct: Conjunct) -> bool:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return False

    def order(self, clauses: Sequence[Clause], sort: Sequence[tuple[str, bool]]) -> Sequence[int]:
        """See :class:`kernel.tables.local.scan.Scan`; never asked."""
        raise NotImplementedError

    def groups(self, columns: Sequence[str], clauses: Sequence[Clause], measures: Sequence[Measure],
               most: int) -> RowGroups | None:
        """See :class:`kernel.tables.local.scan.Scan`; never asked."""
        return None

    def positions(self, query: Query) -> Sequence[int] | None:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return self._asked("an order", lambda: on_the_side(lambda: self._provider.positions(query)))

    def commit(self, changes: Sequence[Change]) -> Committed:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return self._asked("a commit", lambda: self._provider.commit(changes))

    def close(self) -> None:
        """See :class:`kernel.tables.local.scan.Scan`."""
        self._asked("the end", self._provider.close)

    def _version(self) -> Any:
        return self._asked("the version", self._provider.version)

    def _count(self) -> int | None:
        return None if self.is_endless else self._asked("the count", self._provider.count)

    def _asked(self, what: str, work: Callable[[], Answer]) -> Answer:
        """What the provider answers, its own mistakes told with the table's name."""
        try:
            return work()
        except EspalierError:
            raise
        except Exception as error:
            raise TableError(f"{self.schema.name} fails at {what}: {error!r}") from error

    def _known(self) -> tuple[int, bool]:
        version, seen, is_all = self._seen
        return (seen, is_all) if version == self._version() else (0, False)

    def _note(self, seen: int, is_all: bool) -> None:
        known, was_all = self._known()
        if is_all or (seen > known and not was_all):
            self._seen = (self._version(), seen, is_all)

    def _read(self, start: int, stop: int) -> Sequence[Row]:
        """Rows of the provider; whoever gives up does not wait for them."""
        count = self._count()
        stop = stop if count is None else min(stop, count)
        if start >= stop:
            return ()
        rows = self._asked(f"rows {start:,} to {stop:,}",
                           lambda: on_the_side(lambda: self._provider.rows(start, stop)))
        if not hasattr(rows, "__len__"):
            raise TableError(f"{self.schema.name} answers {type(rows).__name__} instead of a list of rows")
        if len(rows) > stop - start:
            raise TableError(f"{self.schema.name} answers {len(rows):,} rows where {stop - start:,} were asked for")
        if len(rows):
            self._note(start + len(rows), False)
        return rows

    def _columns(self, rows: Sequence[Row], names: Sequence[str]) -> dict[str, list[Any]]:
        wanted = [(name, self._names.index(name)) for name in names]
        columns: dict[str, list[Any]] = {name: [] for name in names}
        for row in rows:
            if isinstance(row, Mapping):
                for name, values in columns.items():
                    values.append(row.get(name))
            elif isinstance(row, str | bytes) or not hasattr(row, "__len__"):
                raise TableError(f"a row of {self.schema.name} is a list or a mapping, and not {row!r:.80}")
            elif len(row) == len(self._names):
                for name, place in wanted:
                    columns[name].append(row[place])
            else:
                raise TableError(f"a row of {self.schema.name} has {len(row)} values for {len(self._names)} columns")
        return columns


def _numbered(schema: Schema) -> Schema:
    import msgspec

    return msgspec.structs.replace(schema, key=("rowid",))
