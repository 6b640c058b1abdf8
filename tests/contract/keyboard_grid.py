"""The grid's keyboard contract, step by step."""

from __future__ import annotations

from typing import Any

from tests.contract.keyboard_desk import Desk


def grid_moves(desk: Desk) -> None:
    desk.at(0, "name")
    view = desk.view
    for key, modifiers, place in (
        ("Down", (), (1, 0)), ("Right", (), (1, 1)), ("Left", (), (1, 0)), ("Up", (), (0, 0)), ("End", (), (0, 4)),
        ("Home", (), (0, 0)), ("End", ("Control",), (39, 4)), ("Home", ("Control",), (0, 0)),
        ("PageDown", (), (view.places.page_rows(), 0)), ("PageUp", (), (0, 0)),
    ):  # fmt: skip
        desk.press(key, *modifiers)
        assert (view.current_row, view.current_column) == place, key


def grid_edits(desk: Desk) -> None:
    desk.at(0, "name")
    desk.press("F2")
    desk.type("!")
    desk.press("Return")
    assert desk.view.current_row == 1
    desk.type("typed")
    desk.press("Tab")
    assert desk.view.current_column == 1 and not desk.view.is_editing()
    desk.type("9")
    desk.press("Escape")
    assert not desk.view.is_editing()
    desk.wait(lambda: not desk.view.has_edits())
    desk.press("Delete")
    desk.wait(lambda: desk.stored("select amount is null from items where id = 2") == 1)
    assert desk.stored("select name from items where id = 2") == "typed"
    assert desk.stored("select name from items where id = 1") == "!"
    desk.at(3, "is_new")
    desk.press("Space")
    desk.wait(lambda: desk.stored("select is_new from items where id = 4") == 1)


def grid_adds_and_deletes(desk: Desk) -> None:
    desk.at(0, "name")
    desk.press("Insert", "Control")
    desk.type("fresh")
    desk.press("Return")
    desk.wait(lambda: desk.view.row_key(desk.view.current_row) == (41,))
    assert desk.stored("select name from items where id = 41") == "fresh"
    desk.press("Delete", "Control")
    desk.press("Escape")
    assert desk.focus() is desk.view and desk.stored("select count(*) from items") == 41
    desk.press("Delete", "Control")
    desk.press("Tab")
    desk.press("Return")
    desk.wait(lambda: desk.stored("select count(*) from items") == 40)
    desk.at(1, "name")
    desk.press("Down", "Shift")
    desk.press("C", "Control")
    from PySide6.QtWidgets import QApplication

    assert QApplication.clipboard().text() == "typed\nitem 03"
    desk.press("Down", "Alt")
    desk.wait(lambda: desk.view.content.texts(0) and desk.view.content.texts(0)[0][0] == "typed")
    desk.press("Up", "Alt")
    desk.wait(lambda: desk.view.content.texts(0) and desk.view.content.texts(0)[0][0] == "!")


def grid_lets_tab_out(desk: Desk) -> None:
    desk.at(0, "name")
    desk.press("Tab")
    assert desk.focus() is desk["pages"].focusProxy()
    desk.press("Tab", "Shift")
    assert desk.focus() is desk.view
    desk.press("F2")
    desk.press("F6")
    assert desk.focus() is not desk.view and not desk.view.isAncestorOf(desk.focus())
    desk.wait(lambda: not desk.view.is_editing())


def grid_menu_opens(desk: Desk) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    desk.at(1, "name")
    desk.press("A", "Control")
    assert desk.view.selection.row_total() == 40
    desk.at(1, "name")
    desk.press("F10", "Shift")
    menu = QApplication.activePopupWidget()
    assert menu.activeAction().text().startswith("Copy")
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert desk.focus() is desk.view


def grid_selects(desk: Desk) -> None:
    desk.at(3, "name")
    view = desk.view
    desk.press("Down", "Shift")
    desk.press("Space", "Shift")
    assert view.selection.areas() == [(3, 0, 4, 4)]
    desk.press("F8", "Shift")
    desk.press("Down")
    desk.press("Down")
    assert view.selection.areas() == [(3, 0, 4, 4), (6, 0, 6, 0)]
    desk.press("Escape")
    desk.press("Space", "Control")
    assert view.selection.areas() == [(0, 0, 39, 0)]
    desk.press("Escape")
    assert not view.selection.is_several()


