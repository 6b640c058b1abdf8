"""A window of an app that makes a web view when a line comes on standard input. Arguments: the folder, the address."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QSocketNotifier, QTimer

from layouts.node import Node
from shell.boot import boot
from shell.session import Given

session = boot(sys.argv[1], Given(settings=("ui.restore=false",)))
(window,) = session.windows


def show_page() -> None:
    """Build the view over the window's widgets."""
    view = window.context.build(Node("web", "", {"url": sys.argv[2]}), window.body)
    view.setGeometry(window.body.rect())
    view.show()


told = QSocketNotifier(0, QSocketNotifier.Type.Read)
told.activated.connect(lambda: (told.setEnabled(False), sys.stdin.readline(), show_page()))
QTimer.singleShot(500, lambda: print("ready", flush=True))
session.loop()
os._exit(0)
