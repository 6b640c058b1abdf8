"""A query's rows with the edits that wait: where which row stands, and what it shows. Light to import."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.tables.block import Block
from kernel.tables.change import Key
from kernel.tables.query import Query
from kernel.tables.schema import Schema

if TYPE_CHECKING:
    from kernel.outbox.overlay import Overlay


class WaitingRows(NamedTuple):
    """What waits, for one query.

    Attributes:
        overlay: What waits for the table; None = nothing.
        schema: Of the table.
        new: Keys of new rows of the query; they stand before its other rows.
        keys: The only rows that the query asks for, or None.
        lookup, schema_of: For what is read through references, see :func:`kernel.outbox.overlay.laid_over`.
    """

    overlay: Overlay | None = None
    schema: Schema | None = None
    new: tuple[Key, ...] = ()
    keys: frozenset[Key] | None = None
    lookup: Callable[[str, Key], dict[str, Any]] | None = None
    schema_of: Callable[[str], Schema | None] | None = None

    def __bool__(self) -> bool:
        return self.overlay is not None

    def stored(self, start: int, stop: int) -> tuple[int, int]:
        """The positions at the server of what stands at ``start`` … ``stop - 1`` here."""
        return max(start - len(self.new), 0), max(stop - len(self.new), 0)

    def over(self, block: Block, start: int, stop: int, hides: bool = False) -> Block:
        """The rows ``start`` … of here, from the block that :meth:`stored` asks for.

        Rows that go are shown while the server is there: they go in a moment, or cannot go at all.
        """
        if self.overlay is None or self.schema is None:
            return block
        from kernel.outbox.overlay import laid_over

        new = self.new[start:stop]
        laid: Any = laid_over(block, self.overlay, self.schema, new, hides, self.lookup, self.schema_of)
        laid.start = start
        return laid

    def count(self, stored: int) -> int:
        """How many rows there are, of ``stored`` at the server."""
        if self.overlay is None:
            return stored
        gone = sum(1 for key in self.overlay.deleted if self.keys is None or key in self.keys)
        return max(stored - gone, 0) + len(self.new)

    def offline(self, block: Block, is_complete: bool, start: int, stop: int) -> Block | None:
        """Rows out of those that are remembered, from the first on; None when others are needed."""
        laid = self.over(block, start, stop, hides=True)  # the new rows of these places, and all that are remembered
        count = len(self.new[start:stop])
        first, last = self.stored(start, stop)
        if last > len(laid) - count and not is_complete:
            return None

        def cut(values: list[Any]) -> list[Any]:
            return values[:count] + values[count + first : count + last]

        columns = {path: cut(values) for path, values in laid.columns.items()}
        return Block(start, columns, cut(laid.keys), cut(laid.versions))


#: Nothing waits.
NOTHING = WaitingRows()


def waiting_rows(
    overlay: Overlay, query: Query, schema: Schema, lookup: Callable[[str, Key], dict[str, Any]] | None = None,
    schema_of: Callable[[str], Schema | None] | None = None,
) -> WaitingRows:  # fmt: skip
    """What waits, for a query; groups are told as the server has them."""
    if not overlay or query.group or query.aggregates:
        return NOTHING
    from kernel.outbox.overlay import new_rows

    keys = None if query.keys is None else frozenset(map(tuple, query.keys))
    return WaitingRows(overlay, schema, tuple(new_rows(overlay, query, schema)), keys, lookup, schema_of)
