"""Opening another app from a window: with a window and a session of its own, and a process where there is code."""

from __future__ import annotations

from typing import Any

#: How many opened databases are remembered.
_RECENT = 12


def open_target(window: Any, target: str) -> None:
    """Open an app, a file or a folder; a window of this process that shows it already comes to the front.

    An app with code gets a process of its own, whose window comes in its own time; see :mod:`shell.own_process`.

    Raises:
        EspalierError: it cannot be opened.
    """
    from shell.palette.provider import raise_window

    for other in window.desk.windows:
        if other.target == target or (target == "home" and other.app.info.key == "home"):
            raise_window(other)
            return
    from shell import own_process

    if own_process.is_wanted(target, window.session, window.desk.windows):
        own_process.start(target, window)
        return
    from shell.boot import boot
    from shell.single import OpenElsewhereError

    try:
        session = boot(target, window.session.given._replace(picture=""), may_block=False, is_single=True)
    except OpenElsewhereError as open_already:
        own_process.bring_forward(open_already.place, target, window)
        return
    for opened in session.windows:
        opened.target = target
        opened.owns_session = True


def open_file(window: Any, path: str) -> None:
    """Open a database and remember it among the recent ones.

    Raises:
        EspalierError: it is none, or cannot be read.
    """
    open_target(window, path)
    remember_recent(window.desk, path)


def recent_files(desk: Any) -> list[str]:
    """The databases that were opened last, the newest first."""
    found = desk.state.recall("recent", [])
    return [path for path in found if isinstance(path, str)] if isinstance(found, list) else []


def remember_recent(desk: Any, path: str) -> None:
    """Put a path at the top of the recent ones."""
    desk.state.remember("recent", [path, *(one for one in recent_files(desk) if one != path)][:_RECENT])
    desk.state.save()
    for window in desk.windows:
        if show := getattr(window.app, "show_recent", None):
            show(recent_files(desk))
