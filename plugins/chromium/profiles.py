"""The profiles of this process: cookies, cache and storage, apart for each app and each name that a layout gives.

NOTE: pages are deleted before their profile, or Chromium takes the process down; whoever makes a page says so by
:meth:`Profile.take` and deletes it when ``ending`` is told.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLockFile, QObject, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineNotification,
    QWebEngineProfile,
    QWebEngineProfileBuilder,
)

from plugins.chromium.address import origin_of
from plugins.chromium.download import Downloads
from plugins.chromium.files import Files
from plugins.chromium.notices import Notices
from plugins.chromium.permission import Permissions

#: The profile that is forgotten with its view.
PRIVATE = "private"
_LOCK = "in-use.lock"
_ASK = QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime
_profiles: dict[Path, Profile] = {}


class Profile(QObject):
    """One profile and what belongs to it.

    Args:
        place: Its directory; None keeps nothing.
        host: Of the app's own pages.
        read_file: See :class:`plugins.chromium.files.Files`.

    Attributes:
        is_shared: Whether other views may have it too.
        is_kept: Whether it lasts; not where it is private, or another process has it.
        listeners: Show a text and its detail; the first of them, as a message of its window.
    """

    ending = Signal()

    def __init__(self, place: Path | None, host: str, read_file: Callable[[str], bytes | None]) -> None:
        super().__init__()
        self.is_shared = place is not None
        self._lock = _held(place) if place is not None else None
        self.is_kept = self._lock is not None
        self.files = Files(host, read_file)
        self.permissions = Permissions(place / "permissions.json" if place is not None and self.is_kept else None)
        self.downloads = Downloads.of_process()
        self.listeners: list[Callable[[str, str], None]] = []
        self._notices = Notices()
        if place is not None and self.is_kept:
            builder = QWebEngineProfileBuilder()
            builder.setPersistentStoragePath(str(place / "storage"))
            builder.setCachePath(str(place / "cache"))
            builder.setPersistentPermissionsPolicy(_ASK)
            self.engine = builder.createProfile(place.name)
        else:
            self.engine = QWebEngineProfile()
            self.engine.setPersistentPermissionsPolicy(_ASK)
        self.engine.installUrlSchemeHandler(b"app", self.files)
        self.engine.downloadRequested.connect(self._take_download)
        self.engine.setNotificationPresenter(self._show_notification)
        QCoreApplication.instance().aboutToQuit.connect(self.end)

    def end(self) -> None:
        """Have all pages deleted, and delete the profile."""
        engine, self.engine = self.engine, None
        if engine is None:
            return
        self.ending.emit()
        engine.downloadRequested.disconnect(self._take_download)
        engine.removeUrlSchemeHandler(self.files)
        engine.deleteLater()
        if self._lock is not None:
            self._lock.unlock()

    def _take_download(self, item: QWebEngineDownloadRequest) -> None:
        page = item.page()
        take = getattr(page, "take_download", None)
        if take is None:
            item.cancel()
        else:
            take(item)

    def _show_notification(self, notification: QWebEngineNotification) -> None:
        notification.show()
        origin = origin_of(notification.origin().toString())
        shown = self._notices.take(origin, notification.title(), notification.message())
        if shown is not None and self.listeners:
            self.listeners[0](*shown)


def profile_of(name: str, place: Callable[[], Path], host: str, read_file: Callable[[str], bytes | None]) -> Profile:
    """The profile of that name of an app.

    Args:
        name: ``private`` for one that is forgotten, else a plain word; empty for the app's own.
        place: Answers the app's private directory.
        host, read_file: See :class:`Profile`.
    """
    if name == PRIVATE:
        return Profile(None, host, read_file)
    directory = place() / "chromium" / (name or "own")
    found = _profiles.get(directory)
    if found is None or found.engine is None:
        found = _profiles[directory] = Profile(directory, host, read_file)
    found.files.read_file = read_file
    return found


def _held(place: Path) -> QLockFile | None:
    """The lock of a profile's directory; None while another process has it: two would spoil each other's files."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = QLockFile(str(place / _LOCK))
    lock.setStaleLockTime(0)
    return lock if lock.tryLock(0) else None
