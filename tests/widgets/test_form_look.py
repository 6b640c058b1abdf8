"""How a form stands in little room, and how it words a conflict."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from form_desk import Desk  # noqa: E402
from grid_world import World  # noqa: E402

from kernel.tables.change import Update  # noqa: E402
from widgets.format import writer  # noqa: E402

_NOTE = "ALTER TABLE orders ADD COLUMN note TEXT; UPDATE orders SET note = 'one\ntwo', remark = 'old'"


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    world = World(tmp_path, more=_NOTE)
    made = Desk(world)
    wait_until(lambda: made.grid.rows.cache.count == 300 and made.form.row and made.form.row.values)
    yield made
    made.window.close()
    world.close()


def resize(desk: Desk, width: int, height: int) -> None:
    """Give the form another size."""
    desk.window.resize(900, height)
    desk.window.setSizes([width, 900 - width])


def field(desk: Desk, column: str) -> Any:
    """A column's field."""
    return next(one for one in desk.form.fields if one.column_name == column)


def test_a_long_text_is_whole_in_a_low_form(desk: Desk, wait_until: Callable[..., None]) -> None:
    resize(desk, 420, 200)
    note = field(desk, "note")
    wait_until(lambda: desk.form.height() <= 200 and desk.form.area.verticalScrollBar().maximum() > 0)
    assert note.editor.text.height() > desk.world.context.theme.height("control")
    assert note.height() >= note.editor.height() >= note.editor.text.height()


def test_a_narrow_form_holds_labels_closer_to_their_fields_than_fields_to_each_other(
    desk: Desk, wait_until: Callable[..., None]
) -> None:
    resize(desk, 220, 700)
    total, remark = field(desk, "total"), field(desk, "remark")
    top = lambda widget: widget.mapTo(desk.form, widget.rect().topLeft()).y()  # noqa: E731
    wait_until(lambda: top(total.label) + total.label.height() <= top(total.editor))
    within = top(total.editor) - top(total.label) - total.label.height()
    between = top(remark.label) - top(total.editor) - total.editor.height()
    assert within < between
    resize(desk, 420, 700)
    wait_until(lambda: total.label.x() < total.x() and abs(top(total.label) - top(total.editor)) <= 1)


def test_a_conflict_is_worded_as_the_columns_are_written(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("remark", "mine")
    desk.type("placed", "2026-05-05")
    desk.type("customer_id", "customer 44")
    editor = desk.editor("customer_id")
    wait_until(lambda: editor._list is not None and editor._list.isVisible())
    editor._list.hide()
    desk.form.row.edit("customer_id", 44)
    changed = {"remark": None, "placed": datetime.date(2026, 3, 9), "customer_id": 33}
    desk.world.source.table("orders").commit([Update((1,), "", changed)])
    wait_until(lambda: desk.form.bar.isVisible())
    said = desk.form.bar.text.text()
    assert f"“{writer('date')(datetime.date(2026, 3, 9))}”" in said
    assert "Remark is now empty" in said
    assert "“Customer 33”" in said
    assert "None" not in said


def test_the_answers_of_a_narrow_form_stand_below_what_is_said(desk: Desk, wait_until: Callable[..., None]) -> None:
    bar = desk.form.bar
    desk.type("remark", "mine")
    desk.form.row.edit("remark", "mine")
    desk.world.source.table("orders").commit([Update((1,), "", {"remark": "theirs"})])
    wait_until(lambda: bar.isVisible() and bar.second.isVisible())
    resize(desk, 600, 700)
    wait_until(lambda: bar.first.x() > bar.text.geometry().right())
    resize(desk, 280, 700)
    wait_until(lambda: bar.first.y() > bar.text.geometry().bottom())
    assert bar.text.width() > bar.width() - 40 and desk.form.area.y() > bar.geometry().bottom() + 1
