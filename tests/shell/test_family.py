"""Several windows of one layout: shared tables, rows and undo, one question at the end, remembered, patched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from shiboken6 import isValid

from shell.boot import boot
from shell.live.patching import UnwrittenError
from shell.reload import reload_window, show_newer
from shell.session import Given

WaitUntil = Callable[..., None]
LAYOUT = """layout 1 title="Shop"
table items source="items"
window { grid items id=view; button "Board" id=go run="window.open board" }
window id=board title="Board" width=640 height=400 {
    label "Row {view.current.name}" id=shown
    form id=edit of=view.current { field name }
}
window title="Third" { search id=find }
"""


class Shop:
    """The folder of an app, opened as often as a test likes."""

    def __init__(self, folder: Path, wait_until: WaitUntil) -> None:
        self.folder, self.wait = folder / "app", wait_until
        self.given = Given(basedir=str(folder / "home"))
        self.folder.mkdir()
        database = sqlite3.connect(self.folder / "items.sqlite")
        database.executescript(
            "create table items (id integer primary key, name text not null);"
            "insert into items values (1, 'rake'), (2, 'hoe');"
        )
        database.close()
        self.write(LAYOUT)
        (self.folder / "app.toml").write_text(
            'name = "shop"\ntitle = "Shop"\nversion = "1"\n[sources.main]\nkind = "sqlite"\npath = "items.sqlite"\n'
        )
        self.sessions: list[Any] = []

    def write(self, text: str) -> None:
        (self.folder / "main.kdl").write_text(text)

    def open(self) -> Any:
        session = boot(str(self.folder), self.given)
        self.sessions.append(session)
        window = session.windows[0]
        view = window.context.widgets["view"]
        self.wait(lambda: view.row_count() == 2 and view.current_key is not None)
        return window

    def board(self, window: Any) -> Any:
        window.registry.run("window.open board")
        [board] = [other for other in window.others if other.windowTitle() == "Board"]
        edit = board.context.widgets["edit"]
        self.wait(lambda: edit.row is not None and bool(edit.row.values) and bool(edit.fields))
        return board

    def close(self) -> None:
        for session in self.sessions:
            for window in session.windows:
                if isValid(window) and not window.is_closing:
                    window.close_anyway()
            session.close()


@pytest.fixture
def shop(qapp: object, tmp_path: Path, wait_until: WaitUntil) -> Iterator[Shop]:
    made = Shop(tmp_path, wait_until)
    yield made
    made.close()


def line_of(board: Any) -> Any:
    return board.context.widgets["edit"].fields[0].editor.line


def type_in(board: Any, text: str) -> None:
    QTest.keyClicks(line_of(board), text)


def test_they_share_tables_and_the_current_row(shop: Shop) -> None:
    window = shop.open()
    board = shop.board(window)
    assert board.context.tables is window.context.tables and board.state is window.state
    assert board.context.widgets["shown"].text() == "Row rake"
    window.context.widgets["view"].go(1, 0)
    shop.wait(lambda: board.context.widgets["shown"].text() == "Row hoe")
    shop.wait(lambda: line_of(board).text() == "hoe")
    assert window.scope.read("window.size_class") == "wide" and board.scope.read("window.size_class") == "medium"


def test_an_edit_of_one_is_undone_in_the_other(shop: Shop) -> None:
    window = shop.open()
    board = shop.board(window)
    line_of(board).selectAll()
    type_in(board, "spade")
    board.context.widgets["edit"].write_row()
    shop.wait(lambda: window.scope.read("history.undo") is not None)
    window.registry.run("edit.undo")
    shop.wait(lambda: line_of(board).text() == "rake" and not board.context.widgets["edit"].has_edits())


def test_one_opens_once_and_closes_alone(shop: Shop) -> None:
    window = shop.open()
    board = shop.board(window)
    window.registry.run("window.open-2")
    window.registry.run("window.open 2")
    assert window.others == [board]
    board.registry.run("window.open-1")
    assert window.desk.windows.count(window) == 1
    board.close()
    assert window.others == [] and "edit" not in window.context.widgets and "view" in window.context.widgets
    assert not window.is_closing
    again = shop.board(window)
    assert again is not board


def test_a_wrong_name_is_told(shop: Shop) -> None:
    window = shop.open()
    for name in ("bord", "9", "0"):
        window.registry.run(f"window.open {name}")
        assert f"there is no window {name}" in window.messages.history[-1].text
    assert "board" in window.messages.history[0].text + window.messages.history[0].detail
    assert window.others == []


def test_closing_the_main_one_asks_once_for_all(shop: Shop) -> None:
    window = shop.open()
    board = shop.board(window)
    type_in(board, "x")
    assert board.context.widgets["edit"].has_edits()
    window.close()
    assert not window.is_closing and not board.is_closing
    question = window.cards.question()
    assert question.isVisible() and not board.cards.made
    window.close_anyway()
    assert window.is_closing and board.is_closing and window not in window.desk.windows
    assert board not in window.desk.windows


def test_what_was_open_is_open_again(shop: Shop) -> None:
    window = shop.open()
    shop.board(window).resize(500, 430)
    window.registry.run("window.open-3")
    third = window.others[1]
    third.close()
    window.close()
    again = shop.open()
    shop.wait(lambda: [other.windowTitle() for other in again.others] == ["Board"])
    assert (again.others[0].width(), again.others[0].height()) == (500, 430)
    again.close()
    shop.write(LAYOUT.replace("id=board ", "id=desk ").replace("window.open board", "window.open desk"))
    renamed = shop.open()
    # Told when the tables are asked, behind which the others would have come.
    shop.wait(lambda: not renamed.tables.is_held)
    assert renamed.others == []


def test_a_newer_layout_is_patched_into_all(shop: Shop) -> None:
    window = shop.open()
    board = shop.board(window)
    edit, view = board.context.widgets["edit"], window.context.widgets["view"]
    type_in(board, "x")
    changed = (
        LAYOUT.replace('"Row {', '"Line {')
        .replace('"Board" id=go', '"Open" id=go')
        .replace('title="Board"', 'title="Desk"')
    )
    shop.write(changed)
    assert reload_window(window, is_quiet=True)
    assert board.context.widgets["shown"].text() == "Line rake" and board.windowTitle() == "Desk"
    assert board.context.widgets["edit"] is edit and edit.has_edits() and window.context.widgets["view"] is view
    shop.write(
        changed.replace('window title="Third"', 'window id=zero title="Zero" { label "0" }\nwindow title="Third"')
    )
    assert reload_window(board, is_quiet=True) and window.others == [board]


def test_a_window_that_the_newer_layout_has_no_more_goes(shop: Shop) -> None:
    window = shop.open()
    board = shop.board(window)
    start = LAYOUT.index("window id=board")
    shop.write(LAYOUT[:start].replace('; button "Board" id=go run="window.open board"', ""))
    type_in(board, "x")
    with pytest.raises(UnwrittenError):
        show_newer(window, window.session.load_layout())
    assert not board.is_closing
    board.context.widgets["edit"].revert_row()
    shop.wait(lambda: not board.context.widgets["edit"].has_edits())
    assert reload_window(window, is_quiet=True)
    assert window.others == [] and board.is_closing and not window.is_closing


def test_a_layout_that_is_built_anew_is_so_in_all(shop: Shop) -> None:
    window = shop.open()
    board = shop.board(window)
    view = window.context.widgets["view"]
    window.show_layout(window.session.load_layout())
    window.ask_tables()
    assert window.context.widgets["view"] is not view
    shop.wait(lambda: window.context.widgets["view"].current_key is not None)
    shop.wait(lambda: board.context.widgets["shown"].text() == "Row rake")
    assert board.tables is window.tables
