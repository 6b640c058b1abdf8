"""Keys into two processes in turn: ours with a language server, and bare QScintilla.

Each has its process, so that neither waits for the other's work; they type in short stretches, so that a busy moment of
the machine meets both; and all keys of both count, by the same rule.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

from benchmarks.result import Result

#: Stretches of keys, and the keys of one; of each editor, plain and with modes.
STRETCHES, KEYS = 40, 25
_WAYS = ("plain", "modes")


def measure() -> list[Result]:
    """A key to its paint, p95, without and with modes."""
    with ExitStack() as stack:
        editors = {name: stack.enter_context(_Editor(name)) for name in ("ours", "bare")}
        plain, modal = _typed(editors)
    bare = "bare QScintilla"
    return [
        Result("editor, a key p95", "ms", _p95(plain["ours"]), _p95(plain["bare"]), 1.2, True, bare),
        Result("editor with modes, a key p95", "ms", _p95(modal["ours"]), _p95(modal["bare"]), 1.2, True, bare),
    ]


def _typed(editors: dict[str, _Editor]) -> tuple[dict[str, list[float]], ...]:
    """Milliseconds of each key by editor, plain and with modes: both in turn, since the text grows as it is typed."""
    found: tuple[dict[str, list[float]], ...] = tuple({name: [] for name in editors} for _ in _WAYS)
    for one in editors.values():
        one.tell(str(KEYS))  # the first ones fill caches
    for _ in range(STRETCHES):
        for way, kept in zip(_WAYS, found, strict=True):
            for name, one in editors.items():
                one.tell(way)
                kept[name] += one.tell(str(KEYS))
    return found


def _p95(values: list[float]) -> float:
    return sorted(values)[len(values) * 95 // 100]


class _Editor:
    """A process with one editor."""

    def __init__(self, name: str) -> None:
        environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-m", "benchmarks.editor.keys", name]
        self._process = subprocess.Popen(
            command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __enter__(self) -> _Editor:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def tell(self, line: str) -> list[Any]:
        """Have it do something; answers what it says."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(line, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the editor ended: python -m benchmarks.editor.keys")
        return json.loads(answer)
