"""The peer: QWebEngineView in a plain window, at once or when a line comes on standard input. Argument: the address."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QSocketNotifier, Qt, QTimer, QUrl
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
app = QApplication(sys.argv)
window = QWidget()
column = QVBoxLayout(window)
window.resize(1000, 700)


def show_page() -> None:
    """Make the view and load the page."""
    if os.geteuid() == 0:
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    from PySide6.QtWebEngineWidgets import QWebEngineView

    window.view = QWebEngineView(window)
    column.addWidget(window.view)
    window.view.load(QUrl(sys.argv[1]))


if "wait" in sys.argv:
    window.show()
    told = QSocketNotifier(0, QSocketNotifier.Type.Read)
    told.activated.connect(lambda: (told.setEnabled(False), sys.stdin.readline(), show_page()))
    QTimer.singleShot(500, lambda: print("ready", flush=True))
else:
    show_page()
    window.show()
app.exec()
os._exit(0)
