"""Rows added, duplicated, renamed and deleted in lists and cards, by keys in a real window."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LAYOUT = """layout 1 title="People"
table people source="people" sort="name"
table talks source="talks" filter="person_id == alone.current.id"
window {
    tabs id=pages {
        tab "Alone" { list people id=alone title="name" subtitle="kind" filter="kind == 'work'" }
        tab "Beside" {
            split {
                list people id=beside title="name" stretch=1
                form id=edit of=beside.current { field name; field kind; field phone }
            }
        }
        tab "Cards" { cards people id=shelf title="name" trailing="phone" }
        tab "Talks" { list talks id=talk title="about" }
        tab "Both" { list people id=both title="{name} {phone}" }
        tab "Closed" { list people id=closed title="name" editable=#false }
    }
}
"""
SCHEMA = """
create table people (id integer primary key, name text not null unique check (name <> ''),
  kind text not null default 'work' check (kind in ('work', 'friend')), phone text);
create table talks (id integer primary key, person_id integer not null references people (id), about text not null);
insert into people values (1, 'Ada', 'work', '01'), (2, 'Bob', 'work', '02'), (3, 'Cid', 'friend', null);
insert into talks values (1, 1, 'Bearings'), (2, 2, 'Pears');
"""


class Desk:
    """The window, and a person's keys."""

    def __init__(self, window: Any, path: Path, wait_until: Callable[..., None]) -> None:
        self.window, self.path, self.wait = window, path, wait_until

    def __getitem__(self, name: str) -> Any:
        return self.window.context.widgets[name]

    def enter(self, page: int, name: str, row: int | None = 0) -> Any:
        """Go to a row of a view, once it is there; None: to a view that has none."""
        self["pages"].set_current(page)
        view = self[name]
        self.wait(lambda: not view.rows.is_loading and view.row_count() > (-1 if row is None else row))
        view.setFocus()
        self.wait(view.hasFocus)
        if row is not None:
            view.go(row)
            self.wait(lambda: view.current_key is not None and view.current_row == row)
        return view

    def focus(self) -> Any:
        from PySide6.QtWidgets import QApplication

        return QApplication.focusWidget()

    def press(self, key: str, *modifiers: str) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        bits = Qt.KeyboardModifier.NoModifier
        for name in modifiers:
            bits |= getattr(Qt.KeyboardModifier, f"{name}Modifier")
        QTest.keyClick(self.focus(), key if len(key) == 1 else getattr(Qt.Key, f"Key_{key}"), bits)

    def type(self, text: str) -> None:
        from PySide6.QtTest import QTest

        QTest.keyClicks(self.focus(), text)

    def stored(self, sql: str) -> Any:
        database = sqlite3.connect(self.path)
        try:
            row = database.execute(sql).fetchone()
        finally:
            database.close()
        return row[0] if row else None

    def over(self, view: Any) -> Any:
        """The record that covers a view."""
        from widgets.record.over import over

        return over(view)

    def undo(self) -> None:
        self.wait(lambda: self.window.context.scope.read("history.undo"))
        self.press("Z", "Control")


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    from shell.boot import boot
    from shell.session import Given

    folder = tmp_path / "people"
    folder.mkdir()
    path = folder / "people.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
    database.close()
    (folder / "main.kdl").write_text(LAYOUT)
    source = '[sources.main]\nkind = "sqlite"\npath = "people.sqlite"\n'
    (folder / "app.toml").write_text(f'name = "people"\ntitle = "People"\nversion = "1"\n{source}')
    session = boot(str(folder), Given(basedir=str(tmp_path / "home")))
    window = session.windows[0]
    window.resize(1000, 600)
    window.activateWindow()
    yield Desk(window, path, wait_until)
    window._may_lose_edits = True
    window.close()
    session.close()


def test_a_new_row_is_typed_in_a_record_over_the_list(desk: Desk) -> None:
    view = desk.enter(0, "alone")
    assert view.row_count() == 2
    desk.press("Insert", "Control")
    record = desk.over(view).record
    assert record.bar.title.accessibleName() == "People: new row"
    name = next(field for field in record.form.fields if field.column_name == "name")
    assert desk.focus() is name.editor.line
    desk.type("Aaron")
    desk.press("S", "Control")
    desk.wait(lambda: desk.stored("select kind from people where name = 'Aaron'") == "work")
    desk.wait(lambda: view.current_key == (4,) and view.current_row == 0 and view.row_count() == 3)
    desk.wait(lambda: record.bar.title.accessibleName() == "People: Aaron")
    desk.press("F9")
    assert desk.over(view) is None and desk.focus() is view
    desk.undo()
    desk.wait(lambda: desk.stored("select count(*) from people") == 3)
    desk.wait(lambda: view.row_count() == 2)


def test_a_new_row_that_is_given_up_leads_back(desk: Desk) -> None:
    view = desk.enter(0, "alone", 1)
    desk.press("N", "Control")
    assert desk.over(view) is not None
    desk.press("Escape")
    assert desk.over(view) is None and desk.focus() is view and view.current_row == 1
    desk.press("Insert", "Control")
    desk.type("x")
    desk.press("Escape")
    assert desk.over(view) is not None
    desk.press("Escape")
    assert desk.over(view) is None
    assert desk.stored("select count(*) from people") == 3


def test_a_refused_new_row_stays_with_its_message(desk: Desk) -> None:
    view = desk.enter(0, "alone")
    desk.press("Insert", "Control")
    form = desk.over(view).record.form
    field = next(field for field in form.fields if field.column_name == "name")
    desk.press("S", "Control")
    desk.wait(lambda: field.message.text() == "Name is required")
    field.editor.line.setFocus()
    desk.type("Ada")
    desk.press("S", "Control")
    desk.wait(lambda: bool(form.row.messages))
    assert form.row.is_new and form.has_edits() and field.editor.line.text() == "Ada"
    assert desk.stored("select count(*) from people") == 3


def test_the_form_beside_takes_the_new_row(desk: Desk) -> None:
    view, form = desk.enter(1, "beside"), desk["edit"]
    desk.press("Insert", "Control")
    assert desk.over(view) is None and form.isAncestorOf(desk.focus()) and form.row.is_new
    assert form.bar.isVisible() and "new row" in form.bar.text.text()
    desk.type("Bert")
    # Going on to another row writes it, as everywhere.
    view.setFocus()
    desk.press("End")
    desk.wait(lambda: desk.stored("select count(*) from people where name = 'Bert'") == 1)
    desk.wait(lambda: view.row_count() == 4 and form.row.key == (3,) and not form.row.is_new)
    desk.enter(1, "beside")
    desk.press("Insert", "Control")
    desk.press("Escape")
    assert not form.row.is_new and desk.focus() is view
    desk.wait(lambda: form.row.key == (1,) and form.row.values is not None)


def test_edits_of_the_row_before_are_written_first(desk: Desk) -> None:
    desk.enter(1, "beside")
    form = desk["edit"]
    desk.wait(lambda: form.row.values is not None)
    phone = next(field for field in form.fields if field.column_name == "phone").editor.line
    phone.setFocus()
    phone.selectAll()
    desk.type("99")
    desk.press("N", "Control")
    desk.wait(lambda: form.row.is_new)
    assert desk.stored("select phone from people where id = 1") == "99"


def test_rows_are_duplicated_and_deleted_and_come_back(desk: Desk) -> None:
    view = desk.enter(3, "talk")
    desk.wait(lambda: view.row_count() == 1)
    desk.press("D", "Control", "Shift")
    desk.wait(lambda: desk.stored("select count(*) from talks where about = 'Bearings'") == 2)
    desk.wait(lambda: view.row_count() == 2 and view.current_key == (3,))
    desk.press("A", "Control")
    desk.press("Delete", "Control")
    assert view.notice.text.startswith("Delete these 2 rows, “Bearings” to “Bearings”?")
    desk.press("Tab")
    desk.press("Return")
    desk.wait(lambda: desk.stored("select count(*) from talks") == 1)
    desk.wait(lambda: view.row_count() == 0)
    view.setFocus()
    desk.undo()
    desk.wait(lambda: desk.stored("select count(*) from talks") == 3 and view.row_count() == 2)


def test_a_detail_row_belongs_to_its_master(desk: Desk) -> None:
    desk.enter(0, "alone", 1)
    view = desk.enter(3, "talk")
    desk.wait(lambda: view.row_count() == 1 and view.content.item(0).title == "Pears")
    view.setFocus()
    desk.press("Insert", "Control")
    form = desk.over(view).record.form
    assert form.row.value("person_id") == 2
    desk.type("Wires")
    desk.press("S", "Control")
    desk.wait(lambda: desk.stored("select person_id from talks where about = 'Wires'") == 2)


def test_without_a_master_there_is_no_new_row(desk: Desk) -> None:
    desk.enter(0, "alone")
    desk.window.context.scope.publish("alone.current", None)
    view = desk.enter(3, "talk", None)
    desk.wait(lambda: view.row_count() == 0)
    desk.press("Insert", "Control")
    assert "belong to another one" in view.notice.text and desk.over(view) is None


def test_a_title_is_renamed_where_it_stands(desk: Desk) -> None:
    for page, name in ((0, "alone"), (2, "shelf")):
        view = desk.enter(page, name)
        old = view.content.item(0).title
        desk.press("F2")
        line = view.rename.field.line
        assert desk.focus() is line and line.selectedText() == old
        assert view.viewport().rect().contains(view.rename.field.geometry())
        desk.type(f"{old}!")
        assert view.has_edits()
        desk.press("Return")
        assert desk.focus() is view and view.content.item(0).title == f"{old}!"
        desk.wait(lambda old=old: desk.stored(f"select count(*) from people where name = '{old}!'") == 1)
        desk.wait(lambda view=view: not view.has_edits())
    desk.undo()
    desk.wait(lambda: desk.stored("select name from people where id = 1") == "Ada!")


def test_a_refused_title_comes_back_with_the_reason(desk: Desk) -> None:
    view = desk.enter(0, "alone")
    desk.press("F2")
    desk.type("Bob")
    desk.press("Return")
    desk.wait(lambda: view.rename.field is not None and view.notice.text != "")
    assert view.rename.field.line.text() == "Bob"
    desk.press("Escape")
    assert view.rename.field is None and view.content.item(0).title == "Ada"
    desk.press("F2")
    desk.press("Backspace")
    desk.press("Return")
    assert view.rename.field is not None and view.notice.text == "Name is required"


def test_a_title_that_somebody_else_changed_is_asked_about(desk: Desk) -> None:
    from PySide6.QtWidgets import QPushButton

    view = desk.enter(0, "alone")
    desk.press("F2")
    desk.type("Mine")
    view.rename._version, view.rename._seen = "stale", "What was seen"
    desk.press("Return")
    desk.wait(lambda: view.notice.text.startswith("It was renamed to “Ada” meanwhile; yours is “Mine”"))
    keep = next(one for one in view.notice.bubble.findChildren(QPushButton) if one.text() == "Keep mine")
    keep.click()
    desk.wait(lambda: desk.stored("select name from people where id = 1") == "Mine")


def test_what_cannot_be_done_is_said(desk: Desk) -> None:
    view = desk.enter(4, "both")
    desk.press("F2")
    assert view.rename.field is None and "open the row" in view.notice.text
    view = desk.enter(5, "closed")
    for key in (("Insert", "Control"), ("Delete", "Control"), ("D", "Control", "Shift"), ("F2",)):
        view.notice.hide()
        view.setFocus()
        desk.press(*key)
        assert "only shown here" in view.notice.text
    assert desk.stored("select count(*) from people") == 3


def test_the_menu_offers_what_the_keys_do(desk: Desk) -> None:
    from widgets.items.menu import make_menu

    def offered(name: str) -> set[str]:
        menu = make_menu(desk[name])
        texts = {action.text().partition("\t")[0] for action in menu.actions() if action.isEnabled() and action.text()}
        menu.deleteLater()
        return texts

    desk.enter(0, "alone")
    everything = {"Show the row whole", "Copy", "Select everything", "Rename", "New row", "Duplicate row",
                  "Delete row…", "Show history of this row", "Export rows…", "Import rows…"}  # fmt: skip
    assert offered("alone") == everything
    desk.enter(4, "both")
    assert offered("both") == everything - {"Rename"}
    desk.enter(5, "closed")
    assert offered("closed") == everything - {"Rename", "New row", "Duplicate row", "Delete row…", "Import rows…"}


def test_commands_act_on_lists(desk: Desk) -> None:
    view = desk.enter(0, "alone")
    run = desk.window.context.commands.run
    run("row.rename")
    assert view.rename.field is not None
    desk.press("Escape")
    run("select.all")
    assert view.selection.row_total() == 2
    run("row.export")
    card = desk.window.cards.made["export"]
    assert card.isVisible()
    card.close_card()
    view.setFocus()
    run("row.delete")
    assert view.notice.text.startswith("Delete these 2 rows")


def test_a_new_row_that_the_filter_leaves_out_is_told_and_shown(desk: Desk) -> None:
    from PySide6.QtWidgets import QPushButton

    view = desk.enter(0, "alone")
    desk.press("Insert", "Control")
    form = desk.over(view).record.form
    desk.type("Dee")
    form.row.edit("kind", "friend")
    desk.press("S", "Control")
    desk.wait(lambda: view.notice.text.startswith("The new row is saved. The filter leaves it out here"))
    assert desk.stored("select kind from people where name = 'Dee'") == "friend"
    next(one for one in view.notice.bubble.findChildren(QPushButton) if one.text() == "Show it").click()
    desk.wait(lambda: view.row_count() == 3 and view.current_key == (4,))
    view.setFocus()
    desk.press("R", "Alt")
    desk.wait(lambda: view.row_count() == 2)


def test_a_row_that_an_edit_takes_out_of_the_list_stays_and_says_so(desk: Desk) -> None:
    view = desk.enter(0, "alone")
    told = []
    view.handle.commit([_update((1,), {"kind": "friend"})], told.append)
    desk.wait(lambda: view.staying is not None and view.staying.isVisible())
    assert view.staying.label.text() == "1 row no longer passes the filter. It stays here until you refresh."
    assert view.row_count() == 2
    view.staying.button.click()
    desk.wait(lambda: view.row_count() == 1 and not view.staying.isVisible())


def _update(key: tuple[Any, ...], values: dict[str, Any]) -> Any:
    from kernel.tables.change import Update

    return Update(key, "", values)


def test_a_title_that_cannot_be_written_now_stays_in_its_editor(desk: Desk) -> None:
    view = desk.enter(0, "alone")
    desk.press("F2")
    desk.type("Adela")
    view.why_not = lambda _action: "The server is away"
    desk.press("Return")
    assert view.rename.field.line.text() == "Adela" and view.notice.text == "The server is away"
    del view.why_not
    desk.press("Return")
    desk.wait(lambda: desk.stored("select name from people where id = 1") == "Adela")


def test_a_title_whose_server_goes_away_on_the_way_comes_back(desk: Desk) -> None:
    from kernel.tables.error import UnavailableError

    view = desk.enter(0, "alone")
    desk.press("F2")
    desk.type("Adela")
    commit = view.handle.commit

    def away(changes: Any, done: Any, title: str = "") -> Any:
        view.handle.commit = commit
        view.why_not = lambda _action: "The server is away"
        done(UnavailableError("the server is away"))

    view.handle.commit = away
    desk.press("Return")
    desk.wait(lambda: view.rename.field is not None)
    assert view.rename.field.line.text() == "Adela" and "server is away" in view.notice.text
    desk.press("Escape")


def test_a_row_is_shown_whole_only_when_what_is_typed_can_be_taken(desk: Desk) -> None:
    view = desk.enter(0, "alone")
    desk.press("F2")
    desk.press("Backspace")
    desk.window.registry.run("view.record")
    assert desk.over(view) is None and view.rename.field is not None and view.notice.text == "Name is required"
    desk.press("Escape")
    desk.window.registry.run("view.record")
    assert desk.over(view) is not None
