"""Rows of a view's query by ranges of places, read in pages on a thread that may wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kernel.tables.block import Block
from kernel.tables.change import Key
from kernel.tables.error import TableError
from kernel.tables.outline.row import OUTLINE, GroupRow
from kernel.tables.query import Query
from widgets.listing.ranges import Span

#: Rows read at once.
PAGE = 1000


class MovedError(TableError):
    """Other rows stand by now where the person saw theirs."""


def read_spans(
    table: Any, query: Query, spans: Iterable[Span], expected: dict[int, Key], report: Callable[[float], None]
) -> Iterator[Block]:
    """The rows of the ranges in order, as blocks.

    Args:
        table: The table.
        query: The grid's.
        spans: Ranges of places.
        expected: Place → key of rows that the person saw.
        report: Told the part that was read, 0.0 to 1.0.

    Raises:
        MovedError: a row is not where it was seen.
    """
    spans = list(spans)
    total, read = sum(bottom - top + 1 for top, bottom in spans) or 1, 0
    for top, bottom in spans:
        for first in range(top, bottom + 1, PAGE):
            last = min(first + PAGE, bottom + 1)
            block = table.fetch(query, first, last)
            if len(block) < last - first:
                raise MovedError("rows were deleted meanwhile; select them again")
            for place in range(first, last):
                if place in expected and tuple(block.keys[place - first]) != expected[place]:
                    raise MovedError("the rows moved meanwhile; select them again")
            read += len(block)
            report(read / total)
            yield from rows_alone(block)


def rows_alone(block: Block) -> Iterator[Block]:
    """The block without the lines of groups, which are no rows: what stands between them."""
    marks = block.columns.get(OUTLINE, ())
    borders = [at for at, mark in enumerate(marks) if isinstance(mark, GroupRow)]
    if not borders:
        yield block
        return
    for begin, end in zip([-1, *borders], [*borders, len(block)], strict=True):
        if end - begin > 1:
            part = slice(begin + 1, end)
            columns = {name: values[part] for name, values in block.columns.items()}
            yield Block(block.start + begin + 1, columns, block.keys[part], block.versions[part])
