"""One command from outside, in a window: it is run, what is said meanwhile goes back, and at the end its exit code.

Nobody can be asked there: a question of a command counts as answered or ends it, and so does an argument that is
missing. What a command has begun is waited for: rows that are written, scripts, and for a while rows that are read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.words import say
from shell.command import Command, Later, LineError
from shell.do import message
from shell.do.folder import AskedIn
from shell.line.settled import when_settled
from shell.running import Caller, perform
from widgets.asked import NobodyThere

if TYPE_CHECKING:
    from shell.messages import Message
    from shell.window import Window

FAILED = 1


class Asking:
    """Runs one line.

    Args:
        window: Where.
        question: What was asked.
        send: Told each frame's kind and text.
        end: Told the exit code, once.
    """

    def __init__(
        self, window: Window, question: message.Question, send: Callable[[bytes, str], None],
        end: Callable[[int], None],
    ) -> None:  # fmt: skip
        self._window, self._question = window, question
        self._send, self._end = send, end
        self._code = self._awaited = 0

    def run(self) -> None:
        """Run it, when the rows that are on their way are there; the end comes now or later."""
        when_settled(self._window, self._perform)

    def _perform(self) -> None:
        window = self._window
        if window.is_closing:
            self._end(FAILED)
            return
        window.messages.listeners.append(self._hear)
        is_agreed = message.YES in self._question.options
        ask = self._agree if is_agreed else self._refuse
        caller = Caller(ask, None, self._fail, self._answer)
        try:
            with AskedIn(self._question.folder), NobodyThere(is_agreed):
                perform(window.registry, self._question.text, {}, caller)
        except Exception as error:  # whoever asked is told
            self._fail("", error)
        when_settled(window, self._finish, lambda: self._awaited > 0)

    def _agree(self, _text: str, _command: Command, go: Callable[[], None]) -> None:
        go()

    def _refuse(self, text: str, command: Command, _go: Callable[[], None]) -> None:
        raise EspalierError(say("{command} asks: {text}", command=command.id, text=text), hint="--yes answers it")

    def _answer(self, answer: Any) -> None:
        """What the function of a command answers is what it was run for."""
        if isinstance(answer, Later):
            self._awaited += 1
            answer.then(self._take_late)
        elif answer is not None:
            self._send(message.OUT, str(answer))

    def _take_late(self, answer: Any) -> None:
        self._awaited -= 1
        if isinstance(answer, Exception):
            self._fail("", answer)
        else:
            self._answer(answer)

    def _fail(self, _command: str, error: Exception) -> None:
        from shell.failure import describe

        text, detail = describe(error)
        hint = f" ({detail})" if isinstance(error, EspalierError) and detail else ""
        self._send(message.ERROR, f"espalier: {text}{hint}")
        self._code = error.exit_code if isinstance(error, LineError) else FAILED

    def _hear(self, told: Message) -> None:
        """What a window tells its person while the command runs is told there as well."""
        is_problem = told.level in ("warning", "error")
        text = told.text if not told.detail else f"{told.text}: {' '.join(told.detail.split())}"
        self._send(message.ERROR if is_problem else message.OUT, text)
        if told.level == "error":
            self._code = self._code or FAILED

    def _finish(self) -> None:
        """All is done; the window may have been closed by the command."""
        self._window.messages.listeners.remove(self._hear)
        self._end(self._code)
