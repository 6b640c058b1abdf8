"""A page that does not answer any more: noticed when a person wishes something of it, and ended if they say so.

A page whose script never ends holds up every way out of it to an address of its own host. It is asked for a sign of
life beside each such wish; other pages and the window have processes of their own and go on anyway.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from plugins.api import say
from plugins.chromium.asker import Answer, Question
from plugins.chromium.page import QUESTION

if TYPE_CHECKING:
    from plugins.chromium.page import Page
    from plugins.chromium.web import Web

#: Milliseconds that a page has to answer.
LIMIT_MS = 8_000
KEY = "hung"


class Patience(QObject):
    """With the pages of one view.

    Args:
        web: The view.
        world: Where scripts of ours run.
    """

    def __init__(self, web: Web, world: int) -> None:
        super().__init__(web)
        self._web, self._world = web, world
        self._page: Page | None = None
        self._process = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._ask)

    def expect(self, page: Page) -> None:
        """Have a page say that it is there; one that has no process yet need not."""
        if self._timer.isActive() or not page.renderProcessPid():
            return
        self._page, self._process = page, page.renderProcessPid()
        self._timer.start(LIMIT_MS)
        page.runJavaScript("0", self._world, lambda _answer: self.rest())

    def rest(self) -> None:
        """It has answered, or another page has come."""
        self._timer.stop()
        self._page = None
        self._web.asker.drop(KEY)

    def _ask(self) -> None:
        page = self._page
        if page is None or page.renderProcessPid() != self._process:
            return
        if self._web.asker.count(QUESTION):  # it waits for the person
            self._timer.start(LIMIT_MS)
            return
        answers = (Answer(say("End it"), self._end), Answer(say("Wait"), self._wait))
        self._web.asker.ask(Question(KEY, say("The page does not answer."), answers, self._wait))

    def _wait(self) -> None:
        self._timer.start(LIMIT_MS)

    def _end(self) -> None:
        """Its process is of no more use; Chromium tells the view then, which offers to load the page anew."""
        if self._page is not None and self._page.renderProcessPid() == self._process:
            os.kill(self._process, getattr(signal, "SIGKILL", signal.SIGTERM))
