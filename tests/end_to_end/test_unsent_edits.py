"""A window over a table marked offline: what waits is marked, told and sent; what came back is chosen about."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.wire.link import Link
from shell import desk as desk_module
from tests.end_to_end.test_offline import Place, close, name_shown, pill
from tests.served import SHOP


@pytest.fixture
def place(qapp: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    place = Place(tmp_path / "place")
    place.publish({"app.toml": SHOP["app.toml"] + "offline = true\n"})
    yield place
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for window in list(desk.windows):
            window._may_lose_edits = True
            close(window)
    if place.server is not None and place.server.process.poll() is None:
        place.server.kill()


def names(place: Place) -> list[str]:
    assert place.server is not None
    link = Link(place.server.address)
    source = RemoteSource(link, "shop", "stock")
    found = source.table("items").fetch(Query(), 0, 9).columns["name"]
    source.close()
    link.close()
    return found


def write(window: Any, values: dict[str, Any]) -> None:
    form = window.context.widgets["editor"]
    for name, value in values.items():
        form.row.edit(name, value)
    form.write_row()


def change_while_away(place: Place, values: dict[str, Any]) -> None:
    """Change the first item in the file that the stopped server serves, so that the window cannot be first."""
    assert place.server is not None and place.server.process.poll() is not None
    assigned = ", ".join(f"{name} = ?" for name in values)
    with contextlib.closing(sqlite3.connect(place.database)) as connection, connection:
        changed = connection.execute(f"UPDATE items SET {assigned} WHERE id = 1", tuple(values.values()))
    assert changed.rowcount == 1


def open_card(window: Any) -> Any:
    window.registry.run("edit.show-unsent")
    return window.cards.made["unsent"]


def buttons(card: Any) -> dict[str, QPushButton]:
    return {button.text(): button for button in card.card.findChildren(QPushButton) if button.isVisible()}


def test_edits_wait_and_are_sent(place: Place, wait_until: Any) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and name_shown(window) == "rake")
    place.server.stop()
    wait_until(lambda: pill(window).startswith("Offline"))
    write(window, {"name": "spade"})
    wait_until(lambda: pill(window).endswith("1 edit waiting"))
    form, grid = window.context.widgets["editor"], window.context.widgets["view"]
    wait_until(lambda: not form.has_edits() and not form.row.messages and grid.handle.pending == {(1,)})
    wait_until(lambda: "waits for the server" in form.bar.text.text() and not form.bar.isHidden())
    grid.go(1, 0)
    wait_until(lambda: form.row.key == (2,) and form.bar.isHidden())
    grid.go(0, 0)
    wait_until(lambda: form.row.key == (1,) and not form.bar.isHidden())
    place.start()
    wait_until(lambda: window.app.state == "online" and pill(window) == "")
    assert names(place) == ["spade", "hoe"]
    wait_until(lambda: not grid.handle.pending and form.bar.isHidden())


def test_a_conflict_is_decided_column_by_column(place: Place, wait_until: Any) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and name_shown(window) == "rake")
    place.server.stop()
    wait_until(lambda: pill(window).startswith("Offline"))
    write(window, {"name": "mine", "price": None})
    wait_until(lambda: "1 edit waiting" in pill(window))
    assert open_card(window).said.text() == "Nothing is left to decide. 1 edit waits for the server."
    QTest.keyClick(window.cards.made["unsent"], Qt.Key.Key_Escape)
    change_while_away(place, {"name": "theirs", "price": 1})
    place.start()
    wait_until(lambda: pill(window) == "1 edit could not be sent")
    QTest.keyClick(window.bar.pill, Qt.Key.Key_Return)
    card = window.cards.made["unsent"]
    assert card.isVisible()
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    QTest.mouseClick(window.bar.pill, Qt.MouseButton.LeftButton)
    assert card.isVisible()
    wait_until(lambda: "Compare…" in buttons(card))
    assert card.focusWidget() is buttons(card)["Compare…"]
    QTest.keyClick(buttons(card)["Compare…"], Qt.Key.Key_Space)
    chooser = card.conflict
    assert chooser.isVisible() and {name: editor.value() for name, editor in chooser.editors.items()} == {
        "name": "mine", "price": None
    }  # fmt: skip
    theirs = [button for button in chooser.body.findChildren(QPushButton) if button.text() == "theirs"]
    QTest.keyClick(theirs[0], Qt.Key.Key_Space)
    assert chooser.editors["name"].value() == "theirs"
    chooser.save.setFocus()
    QTest.keyClick(chooser.save, Qt.Key.Key_Return)
    wait_until(lambda: pill(window) == "")
    assert names(place) == ["theirs", "hoe"]


def test_an_edit_that_came_back_is_there_after_a_restart_and_can_be_given_up(place: Place, wait_until: Any) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and name_shown(window) == "rake")
    place.server.stop()
    wait_until(lambda: pill(window).startswith("Offline"))
    write(window, {"name": "mine"})
    wait_until(lambda: "1 edit waiting" in pill(window))
    close(window)
    change_while_away(place, {"name": "theirs"})
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: pill(window) == "1 edit could not be sent")
    wait_until(lambda: name_shown(window) == "mine")
    card = open_card(window)
    wait_until(lambda: "Give up" in buttons(card))
    QTest.keyClick(buttons(card)["Give up"], Qt.Key.Key_Space)
    wait_until(lambda: pill(window) == "")
    assert names(place) == ["theirs", "hoe"]
