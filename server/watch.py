"""Hearing of pushes: a thread that watches the repository's branches through the system's file events.

A slow look on the side finds what no event told of (a network file system, a lost event).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from kernel.error import EspalierError
from server.log import Log

#: Milliseconds between looks without an event.
QUIET_LOOK_MS = 5_000


class Watcher:
    """Calls ``look`` in its own thread soon after something below ``refs`` changed.

    Args:
        git_dir: The git directory.
        look: Finds out what changed; what it raises is logged.
        log: The server's log.
    """

    def __init__(self, git_dir: Path, look: Callable[[], None], log: Log) -> None:
        self._refs = git_dir / "refs"
        self._is_failure_told = False
        self._look = look
        self._log = log
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="espalier-watch", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch()
            except Exception as error:  # no events: look from time to time instead
                if not self._is_failure_told:
                    self._log.error("cannot watch the repository", path=self._refs, error=error)
                self._is_failure_told = True
                self._stop.wait(QUIET_LOOK_MS / 1000)

    def _watch(self) -> None:
        from watchfiles import watch

        self._try_look()  # what was pushed before the watch stood
        for _ in watch(
            self._refs,
            watch_filter=None,
            debounce=20,
            step=2,
            stop_event=self._stop,
            rust_timeout=QUIET_LOOK_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            self._try_look()

    def _try_look(self) -> None:
        try:
            self._look()
        except EspalierError as error:
            self._log.error("cannot read the repository", error=error)
        except Exception as error:
            self._log.error("cannot read the repository", error=f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join(5)
