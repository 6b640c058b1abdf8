"""Edits of many cells that meet rows somebody else changed: merged where that is sure, else gone through one by one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

sys.path.insert(0, str(Path(__file__).parent))
from block_world import REMARK, TOTAL, Shop  # noqa: E402

from kernel.tables.change import Change, Delete, Update  # noqa: E402
from widgets.conflict_card import ConflictCard  # noqa: E402

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: Any, qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Shop]:
    made = Shop(request.param, tmp_path, wait_until, rows=40)
    yield made
    made.close()


def paste(shop: Shop, text: str, meanwhile: list[Change], monkeypatch: pytest.MonkeyPatch) -> None:
    """Paste at the first row's total while somebody else writes, between the reading and the writing."""
    commit = shop.table.commit

    def late(changes: Any) -> Any:
        monkeypatch.setattr(shop.table, "commit", commit)
        commit(meanwhile)
        return commit(changes)

    monkeypatch.setattr(shop.table, "commit", late)
    shop.grid.go(0, TOTAL)
    QApplication.clipboard().setText(text)
    QTest.keyClick(shop.grid, KEY.Key_V, CTRL)


def card_of(shop: Shop) -> ConflictCard:
    found = [card for card in shop.grid.window().findChildren(ConflictCard) if card.isVisible()]
    shop_cards = found[-1:]
    assert shop_cards
    return shop_cards[0]


def wait_for_card(shop: Shop) -> ConflictCard:
    shop.wait(lambda: any(card.isVisible() for card in shop.grid.window().findChildren(ConflictCard)))
    return card_of(shop)


def test_other_columns_go_together_and_it_is_said(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    paste(shop, "70\n71\n72", [Update((2,), "", {"remark": "theirs"})], monkeypatch)
    shop.wait(lambda: any("both are kept" in message[1] for message in shop.world.messages))
    shop.settle()
    assert shop.column("total")[:4] == [70, 71, 72, 4] and shop.row(2)["remark"] == "theirs"
    assert shop.world.messages[-1] == (
        "info",
        "Paste 3 cells: done. Somebody else changed other columns of the same row meanwhile; both are kept",
    )


def test_rows_are_decided_one_by_one_with_keys(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = [Update((at,), "", {"total": 90 + at}) for at in (1, 2, 3)]
    paste(shop, "70\n71\n72\n73", theirs, monkeypatch)
    card = wait_for_card(shop)
    assert shop.column("total")[:4] == [91, 92, 93, 4], "nothing is written before it is decided"
    assert card.place.text() == "Row 1 of 3 · 3 left" and card.save.text() == "Next"
    assert {label.text() for label in card.body.findChildren(QLabel)} >= {"Total", "Before", "1.00"}
    assert card.focusWidget().accessibleName().startswith("Total, mine: 70")
    QTest.keyClick(card, KEY.Key_PageDown)
    assert card.place.text() == "Row 2 of 3 · 3 left" and card.name.text() == "Orders: 2"
    theirs_button = next(one for one in card.body.findChildren(QPushButton) if one.text() == "92.00")
    QTest.keyClick(theirs_button, KEY.Key_Space)
    QTest.keyClick(card, KEY.Key_PageUp)
    assert card.place.text() == "Row 1 of 3 · 2 left"
    QTest.keyClick(card.save, KEY.Key_Return)
    assert card.place.text() == "Row 3 of 3 · 1 left" and card.save.text() == "Save"
    line = card.editors["total"].line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "abc")
    QTest.keyClick(line, KEY.Key_Return)
    assert card.isVisible() and "Total" in card.problem.text()
    line.selectAll()
    QTest.keyClicks(line, "33")
    QTest.keyClick(line, KEY.Key_Return)
    shop.wait(lambda: shop.column("total")[:4] == [70, 92, 33, 73])
    shop.settle()
    [entry] = shop.history.journal.entries
    assert entry.title == "Paste 3 cells"


@pytest.mark.parametrize(("button", "kept"), [("rest_theirs", [91, 92, 93, 73]), ("rest_mine", [70, 71, 72, 73])])
def test_the_rest_is_decided_at_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, button: str, kept: list[int]
) -> None:
    theirs = [Update((at,), "", {"total": 90 + at}) for at in (1, 2, 3)]
    paste(shop, "70\n71\n72\n73", theirs, monkeypatch)
    card = wait_for_card(shop)
    chosen = getattr(card, button)
    assert "all 3 left" in chosen.text()
    QTest.keyClick(chosen, KEY.Key_Space)
    assert card.left == 0 and card.save.text() == "Save" and card.focusWidget() is card.save
    assert shop.column("total")[:4] == [91, 92, 93, 4]
    QTest.keyClick(card.save, KEY.Key_Return)
    shop.wait(lambda: shop.column("total")[:4] == kept)
    shop.settle()


