"""Hears of changed files of a working tree, by the system's file events, on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

#: Parts of git's own folder that say nothing of the status.
_QUIET = frozenset({"objects", "logs", "hooks", "lfs"})
#: Seconds between two looks while the system's events do not come.
_LOOK_S = 2.0


class Watch:
    """Calls ``tell`` after files changed, gathered; stopped by :meth:`stop`.

    Args:
        worktree: The files.
        folder: Git's own folder.
        tell: Called on the watching thread.
    """

    def __init__(self, worktree: Path, folder: Path, tell: Callable[[], None]) -> None:
        self._worktree, self._folder, self._tell = worktree, folder, tell
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="git files", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns once it has ended."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch()
            except (RuntimeError, OSError):
                # A name that is no UTF-8 was touched, or the system watches no more files: look now and then.
                self._tell()
                self._stop.wait(_LOOK_S)

    def _watch(self) -> None:
        from watchfiles import watch

        own = str(self._folder)

        def is_wanted(_change: object, path: str) -> bool:
            rest = path.removeprefix(own)
            return rest == path or not (rest.endswith(".lock") or rest.lstrip("/").partition("/")[0] in _QUIET)

        for _ in watch(self._worktree, watch_filter=is_wanted, debounce=200, step=20, rust_timeout=1000,
                       stop_event=self._stop, raise_interrupt=False, ignore_permission_denied=True):
            self._tell()
