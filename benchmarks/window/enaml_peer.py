"""The same window in enaml, run by the peers' interpreter: ``python enaml_peer.py WIDGETS``; prints µs a widget."""

from __future__ import annotations

import os
import statistics
import sys
import time

ROUNDS = 5
DECLARATION = """
from enaml.layout.api import hbox
from enaml.widgets.api import Container, Field, Label, PushButton, Window

enamldef Line(Container):
    attr number
    padding = 0
    constraints = [hbox(words, go, find)]
    Label: words:
        text = f"Row {number}"
    PushButton: go:
        text = f"Go {number}"
        clicked ::
            pass
    Field: find:
        placeholder = f"Find {number}"
"""


def main(widgets: int) -> None:
    """Measure and print."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_API"] = "pyside6"
    from enaml.core.enaml_compiler import EnamlCompiler
    from enaml.core.parser import parse
    from enaml.qt.qt_application import QtApplication
    from enaml.widgets.api import Container, Window

    application = QtApplication()
    names: dict[str, object] = {"__name__": "window"}
    exec(EnamlCompiler.compile(parse(DECLARATION), "window.enaml"), names)
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        window = Window()
        content = Container(window)
        for number in range(widgets // 4):
            names["Line"](content, number=number)
        window.initialize()
        window.activate_proxy()
        times.append(time.process_time() - started)
        window.destroy()
        application._qapp.processEvents()  # enaml has no way of its own
    print(statistics.median(times) / widgets * 1e6)


if __name__ == "__main__":
    main(int(sys.argv[1]))
