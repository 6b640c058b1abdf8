"""One thread for what a keeper of versions does for one text: one thing after the other, gone when nothing is left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

#: Seconds after which a thread without work ends. It stays that long since a repository is opened once a thread.
IDLE_S = 10.0

Job = tuple[Callable[[], Any], Callable[[Any], Any]]


class Worker:
    """Does work in order, on a thread of its own."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_over = False

    def do(self, work: Callable[[], Any], tell: Callable[[Any], Any]) -> None:
        """Have it done.

        Args:
            work: Called on the thread.
            tell: Called there with what it answers or raises; keeps no widget alive (``plugins.api.listener``).
        """
        with self._lock:
            if self._is_over:
                return
            self._jobs.put((work, tell))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def end(self) -> None:
        """What is begun is finished, nothing more is done."""
        with self._lock:
            self._is_over = True
            self._jobs.put(None)

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=IDLE_S)
            except Empty:
                job = None
            if job is None or self._is_over:
                with self._lock:
                    if self._is_over or self._jobs.empty():
                        self._thread = None
                        return
                continue
            work, tell = job
            try:
                answer = work()
            except Exception as error:  # whoever asked is told
                answer = error
            try:
                tell(answer)
            except BaseException:
                with self._lock:
                    self._thread = None  # the next work gets another one; what was raised is told as of any thread
                raise
