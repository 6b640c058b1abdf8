"""Docks in a window of the shell: commands, palette, menu, and a dock outside that still belongs to its window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from shell.boot import boot
from shell.focus import has_edits
from shell.menu import make_menu
from shell.palette.provider import quick_items
from shell.session import Given

WaitUntil = Callable[..., None]
LAYOUT = """layout 1 title="Shelf"
table items source="items"
command app.ring title="Ring" key="Ctrl+M" run="rung = rung + 1"
window {
    state rung 0
    docks id=desk {
        dock "Items" id=items_dock { grid items id=view }
        dock "One" id=one side=end { form id=edit of=view.current }
        dock "Two" id=two side=end closable=#false floatable=#false { search id=find }
        label "centre"
    }
}
"""


@pytest.fixture
def window(qapp: Any, tmp_path: Path, wait_until: WaitUntil) -> Iterator[Any]:
    import sqlite3

    folder = tmp_path / "app"
    folder.mkdir()
    database = sqlite3.connect(folder / "items.sqlite")
    database.executescript("create table items (id integer primary key, name text); insert into items values (1, 'a');")
    database.close()
    (folder / "main.kdl").write_text(LAYOUT)
    (folder / "app.toml").write_text(
        'name = "docks"\ntitle = "Shelf"\nversion = "1"\n[sources.main]\nkind = "sqlite"\npath = "items.sqlite"\n'
    )
    session = boot(str(folder), Given(basedir=str(tmp_path / "home")))
    made = session.windows[0]
    made.resize(1200, 700)
    made.activateWindow()
    edit = made.context.widgets["edit"]
    wait_until(lambda: edit.row is not None and edit.row.values and len(edit.fields) == 2)
    yield made
    if isValid(made):
        made._may_lose_edits = True
        made.close()
    session.close()


def run(window: Any, command: str) -> None:
    window.registry.run(command)


def test_commands_act_on_the_dock_with_the_focus(window: Any, wait_until: WaitUntil) -> None:
    desk = window.context.widgets["desk"]
    run(window, "dock.show one")
    wait_until(lambda: window.scope.read("active.dock") == "one")
    one = desk.dock("one")
    for side in ("left", "top", "bottom", "right"):
        run(window, f"dock.move-{side}")
        assert desk.side_of(one) == side
    run(window, "dock.turn-tab")
    wait_until(lambda: desk.tabifiedDockWidgets(one) == [desk.dock("two")])
    run(window, "dock.turn-tab")
    wait_until(lambda: desk.tabifiedDockWidgets(one) == [])
    run(window, "dock.close")
    assert one.isHidden()
    run(window, "dock.reset")
    assert one.isVisible() and desk.side_of(one) == "right"


def test_what_stays_says_so(window: Any, wait_until: WaitUntil) -> None:
    run(window, "dock.show two")
    wait_until(lambda: window.scope.read("active.dock") == "two")
    run(window, "dock.close")
    run(window, "dock.turn-out")
    run(window, "dock.show thre")
    told = [message.text for message in window.messages.history]
    assert "Two cannot be closed" in told[0] and "Two stays in this window" in told[1]
    assert "there is no dock thre" in told[2]
    assert window.context.widgets["two"].isVisible()


def test_a_dock_outside_still_belongs_to_its_window(window: Any, wait_until: WaitUntil) -> None:
    desk, edit = window.context.widgets["desk"], window.context.widgets["edit"]
    run(window, "dock.show one")
    run(window, "dock.turn-out")
    one = desk.dock("one")
    wait_until(lambda: one.isFloating() and one.isVisible())
    name = edit.fields[1].editor.line
    name.setFocus()
    wait_until(lambda: QApplication.focusWidget() is name and window.active_view() is edit)
    QTest.keyClicks(name, "b")
    assert has_edits(window)
    QTest.keyClick(name, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert window.scope.read("rung") == 1
    QTest.keyClick(name, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: not edit.has_edits())
    run(window, "dock.turn-out")
    assert not one.isFloating()


def test_palette_and_menu_have_every_dock(window: Any) -> None:
    items = {item.title: item for item in quick_items(window) if item.section == "Docks"}
    assert {"Items", "One", "Two"} <= set(items)
    window.context.widgets["one"].close()
    items["One"].run()
    assert window.context.widgets["one"].isVisible()
    menu = make_menu(window)
    docks = next(action.menu() for action in menu.actions() if action.text() == "Docks")
    entries = {action.text(): action for action in docks.actions() if action.isCheckable()}
    assert {text: entry.isChecked() for text, entry in entries.items()} == {"Items": True, "One": True, "Two": True}
    entries["Items"].trigger()
    assert window.context.widgets["items_dock"].isHidden()
    menu.deleteLater()
