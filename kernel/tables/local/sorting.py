"""The sorted positions of a query's rows, from keys that are held beside them until they are sorted."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from kernel.tables.error import InterruptedCallError, TableError
from kernel.tables.local import limit
from kernel.tables.local.found import Passing
from kernel.tables.local.reading import Reader, Reading
from kernel.tables.local.scan import Rows, Scan
from kernel.tables.local.work import Aside, Work, on_the_side
from kernel.words import mark


class Pushed(Work):
    """The positions that the scan itself has filtered and sorted."""

    def __init__(self, positions: Callable[[], Sequence[int]]) -> None:
        super().__init__()
        self._read = positions
        self.positions: Any = array("q")

    def _step(self) -> None:
        import numpy

        self.positions = numpy.asarray(on_the_side(self._read), numpy.int64)
        self.part, self.is_done = 1.0, True


class Ordered(Passing):
    """Collects the keys of all rows that pass, then sorts.

    Args:
        keys: (reader, is descending, column type), most important first.
    """

    def __init__(self, scan: Scan, reading: Reading, test: Reader | None, positions: Sequence[int] | None,
                 keys: Sequence[tuple[Reader, bool, str]]) -> None:
        from kernel.tables.local.keys import Keys

        if scan.is_endless and positions is None:
            raise TableError(
                mark(f"{scan.schema.name} has no end and cannot be sorted"),
                hint=mark("filter by key first"),
            )
        super().__init__(scan, reading, test, positions)
        self.positions: Any = array("q")
        self._name = scan.schema.title or scan.schema.name
        self._sort = [(reader, is_descending) for reader, is_descending, _ in keys]
        self._keys = [Keys(kind) for _, _, kind in keys]
        self._sorting: Aside | None = None

    def _take(self, rows: Rows) -> None:
        columns = [reader(rows) for reader, _ in self._sort]
        for keys, values in zip(self._keys, columns, strict=True):
            keys.extend(values)
        self.positions.extend(rows.positions)
        held = sum(keys.size for keys in self._keys) + len(self.positions) * 8
        if held > limit.sort_bytes:
            count, most = len(self.positions), limit.sort_bytes >> 20
            raise TableError(mark(f"sorting {self._name} takes more than {most} MB: {count:,} rows are too many"),
                             hint=mark("filter first, or allow more by the option tables.sort_memory"))

    def _end(self) -> None:
        if self._sorting is None:  # whoever waits next gets what is begun here: the keys are let go while they sort
            self._sorting = Aside(lambda: _sorted(self.positions, self._keys, self._sort))
        try:
            self.positions = self._sorting.result()
        except InterruptedCallError:
            raise
        except Exception as problem:
            self.problem = problem
            raise
        self._keys, self._sorting = [], None


def _sorted(positions: Any, keys: Sequence[Any], sort: Sequence[tuple[Reader, bool]]) -> Any:
    import numpy

    ranks = [-one.ranks() if is_descending else one.ranks() for one, (_, is_descending) in zip(keys, sort, strict=True)]
    places = numpy.frombuffer(positions, numpy.int64) if positions else numpy.empty(0, numpy.int64)
    return places[numpy.lexsort(ranks[::-1])] if ranks else places
