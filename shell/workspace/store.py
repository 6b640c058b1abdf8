"""The workspaces of a person: name → windows, a JSON file each among the person's data. No Qt here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from kernel.error import EspalierError, Where
from kernel.words import say

#: Letters of a name.
_LONGEST = 80


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

    def put(self, workspace: Workspace) -> None:
        """Keep one, in the place of what had its name; raises WorkspaceError for what is no name, OSError."""
        path = self._path(workspace.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.new")
        new.write_bytes(msgspec.json.format(msgspec.json.encode({"windows": workspace.windows}), indent=1))
        new.replace(path)

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


def _name_of(path: Path) -> str:
    """The name behind a file's name."""
    head, *rest = path.stem.split("%")
    parts = [part.partition(".") for part in rest]
    return head + "".join(chr(int(code, 16)) + tail for code, _, tail in parts)