def edits_are_undone(desk: Desk) -> None:
    desk.at(4, "name")
    desk.type("ab")
    desk.press("Z", "Control")
    assert desk.focus().text() != "ab"
    desk.type("c")
    desk.press("Return")
    desk.wait(lambda: desk.window.scope.read("history.undo") == "Edit Name in Items")
    stored = desk.stored("select name from items where id = 5")
    desk.press("Z", "Control")
    desk.wait(lambda: desk.stored("select name from items where id = 5") == "item 05")
    desk.wait(lambda: desk.window.registry.title("edit.redo") == "Redo Edit Name in Items")
    desk.press("Y", "Control")
    desk.wait(lambda: desk.stored("select name from items where id = 5") == stored)
    desk.wait(lambda: desk.view.current_key == (5,))
    desk.wait(lambda: not desk.window.registry.is_enabled("edit.redo"))
    desk.press("Z", "Control")
    desk.wait(lambda: desk.window.registry.is_enabled("edit.redo"))
    desk.wait(lambda: desk["edit"].row.key == (5,) and (desk["edit"].row.values or {}).get("name") == "item 05")
    desk.enter(desk.field("name").editor.line)
    desk.press("A", "Control")
    desk.type("from the form")
    desk.press("S", "Control")
    desk.wait(lambda: desk.window.scope.read("history.undo") == "Edit row in Items")
    desk.wait(lambda: not desk.window.registry.is_enabled("edit.redo"))
    desk.enter(desk.view)
    desk.press("Z", "Control")
    desk.wait(lambda: desk.stored("select count(*) from items where name = 'from the form'") == 0)
    desk.press("K", "Control")
    desk.press("Z", "Control")
    card = desk.window.cards.made["history"]
    desk.wait(lambda: card.isVisible() and card.grid.rows.cache.count == len(_edits(desk)))
    desk.press("Escape")
    assert desk.focus() is desk.view


def grid_blocks(desk: Desk) -> None:
    from PySide6.QtWidgets import QApplication

    def amounts() -> Any:
        inner = "select coalesce(amount, '-') as amount from items where id in (11, 12, 13) order by id"
        return desk.stored(f"select group_concat(amount) from ({inner})")

    desk.at(10, "amount")
    desk.press("Down", "Shift")
    desk.press("C", "Control", "Shift")
    assert QApplication.clipboard().text() == "Amount\n11\n12"
    desk.press("X", "Control")
    desk.wait(lambda: amounts() == "-,-,13")
    desk.press("C", "Control")
    QApplication.clipboard().setText("5")
    desk.press("V", "Control")
    desk.wait(lambda: amounts() == "5,5,13")
    desk.press("Down", "Shift")
    desk.wait(lambda: not desk.view.block.work.is_busy)
    desk.press("D", "Control")
    desk.wait(lambda: amounts() == "5,5,5" and not desk.view.block.work.is_busy)
    desk.type("8")
    desk.press("Return", "Control")
    desk.wait(lambda: amounts() == "8,8,8" and not desk.view.block.work.is_busy)
    desk.at(10, "name")
    desk.press("Right", "Shift")
    desk.press("R", "Control")
    desk.wait(lambda: desk.view.block.work.preview is not None and desk.view.block.work.preview.isVisible())
    desk.press("Escape")
    desk.at(10, "name")
    desk.press("D", "Control", "Shift")
    desk.wait(lambda: desk.stored("select count(*) from items where name = 'item 11'") == 2)
    desk.wait(lambda: not desk.view.block.work.is_busy and desk.view.rows.cache.count == 41)
    for count in range(5):
        desk.wait(lambda: desk.window.registry.is_enabled("edit.undo"))
        desk.press("Z", "Control")
        desk.wait(lambda count=count: len([1 for one in _edits(desk) if one.state == "undone"]) == count + 1)
    desk.wait(lambda: amounts() == "11,12,13" and desk.view.rows.cache.count == 40)


def _edits(desk: Desk) -> list[Any]:
    return desk.window.tables.open_history().journal.entries


def grid_shows_a_row_whole(desk: Desk) -> None:
    from widgets.record.over import over

    desk.at(3, "amount")
    desk.press("F9")
    assert over(desk.view) is not None
    form = over(desk.view).record.form
    desk.wait(lambda: desk.focus() is not None and form.isAncestorOf(desk.focus()))
    desk.press("PageDown", "Alt")
    desk.wait(lambda: desk.view.current_row == 4)
    desk.press("F9")
    assert over(desk.view) is None and desk.focus() is desk.view and desk.view.current_row == 4


def grid_contract(desk: Desk) -> None:
    grid_blocks(desk)
    edits_are_undone(desk)
    grid_selects(desk)
    grid_moves(desk)
    grid_edits(desk)
    grid_adds_and_deletes(desk)
    grid_lets_tab_out(desk)
    grid_shows_a_row_whole(desk)
    grid_menu_opens(desk)
