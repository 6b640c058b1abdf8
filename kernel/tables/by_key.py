"""Rows of many keys, read a few hundred at a time: a source takes only so many values in one query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from kernel.tables.block import Block
from kernel.tables.change import Key
from kernel.tables.query import Query
from kernel.tables.reporting import tell

#: Rows read at once.
CHUNK = 500


class _Reading(Protocol):
    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """See :meth:`kernel.tables.contract.Table.fetch`."""


def blocks_of(table: _Reading, query: Query, keys: Sequence[Key]) -> Iterator[Block]:
    """The rows of the keys that the query has, in blocks.

    Args:
        table: Is read.
        query: What is asked of the rows; without keys.
        keys: Theirs, each once.
    """
    import msgspec

    for at in range(0, len(keys), CHUNK):
        some = tuple(keys[at : at + CHUNK])
        yield table.fetch(msgspec.structs.replace(query, keys=some), 0, len(some))
        tell((at + len(some)) / len(keys))
