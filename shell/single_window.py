"""Answers who opens an app again that this process shows: its window comes to the front."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier

from shell.palette.provider import raise_window
from shell.single import SHOWN, Claim

if TYPE_CHECKING:
    from shell.window import Window

#: Seconds that whoever asks gets to say its word, which it does at once.
_WORD_S = 0.1


class Answering(QObject):
    """Listens for as long as the session has a window.

    Args:
        claim: What others ask at.
        window: The first window; the session's others are looked for when somebody asks.
    """

    def __init__(self, claim: Claim, window: Window) -> None:
        super().__init__(window.desk.application)
        self._claim, self._session, self._desk = claim, window.session, window.desk
        self._notifier = QSocketNotifier(claim.listener.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._answer)

    def follow(self, window: Window) -> None:
        """The app may be opened elsewhere once its last window is closed."""
        window.disposers.add(self._let_go)

    def _windows(self) -> list[Any]:
        return [window for window in self._desk.windows if window.session is self._session and not window.is_closing]

    def _let_go(self) -> None:
        if self._claim.is_held and not self._windows():
            self._notifier.setEnabled(False)
            self._claim.close()
            self.deleteLater()

    def _answer(self) -> None:
        with contextlib.suppress(OSError):  # it did not wait
            number, _ = self._claim.listener._accept()
            self._bring_forward(number)

    def _bring_forward(self, number: int) -> None:
        import socket

        from shell.workspace.opening import take_waiting

        with socket.socket(fileno=number) as asker:
            asker.settimeout(_WORD_S)
            with contextlib.suppress(TimeoutError):
                if token := asker.recv(1024).strip().decode("ascii", "ignore"):
                    os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt takes it from there, once
            windows = self._windows()
            for window in (*windows[1:], *windows[:1]):
                raise_window(window)
                take_waiting(window)
            if windows:
                asker.sendall(SHOWN)


def answer(window: Window) -> None:
    """Have the app's window come to the front from now on when it is opened again."""
    for claim in window.session.claims.values():
        if claim.answering is None:
            claim.answering = Answering(claim, window)
        claim.answering.follow(window)
