"""What renderers make of values and keep: pictures decoded off the GUI thread, parsed numbers, a column's range."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.handle_worker import Worker

#: Values kept at most.
_KEPT = 600


class Store:
    """One grid's made values, the latest used ones."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._ranges: dict[Any, tuple[float, float]] = {}
        self._worker: Worker | None = None

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was made for the key, made now when it was not."""
        if key not in self._made:
            self._keep(key, make())
        self._made.move_to_end(key)
        return self._made[key]

    def get_later(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was made for the key; None until ``make`` has run on a worker, and the cells are painted anew."""
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        if self._worker is None:
            from widgets.handle_worker import Worker

            self._worker = worker = Worker("pictures of cells")
            self._grid.destroyed.connect(lambda: worker.stop())
        self._keep(key, None)
        self._worker.submit(make, lambda made: self._take(key, made))
        return None

    def _take(self, key: Hashable, made: Any) -> None:
        if isinstance(made, Exception):
            raise made
        self._keep(key, made)
        self._grid.viewport().update()

    def _keep(self, key: Hashable, made: Any) -> None:
        self._made[key] = made
        while len(self._made) > _KEPT:
            self._made.popitem(last=False)

    def range(self, column: Any, value: float) -> tuple[float, float]:
        """Least and greatest of a column: as the layout says, else of the values painted so far and zero."""
        low, high = self._ranges.get(column.path or column.label, (0.0, 0.0))
        if not low <= value <= high:
            low, high = min(low, value), max(high, value)
            self._ranges[column.path or column.label] = low, high
            self._grid.viewport().update()
        return (low if column.low is None else column.low), (high if column.high is None else column.high)

    def read_file(self, path: str) -> bytes | None:
        """A file of the app."""
        return self._grid.context.read_file(path)

    def ratio(self) -> float:
        """Device pixels for one pixel."""
        return self._grid.devicePixelRatioF()
