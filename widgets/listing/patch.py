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
        moved = [key for at, key in enumerate(answer.keys) if not _stays(rows, query, answer, at)]
        if all(key in own for key in (*gone, *moved)):
            rows.stay(gone, moved, answer.keys)
        else:
            follow()
        if len(answer):
            rows.take_patch(answer)
        if gone:
            rows.refresh(gone)
        done()

    rows.handle.fetch(wanted, 0, len(keys), take)


def _stays(rows: Rows, query: Query, block: Block, at: int) -> bool:
    """Whether the row has the sort values that it has on screen."""
    row = rows.cache.row_of(block.keys[at])
    found = rows.cache.find(row) if row is not None else None
    if found is None:
        return False
    shown, index, new = found[0].block.columns, found[1], block.columns
    paths = [key.column for key in query.sort]
    return all(path in shown and path in new and shown[path][index] == new[path][at] for path in paths)
