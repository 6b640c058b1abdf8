"""Values of an argument that stand in a column of a table of the page: branches of a repository for a command of git.

The palette reads them on a thread; the command line offers what was read last, and hears when others came.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from kernel.tables.query import Query
from shell.argument_value import Asked, Value

if TYPE_CHECKING:
    from shell.command import Listed
    from shell.window import Window

#: Values that are read at most; seconds within which they are not asked for again.
MOST, FRESH_S = 500, 2.0
#: Window → what is listed → the values, and when they were asked for.
_KEPT: WeakKeyDictionary[Window, dict[Listed, tuple[list[Value], float]]] = WeakKeyDictionary()


def reader(window: Window, listed: Listed) -> Callable[[], list[Value]] | None:
    """Reads the values, to be called on a thread; None where the page has no such table."""
    name = next((name for name, handle in _handles(window).items() if _is(handle, listed)), "")
    if not name or window.tables is None:
        return None
    source, table = window.tables.source_of(name)
    app = window.app
    return lambda: _values(app.source(source).table(table).fetch(_query(listed), 0, MOST), listed)


def remembered(asked: Asked) -> list[Value]:
    """The values as they were read last; asks for them anew, and calls ``asked.renew`` when they are others."""
    listed, window = asked.argument.listed, asked.window
    if listed is None:
        return []
    kept = _KEPT.setdefault(window, {})
    values, at = kept.get(listed, ([], 0.0))
    handle = next((handle for handle in _handles(window).values() if _is(handle, listed)), None)
    if handle is None:
        return []
    if time.monotonic() - at > FRESH_S:
        kept[listed] = values, time.monotonic()
        renew = asked.renew

        def take(answer: Any) -> None:
            if isinstance(answer, Exception):
                return  # the views of the table say what is wrong with it
            fresh = _values(answer, listed)
            is_other = fresh != kept[listed][0]
            kept[listed] = fresh, kept[listed][1]
            if is_other and renew is not None:
                renew()

        handle.fetch(_query(listed), 0, MOST, take, is_idle=True)
    return values


def _handles(window: Window) -> dict[str, Any]:
    return dict(window.context.tables) if window.context is not None else {}


def _is(handle: Any, listed: Listed) -> bool:
    return handle.schema is not None and handle.schema.name == listed.table


def _query(listed: Listed) -> Query:
    return Query(filter=listed.filter, columns=(listed.column,))


def _values(block: Any, listed: Listed) -> list[Value]:
    texts = dict.fromkeys(str(value) for value in block.columns[listed.column] if value is not None)
    return [Value(text, icon="row") for text in texts]
