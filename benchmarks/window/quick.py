"""The same window in QML, by PySide6's QtQuick: loaded once, then created; prints µs of CPU time a widget.

Run as a process of its own: ``python -m benchmarks.window.quick WIDGETS``.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

ROUNDS = 5


def _source(rows: int) -> bytes:
    row = 'Row {{ Text {{ text: "Row {0}" }} Button {{ text: "Go {0}" }} TextField {{ placeholderText: "Find {0}" }} }}'
    lines = "\n".join(row.format(number) for number in range(rows))
    return f"import QtQuick\nimport QtQuick.Controls.Basic\nColumn {{\n{lines}\n}}".encode()


def main(widgets: int) -> None:
    """Measure and print."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtQml import QQmlComponent, QQmlEngine

    application = QGuiApplication([])
    engine = QQmlEngine()
    component = QQmlComponent(engine)
    component.setData(_source(widgets // 4), QUrl("memory:/window.qml"))
    while component.isLoading():
        application.processEvents()
    if component.isError():
        raise SystemExit(component.errorString())
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        made = component.create()
        times.append(time.process_time() - started)
        if made is None:
            raise SystemExit(component.errorString())
        made.deleteLater()
        application.processEvents()
    print(statistics.median(times) / widgets * 1e6)


if __name__ == "__main__":
    main(int(sys.argv[1]))
