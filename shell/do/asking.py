"""One command from outside, in a window: it is run, what is said meanwhile goes back, and at the end its exit code.

Nobody can be asked there: a question of a command counts as answered or ends it, and so does an argument that is
missing. What a command has begun is waited for: rows that are written, scripts, and for a while rows that are read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from kernel.error import EspalierError
from kernel.words import say
from shell.command import Command, Later, LineError
from shell.do import message
from shell.do.folder import AskedIn
from shell.focus import ROW_KINDS, built
from shell.running import Caller, perform

if TYPE_CHECKING:
    from shell.messages import Message
    from shell.window import Window

#: Milliseconds between two looks whether what was begun is done.
_LOOK_MS = 4
#: Seconds that rows which a command asked for are waited for: who comes next finds them, unless there are very many.
_ROWS_S = 2.0
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
        self._patient_until = time.monotonic() + _ROWS_S

    def run(self) -> None:
        """Run it, when the rows that are on their way are there; the end comes now or later."""
        window = self._window
        if window.is_closing:
            self._end(FAILED)
        elif time.monotonic() < self._patient_until and is_reading(window):
            QTimer.singleShot(_LOOK_MS, window.desk.application, self.run)
        else:
            self._perform(window)

    def _perform(self, window: Window) -> None:
        self._patient_until = time.monotonic() + _ROWS_S
        window.messages.listeners.append(self._hear)
        ask = self._agree if message.YES in self._question.options else self._refuse
        caller = Caller(ask, None, self._fail, self._answer)
        try:
            with AskedIn(self._question.folder):
                perform(window.registry, self._question.text, {}, caller)
        except Exception as error:  # whoever asked is told
            self._fail("", error)
        self._wait()

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

    def _wait(self) -> None:
        """End when what was begun is done; the window may have been closed by the command."""
        window, is_patient = self._window, time.monotonic() < self._patient_until
        is_busy = self._awaited or is_writing(window) or (is_patient and is_reading(window))
        if window.is_closing or not is_busy:
            window.messages.listeners.remove(self._hear)
            self._end(self._code)
        else:
            QTimer.singleShot(_LOOK_MS, window.desk.application, self._wait)


def is_writing(window: Window) -> bool:
    """Whether rows of its tables are being written, or scripts of its app run."""
    is_busy = window.session.runs_scripts or bool(window.scope.read("history.writing"))
    return is_busy or any(handle.is_writing for handle in _handles(window))


def is_reading(window: Window) -> bool:
    """Whether rows that its lists show are on their way."""
    lists = (view.rows for view in built(window, ROW_KINDS) if hasattr(view, "rows"))
    return any(rows.is_awaited for rows in lists) or any(handle.is_busy for handle in _handles(window))


def _handles(window: Window) -> Iterator[Any]:
    """The tables that anybody has asked for anything."""
    made = window.context.tables if window.context is not None else {}
    return (made[name] for name in made if made.is_made(name))
