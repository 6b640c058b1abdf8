"""The frame of a window that waits for the next one to be asked for.

Whoever opened an app once more does so again: its commands, its bar and the system's own window are there by then, and
what is shown in them is built when it is wanted, from what is true then. Nothing of the app is read for a frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter

from shell.state import State

if TYPE_CHECKING:
    from kernel.disposer import Disposer
    from shell.desk import Desk
    from shell.window import Window

#: Milliseconds that the window before gets to read its rows, before a frame is made beside it.
_AFTER_MS = 250


class Spare:
    """At most one frame, of the session that a window was opened in last.

    Args:
        desk: Whose windows these are.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._session: Any = None
        self._frame: Window | None = None
        self._unfollow: Disposer = lambda: None
        self._timer = QTimer(desk.application, singleShot=True, interval=_AFTER_MS, timeout=self.make)

    @property
    def is_there(self) -> bool:
        """Whether a frame waits."""
        return self._frame is not None

    def want(self, session: Any) -> None:
        """Have a frame of the session in a moment."""
        if session is not self._session:
            self.drop()
        self._session = session
        self._timer.start()

    def make(self) -> None:
        """Make the frame, unless it is there or nothing of the session is open any more."""
        from shell.window import Window

        session = self._session
        if self._frame is not None or session is None or getattr(session, "problem", None) is not None:
            return
        self._frame = frame = Window(session, self._desk, is_spare=True)
        _prepare(frame)
        # Keys, looks, language: a frame made anew is simpler than one that follows.
        self._unfollow = session.config.on_change(lambda _names: self.drop())

    def take(self, session: Any) -> Window | None:
        """The frame, filled with what the session shows now; None where there is none that fits.

        Raises:
            EspalierError: what it shows cannot be built.
        """
        frame = self._frame
        if frame is None or session is not self._session or frame.app is not session.app:
            self.drop()
            return None
        self._leave()
        frame.layout_tree, frame.kinds = session.layout, session.kinds or frame.kinds
        frame.state = State(frame.state.path)  # what other windows have written meanwhile counts
        try:
            frame.fill()
        except Exception:
            _end(frame)
            raise
        return frame

    def forget(self, session: Any) -> None:
        """A window was closed: with the last one of its session its frame goes."""
        if session is self._session and not any(window.session is session for window in self._desk.windows):
            self.drop()

    def drop(self) -> None:
        """Let the frame go, and want none until the next window is opened."""
        self._timer.stop()
        self._session, frame = None, self._frame
        self._leave()
        if frame is not None:
            _end(frame)

    def _leave(self) -> None:
        self._frame = None
        unfollow, self._unfollow = self._unfollow, lambda: None
        unfollow()


def _prepare(frame: Window) -> None:
    """Have the system make its window, and the memory that it is painted in (4 MB), as large as it will be."""
    frame.remembering.restore_geometry()
    frame.winId()
    store = frame.backingStore()
    if store is not None:
        store.resize(frame.size())
        area = frame.rect()
        store.beginPaint(area)
        painter = QPainter(store.paintDevice())
        painter.fillRect(area, frame.palette().window())
        painter.end()
        store.endPaint()


def _end(frame: Window) -> None:
    frame.close_anyway()
    frame.deleteLater()


def keep_spare(desk: Desk, session: Any) -> None:
    """Have a frame for the session's next window from now on."""
    if desk.spare is None:
        desk.spare = Spare(desk)
    desk.spare.want(session)
