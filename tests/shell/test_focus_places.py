"""Going about a window by keys: by direction, back and forward, to marks, to views by their ids, through tabs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tests.conftest import spin_until
from tests.contract.keyboard_desk import Desk, opened_desk

_ALT, _CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
_SHIFT, _NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def opened(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from opened_desk(tmp_path_factory.mktemp("places"), spin_until)


@pytest.fixture
def desk(opened: Desk) -> Desk:
    """The grid has the focus, at its first row; nothing was left yet."""
    opened.window.activateWindow()
    opened.page(0)
    opened.enter(opened.view)
    opened.view.go(0, 0)
    spin_until(lambda: opened.window.following is not None)
    opened.window.desk.trail.behind.clear()
    opened.window.desk.trail.ahead.clear()
    return opened


def press(desk: Desk, *keys: tuple[Any, Any]) -> None:
    """Real keys, as the system sends them to the window."""
    for key, modifiers in keys:
        QTest.keyClick(desk.window.windowHandle(), key, modifiers)


def go(desk: Desk, way: str) -> None:
    press(desk, (Qt.Key.Key_K, _CONTROL), (getattr(Qt.Key, f"Key_{way}"), _NONE))


def back(desk: Desk) -> None:
    press(desk, (Qt.Key.Key_Left, _ALT))


def forward(desk: Desk) -> None:
    press(desk, (Qt.Key.Key_Right, _ALT))


def test_the_focus_goes_by_direction_and_comes_back_to_where_it_was(desk: Desk) -> None:
    name = desk.field("name").editor
    go(desk, "Right")
    spin_until(lambda: desk["edit"].isAncestorOf(desk.focus()))
    desk.enter(desk.field("amount").editor)
    go(desk, "Left")
    assert desk.view.hasFocus()
    go(desk, "Right")
    assert desk.field("amount").editor.isAncestorOf(desk.focus()) and not name.isAncestorOf(desk.focus())
    go(desk, "Up")
    assert desk["pages"].isAncestorOf(desk.focus()) and not desk["edit"].isAncestorOf(desk.focus()), "the tabs"
    go(desk, "Up")
    assert desk.focus() in (desk["find"], desk["bell"], desk["go"]) or desk.find.isAncestorOf(desk.focus())
    told = len(desk.window.messages.history)
    for _ in range(4):
        go(desk, "Up")
    assert "nothing lies there" in desk.window.messages.history[-1].text and len(desk.window.messages.history) > told


def test_back_and_forward_lead_through_views_rows_and_pages(desk: Desk) -> None:
    desk.view.go(4, 1)
    desk.enter(desk.find)
    desk.page(3)
    desk.enter(desk["lines"])
    spin_until(lambda: desk["lines"].row_count() == 40)
    desk["lines"].go(30)
    back(desk)
    assert desk["lines"].hasFocus() and desk["lines"].current_row == 0, "far in the same list"
    back(desk)
    assert desk.find.hasFocus() or desk.find.isAncestorOf(desk.focus())
    back(desk)
    assert desk.view.hasFocus() and (desk.view.current_row, desk.view.current_column) == (4, 1)
    desk.page(0)
    forward(desk)
    forward(desk)
    assert desk["pages"].current() == 3 and desk["lines"].hasFocus(), "its page is shown again"
    forward(desk)
    assert desk["lines"].current_row == 30
    forward(desk)
    assert "no place after" in desk.window.messages.history[-1].text


def test_near_moves_and_cards_leave_no_trail(desk: Desk) -> None:
    desk.view.go(3, 0)
    desk.window.registry.run("palette.open")
    desk.window.cards.palette().close_card()
    assert desk.view.hasFocus() and desk.window.desk.trail.behind == []
    desk.view.go(25, 0)
    desk.view.go(26, 0)
    back(desk)
    assert desk.view.current_row == 3


def test_marks_are_set_gone_to_and_forgotten(desk: Desk) -> None:
    desk.view.go(7, 2)
    desk.window.registry.run("mark.set", name="prices")
    desk.page(4)
    desk.enter(desk["shelf"])
    desk.window.registry.run("mark.go prices")
    assert desk.view.hasFocus() and (desk.view.current_row, desk.view.current_column) == (7, 2)
    back(desk)
    assert desk["shelf"].hasFocus()
    from shell.state import State

    desk.window.remembering.save()
    assert "prices" in State(desk.window.state.path).recall("marks"), "it is there at the next start"
    desk.window.registry.run("mark.go price")
    assert "no mark" in desk.window.messages.history[-1].text
    press(desk, (Qt.Key.Key_K, _CONTROL), (Qt.Key.Key_G, _NONE))
    palette = desk.window.cards.palette()
    spin_until(lambda: palette.isVisible() and palette.list.model().rowCount() > 0)
    press(desk, (Qt.Key.Key_Return, _NONE))
    spin_until(desk.view.hasFocus)
    desk.window.registry.run("mark.delete prices")
    desk.window.registry.run("mark.go")
    assert "no marks" in desk.window.messages.history[-1].text


def test_damaged_marks_are_left_out(desk: Desk) -> None:
    desk.window.state.remember("marks", {"a": 1, "b": [0], "c": [0, "view", [], None, "", None]})
    desk.window.registry.run("mark.go a")
    assert "no mark" in desk.window.messages.history[-1].text
    desk.page(3)
    desk.enter(desk["lines"])
    desk.window.registry.run("mark.go c")
    assert desk.view.hasFocus()
    desk.window.state.remember("marks", None)


def test_any_view_is_gone_to_by_its_id_on_pages_that_were_never_shown(desk: Desk) -> None:
    for name, page in (("branches", 9), ("one_find", 10), ("lines", 3), ("view", 3)):
        desk.window.registry.run(f"view.go {name}")
        found = desk[name]
        spin_until(lambda found=found: found.hasFocus() or found.isAncestorOf(desk.focus()))
        assert desk["pages"].current() == page
    back(desk)
    assert desk["lines"].hasFocus()
    desk.window.registry.run("view.go vew")
    assert "no view" in desk.window.messages.history[-1].text


def test_tabs_turn_from_wherever_the_focus_is(desk: Desk) -> None:
    press(desk, (Qt.Key.Key_Tab, _CONTROL))
    assert desk["pages"].current() == 1
    press(desk, (Qt.Key.Key_Backtab, _CONTROL | _SHIFT))
    assert desk["pages"].current() == 0


def test_keys_of_vim_lead_there_too(desk: Desk) -> None:
    desk.window.session.config.set("keys.map", "vim")
    press(desk, (Qt.Key.Key_W, _CONTROL), (Qt.Key.Key_L, _NONE))
    spin_until(lambda: desk["edit"].isAncestorOf(desk.focus()))
    press(desk, (Qt.Key.Key_O, _CONTROL))
    assert desk.view.hasFocus()
    press(desk, (Qt.Key.Key_I, _CONTROL))
    assert desk["edit"].isAncestorOf(desk.focus())
    desk.window.session.config.set("keys.map", "default")


def test_layouts_within_layouts_are_walked_in_their_order(qapp: Any) -> None:
    from shell.focus_order import children

    home = QWidget()
    outer, inner, table = QVBoxLayout(home), QHBoxLayout(), QGridLayout()
    words = [QLabel(str(at), home) for at in range(6)]
    outer.addWidget(words[3])
    outer.insertLayout(0, inner)
    outer.addLayout(table)
    inner.addWidget(words[1])
    inner.insertWidget(0, words[0])
    table.addWidget(words[4], 1, 0)
    table.addWidget(words[2], 0, 0)
    assert [word.text() for word in children(home)] == ["0", "1", "3", "4", "2", "5"]
    assert QApplication.instance() is not None
    home.deleteLater()


def test_commands_for_rows_mean_no_view_of_a_page_that_was_left(desk: Desk) -> None:
    desk.page(3)
    desk.enter(desk["lines"])
    desk.enter(desk.find)
    assert desk.window.active_view() is desk["lines"]
    desk.page(4)
    assert desk.window.active_view() is desk.view
    assert desk.window.scope.read("active.id") == "view"
