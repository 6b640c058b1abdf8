"""A view that fills the window and goes back, and second views beside the body, by keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.conftest import spin_until
from tests.contract.keyboard_desk import Desk, opened_desk

_CONTROL, _SHIFT, _NONE = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
)  # fmt: skip


@pytest.fixture(scope="module")
def opened(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from opened_desk(tmp_path_factory.mktemp("panes"), spin_until)


@pytest.fixture
def desk(opened: Desk) -> Iterator[Desk]:
    opened.window.activateWindow()
    opened.page(0)
    opened.enter(opened.view)
    opened.view.go(0, 0)
    yield opened
    from shell.panes import end_all

    end_all(opened.window)


def press(desk: Desk, *keys: tuple[Any, Any]) -> None:
    for key, modifiers in keys:
        QTest.keyClick(desk.window.windowHandle(), key, modifiers)


def more(desk: Desk, key: Any, modifiers: Any = _NONE) -> None:
    """A sequence that begins with Ctrl+K."""
    press(desk, (Qt.Key.Key_K, _CONTROL), (key, modifiers))


def panes(desk: Desk) -> list[Any]:
    from shell.panes import panes_of

    return panes_of(desk.window).panes


def test_a_view_fills_the_window_and_goes_back_as_it_was(desk: Desk) -> None:
    main = desk["main"]
    before, sizes = desk.view.size(), main.sizes()
    desk.view.go(5, 2)
    more(desk, Qt.Key.Key_Z)
    spin_until(lambda: desk.view.width() > 0.9 * desk.window.width())
    assert desk.view.hasFocus() and not desk.window.body.isVisible() and not desk.find.isVisible()
    press(desk, (Qt.Key.Key_Down, _NONE))
    assert desk.view.current_row == 6, "it goes on"
    more(desk, Qt.Key.Key_Z)
    spin_until(lambda: desk.view.size() == before)
    assert desk.window.body.isVisible() and desk.view.hasFocus() and desk.view.current_row == 6
    assert main.sizes() == sizes and main.indexOf(desk.view) == 0


def test_a_form_with_typed_text_keeps_it(desk: Desk) -> None:
    amount = desk.field("amount").editor
    desk.enter(amount)
    desk.window.registry.run("view.zoom")
    assert desk["edit"].isVisible() and not desk.view.isVisible() and amount.isAncestorOf(desk.focus())
    desk.focus().selectAll()
    desk.type("77")
    desk.window.registry.run("view.zoom")
    assert desk.focus().text() == "77" and desk.view.isVisible()
    desk.press("Escape")


def test_a_second_view_goes_its_own_way_and_closes(desk: Desk) -> None:
    desk.view.go(12, 1)
    before = set(desk.window.context.widgets), len(desk.window.context.built)
    more(desk, Qt.Key.Key_S)
    (pane,) = panes(desk)
    second = pane.view
    assert second.hasFocus() and second is not desk.view and second.handle is desk.view.handle
    spin_until(lambda: second.row_count() == 40 and second.current_row == 12)
    second.go(3)
    assert (second.current_row, desk.view.current_row) == (3, 12)
    assert pane.geometry().left() >= desk.window.body.geometry().right()
    more(desk, Qt.Key.Key_S, _SHIFT)
    assert len(panes(desk)) == 2 and panes(desk)[1].y() > panes(desk)[0].y()
    more(desk, Qt.Key.Key_Left)
    assert desk.window.body.isAncestorOf(desk.focus()), "by direction into the body"
    more(desk, Qt.Key.Key_Right)
    assert any(pane.isAncestorOf(desk.focus()) for pane in panes(desk))
    more(desk, Qt.Key.Key_W)
    assert len(panes(desk)) == 1
    more(desk, Qt.Key.Key_W)
    assert panes(desk) == [] and desk.window.content is desk.window.body and desk.window.body.isVisible()
    assert desk.window.body.isAncestorOf(desk.focus())
    assert (set(desk.window.context.widgets), len(desk.window.context.built)) == before
    more(desk, Qt.Key.Key_W)
    assert "no second view" in desk.window.messages.history[-1].text


def test_a_second_view_moves_and_both_hear_of_a_change(desk: Desk) -> None:
    more(desk, Qt.Key.Key_S)
    (pane,) = panes(desk)
    spin_until(lambda: pane.view.row_count() == 40 and pane.view.current_key is not None)
    more(desk, Qt.Key.Key_Left, _SHIFT)
    assert pane.x() < desk.window.body.x() and pane.view.hasFocus()
    name = next(at for at, column in enumerate(desk.view.columns) if column.path == "name")
    pane.view.go(1, name)
    desk.type("new")
    desk.press("Return")
    spin_until(lambda: desk.view.cell_text(1, name) == "new")


def test_an_app_built_anew_has_no_second_views(desk: Desk) -> None:
    desk.enter(desk.find)
    desk.window.registry.run("view.split")
    spin_until(lambda: len(panes(desk)) == 1)
    desk.window.registry.run("view.zoom")
    desk.window.show_layout(desk.window.layout_tree)
    assert panes(desk) == [] and desk.window.content is desk.window.body
    spin_until(desk.window.body.isVisible)
    desk.view, desk.find = desk["view"], desk["find"]
    spin_until(lambda: desk.view.row_count() == 40)


def test_tabs_close_and_come_back_by_keys(desk: Desk) -> None:
    pages = desk["pages"]
    desk.page(1)
    desk.enter(pages)
    press(desk, (Qt.Key.Key_F4, _CONTROL))
    assert pages.tabs()[pages.current()].title == "Inner" and not pages.tabs()[1].is_seen
    press(desk, (Qt.Key.Key_Tab, _CONTROL), (Qt.Key.Key_Backtab, _CONTROL | _SHIFT))
    press(desk, (Qt.Key.Key_Backtab, _CONTROL | _SHIFT))
    assert pages.tabs()[pages.current()].title == "Form", "closed ones are passed over"
    press(desk, (Qt.Key.Key_T, _CONTROL | _SHIFT))
    assert pages.current() == 1 and pages.tabs()[1].is_seen
    press(desk, (Qt.Key.Key_T, _CONTROL | _SHIFT))
    assert "no tab was closed" in desk.window.messages.history[-1].text
