"""Edits that take rows out of the order or the filter: the rows stay under the hand until all are read again."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from block_world import CUSTOMER, REMARK, STATUS, TOTAL, Shop  # noqa: E402
from grid_world import formula  # noqa: E402

from kernel.tables.change import Insert, Update  # noqa: E402
from widgets.grid.accessible import describe  # noqa: E402

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: Any, qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Shop]:
    made = Shop(request.param, tmp_path, wait_until, filter_=formula("total < 20"))
    made.wait(lambda: made.grid.row_count() == 19)
    made.grid.sort_by(TOTAL, is_descending=True)
    made.wait(lambda: made.grid.row_key(0) == (19,))
    yield made
    made.close()


def _type(shop: Shop, row: int, column: int, text: str) -> None:
    shop.grid.go(row, column)
    QTest.keyClick(shop.grid, Qt.Key.Key_F2)
    shop.grid.editing.editor.start(text)
    QTest.keyClick(shop.grid.editing.editor.focusProxy() or shop.grid.editing.editor, Qt.Key.Key_Return)


def _keys(shop: Shop, count: int = 5) -> list[int]:
    return [shop.grid.row_key(row)[0] for row in range(count)]


def test_an_edited_row_stays_until_the_rows_are_put_in_order(shop: Shop) -> None:
    grid = shop.grid
    _type(shop, 2, TOTAL, "1.5")
    shop.wait(lambda: (17,) in grid.rows.staying)
    shop.settle()
    assert _keys(shop) == [19, 18, 17, 16, 15] and grid.cell_text(2, TOTAL) == "1.50"
    grid.go(2, TOTAL)
    assert "stands elsewhere in the order" in describe(grid)
    band = grid.bands.get("staying")
    assert band.isVisible()
    assert band.label.text() == "1 row stands elsewhere in the order. It stays here until you refresh."
    QTest.keyClick(grid, Qt.Key.Key_R, _ALT)
    shop.wait(lambda: _keys(shop)[2] == 16)
    assert grid.current_key == (17,) and not grid.rows.staying and not band.isVisible()


def test_a_row_that_leaves_the_filter_stays_and_says_so(shop: Shop) -> None:
    grid = shop.grid
    _type(shop, 0, TOTAL, "500")
    shop.wait(lambda: (19,) in grid.rows.staying)
    shop.settle()
    assert grid.cell_text(0, TOTAL) == "500.00" and grid.row_count() == 19
    assert grid.bands.get("staying").label.text().startswith("1 row no longer passes the filter.")
    _type(shop, 0, TOTAL, "19")
    shop.wait(lambda: not grid.rows.staying or (19,) not in grid.rows.staying.gone)
    grid.use("refresh-rows")
    shop.wait(lambda: not grid.rows.staying)
    assert _keys(shop)[:2] == [19, 18]


def test_pasted_rows_stay_together_and_what_is_done_next_goes_by_them(shop: Shop) -> None:
    grid = shop.grid
    shop.select(3, TOTAL, 5, TOTAL)
    QGuiApplication.clipboard().setText("3.5\n700\n1.5\n")
    grid.block.paste()
    shop.wait(lambda: grid.rows.staying and len(grid.rows.staying.gone) == 1 and len(grid.rows.staying.moved) == 2)
    shop.settle()
    assert _keys(shop, 7) == [19, 18, 17, 16, 15, 14, 13]
    text = "1 row no longer passes the filter, 2 stand elsewhere in the order. They stay here until you refresh."
    assert grid.bands.get("staying").label.text() == text
    shop.select(3, REMARK, 5, REMARK)
    QGuiApplication.clipboard().setText("a\nb\nc\n")
    grid.block.paste()
    shop.settle()
    shop.wait(lambda: [shop.row(at)["remark"] for at in (16, 15, 14)] == ["a", "b", "c"])


def test_what_others_do_waits_until_the_person_leaves_the_row(shop: Shop) -> None:
    grid = shop.grid
    _type(shop, 2, TOTAL, "1.5")
    shop.wait(lambda: (17,) in grid.rows.staying)
    shop.settle()
    grid.go(2, TOTAL)
    row = {**shop.row(1), "id": 900, "total": Decimal("18.5")}
    shop.table.commit([Insert(row)])
    shop.wait(lambda: grid.rows._is_stale)
    assert _keys(shop, 3) == [19, 18, 17]
    grid.go(5, TOTAL)
    shop.wait(lambda: grid.row_count() == 20 and not grid.rows.staying)
    assert _keys(shop, 4) == [19, 900, 18, 16]


def test_what_somebody_else_edits_goes_to_its_place_at_once(shop: Shop) -> None:
    shop.grid.go(0, STATUS)
    shop.table.commit([Update((10,), "", {"total": Decimal("18.5")})])
    shop.wait(lambda: _keys(shop, 3) == [19, 10, 18])
    assert not shop.grid.rows.staying


def test_finding_goes_to_the_row_that_is_shown(shop: Shop) -> None:
    grid = shop.grid
    _type(shop, 0, TOTAL, "1.5")
    shop.wait(lambda: (19,) in grid.rows.staying)
    shop.settle()
    QTest.keyClick(grid, Qt.Key.Key_F, _CTRL)
    bar = grid.bands.get("find")
    bar.line.setText("Customer 11")
    bar.step(1)
    bar._find_here()
    shop.wait(lambda: grid.current_key == (10,))
    assert grid.row_key(grid.current_row) == (10,) and not grid.rows.staying


def test_a_new_row_that_the_filter_leaves_out_is_told_and_shown(shop: Shop) -> None:
    grid = shop.grid
    grid.add_row()
    draft = grid.editing.draft
    draft.values.update(id=31, customer_id=3, placed=datetime.date(2026, 2, 3), status="open", is_gift=False)
    draft.values["total"] = Decimal(77)
    draft.write()
    shop.wait(lambda: shop.said().startswith("The new row is saved. The filter leaves it out here"))
    shop.settle()
    assert grid.row_count() == 19 and shop.row(31)["total"] == 77
    _answer(shop, "Show it")
    shop.wait(lambda: grid.row_count() == 20 and grid.current_key == (31,))
    grid.use("refresh-rows")
    shop.wait(lambda: grid.row_count() == 19)


def _answer(shop: Shop, text: str) -> None:
    from PySide6.QtWidgets import QPushButton

    bubble = shop.grid.editing.notice.bubble
    next(one for one in bubble.findChildren(QPushButton) if one.text() == text).click()


def test_taking_edits_back_leaves_the_other_rows_where_they_stay(shop: Shop) -> None:
    """What is undone is patched in its place, and belongs there again; what else stays is not put in order by it."""
    grid, history = shop.grid, shop.history
    for row, key, text in ((2, 17, "1.5"), (4, 15, "500")):
        _type(shop, row, TOTAL, text)
        shop.wait(lambda key=key: (key,) in grid.rows.staying)
    shop.settle()
    for key in (15, 17):
        told: list[Any] = []
        history.undo(lambda _entry, error, told=told: told.append(error))
        shop.wait(lambda told=told: told == [None])
        shop.wait(lambda key=key: (key,) not in grid.rows.staying)
        shop.settle()
        assert _keys(shop) == [19, 18, 17, 16, 15]
    assert not grid.rows.staying and not grid.bands.get("staying").isVisible()
    history.redo(lambda _entry, error: None)
    shop.wait(lambda: (17,) in grid.rows.staying.moved)
    shop.settle()
    assert _keys(shop) == [19, 18, 17, 16, 15] and grid.cell_text(2, TOTAL) == "1.50"


@pytest.mark.parametrize("part", [10_000, 2])
def test_pasted_new_rows_that_the_filter_leaves_out_are_told(
    shop: Shop, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.listing.left_out._PART", part)
    grid = shop.grid
    grid.go(18, CUSTOMER)
    rows = [f"Customer 3\t2026-02-03\topen\tFALSE\t{total}" for total in (1.5, 2.5, 700, 800)]
    QGuiApplication.clipboard().setText("\n".join(rows))
    grid.block.paste()
    shop.wait(lambda: shop.said() == "3 new rows are saved. The filter leaves 2 of them out here")
    shop.settle()
    assert grid.row_count() == 20
