"""Downloads of this process: what is on its way and what became of it. No WebEngine here but what is handed in.

The list is read by any thread (the table of downloads) and written by the GUI thread.
"""

from __future__ import annotations

import datetime
import itertools
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Signal

#: States of a download, as its row says them.
STATES = ("asked", "running", "paused", "done", "cancelled", "failed")
#: What must be left on the disk, in bytes; and how often a row is told anew while bytes come, in seconds.
RESERVE, TELL_S = 256 << 20, 0.2


class Download:
    """One row.

    Attributes:
        number: Its key.
        item: Chromium's object; None once it has ended.
    """

    def __init__(self, number: int, app: str, item: Any, name: str) -> None:
        self.number, self.app, self.item, self.name = number, app, item, name
        self.origin: str = item.url().toString()
        self.total, self.received = max(0, int(item.totalBytes())), 0
        self.state, self.reason, self.folder = "asked", "", ""
        self.began = datetime.datetime.now().replace(microsecond=0)
        self.told = 0.0

    @property
    def path(self) -> str:
        """Where it is saved; empty until that is decided."""
        return str(Path(self.folder) / self.name) if self.folder else ""

    @property
    def progress(self) -> float | None:
        """From 0 to 1; None while its size is not known."""
        if self.state == "done":
            return 1.0
        return min(1.0, self.received / self.total) if self.total else None

    def values(self) -> dict[str, Any]:
        """Column → value of its row."""
        return {
            "id": self.number, "app": self.app, "name": self.name, "address": self.origin, "state": self.state,
            "received": self.received, "size": self.total or None, "progress": self.progress, "path": self.path,
            "reason": self.reason, "began": self.began,
        }  # fmt: skip


class Downloads(QObject):
    """All downloads of the process; ``changed`` carries one whose row is another now, ``removed`` a number."""

    changed = Signal(object)
    removed = Signal(int)
    _only: Downloads | None = None

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._all: dict[int, Download] = {}
        self._numbers = itertools.count(1)
        #: Called on whichever thread changes the list, with a number and what happened: insert, update or delete.
        self.listeners: list[Callable[[int, str], None]] = []
        #: Room that is left where a folder is, in bytes.
        self.free_bytes: Callable[[str], int] = lambda folder: shutil.disk_usage(folder).free

    @classmethod
    def of_process(cls) -> Downloads:
        """The one of this process."""
        if cls._only is None:
            cls._only = cls()
        return cls._only

    def add(self, app: str, item: Any) -> Download:
        """Take a download that a page wants; it waits until :meth:`accept`."""
        name = Path(item.suggestedFileName() or item.downloadFileName() or "download").name[:200] or "download"
        with self._lock:
            download = Download(next(self._numbers), app, item, name)
            self._all[download.number] = download
        self._tell(download, "insert")
        return download

    def accept(self, download: Download, folder: str) -> None:
        """Save it in a folder, under a name that is free there."""
        item = download.item
        if download.state != "asked" or item is None:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        download.folder, download.name = folder, _free_name(Path(folder), download.name)
        if download.total and (short := self._is_short(download)):
            self._end(download, "failed", short)
            item.cancel()
            return
        item.setDownloadDirectory(folder)
        item.setDownloadFileName(download.name)
        item.receivedBytesChanged.connect(lambda: self._count(download))
        item.totalBytesChanged.connect(lambda: self._count(download))
        item.isFinishedChanged.connect(lambda: self._finish(download))
        download.state = "running"
        self._tell(download)
        item.accept()

    def cancel(self, download: Download, reason: str = "") -> None:
        """Give it up; what came of it is removed."""
        item = download.item
        if item is None:
            return
        self._end(download, "cancelled", reason)
        item.cancel()

    def pause(self, download: Download, is_paused: bool = True) -> None:
        """Let it wait, or go on."""
        if download.item is None or download.state not in ("running", "paused"):
            return
        download.item.pause() if is_paused else download.item.resume()
        download.state = "paused" if is_paused else "running"
        self._tell(download)

    def remove(self, download: Download) -> None:
        """Give it up if it is on its way, and forget the row; a file that is whole stays."""
        self.cancel(download)
        with self._lock:
            self._all.pop(download.number, None)
        self.removed.emit(download.number)
        for listener in list(self.listeners):
            listener(download.number, "delete")

    def all(self) -> list[Download]:
        """Those that there are, the oldest first; from any thread."""
        with self._lock:
            return list(self._all.values())

    def get(self, number: int) -> Download | None:
        """The one of that number; from any thread."""
        with self._lock:
            return self._all.get(number)

    def _count(self, download: Download) -> None:
        item = download.item
        if item is None:
            return
        download.received, download.total = int(item.receivedBytes()), max(0, int(item.totalBytes()))
        if short := self._is_short(download):
            self._end(download, "failed", short)
            item.cancel()
        elif time.monotonic() - download.told >= TELL_S:
            self._tell(download)

    def _is_short(self, download: Download) -> str:
        """Why there is no room for the rest of it; empty when there is."""
        wanted = max(download.total - download.received, 0) + RESERVE
        return "" if self.free_bytes(download.folder) >= wanted else "there is no room for it on the disk"

    def _finish(self, download: Download) -> None:
        item = download.item
        if item is None or not item.isFinished():
            return
        state = getattr(item.state(), "name", "")
        download.received = int(item.receivedBytes())
        if state == "DownloadCompleted":
            download.total = download.received
            self._end(download, "done")
        elif state == "DownloadCancelled":
            self._end(download, "cancelled")
        else:
            self._end(download, "failed", item.interruptReasonString())

    def _end(self, download: Download, state: str, reason: str = "") -> None:
        download.state, download.reason, download.item = state, reason, None
        self._tell(download)

    def _tell(self, download: Download, action: str = "update") -> None:
        download.told = time.monotonic()
        self.changed.emit(download)
        for listener in list(self.listeners):
            listener(download.number, action)


def download_folder(chosen: str = "") -> str:
    """Where files go: the folder that the person chose, else the system's for downloads."""
    if chosen:
        return str(Path(chosen).expanduser())
    place = QStandardPaths.StandardLocation.DownloadLocation
    return QStandardPaths.writableLocation(place) or str(Path.home())


def _free_name(folder: Path, name: str) -> str:
    """The name, with a number where the folder has one of that name."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if stem else (name, "")
    names = (f"{stem} ({number}){ending}" for number in itertools.count(2))
    while (folder / name).exists():
        name = next(names)
    return name


