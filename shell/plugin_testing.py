"""Fixtures for the tests of a plugin, as ``espalier plugin test`` runs them: a window of an app that shows it.

``desk.open("gauge 1 id=one")`` opens a layout, ``desk["one"]`` is a widget of it, ``desk.press("Up", "Ctrl+F")`` types,
``desk.rows("numbers")`` reads a table, ``desk.picture("one")`` is what is seen, ``desk.wait(lambda: …)`` waits.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

#: Seconds that are waited for what must come; it costs nothing where it comes.
PATIENCE_S = 60.0


class PluginDesk:
    """An app in a throw-away home, and a person's hands.

    Args:
        folder: Of the app and the home.
        plugin: The plugin's folder.

    Attributes:
        window: The window that was opened last.
        context: What its widgets were built with.
    """

    def __init__(self, folder: Path, plugin: Path) -> None:
        self._folder, self._plugin = folder, plugin
        self._sessions: list[Any] = []
        self.window: Any = None

    def open(
        self, body: str, *, head: str = "", sources: Mapping[str, Mapping[str, Any]] | None = None, **settings: Any
    ) -> Any:
        """The window of an app whose layout's window holds ``body``.

        Args:
            body: What stands in the window: ``gauge 1 id=one``.
            head: What stands before it: ``table numbers``.
            sources: The app's sources: ``{"all": {"kind": "numbers", "count": 5}}``.
            settings: Options, their names with ``__`` for the dot: ``gauge__step=5``.
        """
        from shell.boot import boot
        from shell.session import Given

        app = self._folder / f"app{len(self._sessions)}"
        app.mkdir()
        (app / "app.toml").write_text(_manifest(sources or {}), encoding="utf-8")
        (app / "main.kdl").write_text(f"layout 1\n{head}\nwindow {{\n{body}\n}}\n", encoding="utf-8")
        given = {"plugins.folders": str(self._plugin.parent), **{k.replace("__", "."): v for k, v in settings.items()}}
        words = tuple(f"{name}={value}" for name, value in given.items())
        session = boot(str(app), Given(str(self._folder / "home"), words))
        self._sessions.append(session)
        self.window = session.windows[0]
        self.window.activateWindow()
        self.wait(lambda: self.window.isActiveWindow() and not self.window.registry.waits_to_show_keys)
        return self.window

    @property
    def context(self) -> Any:
        """The surroundings of the window's widgets."""
        return self.window.context

    def __getitem__(self, name: str) -> QWidget:
        """The widget with that id."""
        return self.context.widgets[name]

    @property
    def problems(self) -> list[str]:
        """What the window has told its person: warnings and errors."""
        return [f"{one.text} {one.detail}".strip() for one in self.window.messages.history
                if one.level in ("warning", "error")]  # fmt: skip

    def run(self, command: str, **arguments: Any) -> None:
        """Run a command by its id."""
        self.window.registry.run(command, **arguments)

    def press(self, *keys: str) -> None:
        """Type keys into the widget that has the focus: ``Up``, ``Ctrl+F``."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        for key in keys:
            QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(key))

    def type(self, text: str) -> None:
        """Type a text into the widget that has the focus."""
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def rows(self, table: str, most: int = 1000) -> list[dict[str, Any]]:
        """The rows of a declared table, as mappings of its columns."""
        from kernel.tables.query import Query

        answers: list[Any] = []
        self.context.tables[table].fetch(Query(), 0, most, answers.append)
        self.wait(lambda: answers)
        if isinstance(answers[0], Exception):
            raise answers[0]
        columns = answers[0].columns
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def picture(self, name: str = "") -> QImage:
        """What is seen of the widget with that id, or of the whole window."""
        return (self[name] if name else self.window).grab().toImage()

    def wait(self, predicate: Callable[[], object]) -> None:
        """Run the event loop until the predicate is true; fails when it never is."""
        from PySide6.QtCore import QEventLoop, QTimer

        end = time.monotonic() + PATIENCE_S
        while not predicate():
            if time.monotonic() > end:
                pytest.fail(f"not within {PATIENCE_S:g} s; the window says {self.problems}")
            loop = QEventLoop()
            QTimer.singleShot(5, loop.quit)
            loop.exec()

    def close(self) -> None:
        """Close what was opened."""
        for session in self._sessions:
            for window in list(session.windows):
                window.close_anyway()
            session.close()


def _manifest(sources: Mapping[str, Mapping[str, Any]]) -> str:
    lines = ['name = "tested"']
    for name, entries in sources.items():
        lines += [f"[sources.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in entries.items())]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def plugin_folder() -> Path:
    """The folder of the plugin whose tests these are."""
    return Path(os.environ["PLUGIN_UNDER_TEST"])


@pytest.fixture
def desk(tmp_path: Path, plugin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PluginDesk]:
    """A desk; all that it opened is closed behind the test."""
    monkeypatch.setenv("ESPALIER_START_KEEP_READY", "false")
    monkeypatch.delenv("ESPALIER_BASEDIR", raising=False)
    desk = PluginDesk(tmp_path, plugin_folder)
    yield desk
    desk.close()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End at once where windows were opened: Qt's own taking down of what is left can crash."""
    import sys

    if "PySide6.QtWidgets" in sys.modules and _STATUS:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(_STATUS[0])


#: The exit code of the run, once there is one.
_STATUS: list[int] = []


def pytest_sessionfinish(exitstatus: int) -> None:
    """Keep how it ended."""
    _STATUS.append(int(exitstatus))
