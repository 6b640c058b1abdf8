"""Files of a project that change outside of the editor, told to servers that want to know. One thread a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

#: What happened, as watchfiles and as the protocol count: added 1, changed 2, deleted 3, alike.
_KINDS = {1: 1, 2: 2, 3: 3}
#: Changes that are told at once; more are the work of a tool, and the server reads everything anew anyway.
MOST = 1_000
#: Folders in which nothing is looked for.
_LEFT_OUT = frozenset((".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"))


class FileWatch:
    """Watches a folder until it is stopped.

    Args:
        tell: Called on the watching thread with the protocol's changes; it keeps no object of Qt's.
    """

    def __init__(self, root: Path, patterns: list[str], tell: Callable[[list[dict[str, Any]]], Any]) -> None:
        self._root, self._tell = root, tell
        self._fits = [re.compile(_expression(pattern)) for pattern in patterns]
        self._stop = Event()
        Thread(target=self._run, name=f"files of {root.name}", daemon=True).start()

    def stop(self) -> None:
        """Watch no more."""
        self._stop.set()

    def _run(self) -> None:
        from watchfiles import watch

        try:
            for changes in watch(self._root, watch_filter=self._is_wanted, stop_event=self._stop, raise_interrupt=False,
                                 debounce=300, step=100, rust_timeout=1000):  # fmt: skip
                found = [{"uri": Path(path).as_uri(), "type": _KINDS[kind]} for kind, path in list(changes)[:MOST]]
                if not self._stop.is_set():
                    self._tell(found)
        except (FileNotFoundError, OSError):
            return  # the folder is gone, or the system watches no more

    def _is_wanted(self, _kind: Any, path: str) -> bool:
        try:
            name = Path(path).relative_to(self._root)
        except ValueError:
            return False
        return not _LEFT_OUT.intersection(name.parts) and any(one.fullmatch(name.as_posix()) for one in self._fits)


def _expression(pattern: str) -> str:
    """A pattern of the protocol (``**/*.{kdl,toml}``) as a regular expression; of a path within the folder."""
    out, depth, place = "", 0, 0
    while place < len(pattern):
        letter = pattern[place]
        if pattern.startswith("**/", place):
            out, place = out + "(?:.*/)?", place + 3
            continue
        if pattern.startswith("**", place):
            out, place = out + ".*", place + 2
            continue
        if letter == "{":
            depth += 1
        elif letter == "}" and depth:
            depth -= 1
            out += ")"
            place += 1
            continue
        other = "|" if letter == "," and depth else re.escape(letter)
        out += {"*": "[^/]*", "?": "[^/]", "{": "(?:"}.get(letter, other)
        place += 1
    return out + ")" * depth


def patterns_of(registrations: list[Any]) -> list[str]:
    """The patterns that a server has registered, relative to its project."""
    found = []
    for options in registrations:
        for watcher in options.get("watchers") or () if isinstance(options, dict) else ():
            pattern = watcher.get("globPattern") if isinstance(watcher, dict) else None
            if isinstance(pattern, str):
                found.append(pattern)
    return found
