"""Hears of changes in a folder by the system's notifications, told once for what belongs together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

#: After the first notification it waits this long for the rest of what an editor writes, in ms.
SETTLING_MS = 12
#: Folders that hold nothing of an app.
_LEFT_OUT = ("__pycache__", "node_modules")

#: What tells one content of a file from another: time of change in ns, size, file number.
Mark = tuple[int, int, int]


class FolderWatch(QObject):
    """Calls back with the paths of files that came, went or changed.

    Args:
        folder: Watched with all folders in it; hidden ones are left out.
        changed: Gets the paths, from the folder, with forward slashes.
        parent: Whose life it shares.
    """

    def __init__(self, folder: Path, changed: Callable[[set[str]], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._changed = changed
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLING_MS)
        self._timer.timeout.connect(self._look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _path: self._timer.start())
        self._watcher.fileChanged.connect(lambda _path: self._timer.start())
        self._marks = self._read()

    def paths(self) -> set[str]:
        """The files that are there."""
        return set(self._marks)

    def _look(self) -> None:
        before, self._marks = self._marks, self._read()
        found = {path for path in before.keys() | self._marks.keys() if before.get(path) != self._marks.get(path)}
        if found:
            self._changed(found)

    def _read(self) -> dict[str, Mark]:
        """What is there now; what is not watched yet is from now on."""
        marks: dict[str, Mark] = {}
        places: list[str] = []
        for folder, names in _folders(self._folder):
            places.append(folder)
            for name in names:
                path = os.path.join(folder, name)
                try:
                    found = os.stat(path)
                except OSError:
                    continue  # gone since the folder was listed; the next look tells
                places.append(path)
                marks[Path(path).relative_to(self._folder).as_posix()] = (
                    found.st_mtime_ns, found.st_size, found.st_ino
                )  # fmt: skip
        watched = {*self._watcher.files(), *self._watcher.directories()}
        missing = [place for place in places if place not in watched]
        if missing:
            self._watcher.addPaths(missing)
        return marks


def _folders(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _LEFT_OUT]
        yield place, [name for name in files if not name.startswith(".")]
