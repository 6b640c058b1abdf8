"""Fixtures for every room: the offscreen application, waiting without luck, a throw-away home."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.waiting import PATIENCE_S, never_came

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A test's processes must not find the person's own files.
os.environ.pop("ESPALIER_BASEDIR", None)
# No process stays behind a test, nor does one of the person's own take part in it.
os.environ["ESPALIER_START_KEEP_READY"] = "false"
# A slow machine is no fault of a test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def qapp() -> Iterator[object]:
    """The one QApplication of the test run."""
    from PySide6.QtWidgets import QApplication

    from shell.garbage import Collector

    application = QApplication.instance() or QApplication([sys.argv[0]])
    Collector(application)
    yield application
    # What tests left open must go while Python still runs; Qt would take it apart after it.
    for widget in application.topLevelWidgets():
        widget.deleteLater()
    application.processEvents()
    application.sendPostedEvents(None, 0)


def pytest_runtest_teardown() -> None:
    """Collect between tests what Python, once there is a window, does not collect by itself any more."""
    if not gc.isenabled():
        from shell.garbage import collect

        collect()


def spin_until(predicate: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
    """Run the event loop until ``predicate()`` is true; fail after ``timeout_s`` seconds and say what never came."""
    from PySide6.QtCore import QEventLoop, QTimer

    end = time.monotonic() + timeout_s
    while not predicate():
        if time.monotonic() > end:
            pytest.fail(never_came(predicate, timeout_s))
        loop = QEventLoop()
        QTimer.singleShot(5, loop.quit)
        loop.exec()


@pytest.fixture
def wait_until(qapp: object) -> Callable[..., None]:
    """``wait_until(predicate, timeout_s=60)``: spin the event loop until the predicate holds."""
    return spin_until


@pytest.fixture
def basedir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A throw-away home, set as ESPALIER_BASEDIR too."""
    directory = tmp_path / "home"
    directory.mkdir()
    monkeypatch.setenv("ESPALIER_BASEDIR", str(directory))
    return directory
