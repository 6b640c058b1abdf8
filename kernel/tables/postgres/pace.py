"""How far a statement is that tells nothing before it is done: guessed from the time that its costs took so far.

PostgreSQL does not say how far a sort is. Its planner's costs grow with the time, at a rate that is learned here.
"""

from __future__ import annotations

import contextvars
import math
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from kernel.tables.contract import Report

#: Costs a second of a server that nothing is known of, and the least time from which more is learned.
_FIRST, _LEARNED_S = 100_000.0, 0.2
#: Seconds between two reports.
_PERIOD_S = 0.05
Answer = TypeVar("Answer")


class Pace:
    """What one server does in a second."""

    def __init__(self) -> None:
        self._costs_a_second = _FIRST

    def tell(self, work: Callable[[], Answer], cost: float, report: Report) -> Answer:
        """What ``work`` answers; meanwhile the part is reported that should be done by now, always below 1.

        Args:
            work: Executes a statement; done on a thread of its own, with this one's context.
            cost: The planner's for it.
            report: Called from this thread.
        """
        answers: list[Answer] = []
        problems: list[BaseException] = []

        def run() -> None:
            try:
                answers.append(work())
            except BaseException as problem:  # raised again below
                problems.append(problem)

        begun = time.monotonic()
        expected = max(cost, 1.0) / self._costs_a_second
        thread = threading.Thread(target=contextvars.copy_context().run, args=(run,), name="espalier-sort", daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(_PERIOD_S)
            report(min(1 - math.exp(-2 * (time.monotonic() - begun) / expected), 0.99))
        if problems:
            raise problems[0]
        seconds = time.monotonic() - begun
        if seconds >= _LEARNED_S:
            self._costs_a_second = cost / seconds
        return answers[0]
