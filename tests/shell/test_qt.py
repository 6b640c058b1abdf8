"""Importing Qt the quick way changes nothing that a person or a programmer can see."""

from __future__ import annotations

import subprocess
import sys

import pytest

SAME = """
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QLabel
import PySide6.QtNetwork
def tell(work):
    try:
        print(repr(work()))
    except Exception as error:
        print(type(error).__name__, error)
tell(lambda: QObject().setObjectName(3))
tell(lambda: QLabel(1, 2, 3))
tell(lambda: QObject(nonsense=3))
tell(lambda: QPoint(1, 2) + 3)
tell(lambda: QObject.tr.__doc__)
tell(lambda: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
tell(lambda: PySide6.QtNetwork.QTcpSocket(3))
"""
QUICK = "import shell.qt; shell.qt.import_qt()\n"
WAITING = """
import sys, types
from shell.qt import _MAY_WAIT
print([name for name in _MAY_WAIT if type(sys.modules[name]) is types.ModuleType])
"""


LOADED = """
from shell.qt import load_descriptions
steps = len(list(load_descriptions()))
print(steps, all(type(sys.modules[name]) is types.ModuleType for name in _MAY_WAIT & sys.modules.keys()))
"""


def _output(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    return done.stdout


def test_errors_and_documents_are_the_same() -> None:
    plain = _output(SAME)
    assert "Supported signatures" in plain
    assert _output(QUICK + SAME) == plain


def test_the_descriptions_of_signatures_wait() -> None:
    from pathlib import Path

    import shiboken6

    if not (Path(shiboken6.__file__).parent / "files.dir").is_dir():
        pytest.skip("Qt's Python support is not unpacked here; the Makefile does it")
    assert _output(QUICK + WAITING).strip() in ("[]", "['shibokensupport.signature.importhandler']")


def test_the_descriptions_are_loaded_for_good_when_there_is_time() -> None:
    steps, is_all = _output(QUICK + WAITING + LOADED).splitlines()[-1].split()
    assert int(steps) > 0
    assert is_all == "True"
    assert _output(QUICK + WAITING + LOADED + SAME).splitlines()[2:] == _output(SAME).splitlines()
