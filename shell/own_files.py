"""A person's own files, keys.toml and config.toml, followed while windows are open.

A change of another program counts at once: keys in every window, options for whoever follows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

from kernel.words import say

if TYPE_CHECKING:
    from shell.desk import Desk
    from shell.window import Window

#: After the first notification it waits this long for the rest of what an editor writes, in ms.
_SETTLING_MS = 20

Mark = tuple[int, int, int]


class FileWatch(QObject):
    """Hears of changes of a few files, which need not be there, nor their folders.

    Args:
        files: Whose changes are told.
        changed: Called with each file that is another, came or went.
        parent: Whose life it shares.
    """

    def __init__(self, files: Iterable[Path], changed: Callable[[Path], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = changed
        self._marks = {path: _mark(path) for path in files}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLING_MS)
        self._timer.timeout.connect(self.look)
        self._watcher = QFileSystemWatcher(self)
        # NOTE: methods, so that these connections let go of this object when it is deleted.
        self._watcher.directoryChanged.connect(self._wait)
        self._watcher.fileChanged.connect(self._wait)
        self._arm()

    def add(self, files: Iterable[Path]) -> None:
        """Follow further files."""
        self._marks = {path: _mark(path) for path in files} | self._marks
        self._arm()

    def _wait(self, _path: str) -> None:
        self._timer.start()

    def _arm(self) -> None:
        """Watch each file and its folder, or the nearest folder that is there."""
        places = set()
        for path in self._marks:
            folder = next((one for one in path.parents if one.is_dir()), None)
            places |= {str(one) for one in (path, folder) if one is not None and one.exists()}
        missing = places - {*self._watcher.files(), *self._watcher.directories()}
        if missing:
            self._watcher.addPaths(sorted(missing))

    def look(self) -> None:
        """Tell what is another than at the last look."""
        before, self._marks = self._marks, {path: _mark(path) for path in self._marks}
        self._arm()
        for path, mark in self._marks.items():
            if mark != before[path]:
                self._changed(path)


def _mark(path: Path) -> Mark | None:
    """What tells one content of a file from another: time of change in ns, size, file number; None without one."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def follow_own_files(desk: Desk, window: Window) -> None:
    """Follow the files of the person whose window this is; once for all windows with the same ones."""
    paths = window.session.config.paths
    files = [paths.config / "keys.toml", paths.config_file]
    if desk.own_files is None:
        desk.own_files = FileWatch(files, lambda path: _take(desk, path), desk.application)
        desk.disposers.add(lambda: _end(desk))
    else:
        desk.own_files.add(files)


def _end(desk: Desk) -> None:
    watch, desk.own_files = desk.own_files, None
    if watch is not None:
        watch.deleteLater()


def _take(desk: Desk, path: Path) -> None:
    for window in list(desk.windows):
        paths = window.session.config.paths
        if path == paths.config / "keys.toml":
            window.keys.renew()
        elif path == paths.config_file:
            window.session.config.reload()
    if path == desk.config.paths.config_file:
        desk.config.reload()
        if desk.config.problems and desk.windows:
            detail = "\n".join(map(str, desk.config.problems))
            desk.windows[-1].messages.report("warning", say("Some settings are wrong and were left out"), detail)
