"""The same window written by hand: with PySide6's constructors, and with plain widgets of ``QUiLoader``.

Run as a process of its own, ``python -m benchmarks.window.hand``, in which PySide6 is as it comes: for each line
``hand WIDGETS`` or ``loader WIDGETS`` it builds one such window in our style sheet and prints µs of CPU time a widget.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable

from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget


def by_hand(rows: int) -> QWidget:
    """Rows of a label, a button that does something, and a line, as a person would write them."""
    window = QWidget()
    column = QVBoxLayout(window)
    for number in range(rows):
        row = QWidget(window)
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        label = QLabel(f"Row {number}", row)
        button = QPushButton(f"Go {number}", row)
        button.clicked.connect(lambda: None)
        line = QLineEdit(row)
        line.setPlaceholderText(f"Find {number}")
        for widget in (label, button, line):
            box.addWidget(widget)
        column.addWidget(row)
    return window


def by_loader(rows: int) -> QWidget:
    """The same of Qt's own classes, which Python does not derive from."""
    make: Callable[..., QWidget] = QUiLoader().createWidget
    window = QWidget()
    column = QVBoxLayout(window)
    for number in range(rows):
        row = make("QWidget", window)
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        label, button, line = make("QLabel", row), make("QPushButton", row), make("QLineEdit", row)
        label.setText(f"Row {number}")
        button.setText(f"Go {number}")
        button.clicked.connect(lambda: None)
        line.setPlaceholderText(f"Find {number}")
        for widget in (label, button, line):
            box.addWidget(widget)
        column.addWidget(row)
    return window


_WAYS = {"hand": by_hand, "loader": by_loader}


def timed(way: Callable[[int], QWidget], widgets: int) -> float:
    """µs of CPU a widget; what was made is taken down again, unmeasured."""
    from shiboken6 import delete

    gc.collect()
    gc.disable()
    started = time.process_time()
    window = way(widgets // 4)
    taken = time.process_time() - started
    gc.enable()
    delete(window)
    return taken / widgets * 1e6


def main() -> None:
    """Measure as often as asked."""
    from benchmarks.window.surroundings import dressed

    application = dressed()
    for line in sys.stdin:
        name, widgets = line.split()
        print(timed(_WAYS[name], int(widgets)), flush=True)
    del application


if __name__ == "__main__":
    main()
