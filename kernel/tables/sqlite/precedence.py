"""Who waits for an answer goes before what is read behind: the latter stops between two parts meanwhile."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from kernel.tables.interrupt import current


class Precedence:
    """One file's: counts the answers that somebody waits for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asked = 0
        self._thread = threading.local()

    @contextlib.contextmanager
    def behind(self) -> Iterator[None]:
        """Within the block nobody waits for what this thread reads."""
        self._thread.is_behind = True
        try:
            yield
        finally:
            self._thread.is_behind = False

    @property
    def is_behind(self) -> bool:
        """Whether nobody waits for what this thread reads."""
        return getattr(self._thread, "is_behind", False)

    @contextlib.contextmanager
    def asked(self) -> Iterator[None]:
        """Within the block somebody waits for this thread, unless it reads behind."""
        if self.is_behind:
            yield
            return
        with self._changed:
            self._asked += 1
        try:
            yield
        finally:
            with self._changed:
                self._asked -= 1
                self._changed.notify_all()

    def give_way(self) -> None:
        """Return when nobody waits for an answer.

        Raises:
            InterruptedCallError: this thread's call was given up meanwhile.
        """
        interrupt = current()
        if interrupt is None:
            with self._changed:
                self._changed.wait_for(lambda: not self._asked)
            return
        with interrupt.stopping(self._wake), self._changed:
            self._changed.wait_for(lambda: not self._asked or interrupt.is_set)
        interrupt.check()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