def test_who_closes_the_card_is_asked_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    paste(shop, "70\n71", [Update((2,), "", {"total": 92})], monkeypatch)
    card = wait_for_card(shop)
    assert not card.next.isVisible() and not card.place.isVisible(), "one row needs no walk"
    QTest.keyClick(card, KEY.Key_Escape)
    assert "Paste: nothing was changed. Somebody else changed one of these rows" in shop.said()
    assert shop.column("total")[:2] == [1, 92]
    bubble = shop.grid.editing.notice.bubble
    next(one for one in bubble.findChildren(QPushButton) if one.text() == "Compare…").click()
    card = wait_for_card(shop)
    QTest.keyClick(card.save, KEY.Key_Return)
    shop.wait(lambda: shop.column("total")[:2] == [70, 71])
    shop.settle()


def test_rows_that_are_gone_are_told_and_left_out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    paste(shop, "70\n71\n72", [Delete((2,), "")], monkeypatch)
    card = wait_for_card(shop)
    assert "One row was deleted by somebody else" in card.text.text() and not card.body.isVisible()
    QTest.keyClick(card.save, KEY.Key_Return)
    shop.wait(lambda: shop.column("total")[:3] == [70, 72, 4])
    shop.settle()


def test_what_changes_again_while_it_is_decided_is_asked_about_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    paste(shop, "70", [Update((1,), "", {"total": 91, "remark": "r"})], monkeypatch)
    card = wait_for_card(shop)
    shop.table.commit([Update((1,), "", {"total": 95})])
    QTest.keyClick(card.save, KEY.Key_Return)
    shop.wait(lambda: any(one.isVisible() and one is not card
                          for one in shop.grid.window().findChildren(ConflictCard)))  # fmt: skip
    card = card_of(shop)
    assert any(one.text() == "95.00" for one in card.body.findChildren(QPushButton)) and shop.row(1)["total"] == 95
    QTest.keyClick(card.save, KEY.Key_Return)
    shop.wait(lambda: shop.row(1)["total"] == 70)
    shop.settle()
    assert shop.row(1)["remark"] == "r"


def type_cell(shop: Shop, row: int, column: int, text: str) -> None:
    shop.grid.go(row, column)
    QTest.keyClick(shop.grid, KEY.Key_F2)
    line = shop.grid.editing.editor.line
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, KEY.Key_Tab)


def conflict(shop: Shop, monkeypatch: pytest.MonkeyPatch, column: int, text: str, theirs: dict[str, Any]) -> None:
    """Type into the first row while somebody else writes it just before."""
    commit = shop.table.commit

    def late(changes: Any) -> Any:
        monkeypatch.setattr(shop.table, "commit", commit)
        commit([Update((1,), "", theirs)])
        return commit(changes)

    monkeypatch.setattr(shop.table, "commit", late)
    type_cell(shop, 0, column, text)


def press(shop: Shop, title: str) -> None:
    bubble = shop.grid.editing.notice.bubble
    QTest.keyClick(next(one for one in bubble.findChildren(QPushButton) if one.text() == title), KEY.Key_Return)


def test_a_cell_is_compared_in_the_card(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    conflict(shop, monkeypatch, TOTAL, "60", {"total": 50})
    shop.wait(lambda: "50.00" in shop.said() and "yours is “60" in shop.said())
    press(shop, "Compare…")
    card = card_of(shop)
    texts = {label.text() for label in card.body.findChildren(QLabel)}
    assert texts >= {"Before", "1.00"} and card.editors["total"].value() == 60
    line = card.editors["total"].line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "55")
    QTest.keyClick(line, KEY.Key_Return)
    shop.wait(lambda: shop.row(1)["total"] == 55 and not shop.grid.has_edits())
    shop.wait(lambda: shop.grid.cell_text(0, TOTAL) == "55.00")


