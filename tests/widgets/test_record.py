"""The record browser: the view's order, edits, references there and back, rows that refer here, many columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LAYOUT = """layout 1 title="Shop"
table orders source="orders" sort="-id"
table wide source="wide"
window {
    tabs id=pages {
        tab "Orders" { grid orders id=view; }
        tab "Wide" { list wide id=many title="id" }
    }
}
"""
SCHEMA = """
create table customers (id integer primary key, name text not null);
create table orders (id integer primary key, customer_id integer references customers (id),
  total numeric(10,2) check (total >= 0), notes longtext);
create table lines (order_id integer references orders (id), number integer, product text not null,
  primary key (order_id, number)) without rowid;
insert into customers values (1, 'Ann'), (2, 'Bob');
insert into orders values (1, 1, 10, null), (2, 2, 20, 'Gift'), (3, null, 30, null);
insert into lines values (2, 1, 'Pear'), (2, 2, 'Wire'), (1, 1, 'Post');
"""


@pytest.fixture
def window(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Any]:
    from shell.boot import boot
    from shell.session import Given

    folder = tmp_path / "shop"
    folder.mkdir()
    with sqlite3.connect(folder / "shop.sqlite") as database:
        database.executescript(SCHEMA)
        columns = ", ".join(f"column_{at:03} text" for at in range(500))
        database.execute(f"create table wide (id integer primary key, {columns})")
        database.execute("insert into wide (id, column_444) values (1, 'here')")
    database.close()
    (folder / "main.kdl").write_text(LAYOUT)
    source = '[sources.main]\nkind = "sqlite"\npath = "shop.sqlite"\n'
    (folder / "app.toml").write_text(f'name = "shop"\ntitle = "Shop"\nversion = "1"\n{source}')
    session = boot(str(folder), Given(basedir=str(tmp_path / "home")))
    made = session.windows[0]
    made.resize(1200, 700)
    made.activateWindow()
    view = made.context.widgets["view"]
    wait_until(lambda: view.rows.cache.count == 3 and view.current_key is not None)
    view.setFocus()
    wait_until(view.hasFocus)
    yield made
    made._may_lose_edits = True
    made.close()
    session.close()


def press(key: str, *modifiers: str) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    bits = Qt.KeyboardModifier.NoModifier
    for name in modifiers:
        bits |= getattr(Qt.KeyboardModifier, f"{name}Modifier")
    QTest.keyClick(QApplication.focusWidget(), key if len(key) == 1 else getattr(Qt.Key, f"Key_{key}"), bits)


@pytest.fixture
def opened(window: Any, wait_until: Callable[..., None]) -> Callable[..., Any]:
    """Opens the record of a view's current row by its key."""

    def open_record(name: str = "view") -> Any:
        from widgets.record.over import over

        view = window.context.widgets[name]
        view.setFocus()
        wait_until(lambda: view.rows.cache.count and view.hasFocus())
        press("F9")
        shown = over(view)
        assert shown is not None and shown.geometry().size() == view.size()
        wait_until(lambda: shown.record.form.row.values and window.focusWidget() is not shown.record)
        return shown.record

    return open_record


def field(record: Any, column: str) -> Any:
    return next(one for one in record.form.fields if one.column_name == column)


def stored(window: Any, tmp_path: Path, sql: str) -> Any:
    with sqlite3.connect(tmp_path / "shop" / "shop.sqlite") as database:
        row = database.execute(sql).fetchone()
    database.close()
    return row[0]


def test_it_goes_through_the_views_order_and_back_to_where_it_ended(window: Any, opened: Any, wait_until: Any) -> None:
    view = window.context.widgets["view"]
    record = opened()
    assert record.bar.position.text() == "1 of 3" and not record.bar.buttons["previous"].isEnabled()
    record.bar.buttons["last"].click()
    wait_until(lambda: record.form.row.key == (1,) and record.bar.position.text() == "3 of 3")
    press("PageUp", "Alt")
    wait_until(lambda: record.bar.position.text() == "2 of 3" and field(record, "notes").editor.value() == "Gift")
    press("Escape")
    assert view.hasFocus() and view.current_key == (2,)
    from widgets.record.over import over

    assert over(view) is None


def test_edits_are_checked_and_written(window: Any, opened: Any, wait_until: Any, tmp_path: Path) -> None:
    record = opened()
    total = field(record, "total")
    line = total.editor.focusProxy()
    line.setFocus()
    press("A", "Control")
    press("-")
    press("5")
    press("S", "Control")
    wait_until(lambda: total.message.text())
    assert stored(window, tmp_path, "select total from orders where id = 3") == 30
    # What is refused does not let the person go, nor is it lost.
    record.closed.emit()
    wait_until(lambda: not record.form.row.is_writing)
    assert record.isVisible() and total.message.text()
    assert line.text() == "-5"
    line.setFocus()
    press("A", "Control")
    press("7")
    press("F9")
    wait_until(lambda: stored(window, tmp_path, "select total from orders where id = 3") == 7)
    wait_until(lambda: window.context.widgets["view"].hasFocus())


def test_references_lead_there_and_back(window: Any, opened: Any, wait_until: Any) -> None:
    window.context.widgets["view"].go_to((2,))
    wait_until(lambda: window.context.widgets["view"].current_key == (2,))
    record = opened()
    link = record._links.layout().itemAt(0).widget()
    assert link.text() == "Customer: Bob"
    link.click()
    wait_until(lambda: record.bar.title.accessibleName() == "Customers: Bob")
    assert record.bar.back_button.isVisibleTo(record) and not record.bar.position.isVisibleTo(record)
    wait_until(lambda: [one.row_count() for one in record.related.lists] == [1])
    orders = record.related.lists[0]
    orders.setFocus()
    press("Return")
    wait_until(lambda: record.bar.title.accessibleName().startswith("Orders"))
    assert len(record.steps) == 3
    record.go_back()
    wait_until(lambda: record.bar.title.accessibleName() == "Customers: Bob")
    record.go_back()
    wait_until(lambda: record.bar.position.text() == "2 of 3" and record.form.row.values)
    assert len(record.steps) == 1


