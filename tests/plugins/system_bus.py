"""A D-Bus of the test's own that counts as the system's, and what tables say on it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from plugins.api import TableProvider


class SystemBus:
    """A bus at a place of its own; it can go away and come back.

    Args:
        folder: Holds its socket.
    """

    def __init__(self, folder: Path) -> None:
        self.address = f"unix:path={folder}/bus"
        self._socket = folder / "bus"
        self.begin()

    def begin(self) -> None:
        """Start it."""
        words = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.address}"]
        self._process = subprocess.Popen([*words, "--print-address=1"], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def end(self) -> None:
        """Stop it."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
        self._process.stdout.close()  # type: ignore[union-attr]
        self._socket.unlink(missing_ok=True)


def read(table: TableProvider) -> list[dict[str, Any]]:
    """The first rows, by column."""
    names = [column.name for column in table.schema.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows(0, 100)]


class Opened:
    """Opens a plugin's tables, and closes all that it has opened."""

    def __init__(self, tables: Any) -> None:
        self._tables, self._made = tables, []

    def __call__(self) -> dict[str, TableProvider]:
        self._made.append(self._tables())
        return self._made[-1]

    def close(self) -> None:
        """Close them."""
        for made in self._made:
            for table in made.values():
                table.close()
        self._made.clear()
