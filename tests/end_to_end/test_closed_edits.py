"""Tables whose edits may not wait: closed while the server is away, open again after it, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.wire.link import Link
from tests.end_to_end.test_offline import Place, name_shown
from widgets.handle_opening import AWAY


@pytest.fixture
def window(shop_place: Place, wait_until: Any) -> Any:
    shop_place.start()
    (window,) = shop_place.open().windows
    wait_until(lambda: window.app.state == "online" and name_shown(window) == "rake")
    return window


def names(shop_place: Place) -> list[str]:
    link = Link(shop_place.server.address)  # type: ignore[union-attr]
    source = RemoteSource(link, "shop", "stock")
    found = source.table("items").fetch(Query(), 0, 9).columns["name"]
    source.close()
    link.close()
    return found


def editor_of(form: Any, column: str) -> Any:
    return next(field for field in form.fields if field.column_name == column).editor


def test_a_form_is_closed_and_keeps_what_is_typed(shop_place: Place, window: Any, wait_until: Any) -> None:
    form = window.context.widgets["editor"]
    editor = editor_of(form, "name")
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "spade")
    shop_place.server.stop()  # type: ignore[union-attr]
    wait_until(lambda: form.handle.is_away)
    assert form.handle.why_closed == AWAY and editor.line.isReadOnly() and editor.toolTip() == AWAY
    assert editor.line.text() == "spade" and AWAY in form.bar.text.text() and "stays here" in form.bar.text.text()
    form.write_row()
    assert form.row.messages[""] == AWAY and form.has_edits() and not form.row.is_writing
    shop_place.start()
    wait_until(lambda: not form.handle.is_away)
    assert not editor.line.isReadOnly() and editor.toolTip() != AWAY and editor.line.text() == "spade"
    assert not form.row.messages
    form.write_row()
    wait_until(lambda: not form.has_edits())
    assert names(shop_place) == ["spade", "hoe"]


def test_a_row_that_was_left_is_written_when_the_server_is_back(
    shop_place: Place, window: Any, wait_until: Any
) -> None:
    form, grid = window.context.widgets["editor"], window.context.widgets["view"]
    form.row.edit("name", "spade")
    shop_place.server.stop()  # type: ignore[union-attr]
    wait_until(lambda: form.handle.is_away)
    grid.go(1, 0)
    assert form.is_pinned and form.row.key == (1,)
    shop_place.start()
    wait_until(lambda: form.row.key == (2,))
    assert names(shop_place) == ["spade", "hoe"]


def test_a_grid_says_why_it_is_closed_and_writes_what_was_typed_later(
    shop_place: Place, window: Any, wait_until: Any
) -> None:
    grid = window.context.widgets["view"]
    wait_until(lambda: grid.rows.cache.count == 2)
    column = next(index for index, one in enumerate(grid.columns) if one.path == "name")
    grid.go(1, column)
    grid.setFocus()
    assert grid.editing.open()
    shop_place.server.stop()  # type: ignore[union-attr]
    wait_until(lambda: grid.handle.is_away)
    line = grid.editing.editor.line
    line.selectAll()
    QTest.keyClicks(line, "fork")
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert grid.editing.marks[(2,), "name"].message == AWAY and grid.has_edits()
    assert grid.cell_text(1, column) == "fork"
    grid.go(0, column)
    assert not grid.editing.open() and grid.editing.notice.text == AWAY
    grid.add_row()
    assert grid.editing.draft is None and grid.editing.notice.text == AWAY
    shop_place.start()
    wait_until(lambda: not grid.has_edits())
    assert names(shop_place) == ["rake", "fork"] and grid.editing.open()
    grid.editing.cancel()
