"""Changed rows of a filtered or sorted view: patched where they stand, when they still belong there.

A row that left the filter or has other sort values makes all be read again, unless the person edited it here: then it
stays where it stands. Of the others just the values are read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.tables.change import Key
from kernel.tables.query import Query

if TYPE_CHECKING:
    from kernel.tables.block import Block
    from widgets.listing.rows import Rows


def patch_in_order(rows: Rows, query: Query, keys: list[Key], own: set[Key], follow: Callable[[], None],
                   done: Callable[[], None] = lambda: None) -> None:  # fmt: skip
    """Patch these rows, which are here; calls ``follow`` when any may have gone or moved that is not among the ``own``
    ones, then ``done``."""
    cache = rows.cache
    wanted = msgspec.structs.replace(query, keys=tuple(keys), sort=())

    def take(answer: Any) -> None:
        if isinstance(answer, Exception) or cache is not rows.cache:
            if cache is rows.cache:
                follow()
            done()
            return
        passing = set(answer.keys)
        gone = [key for key in keys if key not in passing]
        stood = {key: values for key in keys if (values := _stood(rows, query, key)) is not None}
        moved = [key for at, key in enumerate(answer.keys) if not _stays(query, answer, at, stood.get(key))]
        if all(key in own for key in (*gone, *moved)):
            rows.stay(gone, moved, answer.keys, stood)
        else:
            follow()
        if len(answer):
            rows.pages.take_patch(answer)
        if gone:
            rows.pages.refresh(gone)
        done()

    rows.handle.fetch(wanted, 0, len(keys), rows.if_there(take))


def _stood(rows: Rows, query: Query, key: Key) -> list[Any] | None:
    """The sort values by which the row has its place on screen; None where they are not known."""
    if rows.staying and key in rows.staying.stood:
        return rows.staying.stood[key]
    row = rows.cache.row_of(key)
    found = rows.cache.find(row) if row is not None else None
    if found is None or not all(sort.column in found[0].block.columns for sort in query.sort):
        return None
    return [found[0].block.columns[sort.column][found[1]] for sort in query.sort]


def _stays(query: Query, block: Block, at: int, stood: list[Any] | None) -> bool:
    """Whether the row has the sort values that it has its place by."""
    if stood is None or not all(sort.column in block.columns for sort in query.sort):
        return False
    return stood == [block.columns[sort.column][at] for sort in query.sort]