def test_rows_that_refer_here_follow_the_row(window: Any, opened: Any, wait_until: Any) -> None:
    record = opened()
    wait_until(lambda: len(record.related.lists) == 1)
    lines = record.related.lists[0]
    assert lines.accessibleName() == "Lines"
    wait_until(lambda: lines.rows.cache.count == 0 and lines.isHidden())
    press("PageDown", "Alt")
    wait_until(lambda: lines.row_count() == 2 and not lines.isHidden())
    assert lines.content.item(0).spoken().endswith("Pear")


def test_it_goes_with_its_view(window: Any, opened: Any) -> None:
    record = opened()
    window.context.widgets["pages"].set_current(1)
    assert not record.isVisible()
    window.context.widgets["pages"].set_current(0)
    assert record.isVisible()


def test_hundreds_of_columns_are_made_as_they_are_wanted(window: Any, opened: Any, wait_until: Any) -> None:
    window.context.widgets["pages"].set_current(1)
    record = opened("many")
    assert len(record.form.fields) == 40 and record.more.isVisible()
    record.bar.search.setFocus()
    for letter in "n 444":
        press(letter)
    seen = lambda: [one.column_name for one in record.form.fields if one.isVisibleTo(record)]  # noqa: E731
    wait_until(lambda: seen() == ["column_444"])
    assert field(record, "column_444").editor.value() == "here"
    record.bar.search.clear()
    wait_until(lambda: len(seen()) == 41)
    record.more.click()
    names = [one.column_name for one in record.form.fields]
    assert len(names) == 81 and names == [names[0], *sorted(names[1:])]


def test_a_row_deleted_elsewhere_is_told(window: Any, opened: Any, wait_until: Any, tmp_path: Path) -> None:
    from kernel.tables.change import Delete

    record = opened()
    field(record, "notes").editor.focusProxy().setFocus()
    press("x")
    record.form.handle.table().commit([Delete((3,), "")])
    wait_until(lambda: "deleted meanwhile" in record.form.bar.text.text())


def test_without_a_row_it_says_so(window: Any, wait_until: Any) -> None:
    view = window.context.widgets["view"]
    view.rows.set_filter("false", {})
    wait_until(lambda: view.rows.cache.count == 0 and view.current_key is None)
    press("F9")
    from widgets.record.over import over

    assert over(view) is None
    assert any("no row" in str(message) for message in window.messages.shown)


def test_a_row_that_belongs_to_the_record_is_added_beside_it(
    window: Any, opened: Any, wait_until: Any, tmp_path: Path
) -> None:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QToolButton

    record = opened()
    wait_until(lambda: record.related.lists and record.related.isVisible())
    button = next(one for one in record.related.findChildren(QToolButton) if one.toolTip() == "New row of Lines")
    wait_until(button.isVisible)
    button.click()
    assert record.bar.title.accessibleName() == "Lines: new row" and record.form.row.given == {"order_id": 3}
    press("Escape")
    wait_until(lambda: record.bar.title.accessibleName().startswith("Orders"))
    wait_until(lambda: record.form.row.values is not None and record.related.isVisible() and record.related.lists)
    record.related.findChild(QToolButton).click()
    # The form goes to the first field that is not given already.
    assert QApplication.focusWidget() is field(record, "number").editor.line
    QTest.keyClicks(QApplication.focusWidget(), "1")
    field(record, "product").editor.line.setFocus()
    QTest.keyClicks(QApplication.focusWidget(), "Plum")
    press("S", "Control")
    wait_until(lambda: stored(window, tmp_path, "select count(*) from lines where order_id = 3") == 1)
    wait_until(lambda: not record.form.has_edits() and record.form.row.key == (3, 1))
    press("Left", "Alt")
    wait_until(lambda: record.related is not None and record.related.lists and record.related.lists[0].row_count() == 1)


def test_a_new_row_of_a_grid_is_begun_in_its_record(
    window: Any, opened: Any, wait_until: Any, tmp_path: Path
) -> None:
    view = window.context.widgets["view"]
    record = opened()
    press("N", "Control")
    assert record.form.row.is_new and view.editing.draft is None
    field(record, "notes").editor.setFocus()
    press("X")
    press("S", "Control")
    wait_until(lambda: stored(window, tmp_path, "select count(*) from orders") == 4)
    wait_until(lambda: view.current_key == (4,) and record.bar.position.text() == "1 of 4")


def test_nothing_of_the_list_beneath_speaks_over_it(window: Any, opened: Any) -> None:
    view = window.context.widgets["view"]
    view.editing.notice.say("Said before")
    assert view.editing.notice.text == "Said before"
    record = opened()
    assert view.editing.notice.text == ""
    view.editing.notice.say("Said behind")
    assert not view.editing.notice.bubble.isVisible()
    record.parentWidget().close_over()
    view.editing.notice.say("Said after")
    assert view.editing.notice.bubble.isVisible()


def test_it_lies_below_a_card(window: Any, opened: Any) -> None:
    window.registry.run("edit.show-history")
    card = window.cards.made["history"]
    assert card.isVisible()
    over = opened().parentWidget()
    for _ in range(2):
        parts = [part for part in window.children() if part in (over, card)]
        assert parts == [over, card]
        over.appear()
