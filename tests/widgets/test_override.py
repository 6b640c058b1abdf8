"""An exception in an override of a Qt method is told like any other; the process goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

import widgets.override  # noqa: F401 - the classes below are guarded by it

ROOT = Path(__file__).parent.parent.parent
#: Python raises none of these as an object by itself; run apart, for Qt may end the process.
PROGRAM = """
import sys
import widgets
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

gone = QObject()
delete(gone)
TROUBLE = {"int": lambda: int("a"), "pop": lambda: [].pop(), "gone": gone.objectName}[sys.argv[1]]

class Filter(QObject):
    def eventFilter(self, watched, event):
        return bool(TROUBLE())

class Widget(QWidget):
    def event(self, event):
        return bool(TROUBLE()) if event.type() == QEvent.Type.User else super().event(event)

app = QApplication([])
widget, watched, watch = Widget(), QWidget(), Filter()
watched.installEventFilter(watch)
for to in (widget, watched):
    try:
        app.sendEvent(to, QEvent(QEvent.Type.User))
    except Exception as error:
        print(type(error).__name__)
"""


@pytest.mark.parametrize(("trouble", "name"), [("int", "ValueError"), ("pop", "IndexError"), ("gone", "RuntimeError")])
def test_an_exception_does_not_end_the_process(trouble: str, name: str) -> None:
    command = [sys.executable, "-c", PROGRAM, trouble]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    assert (done.returncode, done.stdout.split()) == (0, [name, name]), done.stderr


def test_overrides_do_what_they_did(qapp: Any) -> None:
    class Base(QWidget):
        heard: list[Any] = []

        def event(self, event: QEvent) -> bool:
            """Its words."""
            self.heard.append(event.type())
            return super().event(event)

        def other(self) -> str:
            return "not Qt's"

    class Derived(Base):
        def event(self, event: QEvent) -> bool:
            return event.type() == QEvent.Type.User or super().event(event)

    widget = Derived()
    assert QApplication.sendEvent(widget, QEvent(QEvent.Type.User)) and QEvent.Type.User not in widget.heard
    QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
    assert QEvent.Type.LanguageChange in widget.heard
    assert Base.event.__doc__ == "Its words." and not hasattr(Base.other, "__wrapped__")


def test_an_override_may_meet_what_is_gone(qapp: Any) -> None:
    gone = QObject()
    delete(gone)

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            return bool(gone.objectName())

    widget, watch = QWidget(), Watch()
    widget.installEventFilter(watch)
    with pytest.raises(RuntimeError, match="already deleted"):
        QApplication.sendEvent(widget, QEvent(QEvent.Type.User))
    widget.removeEventFilter(watch)
