"""1,000 and 10,000 widgets: checked tree to built window, beside the same window made by hand, in QML and in enaml.

All in CPU time of the process that builds, so that a busy machine changes the ratios little.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.peer import peer_python
from benchmarks.result import Result, interleave

SIZES = {1_000: 9, 10_000: 3}  # widgets → rounds
MISSING = "peer is missing: python -m benchmarks --install-peers"
UNIT = "µs each"
_ENAML = str(Path(__file__).with_name("enaml_peer.py"))


def text_of(widgets: int) -> str:
    """The layout: rows of a label, a button with a command, and a search box."""
    line = 'row {{ label "Row {0}"; button "Go {0}" command=a.b; search placeholder="Find {0}" }}'
    lines = "\n".join(line.format(number) for number in range(widgets // 4))
    return f"layout 1\nwindow {{\n{lines}\n}}\n"


def measure() -> list[Result]:
    """µs a widget, and their ratios."""
    found = []
    for widgets, rounds in SIZES.items():
        found += _of_size(widgets, rounds)
    return found


def _of_size(widgets: int, rounds: int) -> list[Result]:
    from benchmarks.window.surroundings import application
    from layouts.compiled import load_compiled
    from layouts.load import load_layout

    application()
    name, source = f"widgets, {widgets:,}", text_of(widgets).encode()
    files = {"main.kdl": source}
    layout, records = load_layout("main.kdl", files.get), _Records()
    load_compiled(records, "main.kdl", files.get)
    with _by_hand() as peer:
        measures = {
            "tree": _timed(widgets, lambda: _build(layout)),
            "text": _timed(widgets, lambda: _build(load_layout("main.kdl", files.get))),
            "cache": _timed(widgets, lambda: _build(load_compiled(records, "main.kdl", files.get))),
            "hand": lambda: peer("hand", widgets),
            "loader": lambda: peer("loader", widgets),
        }
        interleave(1, measures)  # what only the first of a process pays
        medians = interleave(rounds, measures)
    tree, hand = medians["tree"], medians["hand"]
    rows = [
        Result(name, UNIT, tree, hand, 0.8, True, "by hand"),
        Result(f"{name}, plain", UNIT, tree, medians["loader"], 1.6, True, "QUiLoader"),
        Result(f"{name}, from text", UNIT, medians["text"], hand, 1.5, True, "by hand"),
        Result(f"{name}, from cache", UNIT, medians["cache"], hand, 1.0, True, "by hand"),
    ]
    if widgets == min(SIZES):
        rows.append(_beside(name, tree, "QML", _quick(widgets), 1 / 2.5))
        rows.append(_beside(name, tree, "enaml", _enaml(widgets), 1 / 20))
    return rows


def _beside(name: str, ours: float, peer: str, figure: float | None, goal: float) -> Result:
    return Result(name, UNIT, ours, figure, goal, True, peer, "" if figure else MISSING)


def _timed(widgets: int, make: Callable[[], tuple[Any, Any]]) -> Callable[[], float]:
    """µs of CPU a widget; what was made is taken down again, unmeasured."""

    def once() -> float:
        from shiboken6 import delete

        gc.collect()
        gc.disable()  # as the shell does, which collects between events
        started = time.process_time()
        window, context = make()
        taken = time.process_time() - started
        gc.enable()
        if context is not None:
            context.disposers()
        delete(window)
        return taken / widgets * 1e6

    return once


def _build(layout: Any) -> tuple[Any, Any]:
    from benchmarks.window.surroundings import new_context
    from widgets.build import build_window

    context = new_context()
    return build_window(layout, context), context


class _Records:
    """The cache, in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def read_record(self, name: str) -> bytes | None:
        return self._kept.get(name)

    def write_record(self, name: str, content: bytes) -> None:
        self._kept[name] = content


@contextmanager
def _by_hand() -> Iterator[Callable[[str, int], float]]:
    """What is written by hand, in a process whose PySide6 nobody has made quicker: (way, widgets) → µs a widget."""
    command = [sys.executable, "-m", "benchmarks.window.hand"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout

        def ask(way: str, widgets: int) -> float:
            process.stdin.write(f"{way} {widgets}\n")
            process.stdin.flush()
            return float(process.stdout.readline())

        yield ask
        process.stdin.close()


def _quick(widgets: int) -> float:
    return _run([sys.executable, "-m", "benchmarks.window.quick", str(widgets)])


def _enaml(widgets: int) -> float | None:
    python = peer_python()
    return None if python is None else _run([str(python), _ENAML, str(widgets)])


def _run(command: list[str]) -> float:
    return float(subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout)
