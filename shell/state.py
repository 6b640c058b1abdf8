"""What a window remembers between runs: geometry, splitter sizes, column widths, use of commands.

One JSON file per app in the state directory, written atomically. A damaged file is set aside and told,
never an obstacle.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

#: What was typed and not written when the window was ended, in words; see :mod:`shell.unwritten`.
UNWRITTEN = "edits.unwritten"


class State:
    """Names → JSON values of one app.

    Args:
        path: The file; None remembers nothing beyond this run.

    Attributes:
        problem: What was wrong with the file when it was read; empty when all was well.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.problem = ""
        self._changed: set[str] = set()
        self._values: dict[str, Any] = self._read()

    def recall(self, name: str, default: Any = None) -> Any:
        """The value that was remembered under the name."""
        return self._values.get(name, default)

    def remember(self, name: str, value: Any) -> None:
        """Keep a JSON value under the name; None forgets it. Written by :meth:`save`."""
        if self._values.get(name) == value:
            return
        self._changed.add(name)
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value

    def save(self) -> None:
        """Write what changed since the last time, over what other windows of the app wrote meanwhile.

        Raises:
            OSError: the directory cannot be written to; what is remembered stays for the next try.
        """
        if self.path is None or not self._changed:
            return
        problem, before = self.problem, self._read()
        self.problem = problem
        mine = {name: self._values[name] for name in self._changed if name in self._values}
        whole = {name: value for name, value in before.items() if name not in self._changed} | mine
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_name(f"{self.path.name}.new")
        new.write_bytes(msgspec.json.encode(whole, order="sorted"))
        new.replace(self.path)
        self._changed.clear()

    def _read(self) -> dict[str, Any]:
        if self.path is None:
            return {}
        try:
            values = msgspec.json.decode(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            self.problem = f"{self.path} could not be read and is ignored: {error}"
            return {}
        if isinstance(values, dict):
            return values
        self.problem = f"{self.path} holds no table of values and is ignored"
        return {}


def state_path(directory: Path, app: str) -> Path:
    """The file of an app's state; a name with odd characters is made safe."""
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in app) or "app"
    return Path(directory) / "windows" / f"{safe}.json"
