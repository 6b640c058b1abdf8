"""How much of its data a window shows: its lists for the first paint and the start trace, all of it for pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shell.focus import ROW_KINDS, built, kind_of

if TYPE_CHECKING:
    from shell.window import Window
    from widgets.handle import TableHandle


def shows_lists(window: Window) -> bool:
    """Whether every list in sight shows its rows, remembered or fresh; an empty one, or one that says why, counts too.

    Forms are built in the turn of the event loop that follows the first paint.
    """
    return all(has_rows(view) for view in built(window, ROW_KINDS) if kind_of(view) != "form")


def shows_rows(window: Window) -> bool:
    """Whether besides every form in sight shows its values, or has no row to show."""
    return all(map(_shows, built(window, ROW_KINDS)))


def is_whole(window: Window) -> bool:
    """Whether besides no table of the window still answers a question: nothing will move any more."""
    if window.context is None:
        return True
    return not any(map(is_waiting, window.context.tables.values())) and shows_rows(window)


def is_waiting(handle: TableHandle) -> bool:
    """Whether the table was not read yet, or still answers a question."""
    return handle.state == "loading" or handle.is_busy


def _shows(view: Any) -> bool:
    return has_row(view) if kind_of(view) == "form" else has_rows(view)


def has_rows(grid: Any) -> bool:
    """Whether the grid knows how many rows it has, and has the first one (or says why it has none)."""
    rows = getattr(grid, "rows", None)
    if rows is None or grid.handle.error is not None:
        return True
    return rows.cache.count is not None and (not grid.row_count() or grid.row_key(0) is not None)


def has_row(form: Any) -> bool:
    """Whether the form shows the current row of its view, or there is none to show."""
    view, row = getattr(form, "view", None), getattr(form, "row", None)
    if view is None or row is None or form.handle.error is not None or row.key is None:
        return view is None or has_rows(view) and view.current_key is None or form.handle.error is not None
    return row.key == view.current_key and (row.values is not None or bool(row.messages))
