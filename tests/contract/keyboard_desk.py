"""One real window with one of every kind, and a person's keys, for the tests of the keyboard contract."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

LAYOUT = """layout 1 title="Keys"
table items source="items" sort="id"
table parts source="parts"
command app.ring title="Ring" key="Ctrl+M" run="ring:ring"
window {
    row {
        search id=find placeholder="Search" key="/"
        button "Ring" id=bell command=app.ring
        link "Follow" id=go command=app.ring
    }
    split id=main sizes="1,1" {
        grid items id=view filter="name contains find.text" {
            show name
            show amount
            show day
            show is_new
            show kind_id
        }
        tabs id=pages {
            tab "Form" { form id=edit of=view.current { field name; field amount; field day; field kind_id } }
            tab "Text" { scroll id=long { label "1" height=900; label "2" height=900 } }
            tab "Inner" { tabs side=start filter=#true id=inner { tab "One" { label "1" }; tab "Two" { label "2" } } }
            tab "List" { list items id=lines title="name" activate=app.ring stretch=1 }
            tab "Cards" { cards items id=shelf title="name" card_width=150 { show amount } }
            tab "Record" { record id=whole of=view.current }
            tab "Figures" { pivot items id=figures rows=kind_id columns=is_new values="count()" }
            tab "Input" { state mood calm; input mood id=tone choices="calm,loud"; input view.current.name id=called }
            tab "Menus" {
                menubar id=bar { menu "One" { item command=app.ring } }
                menu "Two" id=two { item command=app.ring }
            }
            tab "Tree" { tree parts id=branches { show name; show weight } }
            tab "Docks" {
                docks id=desk {
                    dock "One" id=one_dock { search id=one_find }
                    dock "Two" id=two_dock side=end
                    link "Centre" command=app.ring
                }
            }
        }
    }
    sheet side title="Side" { search id=within; button "Close" run="dialog.close" }
    wizard steps title="Steps" finish=app.ring {
        step "One" { input tune id=first label="One" }
        step "Two" { input tune id=second label="Two" }
    }
    state tune ""
    dialog card title="Card" { search id=inside; button "Close" run="dialog.close" }
}
"""
SCHEMA = """create table kinds (id integer primary key, title text not null);
insert into kinds values (1, 'Alpha'), (2, 'Beta');
create table items (id integer primary key, name text not null, amount integer check (amount >= 0), day date,
  is_new boolean not null default 0, kind_id integer references kinds (id));
create table parts (id integer primary key, name text, weight integer, part_of integer references parts (id));
insert into parts values (1, 'bicycle', 9, null), (2, 'frame', 4, 1), (3, 'wheel', 2, 1), (4, 'rim', 1, 3),
  (5, 'bell', 1, null);
"""


class Desk:
    """The window, and a person's keys."""

    def __init__(self, window: Any, path: Path, wait_until: Callable[..., None]) -> None:
        self.window, self.path, self.wait = window, path, wait_until
        self.rung: list[str] = []
        window.session.run_script = lambda run, window, command: self.rung.append(run)
        self.view, self.find = self["view"], self["find"]

    def __getitem__(self, name: str) -> Any:
        return self.window.context.widgets[name]

    def focus(self) -> Any:
        from PySide6.QtWidgets import QApplication

        return QApplication.focusWidget()

    def press(self, key: str, *modifiers: str) -> None:
        """One key at whatever has the focus."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        bits = Qt.KeyboardModifier.NoModifier
        for name in modifiers:
            bits |= getattr(Qt.KeyboardModifier, f"{name}Modifier")
        QTest.keyClick(self.focus(), key if len(key) == 1 else getattr(Qt.Key, f"Key_{key}"), bits)

    def type(self, text: str) -> None:
        for letter in text:
            self.press(letter)

    def enter(self, widget: Any) -> None:
        widget.setFocus()
        self.wait(lambda: self.focus() is widget or widget.isAncestorOf(self.focus()))

    def at(self, row: int, path: str) -> None:
        """Go to a cell."""
        self.enter(self.view)
        self.view.go(row, next(at for at, column in enumerate(self.view.columns) if column.path == path))

    def stored(self, sql: str) -> Any:
        database = sqlite3.connect(self.path)
        try:
            row = database.execute(sql).fetchone()
        finally:
            database.close()
        return row[0] if row else None

    def field(self, column: str) -> Any:
        return next(field for field in self["edit"].fields if field.column_name == column)

    def page(self, index: int) -> None:
        self["pages"].set_current(index)


def opened_desk(tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    """The desk, closed behind the ``yield``."""
    from shiboken6 import isValid

    from shell.boot import boot
    from shell.session import Given

    folder = tmp_path / "keys"
    folder.mkdir()
    path = folder / "keys.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
        rows = [(at, f"item {at:02}", at, "2026-01-02", 1) for at in range(1, 41)]
        database.executemany("insert into items (id, name, amount, day, kind_id) values (?, ?, ?, ?, ?)", rows)
    database.close()
    (folder / "main.kdl").write_text(LAYOUT)
    (folder / "app.toml").write_text(
        'name = "keys"\ntitle = "Keys"\nversion = "1"\n[sources.main]\nkind = "sqlite"\npath = "keys.sqlite"\n'
    )
    session = boot(str(folder), Given(basedir=str(tmp_path / "home")))
    window = session.windows[0]
    window.resize(1200, 700)
    window.activateWindow()
    made = Desk(window, path, wait_until)
    wait_until(lambda: made.view.rows.cache.count == 40 and made.focus() is not None)
    wait_until(lambda: made["edit"].row is not None and made["edit"].row.values)
    yield made
    if isValid(window):
        window._may_lose_edits = True
        window.close()
    session.close()
