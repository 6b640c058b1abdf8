"""The workspaces of a person: name → windows, a JSON file each among the person's data. No Qt here."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from kernel.error import EspalierError, Where
from kernel.words import say

#: Letters of a name.
_LONGEST = 80
#: Seconds within which two processes save at the same time.
AT_ONCE_S = 2.0


class WorkspaceError(EspalierError):
    """There is no such workspace, or its file is wrong."""


class Workspace(NamedTuple):
    """One of them: its name, and its windows as :func:`shell.workspace.window.keep_window` kept them."""

    name: str
    windows: list[dict[str, Any]]


class Workspaces:
    """All of them.

    Args:
        folder: Where the files are; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """Their names, in order."""
        if not self.folder.is_dir():
            return []
        return sorted(_name_of(path) for path in self.folder.glob("*.json"))

    def get(self, name: str) -> Workspace:
        """One by its name.

        Raises:
            WorkspaceError: there is none, or its file is wrong.
        """
        path = self._path(name)
        try:
            data = msgspec.json.decode(path.read_bytes())
        except FileNotFoundError:
            from kernel.nearest import did_you_mean

            raise WorkspaceError(say("there is no workspace “{name}”", name=name),
                                 hint=did_you_mean(name, self.names())) from None  # fmt: skip
        except (OSError, ValueError) as error:
            raise WorkspaceError(say("the workspace cannot be read: {reason}", reason=error),
                                 where=Where(str(path))) from error  # fmt: skip
        windows = data.get("windows") if isinstance(data, dict) else None
        if not isinstance(windows, list) or not all(isinstance(one, dict) for one in windows):
            raise WorkspaceError(say("the workspace “{name}” holds no windows", name=name), where=Where(str(path)))
        return Workspace(name, windows)

    def put(self, workspace: Workspace, process: int = 0) -> Workspace:
        """Keep one, in the place of what had its name; answers what is kept.

        What another process saves under the same name at the same time is kept with it, so that neither is lost.

        Args:
            workspace: It.
            process: Who saves; this process, where nothing is said.

        Raises:
            WorkspaceError: that is no name.
            OSError: the disk refuses it.
        """
        path, process = self._path(workspace.name), process or os.getpid()
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(self.folder / ".lock"):
            now = time.time()
            windows = [*workspace.windows, *_besides(path, process, now, workspace.windows)]
            data = {"windows": windows, "process": process, "saved": now}
            new = path.with_name(f"{path.name}.{process}.new")
            new.write_bytes(msgspec.json.format(msgspec.json.encode(data), indent=1))
            new.replace(path)
        return Workspace(workspace.name, windows)

    def remove(self, name: str) -> None:
        """Forget one; raises as :meth:`get`."""
        try:
            self._path(name).unlink()
        except FileNotFoundError:
            self.get(name)  # says that there is none

    def _path(self, name: str) -> Path:
        if not name.strip() or len(name) > _LONGEST or not name.isprintable():
            raise WorkspaceError(say("a workspace's name is a few words"))
        safe = "".join(sign if sign.isalnum() or sign in " -_" else f"%{ord(sign):x}." for sign in name.strip())
        return self.folder / f"{safe}.json"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other process is within at the same time; the lock goes with a process that is killed."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _besides(path: Path, process: int, now: float, windows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The windows that another process has saved there just now, without those that are saved now."""
    try:
        data = msgspec.json.decode(path.read_bytes())
        is_now = data["process"] != process and abs(now - data["saved"]) < AT_ONCE_S
        before = data["windows"] if is_now else []
    except (OSError, ValueError, KeyError, TypeError):
        return []
    known = {(one.get("key"), one.get("index")) for one in windows}
    return [one for one in before if isinstance(one, dict) and (one.get("key"), one.get("index")) not in known]


def _name_of(path: Path) -> str:
    """The name behind a file's name."""
    head, *rest = path.stem.split("%")
    parts = [part.partition(".") for part in rest]
    return head + "".join(chr(int(code, 16)) + tail for code, _, tail in parts)
