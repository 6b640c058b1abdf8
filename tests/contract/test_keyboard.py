"""Every kind's keyboard contract, pressed as keys in one real window; what a kind documents has a test here."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from layouts.kinds.table import BUILT_IN

LAYOUT = """layout 1 title="Keys"
table items source="items" sort="id"
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
        }
    }
}
"""
SCHEMA = """create table kinds (id integer primary key, title text not null);
insert into kinds values (1, 'Alpha'), (2, 'Beta');
create table items (id integer primary key, name text not null, amount integer check (amount >= 0), day date,
  is_new boolean not null default 0, kind_id integer references kinds (id));
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


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
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
    window._may_lose_edits = True
    window.close()
    session.close()


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


def scroll_scrolls(desk: Desk) -> None:
    desk.page(1)
    desk.enter(desk["long"])
    desk.press("PageDown")
    down = desk["long"].verticalScrollBar().value()
    assert down > 0
    desk.press("PageUp")
    assert desk["long"].verticalScrollBar().value() < down


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


def grid_contract(desk: Desk) -> None:
    grid_blocks(desk)
    edits_are_undone(desk)
    grid_selects(desk)
    grid_moves(desk)
    grid_edits(desk)
    grid_adds_and_deletes(desk)
    grid_lets_tab_out(desk)
    grid_menu_opens(desk)


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


def button_runs(desk: Desk) -> None:
    desk.enter(desk["bell"])
    desk.press("Space")
    desk.press("Return")
    assert len(desk.rung) == 2


def link_follows(desk: Desk) -> None:
    desk.enter(desk["go"])
    desk.press("Return")
    assert len(desk.rung) == 1


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


#: Kind → the test of its keys. A kind that documents keys and is not here fails ``test_every_kind_with_keys_…``.
CONTRACTS: dict[str, Callable[[Desk], None]] = {
    "split": split_borders_move,
    "tabs": tabs_turn,
    "scroll": scroll_scrolls,
    "grid": grid_contract,
    "form": form_writes,
    "field": field_opens_and_takes_back,
    "list": list_contract,
    "cards": cards_contract,
    "record": record_contract,
    "search": search_leads_to_the_view,
    "pivot": pivot_contract,
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
    shown = {item.id for item in palette._items}
    assert {f"key {binding.keys}" for binding in desk.window.registry.keymap} <= shown
    texts = {item.title for item in palette._items}
    sections = {item.section for item in palette._items}
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
