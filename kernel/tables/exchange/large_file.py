"""Files too large to come with every row, fetched one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kernel.tables.block import Block, LargeBlob
from kernel.tables.contract import Table
from kernel.tables.interrupt import current
from kernel.tables.query import Query


def whole_columns(table: Table, query: Query, block: Block, paths: Sequence[str]) -> list[list[Any]] | None:
    """The values of some columns of a block with every file whole; None when a row of theirs has gone meanwhile.

    A file stays named by its size where rows have no key to be asked for by.

    Args:
        table: The block's.
        query: What was asked for; computed columns among the paths are its.
        block: The rows.
        paths: Columns of it.
    """
    found = []
    interrupt = current()
    for path in paths:
        values = block.columns[path]
        if LargeBlob in map(type, values) and all(block.keys):
            values = list(values)
            for place, value in enumerate(values):
                if isinstance(value, LargeBlob):
                    if interrupt is not None:
                        interrupt.check()
                    one = table.fetch(Query(columns=(path,), keys=(block.keys[place],), computed=query.computed), 0, 1)
                    if not len(one):
                        return None
                    values[place] = one.columns[path][0]
        found.append(values)
    return found
