"""The same work on every part of a table, by this thread and another one that reads the same state of the file."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Sequence
from typing import Any

from kernel.tables.contract import Report
from kernel.tables.error import LockedError
from kernel.tables.interrupt import current, interruptible
from kernel.tables.sqlite.connection import Connections, Reader
from kernel.tables.sqlite.stop import check_interrupt

log = logging.getLogger("espalier.tables")

Span = tuple[int, int]
#: Does the work on one part with one connection.
Task = Callable[[Reader, Span], Any]


def spread(connections: Connections, reader: Reader, spans: Sequence[Span], task: Task,
           report: Report = lambda part: None) -> list[Any]:
    """The answers of ``task`` for all spans, in their order.

    SQLite lets go of Python's lock while it works, so that two threads read twice as fast. The second one only helps
    when it sees the same state of the file; otherwise this thread does all of it. What is read behind gives way to
    calls that somebody waits for, and to other programs that write.
    """
    precedence = connections.precedence

    def give_way(reader: Reader) -> None:
        connections.renew(reader, precedence.give_way)

    work = _Spread(spans, task, report, give_way if precedence.is_behind else lambda _reader: check_interrupt())
    helper = None
    if len(spans) > 1 and reader.state is not None and (os.cpu_count() or 1) > 1:
        given = connections, reader.state, current(), precedence.is_behind
        helper = threading.Thread(target=work.help, args=given, daemon=True)
        helper.start()
    try:
        work.run(reader)
    finally:
        work.is_stopped = True
        if helper is not None:
            helper.join()
        problem, work.problem = work.problem, None  # its traceback holds the work, and that all that was read
    if problem is not None:
        try:
            raise problem
        finally:
            del problem  # and this frame
    return work.answers


class _Spread:
    def __init__(self, spans: Sequence[Span], task: Task, report: Report, check: Callable[[Reader], None]) -> None:
        self.answers: list[Any] = [None] * len(spans)
        self.problem: Exception | None = None
        self.is_stopped = False
        self._spans = spans
        self._task = task
        self._report = report
        self._check = check
        self._lock = threading.Lock()
        self._next = self._done = 0

    def run(self, reader: Reader) -> None:
        """Do what nobody has begun, until nothing is left."""
        while not self.is_stopped:
            with self._lock:
                index, self._next = self._next, self._next + 1
            if index >= len(self._spans):
                return
            self._check(reader)
            self.answers[index] = self._task(reader, self._spans[index])
            with self._lock:
                self._done += 1
                self._report(self._done / len(self._spans))

    def help(self, connections: Connections, state: int, interrupt: Any, is_behind: bool) -> None:
        """The same on a connection of its own."""
        way = connections.precedence.behind() if is_behind else contextlib.nullcontext()
        try:
            with way, interruptible(interrupt), connections.reader() as reader:
                if reader.state == state:
                    self.run(reader)
        except LockedError as error:  # it could not begin to help, so nothing of the work is missing
            log.debug("no second reader: %s", error)
        except Exception as error:  # raised by the thread that is waited for
            self.problem = error
            self.is_stopped = True
