"""Long work over many rows of one view: a piece at a time, with progress, a way to give it up, and how it ended."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kernel.tables.error import InterruptedCallError
from kernel.words import say
from widgets.grid.mark import Answer
from widgets.grid.notice import Notice, sentence
from widgets.job import Job, Report

if TYPE_CHECKING:
    from widgets.listing.job_strip import JobStrip


class Work:
    """One view's work; one piece at a time, the others wait for it.

    Args:
        view: The view; it shows a strip while the work goes on.
        notice: Where it is said that nothing was changed, and why.
    """

    def __init__(self, view: Any, notice: Notice) -> None:
        self._view, self._notice = view, notice
        self._job: Job | None = None
        self._strip: JobStrip | None = None
        #: What begins the pieces that wait, and what is told when they are not done.
        self._waiting: deque[tuple[Callable[[], None], Callable[[], None]]] = deque()
        self._given_up: Callable[[], None] = lambda: None
        view.destroyed.connect(self._drop)

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return self._job is not None

    def run(self, text: str, work: Callable[[Report], Any], done: Callable[[Any], None], *,
            given_up: Callable[[], None] = lambda: None) -> None:  # fmt: skip
        """Do long work off the GUI thread, with progress and a way to give it up.

        What waits behind work that fails or is given up is not done.

        Args:
            text: What goes on (``Pasting 12,000 cells``).
            work: See :class:`widgets.job.Job`.
            done: Gets the answer or the exception; not called when it was given up.
            given_up: Called then, also when it was not begun, or the view went before it was done.
        """
        view = self._view
        if self._job is not None:
            self._waiting.append((lambda: self.run(text, work, done, given_up=given_up), given_up))
            return
        from widgets.listing.job_strip import JobStrip

        history = view.handle.open_history() if view.handle.open_history is not None else None
        expected = history.expect() if history is not None else None

        def take(answer: Any) -> None:
            self._job = None
            if history is not None and expected is not None:
                history.came(expected, is_written=not isinstance(answer, Exception))
            if self._strip is not None:
                self._strip.end()
                self._strip = None
            if isinstance(answer, Exception):
                self._forget_waiting()
            if isinstance(answer, InterruptedCallError):
                given_up()
                view.context.reporter.report("info", say("{work} was given up; nothing was changed", work=text))
                return
            done(answer)
            if self._waiting and self._job is None:
                self._waiting.popleft()[0]()

        self._given_up = given_up
        self._strip = JobStrip(view, text, self.cancel)
        self._job = Job(f"rows of {view.handle.name}", work, take, self._strip.tell)

    def cancel(self) -> None:
        """Give up what is under way."""
        if self._job is not None:
            self._job.cancel()

    def _drop(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._given_up()
        self._forget_waiting()

    def _forget_waiting(self) -> None:
        waiting, self._waiting = self._waiting, deque()
        for _, given_up in waiting:
            given_up()

    def place(self) -> None:
        """Keep the strip at the lower edge."""
        if self._strip is not None:
            self._strip.place()

    def fail(self, verb: str, error: Exception, again: Callable[[], None]) -> None:
        """Say that nothing was changed and why, and offer to try again."""
        self._say_failed(verb, sentence(error), again)

    def say_refused(self, verb: str, error: Exception) -> None:
        """Say that nothing was changed and why, where another try would mean something else."""
        self._notice.say(say("{what}: nothing was changed. {reason}", what=verb, reason=sentence(error)))

    def _say_failed(self, verb: str, reason: str, again: Callable[[], None]) -> None:
        answers = (Answer(say("Cancel"), lambda: None), Answer(say("Try again"), again, "primary"))
        self._notice.say(say("{what}: nothing was changed. {reason}", what=verb, reason=reason), answers=answers)
