"""10,000 bindings on one row that changes: each is told once; beside Qt's own setters called in a loop."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.result import Result, interleave

BINDINGS = 10_000
#: Columns of the row; every binding shows one of them.
COLUMNS = 40
ROUNDS = 9


def measure() -> list[Result]:
    """Milliseconds of CPU from the new row to all setters called; with labels, beside the labels' setters alone."""
    bare, labels, by_hand = _Bare(), _Labels(), _ByHand()
    medians = interleave(ROUNDS, {"bare": bare.change, "labels": labels.change, "hand": by_hand.change})
    counted = bare.count_told()
    problem = "" if counted == BINDINGS // COLUMNS else f"one other column told {counted:,} bindings"
    return [
        Result("bindings, 10,000", "ms", medians["bare"], None, 16, True, problem=problem),
        Result("bindings, labels", "ms", medians["labels"], None, 16, True),
        Result("bindings, labels", "ms", medians["labels"], medians["hand"], 1.0, True, "setText"),
    ]


def _row(number: int) -> dict[str, Any]:
    return {f"c{column}": f"value {column} {number}" for column in range(COLUMNS)}


def _formula(number: int) -> Any:
    from layouts.node import Formula

    name = f"view.current.c{number % COLUMNS}"
    return Formula(name, (name,))


class _Bare:
    """Bindings whose setters only count."""

    def __init__(self) -> None:
        from benchmarks.window.surroundings import application, new_context
        from widgets.binding import bind

        application()
        self._number = self._told = 0
        self._context = new_context()
        self._context.scope.publish("view.current", _row(0))
        for number in range(BINDINGS):
            bind(_formula(number), self._context, self._take)

    def _take(self, _value: Any) -> None:
        self._told += 1

    def change(self) -> float:
        """Another row: every binding is told."""
        self._number += 1
        row = _row(self._number)
        self._told = 0
        started = time.process_time()
        self._context.scope.publish("view.current", row)
        taken = time.process_time() - started
        if self._told != BINDINGS:
            raise RuntimeError(f"{self._told:,} of {BINDINGS:,} bindings were told")
        return taken * 1e3

    def count_told(self) -> int:
        """How many bindings run when one column is another."""
        self._told = 0
        self._context.scope.publish("view.current", {**_row(self._number), "c0": "other"})
        return self._told


class _Labels:
    """Labels of a layout, each with a binding."""

    def __init__(self) -> None:
        from benchmarks.window.surroundings import application, new_context
        from layouts.node import Layout, Node
        from widgets.build import build_window

        application()
        self._number = 0
        self._context = new_context()
        self._context.scope.publish("view.current", _row(0))
        nodes = [Node("label", "", {"text": _formula(number)}) for number in range(BINDINGS)]
        self._window = build_window(Layout(windows=[Node("window", children=nodes)]), self._context)

    def change(self) -> float:
        """Another row: every label says another text."""
        self._number += 1
        row = _row(self._number)
        started = time.process_time()
        self._context.scope.publish("view.current", row)
        return (time.process_time() - started) * 1e3


class _ByHand:
    """The labels alone, and a loop."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

        self._number = 0
        self._window = QWidget()
        column = QVBoxLayout(self._window)
        self._labels = [QLabel(self._window) for _ in range(BINDINGS)]
        for label in self._labels:
            column.addWidget(label)

    def change(self) -> float:
        """Another row, written into every label."""
        self._number += 1
        row = list(_row(self._number).values())
        started = time.process_time()
        for number, label in enumerate(self._labels):
            label.setText(row[number % COLUMNS])
        return (time.process_time() - started) * 1e3
