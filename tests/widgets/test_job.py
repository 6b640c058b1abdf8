"""Long work beside the window: its progress, its end, giving it up, and that others are not held up by it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from kernel.tables.error import InterruptedCallError, TableError
from widgets.giving_way import SWITCH_S
from widgets.job import Job


def test_progress_and_result_come_on_the_gui_thread(qapp: Any, wait_until: Callable[..., None]) -> None:
    told: list[tuple[float, int]] = []
    done: list[tuple[Any, int]] = []

    def work(report: Callable[[float], None]) -> str:
        report(0.5)
        return threading.current_thread().name

    job = Job("many cells", work, lambda answer: done.append((answer, threading.get_ident())),
              lambda part: told.append((part, threading.get_ident())))  # fmt: skip
    wait_until(lambda: done)
    here = threading.get_ident()
    assert (done, job.is_running) == ([("many cells", here)], False)
    assert told in ([(0.5, here)], [])


@pytest.mark.parametrize("how", ["cancel", "drop"])
def test_work_that_is_given_up_ends_at_its_next_report(
    qapp: Any, wait_until: Callable[..., None], how: str
) -> None:
    begun, ended, done = threading.Event(), threading.Event(), []

    def work(report: Callable[[float], None]) -> None:
        try:
            while True:
                begun.set()
                report(0.1)
        finally:
            ended.set()

    job = Job("endless", work, done.append)
    wait_until(begun.is_set)
    getattr(job, how)()
    wait_until(ended.is_set)
    if how == "cancel":
        wait_until(lambda: done)
        assert isinstance(done[0], InterruptedCallError)
    else:
        assert not job.is_running


def test_an_error_is_the_answer_and_the_lock_is_given_away_as_before(
    qapp: Any, wait_until: Callable[..., None]
) -> None:
    seen, done = [], []

    def work(_report: Callable[[float], None]) -> None:
        seen.append(sys.getswitchinterval())
        raise TableError("no")

    Job("failing", work, done.append)
    wait_until(lambda: done)
    assert isinstance(done[0], TableError)
    assert seen == [pytest.approx(SWITCH_S)]
    wait_until(lambda: sys.getswitchinterval() > 2 * SWITCH_S)
