"""The order and the block of grouped rows, the same for every source."""

from __future__ import annotations

from typing import Any, NamedTuple

from kernel.tables.block import Block
from kernel.tables.error import UnknownColumnError
from kernel.tables.order import sort_rows
from kernel.tables.query import Aggregate, Query

#: One group: the values of the group texts, then those of the aggregates.
Group = tuple[Any, ...]


class Groups(NamedTuple):
    """All groups of a query in order; ``width`` is how many of a group's values are its key."""

    names: tuple[str, ...]
    rows: list[Group]
    width: int

    def block(self, start: int, stop: int) -> Block:
        """Groups ``start`` … ``stop - 1`` as a block."""
        rows = self.rows[max(start, 0) : max(stop, 0)]
        columns = {name: [row[index] for row in rows] for index, name in enumerate(self.names)}
        return Block(start, columns, [row[: self.width] for row in rows], [""] * len(rows))

    def locate(self, key: tuple[Any, ...]) -> int | None:
        """The position of the group with those values."""
        return next((index for index, row in enumerate(self.rows) if row[: self.width] == tuple(key)), None)


def is_grouped(query: Query) -> bool:
    """Whether a query asks for groups instead of rows."""
    return bool(query.group or query.aggregates)


def name_of(aggregate: Aggregate) -> str:
    """The column that an aggregate's value stands in."""
    return aggregate.name or (f"{aggregate.function}({aggregate.of})" if aggregate.of else aggregate.function)


def ordered_groups(query: Query, rows: list[Group]) -> Groups:
    """Groups in the query's order, ties by the groups' values.

    Raises:
        UnknownColumnError: a sort key names neither a group nor an aggregate.
    """
    names = (*query.group, *map(name_of, query.aggregates))
    width = len(query.group)
    keys = []
    for sort in query.sort:
        if sort.column not in names:
            raise UnknownColumnError(f"groups have no column {sort.column}", hint=f"known: {', '.join(names)}")
        keys.append((_item(names.index(sort.column)), sort.is_descending))
    keys += [(_item(index), False) for index in range(width)]
    rows.sort(key=lambda row: [str(value) for value in row[:width]])
    sort_rows(rows, keys)
    return Groups(names, rows, width)


def _item(index: int) -> Any:
    return lambda row: row[index]