def test_two_cells_of_a_row_are_compared_together(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    conflict(shop, monkeypatch, TOTAL, "60", {"total": 50})
    shop.wait(lambda: "50.00" in shop.said())
    conflict(shop, monkeypatch, REMARK, "mine", {"remark": "theirs"})
    shop.wait(lambda: "theirs" in shop.said())
    press(shop, "Compare…")
    card = card_of(shop)
    assert list(card.editors) == ["total", "remark"]
    QTest.keyClick(next(one for one in card.body.findChildren(QPushButton) if one.text() == "theirs"), KEY.Key_Space)
    QTest.keyClick(card.save, KEY.Key_Return)
    shop.wait(lambda: not shop.grid.has_edits())
    assert (shop.row(1)["total"], shop.row(1)["remark"]) == (60, "theirs")


def test_a_question_follows_the_row(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    conflict(shop, monkeypatch, TOTAL, "60", {"total": 50})
    shop.wait(lambda: "50.00" in shop.said())
    shop.table.commit([Update((1,), "", {"total": 52})])
    shop.wait(lambda: "52.00" in shop.said())
    shop.table.commit([Update((1,), "", {"total": 60})])
    shop.wait(lambda: not shop.said() and not shop.grid.editing.marks and not shop.grid.has_edits())
    assert shop.grid.cell_text(0, TOTAL) == "60.00"


def test_an_answer_given_elsewhere_in_the_window_counts(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    conflict(shop, monkeypatch, TOTAL, "60", {"total": 50})
    shop.wait(lambda: "50.00" in shop.said())
    shop.grid.handle.commit([Update((1,), "", {"total": 70})], lambda _answer: None)
    shop.wait(lambda: not shop.said() and not shop.grid.editing.marks and not shop.grid.has_edits())
    shop.wait(lambda: shop.grid.cell_text(0, TOTAL) == "70.00")


def test_a_row_that_goes_while_it_is_asked_about_is_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    conflict(shop, monkeypatch, TOTAL, "60", {"total": 50})
    shop.wait(lambda: "50.00" in shop.said())
    shop.table.commit([Delete((1,), "")])
    shop.wait(lambda: "deleted meanwhile; your “60" in shop.said())
    assert not shop.grid.has_edits()
    shop.table.commit([Update((2,), "", {"total": 77})])
    shop.wait(lambda: shop.grid.row_count() == 39 and shop.grid.cell_text(0, TOTAL) == "77.00")
    assert "your “60" in shop.said(), "what was lost stays to be read, whatever rows come"
    QTest.keyClick(shop.grid, KEY.Key_Down)
    assert not shop.said()


def test_what_others_changed_in_the_row_is_said(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    conflict(shop, monkeypatch, TOTAL, "60", {"remark": "theirs"})
    shop.wait(lambda: shop.row(1)["total"] == 60 and not shop.grid.has_edits())
    assert shop.row(1)["remark"] == "theirs"
    assert shop.world.messages == [("info", "Changed meanwhile in the same row, and kept beside yours: Remark")]


def delete(shop: Shop, rows: int, meanwhile: list[Change], monkeypatch: pytest.MonkeyPatch) -> None:
    """Delete rows from the second on while somebody else writes."""
    commit = shop.table.commit

    def late(changes: Any) -> Any:
        monkeypatch.setattr(shop.table, "commit", commit)
        commit(meanwhile)
        return commit(changes)

    monkeypatch.setattr(shop.table, "commit", late)
    shop.select(1, TOTAL, rows, TOTAL)
    QTest.keyClick(shop.grid, KEY.Key_Delete, CTRL)
    QTest.keyClick(shop.grid.window().focusWidget(), KEY.Key_Tab)
    QTest.keyClick(shop.grid.window().focusWidget(), KEY.Key_Return)


def button_of(card: ConflictCard, text: str) -> QPushButton:
    return next(one for one in card.findChildren(QPushButton) if one.text() == text and one.isVisible())


@pytest.mark.parametrize(("answer", "is_left"), [("Keep the row", True), ("Delete it all the same", False)])
def test_a_row_to_delete_that_somebody_changed_is_shown(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, answer: str, is_left: bool
) -> None:
    delete(shop, 1, [Update((2,), "", {"total": 92})], monkeypatch)
    card = wait_for_card(shop)
    assert card.title.text() == "Delete it all the same?" and card.name.text() == "Orders: 2"
    texts = [label.text() for label in card.body.findChildren(QLabel)]
    assert texts == ["Column", "Before", "Now", "Total", "2.00", "92.00"]
    assert card.focusWidget().text() == "Keep the row", "a second Return deletes nothing"
    assert not card.save.isVisible() and not card.all_mine.isVisible()
    button_of(card, answer).click()
    assert card.is_saved
    shop.settle()
    shop.wait(lambda: (2 in shop.column("id")) is is_left)
    assert len(shop.history.journal.entries) == (0 if is_left else 1)


def test_of_rows_to_delete_those_go_that_still_shall(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = [Update((2,), "", {"total": 92}), Delete((3,), ""), Update((4,), "", {"remark": "wait"})]
    delete(shop, 4, theirs, monkeypatch)
    card = wait_for_card(shop)
    assert card.title.text() == "Delete them all the same?" and card.place.text() == "Row 1 of 2 · 2 left"
    button_of(card, "Delete it all the same").click()
    QTest.keyClick(card.save, KEY.Key_Return)
    assert card.name.text() == "Orders: 4"
    button_of(card, "Keep the row").click()
    QTest.keyClick(card.save, KEY.Key_Return)
    shop.settle()
    shop.wait(lambda: shop.column("id")[:4] == [1, 4, 6, 7])
    [entry] = shop.history.journal.entries
    assert entry.title == "Delete 4 rows"


def test_a_row_that_changes_while_it_is_asked_about_is_shown(shop: Shop) -> None:
    shop.grid.go(1, TOTAL)
    QTest.keyClick(shop.grid, KEY.Key_Delete, CTRL)
    shop.table.commit([Update((2,), "", {"total": 92})])
    shop.wait(lambda: shop.grid.rows.cache.find(1)[0].block.columns["total"][1] == 92)
    QTest.keyClick(shop.grid.window().focusWidget(), KEY.Key_Tab)
    QTest.keyClick(shop.grid.window().focusWidget(), KEY.Key_Return)
    card = wait_for_card(shop)
    QTest.keyClick(card.focusWidget(), KEY.Key_Return)
    shop.settle()
    assert 2 in shop.column("id") and not shop.history.journal.entries
