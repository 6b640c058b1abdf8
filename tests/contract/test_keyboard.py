"""Every kind's keyboard contract, pressed as keys in one real window; what a kind documents has a test here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from layouts.kinds.table import BUILT_IN
from tests.contract.keyboard_desk import Desk, opened_desk
from tests.contract.keyboard_grid import grid_contract
from tests.contract.keyboard_rows import (
    cards_contract,
    list_contract,
    pivot_contract,
    record_contract,
    tree_contract,
)


@pytest.fixture
def desk(
    qapp: Any, tmp_path: Path, wait_until: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    # Letters belong together, however long a machine takes for each.
    monkeypatch.setattr("widgets.items.jump._TOGETHER_S", 600.0)
    yield from opened_desk(tmp_path, wait_until)


# One test for each kind that documents keys; CONTRACTS at the end holds them against the kind table.


def split_borders_move(desk: Desk) -> None:
    desk.enter(desk.view)
    before = desk["main"].sizes()
    desk.press("F8")
    border = desk.focus()
    assert border is desk["main"].handle(1)
    desk.press("Right")
    desk.press("Right", "Shift")
    assert desk["main"].sizes()[0] > before[0] + 60
    desk.press("Escape")
    assert desk.focus() is desk.view
    desk.window.resize(420, 330)
    desk.wait(lambda: desk["main"].is_folding)
    for key, shown in (("Return", 1), ("Space", 0)):
        desk.press("F8")
        desk.press(key)
        assert [at for at, size in enumerate(desk["main"].sizes()) if size] == [shown]
        desk.press("Escape")
        assert desk["main"].widget(shown) is desk.focus() or desk["main"].widget(shown).isAncestorOf(desk.focus())
    desk.window.resize(1200, 700)
    desk.wait(lambda: not desk["main"].is_folding)


def tabs_turn(desk: Desk) -> None:
    pages = desk["pages"]
    desk.enter(desk.field("name").editor.line)
    desk.press("PageDown", "Control")
    assert pages.current() == 1
    desk.press("PageUp", "Control")
    assert pages.current() == 0
    assert desk.focus() is pages.focusProxy()
    desk.press("Right")
    assert pages.current() == 1
    desk.page(2)
    inner = desk["inner"]
    desk.enter(inner)
    desk.press("Down")
    assert inner.current() == 1
    desk.press("Tab", "Shift")
    desk.type("one")
    desk.press("Down")
    assert inner.current() == 0
    button = inner.focusProxy().button
    desk.window.resize(700, 700)
    desk.wait(button.isVisible)
    for opening, closing in (("Space", "Escape"), ("Return", "Return")):
        desk.enter(button)
        desk.press(opening)
        desk.press("Down" if inner.current() == 0 else "Up")
        desk.press(closing)
        assert desk.focus() is button
    assert inner.current() == 0


def scroll_scrolls(desk: Desk) -> None:
    desk.page(1)
    desk.enter(desk["long"])
    desk.press("PageDown")
    down = desk["long"].verticalScrollBar().value()
    assert down > 0
    desk.press("PageUp")
    assert desk["long"].verticalScrollBar().value() < down


def form_writes(desk: Desk) -> None:
    name, amount = desk.field("name").editor.line, desk.field("amount").editor.line
    desk.enter(name)
    desk.press("Tab")
    assert desk.focus() is amount
    desk.press("Tab", "Shift")
    assert desk.focus() is name
    desk.press("A", "Control")
    desk.type("written")
    desk.press("S", "Control")
    desk.wait(lambda: desk.stored("select name from items where id = 1") == "written")
    desk.wait(lambda: not desk["edit"].has_edits())
    desk.press("End")
    desk.type("x")
    desk.press("Tab")
    desk.type("7")
    desk.press("Escape")
    assert amount.text() == "1" and name.text() == "writtenx"
    desk.press("Escape")
    assert not desk["edit"].has_edits() and name.text() == "written"
    desk.press("A", "Control")
    desk.type("-5")
    desk.press("S", "Control")
    desk.wait(lambda: desk.field("amount").message.isVisible())
    assert desk.stored("select amount from items where id = 1") == 1 and amount.text() == "-5"


def field_opens_and_takes_back(desk: Desk) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QCalendarWidget

    lookup = desk.field("kind_id").editor
    desk.enter(lookup.line)
    for key in (("Down", "Alt"), ("F4",)):
        desk.press(*key)
        desk.wait(lambda: lookup._list is not None and lookup._list.isVisible())
        desk.press("Escape")
        assert not lookup._list.isVisible()
    desk.press("Down", "Alt")
    desk.wait(lambda: lookup._list.isVisible())
    desk.press("Down")
    desk.press("Return")
    assert lookup.value() == 2
    desk.press("Escape")
    assert lookup.value() == 1
    for key in (("Down", "Alt"), ("F4",)):
        desk.enter(desk.field("day").editor.line)
        desk.press(*key)
        desk.wait(lambda: isinstance(QApplication.activePopupWidget(), QCalendarWidget))
        QTest.keyClick(QApplication.activePopupWidget().focusWidget(), Qt.Key.Key_Escape)
        assert QApplication.activePopupWidget() is None
        desk.window.activateWindow()  # No window manager gives the focus back here.


def search_leads_to_the_view(desk: Desk) -> None:
    desk.enter(desk.view)
    desk.press("/")
    assert desk.focus() is desk.find
    desk.type("item 3/")
    assert desk.find.text() == "item 3/"
    desk.press("Backspace")
    desk.press("Down")
    assert desk.focus() is desk.view
    desk.wait(lambda: desk.view.rows.cache.count == 10)
    desk.enter(desk.find)
    desk.press("Escape")
    assert desk.find.text() == ""
    desk.wait(lambda: desk.view.rows.cache.count == 40)


def input_opens_and_takes_back(desk: Desk) -> None:
    desk.page(7)
    box = desk["tone"].editor.box
    desk.enter(box)
    for key in (("Down", "Alt"), ("F4",)):
        desk.press(*key)
        desk.wait(box.view().isVisible)
        box.hidePopup()
        desk.window.activateWindow()  # No window manager gives the focus back here.
    form = desk["called"].form
    desk.wait(lambda: bool(form.fields) and form.fields[0].editor is not None and form.row.values is not None)
    desk.enter(form.fields[0].editor.line)
    before = form.fields[0].editor.line.text()
    desk.type("x")
    assert form.has_edits()
    desk.press("Escape")
    assert not form.has_edits() and form.fields[0].editor.line.text() == before


def menubar_opens(desk: Desk) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    desk.page(8)
    bar = desk["bar"]
    bar.setActiveAction(bar.actions()[0])
    menu = bar.actions()[0].menu()
    desk.wait(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
    bar.setActiveAction(bar.actions()[0])
    desk.wait(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert desk.rung == ["ring:ring"]


def menu_opens(desk: Desk) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    desk.page(8)
    for key in ("Space", "Return", "Down"):
        desk.enter(desk["two"])
        desk.press(key)
        desk.wait(desk["two"].menu().isVisible)
        QTest.keyClick(desk["two"].menu(), Qt.Key.Key_Escape)
        assert not desk["two"].menu().isVisible()
        desk.window.activateWindow()  # No window manager gives the focus back here.


def dialog_holds_the_keys(desk: Desk) -> None:
    desk.enter(desk.find)
    desk.window.registry.run("dialog.open card")
    inside = desk["inside"]
    assert desk.focus() is inside
    desk.press("Tab")
    desk.press("Tab")
    assert desk.focus() is inside
    desk.press("Escape")
    assert desk.focus() is desk.find and not desk.window.context.dialogs["card"].is_open


def sheet_holds_the_keys(desk: Desk) -> None:
    desk.enter(desk.find)
    desk.window.registry.run("dialog.open side")
    inside = desk["within"]
    assert desk.focus() is inside
    desk.press("Tab")
    desk.press("Tab")
    assert desk.focus() is inside
    desk.press("Escape")
    assert desk.focus() is desk.find and not desk.window.context.dialogs["side"].is_open


def wizard_turns(desk: Desk) -> None:
    desk.enter(desk.find)
    wizard = desk.window.context.dialogs["steps"]
    desk.window.registry.run("dialog.open steps")
    assert desk["first"].isAncestorOf(desk.focus())
    desk.press("Tab", "Shift")
    assert desk.focus() is wizard.next
    desk.press("Tab")
    assert desk["first"].isAncestorOf(desk.focus())
    desk.press("PageDown", "Control")
    assert desk["second"].isAncestorOf(desk.focus())
    desk.press("PageUp", "Control")
    assert desk["first"].isAncestorOf(desk.focus())
    desk.press("Escape")
    assert desk.focus() is desk.find and not wizard.is_open and desk.rung == []
    desk.window.registry.run("dialog.open steps")
    desk.press("Return")
    assert desk["second"].isAncestorOf(desk.focus())
    desk.press("Return")
    assert desk.focus() is desk.find and not wizard.is_open and desk.rung == ["ring:ring"]


def button_runs(desk: Desk) -> None:
    desk.enter(desk["bell"])
    desk.press("Space")
    desk.press("Return")
    assert len(desk.rung) == 2


def link_follows(desk: Desk) -> None:
    desk.enter(desk["go"])
    desk.press("Return")
    assert len(desk.rung) == 1


def docks_are_reached(desk: Desk) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QMenu

    desk.page(10)
    one = desk["one_dock"]
    desk.wait(lambda: one.isVisible() and desk["desk"].dock("two_dock").isVisible())
    desk.enter(one.title.more)
    for key in ("Space", "Return"):
        desk.press(key)
        desk.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape)
        desk.wait(lambda: QApplication.activePopupWidget() is None)
        desk.window.activateWindow()  # No window manager gives the focus back here.
    desk.press("Tab")
    assert desk.focus() is one.title.close_button
    desk.press("Tab")
    assert desk.focus() is desk["one_find"]
    desk.press("Tab", "Shift")
    desk.press("Space")
    assert one.isHidden()
    desk.window.registry.run("dock.show one_dock")
    assert one.isVisible() and desk.focus() is desk["one_find"]
    desk.window.registry.run("dock.move-right")
    assert desk["desk"].side_of(one) == "right"


#: Kind → the test of its keys. A kind that documents keys and is not here fails ``test_every_kind_with_keys_…``.
CONTRACTS: dict[str, Callable[[Desk], None]] = {
    "split": split_borders_move,
    "docks": docks_are_reached,
    "tabs": tabs_turn,
    "scroll": scroll_scrolls,
    "grid": grid_contract,
    "form": form_writes,
    "field": field_opens_and_takes_back,
    "list": list_contract,
    "cards": cards_contract,
    "record": record_contract,
    "search": search_leads_to_the_view,
    "input": input_opens_and_takes_back,
    "pivot": pivot_contract,
    "tree": tree_contract,
    "menubar": menubar_opens,
    "menu": menu_opens,
    "dialog": dialog_holds_the_keys,
    "sheet": sheet_holds_the_keys,
    "wizard": wizard_turns,
    "button": button_runs,
    "link": link_follows,
}


@pytest.mark.parametrize("kind", sorted(CONTRACTS))
def test_the_documented_keys_work(desk: Desk, kind: str) -> None:
    CONTRACTS[kind](desk)


def test_every_kind_with_keys_is_tested() -> None:
    assert set(CONTRACTS) == {kind.name for kind in BUILT_IN.values() if kind.keys}


def test_tab_goes_through_in_reading_order_and_shows_where_it_is(desk: Desk) -> None:
    from shell.focus_order import focus_order

    stops = focus_order(desk.window)
    desk.enter(stops[0])
    seen, unmarked = [], []
    for stop in stops:
        assert desk.focus() is stop
        seen.append(stop.mapTo(desk.window, stop.rect().topLeft()))
        lit = stop.grab().toImage()
        desk.press("Tab")
        if stop.grab().toImage() == lit:
            unmarked.append(stop)
    assert desk.focus() is stops[0]
    assert unmarked == []
    names = [desk.window.bar.find, desk.window.bar.menu, desk.find, desk["bell"], desk["go"], desk.view]
    assert stops[: len(names)] == names
    assert [stop for stop in stops if desk["edit"].isAncestorOf(stop)] == stops[len(names) + 1 :]
    for stop in reversed(stops):
        desk.press("Tab", "Shift")
        assert desk.focus() is stop


def test_panes_by_f6(desk: Desk) -> None:
    desk.enter(desk.find)
    desk.press("F6")
    assert desk.focus() is desk.view
    desk.press("F6")
    assert desk.focus() is desk["pages"].focusProxy()
    desk.press("F6")
    assert desk["edit"].isAncestorOf(desk.focus())
    desk.press("F6")
    assert desk.focus() is desk.find
    desk.press("F6", "Shift")
    assert desk["edit"].isAncestorOf(desk.focus())


def test_menu_by_key(desk: Desk) -> None:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QMenu

    desk.enter(desk.view)
    desk.press("F10")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.activeAction().text().startswith("Ring")
    from PySide6.QtCore import Qt

    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert desk.rung == ["ring:ring"] and desk.focus() is desk.view
    desk.press("F10")
    QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None and desk.focus() is desk.view


def test_every_key_is_listed(desk: Desk) -> None:
    desk.enter(desk.view)
    desk.press("F1")
    palette = desk.window.cards.palette()
    shown = {item.id for item in palette.search.items()}
    assert {f"key {binding.keys}" for binding in desk.window.registry.keymap} <= shown
    texts = {item.title for item in palette.search.items()}
    sections = {item.section for item in palette.search.items()}
    assert {"In a grid", "In a form", "In a split", "In a search"} <= sections
    assert {"Edit the cell", "Go to the search box"} <= texts
    desk.press("Escape")
    assert desk.focus() is desk.view


def test_a_command_key_of_the_app_works_while_typing(desk: Desk) -> None:
    desk.enter(desk.find)
    desk.type("gq/?.")
    assert desk.find.text() == "gq/?."
    desk.press("M", "Control")
    assert desk.rung == ["ring:ring"]


def test_the_text_size_is_kept(desk: Desk) -> None:
    before = desk.find.font().pixelSize()
    desk.enter(desk.view)
    desk.press("Plus", "Control")
    desk.press("Plus", "Control")
    assert desk.find.font().pixelSize() > before
    assert desk.window.session.config["ui.text_size"] == 1.2
    desk.press("0", "Control")
    assert desk.find.font().pixelSize() == before
    assert desk.window.session.config["ui.text_size"] == 1.0


def test_messages_go_by_key(desk: Desk) -> None:
    desk.enter(desk.view)
    desk.window.messages.report("error", "Something broke")
    assert desk.focus() is desk.view and desk.window.messages.shown
    desk.press("K", "Control")
    desk.press("M", "Control")
    assert not desk.window.messages.shown and desk.rung == []


def test_what_has_the_focus_is_in_sight(desk: Desk) -> None:
    desk.window.resize(1200, 240)
    form, last = desk["edit"], desk.field("kind_id").editor.line
    desk.wait(lambda: form.area.viewport().height() < 130)
    desk.enter(last)
    area = form.area.viewport()
    assert area.rect().contains(last.mapTo(area, last.rect().center()))
    desk.enter(desk.find)
    desk.enter(desk.field("name").editor.line)
    first = desk.field("name").editor.line
    assert area.rect().contains(first.mapTo(area, first.rect().center()))
