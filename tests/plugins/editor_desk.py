"""A window of an app with scripts in a table and the editors over them, driven by keys."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.conftest import spin_until

APP = 'name = "desk"\n[sources.desk]\nkind = "sqlite"\npath = "desk.sqlite"\n'
LAYOUT = """layout 1
table scripts source="scripts"
window {
    state draft "select 1"
    split {
        grid scripts id=list
        column {
            editor list.current.body id=body language=python
            editor draft id=scratch language=sql
            editor file="notes.txt" id=file
            label "end" id=end
        }
    }
}
"""
ROWS = [(1, "first", "one\ntwo\nthree\n"), (2, "second", "print(1)\n"), (3, "third", None)]


class EditorDesk:
    """The window, and what a person does in it."""

    def __init__(self, folder: Path, layout: str = LAYOUT, more: str = "") -> None:
        from shell.boot import boot
        from shell.session import Given

        self.folder = folder / "app"
        self.folder.mkdir()
        self.database = self.folder / "desk.sqlite"
        with sqlite3.connect(self.database) as connection:
            connection.execute("create table scripts (id integer primary key, name text, body text, raw blob)")
            connection.executemany("insert into scripts (id, name, body) values (?, ?, ?)", ROWS)
        connection.close()
        (self.folder / "app.toml").write_text(APP + more)
        (self.folder / "main.kdl").write_text(layout)
        self.notes = self.folder / "notes.txt"
        self.notes.write_bytes(b"a note\n")
        self.session = boot(str(self.folder), Given(str(folder / "home"), ()))
        (self.window,) = self.session.windows
        self.window.resize(1200, 800)
        self.window.activateWindow()
        spin_until(lambda: self.window.isActiveWindow() and not self.window.registry.waits_to_show_keys)

    def close(self) -> None:
        """Close it, edits or not."""
        self.window.close_anyway()
        self.session.close()

    def editor(self, name: str) -> Any:
        """An editor by its id, once its text is there."""
        found = self.window.context.widgets[name]
        spin_until(lambda: found.pane is not None)
        return found

    def go_to_row(self, key: int) -> None:
        """Make a row the current one."""
        grid = self.window.context.widgets["list"]
        spin_until(lambda: grid.current_key is not None)
        grid.go_to((key,))
        body = self.window.context.widgets["body"]
        spin_until(lambda: body.pane is not None and body._bound.row_key == (key,))
        spin_until(lambda: not body._bound.form.row.is_loading)

    def stored(self, key: int, column: str = "body") -> Any:
        """What the database has."""
        with sqlite3.connect(self.database) as connection:
            (text,) = connection.execute(f"select {column} from scripts where id = ?", (key,)).fetchone()
        connection.close()
        return text

    def write_behind(self, key: int, text: str) -> None:
        """Another program's edit."""
        with sqlite3.connect(self.database) as connection:
            connection.execute("update scripts set body = ? where id = ?", (text, key))
        connection.close()


def press(*sequences: str) -> None:
    """Press these keys where the focus is."""
    for sequence in sequences:
        for part in sequence.split():
            focus = QApplication.focusWidget()
            assert focus is not None, "nothing has the focus"
            QTest.keySequence(focus, QKeySequence(part))


def type_text(text: str) -> None:
    """Type letters where the focus is; a line end is Return."""
    for letter in text:
        if letter == "\n":
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        else:
            QTest.keyClicks(QApplication.focusWidget(), letter)
