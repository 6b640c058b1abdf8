"""Hears of changes in a folder by the system's notifications, told once for what belongs together."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

#: After a notification that tells of no whole file it waits this long for the rest of what an editor writes, in ms.
SETTLING_MS = 12
#: The first of several whole files is told at once; what follows within this time, in s, settles and is told together.
_TOGETHER_S = 0.02
#: How often all is looked at where the system follows no more folders for this person, in ms.
_POLLING_MS = 500
#: Folders that hold nothing of an app.
_LEFT_OUT = ("__pycache__", "node_modules")


class Mark(NamedTuple):
    """What tells one content of a file from another: time of change in ns, size in bytes, file number."""

    changed: int
    size: int
    number: int


class _Source(Protocol):
    """What tells of changes."""

    def follow_folder(self, path: str) -> None: ...

    def follow_file(self, path: str, *, is_link: bool) -> None: ...


class FolderWatch(QObject):
    """Calls back with the paths of files that came, went or changed.

    On Linux a file is told when who wrote it has closed it or put it in its place, without waiting; elsewhere a
    little after the last change.

    Args:
        folder: Watched with all folders in it; hidden ones are left out.
        changed: Gets the paths, from the folder, with forward slashes.
        parent: Whose life it shares.
    """

    def __init__(self, folder: Path, changed: Callable[[set[str]], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = str(folder)
        self._changed = changed
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLING_MS)
        self._timer.timeout.connect(self._look)
        #: What was heard of since the last look; None when it may be anything.
        self._heard: set[str] | None = set()
        self._told_at = -_TOGETHER_S
        self._source = self._new_source()
        self._marks = self._read()

    def paths(self) -> set[str]:
        """The files that are there."""
        return set(self._marks)

    def _new_source(self) -> _Source:
        if not sys.platform.startswith("linux"):
            return _QtSource(self._hear, self)
        from shell.live.inotify import Inotify

        try:
            return Inotify(self._hear, self)
        except OSError:
            return _Polling(self._hear, self)

    def _hear(self, paths: set[str] | None, is_whole: bool) -> None:
        self._heard = None if paths is None or self._heard is None else self._heard | paths
        if is_whole and not self._timer.isActive() and time.monotonic() - self._told_at >= _TOGETHER_S:
            self._look()
        elif not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        before, heard, self._heard = self._marks, self._heard, set()
        if heard is None:
            self._marks = self._read()
            found = {path for path in before.keys() | self._marks.keys() if before.get(path) != self._marks.get(path)}
        else:
            found = {path for path in map(self._inner, heard) if path and self._is_another(path)}
        if found:
            self._changed(found)
            self._told_at = time.monotonic()

    def _inner(self, place: str) -> str:
        """The path from the folder; empty for a hidden file."""
        if os.path.basename(place).startswith("."):
            return ""
        return os.path.relpath(place, self._folder).replace(os.sep, "/")

    def _is_another(self, path: str) -> bool:
        """Whether a file came, went or changed since it was looked at last."""
        place = os.path.join(self._folder, path)
        before, now = self._marks.pop(path, None), _mark(place)
        if now is not None:
            self._marks[path] = now
            self._follow_file(place, os.path.islink(place))
        return before != now

    def _read(self) -> dict[str, Mark]:
        """What is there now; what is not followed yet is from now on."""
        marks: dict[str, Mark] = {}
        for place, is_link in _files(self._folder, self._follow_folder):
            if (mark := _mark(place)) is not None:
                self._follow_file(place, is_link)
                marks[self._inner(place)] = mark
        return marks

    def _follow_folder(self, path: str) -> None:
        try:
            self._source.follow_folder(path)
        except OSError:
            self._source = _Polling(self._hear, self)

    def _follow_file(self, path: str, is_link: bool) -> None:
        try:
            self._source.follow_file(path, is_link=is_link)
        except OSError:
            self._source = _Polling(self._hear, self)


class _QtSource(QFileSystemWatcher):
    """What Qt hears from the system: that there is something."""

    def __init__(self, heard: Callable[[set[str] | None, bool], None], parent: QObject) -> None:
        super().__init__(parent)
        self._followed: set[str] = set()
        self._heard = heard
        self.directoryChanged.connect(self._tell)
        self.fileChanged.connect(self._tell)

    def _tell(self, path: str) -> None:
        self._followed.discard(path)  # Qt follows nothing that was replaced
        self._heard(None, False)

    def follow_folder(self, path: str) -> None:
        """Tell when files of a folder come or go."""
        if path not in self._followed:
            self._followed.add(path)
            self.addPath(path)

    def follow_file(self, path: str, *, is_link: bool) -> None:
        """Tell when a file changes."""
        self.follow_folder(path)


class _Polling(QTimer):
    """For where the system tells nothing: it may be that there is something, again and again."""

    def __init__(self, heard: Callable[[set[str] | None, bool], None], parent: QObject) -> None:
        super().__init__(parent, interval=_POLLING_MS)
        self.timeout.connect(lambda: heard(None, False))
        self.start()

    def follow_folder(self, path: str) -> None:
        """Nothing to do."""

    def follow_file(self, path: str, *, is_link: bool) -> None:
        """Nothing to do."""


def _files(folder: str, follow: Callable[[str], None]) -> Iterator[tuple[str, bool]]:
    """Paths of the files in a folder and all below, and whether each is a link; a folder is followed, then listed."""
    follow(folder)
    inner = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name in _LEFT_OUT:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry.path)
                elif not entry.is_dir():
                    yield entry.path, entry.is_symlink()
    except OSError:
        return  # gone since it was heard of, or not to be read
    for path in inner:
        yield from _files(path, follow)


def _mark(path: str) -> Mark | None:
    """None when there is no such file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    if stat.S_ISDIR(found.st_mode):
        return None
    return Mark(found.st_mtime_ns, found.st_size, found.st_ino)
