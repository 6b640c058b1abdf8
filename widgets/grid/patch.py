"""Changed rows of a filtered or sorted view: patched where they stand, when they still belong there.

A row that left the filter or has other sort values makes all be read again; of the others just the values are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.tables.change import Key
from kernel.tables.query import Query

if TYPE_CHECKING:
    from kernel.tables.block import Block
    from widgets.grid.rows import Rows


def patch_in_order(rows: Rows, query: Query, keys: list[Key], follow: Callable[[], None]) -> None:
    """Patch these rows, which are here; calls ``follow`` when any may have gone or moved."""
    cache = rows.cache
    wanted = msgspec.structs.replace(query, keys=tuple(keys), sort=())

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            follow()
            return
        if cache is not rows.cache:
            return
        stays = len(answer) == len(keys) and all(_stays(rows, query, answer, at) for at in range(len(answer)))
        if not stays:
            follow()
        gone = [key for key in keys if key not in answer.keys]
        if len(answer):
            rows.take_patch(answer)
        if gone:
            rows.refresh(gone)

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
