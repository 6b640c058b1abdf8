"""Writes down what a process has open, so that the next start can bring it back when this one is killed.

It looks after the event loop has done something, half a second later at most, and writes when what it sees is other
than before; a look takes 0.2 ms a window, and where the event loop sleeps nothing runs.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer

from shell.workspace.left import OpenFile
from shell.workspace.window import keep_window, typed_in

if TYPE_CHECKING:
    from shell.desk import Desk

#: Milliseconds from something that happened to the look.
LOOK_MS = 500
#: Looks without anything new after which nothing is looked at until something happens.
_QUIET = 2


class Journal(QObject):
    """One process's.

    Args:
        desk: Has the windows.
        file: Where it is written.
        is_restored: Whether its windows were brought back just now.
    """

    def __init__(self, desk: Desk, file: OpenFile, *, is_restored: bool) -> None:
        super().__init__(desk.application)
        self._desk, self._file = desk, file
        self._is_restored, self._began = is_restored, time.time()
        self._written = b""
        #: Looks in a row that saw nothing new: what happens right behind one is seen by the next.
        self._quiet = 0
        self._is_own = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._events = QAbstractEventDispatcher.instance()
        self._events.aboutToBlock.connect(self._note)
        desk.application.aboutToQuit.connect(self.close)
        self._timer.start()

    def close(self) -> None:
        """The process ends as it should: nothing is to be brought back."""
        self._events.aboutToBlock.disconnect(self._note)
        self._timer.stop()
        self._file.remove()

    def _note(self) -> None:
        """The event loop has nothing to do any more: something was done before."""
        is_own, self._is_own = self._is_own, False
        if not is_own:
            self._quiet = 0
        if self._quiet < _QUIET and not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        self._is_own = True
        windows = [window for window in self._desk.windows if not window.is_closing and window.retry is None]
        records = [{**keep_window(window), "typed": typed_in(window)} for window in windows]
        head = {"began": self._began, "restored": self._is_restored}
        data = msgspec.json.encode({**head, "windows": records})
        self._quiet = self._quiet + 1 if data == self._written else 0
        if self._quiet:
            return
        try:
            self._file.write(data)
        except OSError as error:
            self._desk.log("warning", f"what is open could not be written down: {error}", "")
        self._written = data
