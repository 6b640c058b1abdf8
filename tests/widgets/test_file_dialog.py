"""Dialogs that ask for files look into none of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QTreeView, QWidget

from kernel.open_file import hold
from tests.locking import is_free
from widgets.file_dialog import name_to_open, name_to_save, names_to_open

Waiting = Callable[..., None]


@pytest.fixture
def parent(qapp: QApplication) -> Iterator[QWidget]:
    widget = QWidget()
    yield widget
    widget.deleteLater()


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder with a database that this process is about to write; its name says nothing of what it is."""
    path = tmp_path / "desk.data"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("BEGIN IMMEDIATE")
        release = hold(path)
        yield path
        release()


def _when_listed(path: Path, act: Callable[[QFileDialog], None], wait_until: Waiting) -> list[Any]:
    """Does something with the dialog once it lists the file, and says what it shows of it."""
    shown: list[Any] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        try:
            view = dialog.findChild(QTreeView, "treeView")
            model = view.model()
            dialog.setViewMode(QFileDialog.ViewMode.Detail)

            def texts() -> list[str]:
                root = view.rootIndex()
                return [model.index(0, column, root).data() for column in (0, 2)] if model.rowCount(root) else []

            wait_until(lambda: texts() and texts()[0] == path.name and texts()[1])
            shown.extend(texts())
            dialog.grab()
            act(dialog)
        finally:
            dialog.done(dialog.result())

    QTimer.singleShot(0, look)
    return shown


def _choose(path: Path) -> Callable[[QFileDialog], None]:
    def choose(dialog: QFileDialog) -> None:
        dialog.findChild(QLineEdit, "fileNameEdit").setText(path.name)
        dialog.accept()

    return choose


@pytest.mark.parametrize("ask", [name_to_open, name_to_save])
def test_a_database_keeps_its_locks_while_its_folder_is_shown(
    parent: QWidget, locked: Path, ask: Callable[..., str], wait_until: Waiting
) -> None:
    other = locked.with_name("other.txt") if ask is name_to_save else locked
    shown = _when_listed(locked, _choose(other), wait_until)
    assert ask(parent, "Choose", str(locked.parent)) == str(other)
    assert shown == ["desk.data", "File"] and not is_free(locked)
    _when_listed(locked, lambda _: None, wait_until)
    assert ask(parent, "Choose", str(locked.parent)) == ""


def test_several_files_are_chosen(parent: QWidget, locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(locked.parent)
    names = [str(locked), str(locked.with_name("b"))]
    monkeypatch.setattr(QFileDialog, "exec", lambda _: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _: names)
    assert names_to_open(parent, "Choose") == names


def test_arrows_have_the_colours_of_the_theme(parent: QWidget, locked: Path) -> None:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QColor, QIcon
    from PySide6.QtWidgets import QToolButton

    from widgets.file_dialog import _dialog
    from widgets.theme import Theme

    app, theme = QApplication.instance(), Theme("dark")
    before = app.palette()
    palette = app.palette()
    group, role = palette.ColorGroup, palette.ColorRole.ButtonText
    palette.setColor(group.Active, role, theme.color("text"))
    palette.setColor(group.Disabled, role, theme.color("disabled"))
    app.setPalette(palette)
    dialog = _dialog(parent, "A file", str(locked.parent), "")
    try:
        for name in ("backButton", "forwardButton", "toParentButton"):
            icon = dialog.findChild(QToolButton, name).icon()
            for mode, color in ((QIcon.Mode.Normal, "text"), (QIcon.Mode.Disabled, "disabled")):
                image = icon.pixmap(QSize(64, 64), mode).toImage()
                drawn = {image.pixelColor(x, y).rgb() for x in range(64) for y in range(64)
                         if image.pixelColor(x, y).alpha() == 255}  # fmt: skip
                assert drawn == {QColor(theme.color(color)).rgb()}, (name, mode)
    finally:
        dialog.deleteLater()
        app.setPalette(before)
