"""Qt's libraries come on a thread of their own; Qt works as ever, and where that cannot be, it is imported as ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shell.qt_ahead import uses_x
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parent.parent.parent

LOADED = f"""
import sys, time
from shell.qt_ahead import load_ahead
load_ahead()
end = time.monotonic() + {PATIENCE_S}
while "QtWidgets.abi3.so" not in open("/proc/self/maps").read() or len(sys._current_frames()) > 1:
    assert time.monotonic() < end, "the libraries did not come"
    time.sleep(0.005)
assert "PySide6" not in sys.modules
"""
SHOWN = """
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel("A text")
label.show()
application.processEvents()
print(QThread.currentThread() is application.thread(), QThread.isMainThread(), label.sizeHint().width() > 10)
"""


def run(code: str) -> str:
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=PATIENCE_S)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_qt_works_as_ever_when_its_libraries_came_ahead() -> None:
    assert run(LOADED + SHOWN) == "True True True\n"


def test_qt_may_be_imported_while_its_libraries_come() -> None:
    assert run("from shell.qt_ahead import load_ahead; load_ahead()" + SHOWN) == "True True True\n"


def test_a_process_may_end_while_they_come() -> None:
    assert run("from shell.qt_ahead import load_ahead; load_ahead()") == ""


@pytest.mark.parametrize(
    "lack",
    [
        "sys.modules['_ctypes'] = None",
        "import _ctypes; del _ctypes.call_function",
        "shell.qt_ahead._FONTS = 'libnone.so.9'",
        "shell.qt_ahead._MODULES = ('none.so',)",
        "sys.platform = 'other'",
    ],
)
def test_what_cannot_come_ahead_is_left_to_the_import(lack: str) -> None:
    assert run(f"import sys, shell.qt_ahead; {lack}; shell.qt_ahead.load_ahead(){SHOWN}") == "True True True\n"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({}, False),
    ],
)
def test_the_connection_to_x_comes_where_it_is_used(environ: dict[str, str], expected: bool) -> None:
    assert uses_x(environ) is expected
