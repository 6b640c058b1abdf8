"""Private places of apps: a directory for data that stays, and one for a while, each the app's and the person's alone.

What lasts a while goes with the process: at its end, or, when it was killed, at a later start of any other. Whether a
process still uses a place is told by locks, which the system lets go of however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import threading
from pathlib import Path

from kernel.digest import sha256_of
from kernel.error import EspalierError

_DATA, _TEMPORARY, _LOCK = "private", "temporary", "in-use"


class PlaceError(EspalierError):
    """A private place cannot be made, or is in use."""


class Places:
    """The places of one person's apps.

    Args:
        data: The person's directory for data.
        cache: The person's cache, which may be deleted at any time.
    """

    def __init__(self, data: Path, cache: Path) -> None:
        self._data = Path(data) / _DATA
        self._temporary = Path(cache) / _TEMPORARY
        self._locks: dict[Path, int] = {}
        self._own: dict[str, Path] = {}
        self._lock = threading.Lock()

    def data(self, key: str) -> Path:
        """Where an app keeps what is to stay; made now, removed by ``espalier forget``.

        Args:
            key: Of the app, see :class:`shell.app.AppInfo`.

        Raises:
            PlaceError: it cannot be made, or something of others is in its place.
        """
        with self._lock:
            place = self._data / mark(key)
            if place not in self._locks:
                _make(place)
                self._locks[place] = _hold(place.with_suffix(".lock"), fcntl.LOCK_SH)
            return place

    def temporary(self, key: str) -> Path:
        """Where an app keeps what this process needs; the same one each time.

        Raises:
            PlaceError: as :meth:`data`.
        """
        with self._lock:
            if key not in self._own:
                place = self._temporary / f"{mark(key)}-{os.getpid()}-{os.urandom(4).hex()}"
                _make(place)
                self._locks[place] = _hold(place / _LOCK, fcntl.LOCK_EX)
                self._own[key] = place
            return self._own[key]

    def close(self) -> None:
        """Remove what was for a while, and let go of the rest."""
        with self._lock:
            for place in self._own.values():
                shutil.rmtree(place, ignore_errors=True)
            for lock in self._locks.values():
                os.close(lock)
            self._own.clear()
            self._locks.clear()

    def sweep(self) -> int:
        """Remove what processes have left behind that are there no more; answers how many places that were."""
        count = 0
        with contextlib.suppress(FileNotFoundError):
            for entry in list(os.scandir(self._temporary)):
                place = Path(entry.path)
                if not entry.is_dir(follow_symlinks=False) or not _is_left(place):
                    continue
                shutil.rmtree(place, ignore_errors=True)
                count += not place.exists()
        return count

    def forget(self, key: str) -> bool:
        """Remove an app's data; answers whether there were any.

        Raises:
            PlaceError: a process uses them, or they cannot be removed.
        """
        place = self._data / mark(key)
        if not os.path.lexists(place):
            return False
        lock = _hold(place.with_suffix(".lock"), fcntl.LOCK_EX)
        try:
            if place.is_symlink():
                place.unlink()
            else:
                shutil.rmtree(place)
            place.with_suffix(".lock").unlink()
        except OSError as error:
            raise PlaceError(f"{place} cannot be removed: {error.strerror or error}") from error
        finally:
            os.close(lock)
        return True


def sweep_behind(places: Places) -> None:
    """Sweep in a thread; what cannot be removed is tried again at a later start."""

    def run() -> None:
        with contextlib.suppress(OSError):
            places.sweep()

    threading.Thread(target=run, name="sweeping places", daemon=True).start()


def mark(key: str) -> str:
    """The name of an app's places: safe in every file system, and another one for every key."""
    name = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in key.partition("@")[0])
    return f"{name[:40]}-{sha256_of(key.encode()).hex()[:24]}"


def _make(place: Path) -> None:
    """Make a directory that this person alone enters; nothing of others, and no link, may be in its place."""
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (place.parent, place):
            if folder is place:
                with contextlib.suppress(FileExistsError):
                    place.mkdir(mode=0o700)
            facts = os.lstat(folder)
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
                raise PlaceError(f"{folder} is a link, or belongs to somebody else", hint="remove it")
            if stat.S_IMODE(facts.st_mode) & 0o077:
                folder.chmod(0o700)
    except OSError as error:
        raise PlaceError(f"{place} cannot be made: {error.strerror or error}") from error


def _hold(path: Path, kind: int) -> int:
    """A descriptor that holds the lock; it is let go of with the process."""
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        lock = os.open(path, flags, 0o600)
    except OSError as error:
        raise PlaceError(f"{path} cannot be made: {error.strerror or error}") from error
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise PlaceError("the app is open", hint="close its windows first") from error
    return lock


#: Seconds that a place without a lock is left alone: its process may be about to lock it.
_YOUNG_S = 60.0


def _is_left(place: Path) -> bool:
    """Whether no process uses a place for a while."""
    import time

    try:
        lock = os.open(place / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return time.time() - os.lstat(place).st_mtime > _YOUNG_S
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True
