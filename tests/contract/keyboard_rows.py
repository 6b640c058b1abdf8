"""The keyboard contracts of lists, cards, records and pivots."""

from __future__ import annotations

from typing import Any

from tests.contract.keyboard_desk import Desk


def items_contract(desk: Desk, page: int, name: str) -> None:
    """What lists and cards have in common."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QLineEdit

    desk.page(page)
    view = desk[name]
    desk.wait(lambda: view.rows.cache.count == 40)
    desk.enter(view)
    desk.press("End")
    assert view.current_row == 39
    desk.press("Home")
    assert view.current_row == 0
    desk.press("PageDown")
    far = view.current_row
    assert far > 0
    desk.press("PageUp")
    assert view.current_row == 0
    desk.type("item 17")
    assert view.current_row == 16
    desk.press("Down", "Shift")
    desk.press("Up", "Shift")
    desk.press("Up", "Shift")
    assert view.selection.row_total() > 1
    desk.press("Escape")
    assert view.selection.row_total() == 1
    desk.press("A", "Control")
    assert view.selection.row_total() == 40
    desk.press("Home")
    desk.press("Space", "Control")
    desk.press("Down")
    desk.press("Home")
    desk.press("C", "Control")
    assert QApplication.clipboard().text().startswith("item 01")
    desk.press("F10", "Shift")
    menu = QApplication.activePopupWidget()
    assert menu.activeAction() is not None
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    desk.window.activateWindow()  # No window manager gives the focus back here.
    desk.enter(view)
    desk.press("F9")
    desk.wait(lambda: isinstance(desk.focus(), QLineEdit) and desk.focus().text() == "1")
    desk.press("PageDown", "Alt")
    desk.wait(lambda: view.current_row == 1)
    desk.press("F9")
    assert desk.focus() is view and view.current_row == 1
    rows_by_key(desk, view)


def rows_by_key(desk: Desk, view: Any) -> None:
    """Rename, new row, duplicate, delete; the row that was current is so again."""
    from widgets.record.over import over

    desk.press("F2")
    assert view.rename.field.isVisible()
    desk.press("Escape")
    assert view.rename.field is None and desk.focus() is view
    desk.press("Insert", "Control")
    assert over(view).record.form.row.is_new
    desk.press("Escape")
    assert over(view) is None and desk.focus() is view and view.current_row == 1
    desk.press("D", "Control", "Shift")
    desk.wait(lambda: view.row_count() == 41 and view.current_key == (41,))
    desk.press("Delete", "Control")
    assert view.notice.text
    desk.press("Tab")
    desk.press("Return")
    desk.wait(lambda: view.row_count() == 40)
    view.go(1)
    desk.enter(view)


def list_contract(desk: Desk) -> None:
    items_contract(desk, 3, "lines")
    view = desk["lines"]
    desk.press("Up")
    assert view.current_row == 0
    desk.press("Down")
    assert view.current_row == 1
    desk.press("Return")
    assert desk.rung == ["ring:ring"]


def cards_contract(desk: Desk) -> None:
    from PySide6.QtWidgets import QLineEdit

    items_contract(desk, 4, "shelf")
    view = desk["shelf"]
    desk.press("Home")
    for key, row in (("Right", 1), ("Left", 0), ("Down", view.places.flow.per_line), ("Up", 0)):
        desk.press(key)
        assert view.current_row == row, key
    desk.press("Return")
    desk.wait(lambda: isinstance(desk.focus(), QLineEdit) and desk.focus().text() == "1")
    desk.press("Escape")
    assert desk.focus() is view


def record_contract(desk: Desk) -> None:
    from PySide6.QtWidgets import QLineEdit

    desk.page(5)
    record, view = desk["whole"], desk.view
    desk.wait(lambda: record.form is not None and record.form.row is not None and record.form.row.values is not None)
    record.focus_first()
    for key, row in (("End", 39), ("PageUp", 38), ("Home", 0), ("PageDown", 1)):
        desk.press(key, "Alt")
        desk.wait(lambda row=row: view.current_row == row)
    name = next(field for field in record.form.fields if field.column_name == "name").editor.line
    desk.wait(lambda: name.text() == "item 02")
    desk.enter(name)
    desk.press("End")
    desk.type("!")
    desk.press("S", "Control")
    desk.wait(lambda: desk.stored("select name from items where id = 2") == "item 02!")
    desk.wait(lambda: not record.has_edits())
    link = record._links.layout().itemAt(0).widget()
    assert link.text() == "Kind: Alpha"
    for key, modifiers in (("Left", ("Alt",)), ("Escape", ())):
        link = record._links.layout().itemAt(0).widget()
        desk.enter(link)
        desk.press("Space")
        desk.wait(lambda: record.bar.title.accessibleName() == "Kinds: Alpha")
        desk.wait(lambda: isinstance(desk.focus(), QLineEdit))
        desk.press(key, *modifiers)
        desk.wait(lambda: record.bar.title.accessibleName().startswith("Items: ") and record._links.layout().count())


def rows_behind_by_key(desk: Desk, pivot: Any) -> None:
    """The rows behind a figure, one of them whole, and back to the same cell."""
    from widgets.record.behind import RowsOver
    from widgets.record.cover import cover_of
    from widgets.record.over import over

    grid = pivot.grid
    here = grid.current_row, grid.current_column
    grid.go(0, 1)
    desk.press("F9")
    shown = cover_of(pivot, RowsOver)
    desk.wait(lambda: shown.grid.rows.cache.count == 40 and shown.grid.current_key is not None)
    assert desk.focus() is shown.grid and desk.window.active_view() is shown.grid
    shown.grid.go(2)
    desk.press("F9")
    desk.wait(lambda: over(shown.grid) is not None and over(shown.grid).record.form.row.key == (3,))
    desk.press("F9")
    assert desk.focus() is shown.grid and shown.grid.current_row == 2
    desk.press("Escape")
    assert cover_of(pivot, RowsOver) is None and desk.focus() is grid
    assert (grid.current_row, grid.current_column) == (0, 1)
    grid.go(*here)


def pivot_contract(desk: Desk) -> None:
    desk.page(6)
    pivot = desk["figures"]
    grid = pivot.grid
    desk.wait(lambda: not pivot.is_loading and grid.rows.cache.count and len(grid.columns) > 2)
    desk.enter(grid)
    grid.go(0, 0)
    for key, column in (("Right", 1), ("Left", 0), ("End", len(grid.columns) - 1), ("Home", 0)):
        desk.press(key)
        assert grid.current_column == column
    desk.press("End", "Control")
    assert grid.current_row == grid.row_count() - 1
    desk.press("Return")
    told = desk.window.context.scope.read("figures.current")
    assert len(told["row_1"]) == 1 and told["column_1"]
    rows_behind_by_key(desk, pivot)
    desk.press("A", "Control")
    assert grid.selection.is_several()
    desk.press("K", "Alt")
    assert desk.focus().text() == "Kind"
    desk.press("Right", "Control")
    desk.wait(lambda: not pivot.is_loading and pivot.fields.rows == ())
    assert len(pivot.fields.columns) == 2
    desk.press("Delete")
    assert len(pivot.fields.columns) == 1
    desk.press("Escape")
    assert desk.focus() is grid


def tree_contract(desk: Desk) -> None:
    from widgets.record.over import over

    desk.page(9)
    view = desk["branches"]

    def has(count: int) -> None:
        desk.wait(lambda: view.row_count() == count and not view.rows.is_loading)

    has(2)
    desk.enter(view)
    view.go(0, 0)
    desk.press("Right")
    has(4)
    desk.press("Down")
    desk.press("Left")
    assert view.current_row == 0
    for count in (2, 4):
        desk.press("Space")
        has(count)
    desk.press("Left")
    has(2)
    desk.press("*")
    has(5)
    view.go(2, 1)
    desk.press("F9")
    form = over(view).record.form
    desk.wait(lambda: desk.focus() is not None and form.isAncestorOf(desk.focus()) and form.row.key == (3,))
    desk.press("F9")
    assert desk.focus() is view and view.current_key == (3,)
    desk.press("Insert", "Control")
    assert view.editing.draft.values["part_of"] == 3
    desk.press("Escape")
    view.go(0, 0)
    desk.press("T", "Alt")
    desk.wait(lambda: view.outline is None and view.row_count() == 5)
    desk.press("T", "Alt")
    desk.wait(lambda: view.outline is not None)
