"""Draws a window into a PNG once its data has arrived."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shell.app import OpenError

#: How long data may take, and how long nothing may have moved before the window counts as finished, in ms.
_LONGEST_MS = 20_000
_STILL_MS = 300
_LOOK_MS = 30


def take_picture(window: Any, path: Path) -> None:
    """Run the event loop until the window is still, then write its picture.

    Raises:
        OpenError: the file cannot be written.
    """
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    loop = QEventLoop()
    since_begin, since_move = QElapsedTimer(), QElapsedTimer()
    since_begin.start()
    since_move.start()

    def look() -> None:
        if _is_loading(window):
            since_move.restart()
        if since_move.elapsed() >= _STILL_MS or since_begin.elapsed() >= _LONGEST_MS:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(_LOOK_MS)
    loop.exec()
    timer.stop()
    _write(window, path)


def _is_loading(window: Any) -> bool:
    """Whether the app's server is still being asked, or a view waits for its rows."""
    from shell.shown import is_whole

    return window.app.state == "connecting" or not is_whole(window)


def _write(window: Any, path: Path) -> None:
    path = path.expanduser().absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OpenError(f"the picture {path} cannot be written: {error.strerror or error}") from error
    if not window.grab().save(str(path), "PNG"):
        raise OpenError(f"the picture {path} cannot be written")
