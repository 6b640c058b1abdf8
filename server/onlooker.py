"""Which of some rows each channel sees. The rows are read once for all, and the filters asked of them here.

A filter that names its person (``owner == user.name``) makes a channel of each: a question to the database for every
one of them would have a commit take the longer, the more people look on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kernel.expression import Expression, parse
from kernel.expression.operation import truth
from kernel.tables.block import Block
from kernel.tables.by_key import blocks_of
from kernel.tables.change import Key
from kernel.tables.contract import Table
from kernel.tables.query import Query
from layouts.grant import PERSON_NAMES
from server.channel import Channel
from server.granted_query import View, check_row_filter


def seen_by(table: Table, channels: Sequence[Channel], keys: Sequence[Key]) -> dict[str, set[Key]]:
    """Channel → those of the keys whose rows it sees now.

    Args:
        table: The whole table.
        channels: Some that do not show all rows.
        keys: Each once.

    Raises:
        ForbiddenError: a row filter of the app is wrong.
        TableError: the rows cannot be read.
    """
    found: dict[str, set[Key]] = {channel.name: set() for channel in channels}
    same: dict[str, dict[str, View]] = {}
    for channel in channels if keys else ():
        assert channel.view is not None
        same.setdefault(channel.view.sight.rows("read"), {})[channel.name] = channel.view
    for text, views in same.items():
        check_row_filter(next(iter(views.values())), text)
        expression = parse(text)
        columns = tuple(name for name in expression.names if name not in PERSON_NAMES)
        for block in blocks_of(table, Query(columns=columns), keys):
            for name, key in _seen(block, expression, views):
                found[name].add(key)
    return found


def _seen(block: Block, expression: Expression, views: dict[str, View]) -> Iterator[tuple[str, Key]]:
    """Channel and key of every row of the block that it sees."""
    for index, key in enumerate(block.keys):
        row = block.row(index)
        for name, view in views.items():
            row.update(view.sight.parameters)
            if truth(expression.evaluate(row.__getitem__)):
                yield name, key
