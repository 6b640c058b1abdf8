"""The bare PySide6 label: notes the time of its first paint in the file named by the environment, and ends."""

from __future__ import annotations

import os
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel


class Label(QLabel):
    """A label that knows when it was painted first."""

    is_painted = False

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)
        if not self.is_painted:
            self.is_painted = True
            with open(os.environ["ESPALIER_TRACE_START"], "a") as file:
                file.write(f"painted {time.time()}\n")
            QTimer.singleShot(0, QApplication.quit)


app = QApplication(sys.argv)
label = Label("A label")
label.resize(1000, 700)
label.show()
app.exec()
