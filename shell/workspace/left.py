"""Files between processes: what each has open now, with a lock that goes with it, and what waits for a window that is
being opened. No Qt here; on the way to a start only when there are such files.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from kernel.digest import sha256_of

_OPEN, _WAITING = "open-", "waiting-"


def folder(state: Path) -> Path:
    """Where they are, below the person's directory for states."""
    return Path(state) / "sessions"


def has_any(state: Path) -> bool:
    """Whether anything is there, which is one look."""
    try:
        with os.scandir(os.path.join(state, "sessions")) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


class OpenFile:
    """What this process has open.

    Args:
        state: The person's directory for states.

    Raises:
        OSError: there can be none.
    """

    def __init__(self, state: Path) -> None:
        place = folder(state)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = place / f"{_OPEN}{_machine()}-{os.getpid()}-{os.urandom(3).hex()}.json"
        self._lock_path = self.path.with_suffix(".lock")
        # Locked before it has its name: a lock that nobody holds looks like one of a killed process.
        new = self.path.with_suffix(".locking")
        self._lock = _locked(new, os.O_CREAT)
        new.replace(self._lock_path)

    def write(self, data: bytes) -> None:
        """Replace it as a whole; raises OSError."""
        new = self.path.with_suffix(".new")
        new.write_bytes(data)
        new.replace(self.path)

    def remove(self) -> None:
        """The process ends as it should."""
        for path in (self.path, self._lock_path):
            with contextlib.suppress(OSError):
                path.unlink()
        with contextlib.suppress(OSError):
            os.close(self._lock)


def take_open(state: Path) -> Iterator[dict[str, Any]]:
    """What processes had open that were killed; each is answered once, to one process."""
    for lock_path in sorted(folder(state).glob(f"{_OPEN}{_machine()}-*.lock")):
        try:
            lock = _locked(lock_path, 0)
        except OSError:
            continue  # it runs, or another one has taken it
        path = lock_path.with_suffix(".json")
        try:
            data = _read(path)
            for one in (path, lock_path):
                with contextlib.suppress(FileNotFoundError):
                    one.unlink()
        finally:
            os.close(lock)
        if data is not None:
            yield data


def others_open(state: Path) -> list[dict[str, Any]]:
    """The windows that other processes have open, as they have written them down; what is typed there left out."""
    found: list[dict[str, Any]] = []
    for lock_path in sorted(folder(state).glob(f"{_OPEN}{_machine()}-*.lock")):
        if lock_path.name.split("-")[2] == str(os.getpid()) or not _is_held(lock_path):
            continue
        data = _read(lock_path.with_suffix(".json"))
        windows = data.get("windows") if data is not None else None
        for record in windows if isinstance(windows, list) else ():
            found.append({name: value for name, value in record.items() if name != "typed"})
    return found


def _is_held(lock_path: Path) -> bool:
    """Whether the process that has made a lock runs."""
    try:
        os.close(_locked(lock_path, 0))
    except BlockingIOError:
        return True
    except OSError:
        pass  # it has ended meanwhile
    return False


def leave(state: Path, record: dict[str, Any]) -> None:
    """Let a window of a record's app find it when it is opened; raises OSError."""
    place = folder(state)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / f"{_WAITING}{_mark(record)}-{os.urandom(3).hex()}.json"
    path.write_bytes(msgspec.json.encode(record))


def take_left(state: Path, record: dict[str, Any]) -> dict[str, Any] | None:
    """What waits for a window of that ``key`` and ``index``; once."""
    for path in sorted(folder(state).glob(f"{_WAITING}{_mark(record)}-*.json")):
        data = _read(path)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
            return data
    return None


def _machine() -> str:
    """This machine: where a home is shared, locks of others may not be seen."""
    return sha256_of(os.uname().nodename.encode()).hex()[:8]


def _mark(record: dict[str, Any]) -> str:
    return sha256_of(repr((record.get("key"), record.get("index"))).encode()).hex()[:16]


def _read(path: Path) -> dict[str, Any] | None:
    """The data; None for what is none."""
    try:
        data = msgspec.json.decode(path.read_bytes())
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def _locked(path: Path, flags: int) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | flags, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock
