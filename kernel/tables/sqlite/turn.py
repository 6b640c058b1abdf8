"""Commits that wait for each other share one transaction: the disk is waited for once.

Whoever comes first writes for all who wait. Each commit has a savepoint of its own, so that one that is refused undoes
nothing of the others; what goes wrong with the whole has each of them written alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

#: Most commits in one transaction: the first of them waits for the last.
MOST = 32


class Ticket(Generic[Asked, Answer]):
    """One commit that waits: its answer or error is there when ``is_done``; the gate opens then, or when it leads."""

    __slots__ = ("answer", "asked", "error", "gate", "is_done")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: Answer | None = None
        self.error: BaseException | None = None
        self.is_done = False
        self.gate = threading.Lock()
        self.gate.acquire()


class Turns(Generic[Asked, Answer]):
    """The queue of one database.

    Args:
        write: Writes the asked ones and fills in their tickets; raises nothing.
    """

    def __init__(self, write: Callable[[Sequence[Ticket[Asked, Answer]]], None]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._waiting: list[Ticket[Asked, Answer]] = []
        self._is_writing = False

    def take(self, asked: Sequence[Asked]) -> list[Ticket[Asked, Answer]]:
        """Their tickets with what came of each, written by this thread or another one."""
        tickets: list[Ticket[Asked, Answer]] = [Ticket(one) for one in asked]
        if not tickets:
            return []
        with self._lock:
            self._waiting += tickets
            leads, self._is_writing = not self._is_writing, True
        for ticket in tickets:
            if not leads:
                ticket.gate.acquire()
            leads = False
            if not ticket.is_done:
                self._lead(ticket)
        return tickets

    def _lead(self, own: Ticket[Asked, Answer]) -> None:
        """Write those who wait, this thread's own first; then the first of those who came meanwhile leads."""
        with self._lock:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            self._write(group)
        finally:
            with self._lock:
                following = self._waiting[:1]
                self._is_writing = bool(following)
            for ticket in group:
                ticket.is_done = True
            for ticket in (*following, *group):
                if ticket is not own:
                    ticket.gate.release()
