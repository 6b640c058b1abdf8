"""The form by keys: all messages at once, nothing half written, in step with the grid."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from form_desk import Desk  # noqa: E402
from grid_world import World, formula  # noqa: E402

from kernel.tables.change import TableChange, Update  # noqa: E402
from layouts.node import Node  # noqa: E402
from widgets.form import Form  # noqa: E402
from widgets.form_row import FormRow  # noqa: E402

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    world = World(tmp_path)
    made = Desk(world)
    wait_until(lambda: made.grid.rows.cache.count == 300 and made.form.row and made.form.row.values)
    yield made
    made.window.close()
    world.close()


def test_all_messages_at_once_and_nothing_written(desk: Desk) -> None:
    desk.type("placed", "soon")
    desk.type("total", "much")
    QTest.keyClick(desk.line("total"), KEY.Key_S, CTRL)
    assert set(desk.form.row.messages) == {"placed", "total"}
    assert desk.world.stored("SELECT placed FROM orders WHERE id = 1") == "2026-01-02"


def test_refusal_of_the_source_stands_at_its_field(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("total", "-5")
    desk.type("remark", "new")
    QTest.keyClick(desk.line("remark"), KEY.Key_S, CTRL)
    wait_until(lambda: "total" in desk.form.row.messages)
    assert desk.world.stored("SELECT remark FROM orders WHERE id = 1") is None
    assert desk.line("total").text() == "-5"
    QTest.keyClick(desk.line("total"), KEY.Key_Escape)
    assert desk.line("total").text() == "1.00"
    assert desk.line("remark").text() == "new"
    QTest.keyClick(desk.line("total"), KEY.Key_Escape)
    assert not desk.form.has_edits()


def test_leaving_the_row_writes_it(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("total", "8.5")
    desk.grid.go(1, 0)
    wait_until(lambda: desk.world.stored("SELECT total FROM orders WHERE id = 1") == 8.5)
    wait_until(lambda: desk.form.row.key == (2,))


def test_grid_edit_reaches_the_form(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.world.source.table("orders").commit([Update((1,), "", {"remark": "from afar"})])
    wait_until(lambda: desk.line("remark").text() == "from afar")


def test_conflict_is_shown_and_kept(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("total", "70")
    desk.world.source.table("orders").commit([Update((1,), "", {"total": 80})])
    wait_until(lambda: desk.form.bar.isVisible())
    assert "80" in desk.form.bar.text.text()
    assert desk.line("total").text() == "70"
    QTest.mouseClick(desk.form.bar.second, Qt.MouseButton.LeftButton)
    wait_until(lambda: desk.world.stored("SELECT total FROM orders WHERE id = 1") == 70)


@pytest.mark.parametrize("is_left", [False, True])
def test_a_conflict_that_nobody_answered_overwrites_nothing(
    desk: Desk, wait_until: Callable[..., None], is_left: bool
) -> None:
    desk.type("total", "70")
    desk.world.source.table("orders").commit([Update((1,), "", {"total": 80})])
    wait_until(lambda: desk.form.bar.is_asking)
    if is_left:
        desk.grid.go(1, 0)
    else:
        QTest.keyClick(desk.line("total"), KEY.Key_S, CTRL)
    QTest.qWait(0)
    assert not desk.form.row.is_writing and desk.form.bar.is_asking and desk.form.row.key == (1,)
    assert desk.world.stored("SELECT total FROM orders WHERE id = 1") == 80
    QTest.mouseClick(desk.form.bar.first if is_left else desk.form.bar.second, Qt.MouseButton.LeftButton)
    wait_until(lambda: not desk.form.has_edits())
    wait_until(lambda: desk.world.stored("SELECT total FROM orders WHERE id = 1") == (80 if is_left else 70))
    wait_until(lambda: desk.form.row.key == ((2,) if is_left else (1,)))


def test_keys_answer_the_question_and_come_back(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("total", "70")
    desk.world.source.table("orders").commit([Update((1,), "", {"total": 80})])
    wait_until(lambda: desk.form.bar.is_asking)
    line = desk.line("total")
    line.setFocus()
    QTest.keyClick(line, KEY.Key_S, CTRL)
    assert desk.form.window().focusWidget() is desk.form.bar.first
    QTest.keyClick(desk.form.bar.first, KEY.Key_Tab)
    QTest.keyClick(desk.form.window().focusWidget(), KEY.Key_Return)
    assert desk.form.window().focusWidget() is line and not desk.form.bar.isVisible()
    wait_until(lambda: desk.world.stored("SELECT total FROM orders WHERE id = 1") == 70)


def test_escape_in_the_field_answers_the_question(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("total", "70")
    desk.world.source.table("orders").commit([Update((1,), "", {"total": 80})])
    wait_until(lambda: desk.form.bar.is_asking)
    QTest.keyClick(desk.line("total"), KEY.Key_Escape)
    wait_until(lambda: desk.line("total").text() == "80.00")
    assert not desk.form.bar.isVisible() and not desk.form.has_edits()


def test_lookup_finds_by_label_and_stores_the_key(desk: Desk, wait_until: Callable[..., None]) -> None:
    editor = desk.editor("customer_id")
    wait_until(lambda: editor.line.text() == "Customer 2")
    desk.type("customer_id", "customer 44")
    wait_until(lambda: editor._list is not None and editor._list.isVisible())
    assert [label for _, label in editor._found] == ["Customer 44"]
    QTest.keyClick(editor.line, KEY.Key_Return)
    assert editor.value() == 44
    QTest.keyClick(editor.line, KEY.Key_S, CTRL)
    wait_until(lambda: desk.world.stored("SELECT customer_id FROM orders WHERE id = 1") == 44)


def test_visited_field_keeps_a_value_that_does_not_fit(desk: Desk) -> None:
    editor = desk.editor("placed")
    editor.set_value("some day")
    editor.line.setFocus()
    assert editor.line.text() == "some day"
    assert editor.value() == "some day"
    assert editor.is_valid() == ""


def test_leaving_the_grid_accepts_the_open_cell(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.grid.setFocus()
    desk.grid.go(0, 5)
    desk.grid.editing.open()
    desk.grid.editing.editor.start("91")
    desk.line("remark").setFocus()
    wait_until(lambda: desk.world.stored("SELECT total FROM orders WHERE id = 1") == 91)
    assert desk.grid.editing.editor is None


def test_the_row_behind_a_reference(desk: Desk, wait_until: Callable[..., None]) -> None:
    form = Form(Node("form", "buyer", {"of": formula("list.current.customer")}), desk.world.context, desk.window)
    name = lambda: (form.row.values or {}).get("name") if form.row else None  # noqa: E731
    wait_until(lambda: name() == f"Customer {desk.form.row.values['customer_id']}")
    before = name()
    QTest.keyClick(desk.grid, KEY.Key_Down)
    wait_until(lambda: name() not in (before, None))
    wait_until(lambda: desk.form.row.values and name() == f"Customer {desk.form.row.values['customer_id']}")
    line = next(field for field in form.fields if field.column_name == "name").editor.line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "Ada")
    QTest.keyClick(line, KEY.Key_S, CTRL)
    key = desk.form.row.values["customer_id"]
    wait_until(lambda: desk.world.stored(f"SELECT name FROM customers WHERE id = {key}") == "Ada")


def test_the_row_behind_no_reference_is_explained(desk: Desk, wait_until: Callable[..., None]) -> None:
    form = Form(Node("form", "odd", {"of": formula("list.current.status")}), desk.world.context, desk.window)
    wait_until(lambda: form.state.title.text() == "The table orders has no reference status")
    assert form.row is None


def test_a_field_with_a_wrong_text_says_what_is_wrong_and_not_that_it_is_empty(desk: Desk) -> None:
    line = desk.line("placed")
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, KEY.Key_Delete)
    QTest.keyClicks(line, "32 October")
    QTest.keyClick(line, KEY.Key_S, CTRL)
    assert "must be a date" in desk.form.row.messages["placed"]


def test_all_fields_share_their_right_edge_and_their_pitch(desk: Desk) -> None:
    parts = [field.editor.focusProxy() for field in desk.form.fields if field.editor.focusProxy() is not None]
    lines = [part for part in parts if part.metaObject().className() in ("Line", "QComboBox")]
    assert len(lines) > 2
    assert len({line.mapTo(desk.form, line.rect().topRight()).x() for line in lines}) == 1
    heights = {field.editor.height() for field in desk.form.fields if field.editor.focusProxy() in lines}
    assert heights == {desk.world.context.theme.height("control")}


def test_a_form_that_went_hears_nothing_of_its_table(desk: Desk, monkeypatch: Any) -> None:
    form = Form(Node("form", "form", {"of": formula("list.current")}), desk.world.context, desk.window)
    form.find_view()
    assert form.handle is desk.grid.handle
    shiboken6.delete(form)
    raised: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *what: raised.append(what))
    desk.grid.handle.changed.emit(TableChange("orders", updated=((2,),)))
    desk.grid.handle.away_changed.emit()
    assert raised == []


def test_answers_that_come_after_a_form_went_are_dropped(
    desk: Desk, wait_until: Callable[..., None], monkeypatch: Any
) -> None:
    raised: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *what: raised.append(what))
    handle, answers = desk.grid.handle, []
    reader, writer = FormRow(handle, desk.window), FormRow(handle, desk.window)
    writer.load((3,))
    wait_until(lambda: writer.values)
    writer.edit("total", Decimal(44))
    writer.write()
    reader.load((2,))
    shiboken6.delete(reader)
    shiboken6.delete(writer)
    handle.call(lambda _table: None, answers.append)
    wait_until(lambda: answers and not handle.is_busy)
    assert raised == []
    assert desk.world.stored("SELECT total FROM orders WHERE id = 3") == 44
