"""Fixtures for every room: the offscreen application, waiting without luck, a throw-away home."""

from __future__ import annotations

import gc
import itertools
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.waiting import PATIENCE_S, never_came

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A test's processes must not find the person's own files.
os.environ.pop("ESPALIER_BASEDIR", None)
# No process stays behind a test, nor does one of the person's own take part in it.
os.environ["ESPALIER_START_KEEP_READY"] = "false"
# A slow machine is no fault of a test, and a run is like the one before: HYPOTHESIS_PROFILE=searching looks for more.
settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("patient", settings.get_profile("searching"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "patient"))

_SESSION = pytest.StashKey[pytest.Session]()
_modules = itertools.count(1)


@pytest.fixture(scope="session")
def qapp() -> Iterator[object]:
    """The one QApplication of the test run."""
    from PySide6.QtWidgets import QApplication

    from shell.garbage import Collector
    from widgets.late_signals import make_signals_late

    make_signals_late()  # as the shell does
    application = QApplication.instance() or QApplication([sys.argv[0]])
    Collector(application)
    yield application


def pytest_sessionstart(session: pytest.Session) -> None:
    """Keep what knows how the run ended."""
    session.config.stash[_SESSION] = session


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End at once, when everything is told and tidied up, where tests have opened windows.

    Qt would take down what they left open in whatever order, after Python has let go of the rest, and threads that
    still read would fall over it: that can crash, and says nothing about any test.
    """
    gc.unfreeze()  # what is never looked through is not taken down at the end either
    session = config.stash.get(_SESSION, None)
    if session is not None and "PySide6.QtWidgets" in sys.modules and _is_the_program(config):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(session.exitstatus))


def _is_the_program(config: pytest.Config) -> bool:
    """Whether this process is pytest or one of its workers, and nobody goes on after it."""
    if hasattr(config, "workerinput"):
        return True
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    name = spec.name if spec is not None else Path(getattr(main, "__file__", "")).name
    return name in ("pytest.__main__", "pytest", "py.test")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Where tests run in several processes (``-n 2``): a room at a time."""
    from tests.by_room import ByRoom

    return ByRoom(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look through no test and no module for garbage: with all of them it takes a quarter of a second each time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        _keep_all()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Collect between tests what Python, once there is a window, does not collect by itself any more.

    It is done before what a test has opened is closed: of what waits to be deleted by Qt nothing may be collected.
    """
    if not gc.isenabled():
        from shell.garbage import collect

        collect()
    try:
        return (yield)
    finally:
        if nextitem is None or nextitem.path != item.path:
            _keep_all()


def _keep_all() -> None:
    """Collect, and have what stays looked through no more; now and then all of it is, for some goes later."""
    if next(_modules) % 20 == 0:
        gc.unfreeze()
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    gc.freeze()


def spin_until(predicate: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
    """Run the event loop until ``predicate()`` is true; fail after a time, never a short one, with what never came."""
    from PySide6.QtCore import QEventLoop, QTimer

    timeout_s = max(timeout_s, PATIENCE_S)
    end = time.monotonic() + timeout_s
    while not predicate():
        if time.monotonic() > end:
            pytest.fail(never_came(predicate, timeout_s))
        loop = QEventLoop()
        QTimer.singleShot(5, loop.quit)
        loop.exec()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What a test says in another language is said in English again behind it."""
    yield
    words = sys.modules.get("kernel.words")
    if words is not None:
        words.use_words({})


@pytest.fixture
def wait_until(qapp: object) -> Callable[..., None]:
    """``wait_until(predicate)``: spin the event loop until the predicate holds."""
    return spin_until


@pytest.fixture
def basedir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A throw-away home, set as ESPALIER_BASEDIR too."""
    directory = tmp_path / "home"
    directory.mkdir()
    monkeypatch.setenv("ESPALIER_BASEDIR", str(directory))
    return directory
