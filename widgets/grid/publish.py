"""What a grid tells the window's scope: ``ID.current``, ``ID.selection.count``, ``ID.count`` with ``ID.is_count_exact``
and ``ID.count_text``, and what ``selection_sum`` adds up.

A grid without an id tells nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.tables.change import Key
from kernel.tables.query import Query
from widgets.format import signs

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.selection_sum import SelectionSum


#: From here on a guess is rounded to two digits.
_ROUGH = 1000


class Publisher:
    """One grid's names in the scope."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._sums: SelectionSum | None = None
        #: The current row with the columns that its page lacks.
        self._whole_row: tuple[Key, dict[str, Any]] | None = None

    def _publish(self, name: str, value: Any) -> None:
        if self._grid.id:
            self._grid.context.scope.publish(f"{self._grid.id}.{name}", value)

    def publish_count(self) -> None:
        """Tell how many rows there are, whether that is the truth, and as a text (``~1,200,000`` is a guess)."""
        cache = self._grid.rows.cache
        count = cache.count or 0
        self._publish("count", count)
        self._publish("is_count_exact", cache.is_exact)
        self._publish("count_text", count_text(count, cache.is_exact))

    def publish_selection(self) -> None:
        """Tell how many rows are selected."""
        self._publish("selection.count", self._grid.selection.row_total())
        if self._sums is None and self._grid.id and self._grid.selection.is_several():
            from widgets.grid.selection_sum import SelectionSum

            self._sums = SelectionSum(self._grid)
        if self._sums is not None:
            self._sums.take_selection()

    def publish_row(self) -> None:
        """Tell the current row whole; what the page lacks (blobs, wide tables) is read behind."""
        grid, key = self._grid, self._grid.current.key
        if not grid.id:
            return
        is_group = grid.outline is not None and bool(grid.outline.refuses(grid.current.row))
        read = grid.content.reader(grid.current.row) if key is not None and not is_group else None
        if read is None:
            self._publish("current", None)
            return
        schema = grid.handle.schema
        row = {path: read(path) for path in grid.rows.columns}
        missing = [column.name for column in schema.columns if column.name not in row] if schema else []
        if missing:
            if self._whole_row and self._whole_row[0] == key:
                row = {**self._whole_row[1], **row}
            self._fetch(key, tuple(missing))
        self._publish("current", nested(row))

    def _fetch(self, key: Key, names: tuple[str, ...]) -> None:
        grid = self._grid

        def take(answer: Any) -> None:
            if isinstance(answer, Exception) or not len(answer) or key != grid.current.key:
                return
            self._whole_row = (key, answer.row(0))
            read = grid.content.reader(grid.current.row)
            if read is not None:
                self._publish("current", nested({**answer.row(0), **{path: read(path) for path in grid.rows.columns}}))

        grid.handle.fetch(Query(keys=(key,), columns=names), 0, 1, grid.rows.if_there(take))


def count_text(count: int, is_exact: bool) -> str:
    """A number of rows as people read it; a guess is marked and has no more digits than it deserves."""
    if not is_exact and count >= _ROUGH:
        count -= count % 10 ** (len(str(count)) - 2)
    text = f"{count:,}".replace(",", signs().group)
    return text if is_exact else f"~{text}"


def nested(row: dict[str, Any]) -> dict[str, Any]:
    """The row with paths through references as dicts too, so that ``current.customer.name`` reads."""
    whole = dict(row)
    for path, value in row.items():
        head, dot, rest = path.partition(".")
        if not dot:
            head, dot, rest = path.partition(":")
        if dot and (head not in row) and "." not in rest:
            inner = whole.setdefault(head, {})
            if isinstance(inner, dict):
                inner[rest] = value
    return whole
