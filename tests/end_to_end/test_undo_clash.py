"""Undo in a window over a source server, when somebody else changed the same row since."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kernel.tables.change import Update
from kernel.tables.remote import RemoteSource
from kernel.wire.link import Link
from tests.end_to_end.test_offline import Place, name_shown, said
from widgets.conflict_card import ConflictCard


def test_an_undo_over_somebody_elses_values_is_decided_in_the_card(shop_place: Place, wait_until: Any) -> None:
    shop_place.start()
    (window,) = shop_place.open().windows
    wait_until(lambda: window.app.state == "online" and name_shown(window) == "rake")
    grid = window.context.widgets["view"]
    answers: list[Any] = []
    for values in ({"name": "spade"}, {"price": 7}):
        answers.clear()
        grid.handle.commit([Update((1,), "", values)], answers.append)
        wait_until(lambda: answers)
    wait_until(lambda: len(window.tables.open_history().journal.entries) == 2)
    link = Link(shop_place.server.address)  # type: ignore[union-attr]
    source = RemoteSource(link, "shop", "stock")
    source.table("items").commit([Update((1,), "", {"name": "theirs"})])
    source.close()
    link.close()
    window.registry.run("edit.undo")
    wait_until(lambda: any("both are kept" in text for text in said(window)))
    wait_until(lambda: name_shown(window) == "theirs")
    window.registry.run("edit.undo")
    wait_until(lambda: any(card.isVisible() for card in window.findChildren(ConflictCard)))
    (card,) = [card for card in window.findChildren(ConflictCard) if card.isVisible()]
    assert card.editors["name"].value() == "rake" and card.focusWidget().accessibleName() == "Name, mine: rake"
    QTest.keyClick(card, Qt.Key.Key_Escape)
    wait_until(lambda: any("is not undone" in text for text in said(window)))
    assert name_shown(window) == "theirs"
    window.registry.run("edit.undo")
    wait_until(lambda: any(one.isVisible() and one is not card for one in window.findChildren(ConflictCard)))
    (card,) = [one for one in window.findChildren(ConflictCard) if one.isVisible()]
    QTest.keyClick(card.save, Qt.Key.Key_Return)
    wait_until(lambda: name_shown(window) == "rake")
