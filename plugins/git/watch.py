"""Hears of changed files of a working tree, by the system's file events, on a thread of its own."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pygit2

#: Parts of git's own folder that say nothing of the status.
_QUIET = frozenset({"objects", "logs", "hooks", "lfs", "modules"})
#: Seconds between two looks while the system's events do not come.
_LOOK_S = 2.0
#: Milliseconds after which the watching looks whether it was stopped; and seconds that setting it up may take before
#: something may have changed meanwhile.
_WAIT_MS, _SETUP_S = 1000, 0.1


class Watch:
    """Calls ``tell`` after files changed, gathered; stopped by :meth:`stop`.

    On Linux each folder is watched by itself: the library would look at every file before the first event, with all
    other threads waiting, and would watch what git ignores.

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
        is_first = True
        while not self._stop.is_set():
            try:
                self._watch(is_first=is_first)
            except (RuntimeError, OSError, pygit2.GitError):
                # A name that is no UTF-8 was touched, or the system watches no more files: look now and then.
                self._tell()
                self._stop.wait(_LOOK_S)
            is_first = False

    def _watch(self, *, is_first: bool) -> None:
        """Watch until folders are others."""
        from watchfiles import Change, watch

        own, is_deep = str(self._folder), sys.platform != "linux"

        def is_wanted(_change: object, path: str) -> bool:
            rest = path.removeprefix(own)
            return rest == path or not (rest.endswith(".lock") or rest.lstrip("/").partition("/")[0] in _QUIET)

        begun = time.monotonic()
        folders = [str(self._worktree)] if is_deep else list(self._folders())
        late = begun + _SETUP_S + _WAIT_MS / 1000
        for changes in watch(*folders, watch_filter=is_wanted, debounce=200, step=20, rust_timeout=_WAIT_MS,
                             recursive=is_deep, yield_on_timeout=True, stop_event=self._stop, raise_interrupt=False,
                             ignore_permission_denied=True):
            if changes or not is_first or time.monotonic() > late:
                self._tell()
            is_first, late = True, float("inf")
            if not is_deep and any(change == Change.added and _is_folder(path) for change, path in changes):
                return

    def _folders(self) -> Iterator[str]:
        """The folders that are watched: of the files all but those that git ignores, and of git's own what counts."""
        yield str(self._folder)
        yield from self._below(str(self._folder / "refs"))
        repository = pygit2.Repository(str(self._folder))
        start = os.path.join(self._worktree, "")

        def is_wanted(path: str) -> bool:
            return not (path == str(self._folder) or repository.path_is_ignored(path[len(start):] + "/"))

        yield from self._below(str(self._worktree), is_wanted)

    def _below(self, folder: str, is_wanted: Callable[[str], bool] = lambda _: True) -> Iterator[str]:
        """A folder and those in it; links are not followed."""
        waiting = [folder]
        while waiting and not self._stop.is_set():
            here = waiting.pop()
            try:
                with os.scandir(here) as entries:
                    found = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
            except OSError:
                continue  # it has gone, or nobody may look into it
            yield here
            waiting += [path for path in found if os.path.basename(path) != ".git" and is_wanted(path)]


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)
