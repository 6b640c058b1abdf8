"""Questions that many clients ask at once: asked once, answered to all.

After a commit everybody who looks at the same page asks for it anew. One such question is under way at a time; who
comes meanwhile waits for the next one, which begins afterwards, so that every answer is of a moment after the asking.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from kernel.tables.interrupt import Interrupt
from kernel.wire.call import Call


class _Question:
    """One question of those who wait for it; it is given up when nobody does any more."""

    def __init__(self, work: Callable[[Interrupt], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.work = work
        self.interrupt = Interrupt()
        self.answer: asyncio.Future[Any] = loop.create_future()
        self._waiting = 0

    async def wait(self) -> Any:
        """The answer; raises what the work raised."""
        self._waiting += 1
        try:
            return await asyncio.shield(self.answer)
        finally:
            self._waiting -= 1
            if not self._waiting and not self.answer.done():
                self.interrupt.set()


class JointQuestions:
    """The questions of one server; on its loop's thread."""

    def __init__(self) -> None:
        self._running: dict[bytes, _Question] = {}
        self._next: dict[bytes, _Question] = {}

    async def ask(self, call: Call, key: bytes, work: Callable[[Interrupt], Any]) -> Any:
        """The answer of ``work``, run on one of the server's threads for everybody who asks the same.

        Args:
            call: Who asks.
            key: What is asked: the same for the same.
            work: Answers it; stops when the interrupt is set.
        """
        session = call.session
        question = self._next.get(key)
        if question is None or question.interrupt.is_set:
            question = _Question(work, session.loop)
            if key in self._running:
                self._next[key] = question
            else:
                self._begin(key, question, session)
        return await question.wait()

    def _begin(self, key: bytes, question: _Question, session: Any) -> None:
        task = session.loop.run_in_executor(session.server.threads, question.work, question.interrupt)
        self._running[key] = question

        def ended(task: asyncio.Future[Any]) -> None:
            del self._running[key]
            _pass_on(task, question.answer)
            following = self._next.pop(key, None)
            if following is not None:
                self._follow(key, following, session)

        task.add_done_callback(ended)

    def _follow(self, key: bytes, question: _Question, session: Any) -> None:
        try:
            self._begin(key, question, session)
        except RuntimeError as error:  # the server is stopping
            question.answer.set_exception(error)
            question.answer.exception()


def _pass_on(task: asyncio.Future[Any], answer: asyncio.Future[Any]) -> None:
    if task.cancelled():
        answer.cancel()
    elif (error := task.exception()) is not None:
        answer.set_exception(error)
        answer.exception()  # heard, also where everybody has gone
    else:
        answer.set_result(task.result())
