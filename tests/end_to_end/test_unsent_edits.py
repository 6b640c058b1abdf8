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

from kernel.outbox.entry import Waiting, as_temporary
from kernel.tables.change import Insert, Part, Update
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.wire.link import Link
from shell import desk as desk_module
from shell.unsent_card import describe
from tests.end_to_end.test_offline import Place, close, name_shown, pill
from tests.served import SHOP
from widgets.grid.pending import kind_of


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


def change_while_away(place: Place, values: dict[str, Any], number: int = 1) -> None:
    """Change an item in the file that the stopped server serves, so that the window cannot be first."""
    assert place.server is not None and place.server.process.poll() is not None
    assigned = ", ".join(f"{name} = ?" for name in values)
    with contextlib.closing(sqlite3.connect(place.database)) as connection, connection:
        changed = connection.execute(f"UPDATE items SET {assigned} WHERE id = ?", (*values.values(), number))
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


def test_several_rows_of_one_edit_are_decided_together(place: Place, wait_until: Any) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and name_shown(window) == "rake", 10)
    grid = window.context.widgets["view"]
    wait_until(lambda: grid.rows.cache.count == 2)
    place.server.stop()
    wait_until(lambda: pill(window).startswith("Offline"))
    block = grid.rows.cache.pages[0].block
    versions = dict(zip(block.keys, block.versions, strict=True))
    answers: list[Any] = []
    changes = [Update((at,), versions[at,], {"name": f"mine {at}"}) for at in (1, 2)]
    grid.handle.commit([*changes, Insert({"name": "spade"})], answers.append)
    wait_until(lambda: answers and "1 edit waiting" in pill(window))
    for number in (1, 2):
        change_while_away(place, {"name": f"theirs {number}"}, number)
    place.start()
    wait_until(lambda: pill(window) == "1 edit could not be sent", 20)
    card = open_card(window)
    wait_until(lambda: "Compare…" in buttons(card))
    QTest.keyClick(buttons(card)["Compare…"], Qt.Key.Key_Space)
    chooser = card.conflict
    assert chooser.place.text() == "Row 1 of 2 · 2 left" and chooser.name.text() == "Items: theirs 1"
    QTest.keyClick(next(one for one in chooser.body.findChildren(QPushButton) if one.text() == "theirs 1"),
                   Qt.Key.Key_Space)  # fmt: skip
    QTest.keyClick(chooser.save, Qt.Key.Key_Return)
    assert chooser.place.text() == "Row 2 of 2 · 1 left"
    QTest.keyClick(chooser.save, Qt.Key.Key_Return)
    wait_until(lambda: pill(window) == "", 20)
    assert names(place) == ["theirs 1", "mine 2", "spade"]


def test_what_a_new_row_stands_for_is_told_without_its_number() -> None:
    number = as_temporary(3)[0]
    parts = (Part("items", (Update((number,), "", {"name": "x", "list_id": number - 1}),)),)
    entry = Waiting("a" * 32, parts, ({},), ((number,),), 0.0)
    assert describe(entry) == "Items new row: Name = “x”, List = “new row”"


def test_waiting_edits_are_sent_when_a_newer_release_lets_none_wait(place: Place, wait_until: Any) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and name_shown(window) == "rake", 10)
    place.server.stop()
    wait_until(lambda: pill(window).startswith("Offline"))
    write(window, {"name": "spade"})
    wait_until(lambda: "1 edit waiting" in pill(window))
    close(window)
    place.publish({"app.toml": SHOP["app.toml"]})
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: "offline" not in window.app.info.sources["stock"], 20)
    close(window)
    for desk in desk_module._DESKS.values():
        desk.disposers()
    desk_module._DESKS.clear()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and pill(window) == "", 20)
    wait_until(lambda: names(place) == ["spade", "hoe"], 20)


def test_a_new_row_that_waits_is_told_apart_and_shows_no_number(place: Place, wait_until: Any) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and name_shown(window) == "rake")
    grid, form = window.context.widgets["view"], window.context.widgets["editor"]
    wait_until(lambda: grid.rows.cache.count == 2)
    place.server.stop()
    wait_until(lambda: pill(window).startswith("Offline"))
    answers: list[Any] = []
    grid.handle.commit([Insert({"name": "spade"}), Update((2,), "", {"price": 5})], answers.append)
    wait_until(lambda: answers and grid.rows.cache.count == 3)
    wait_until(lambda: grid.cell_text(0, 1) == "spade")
    grid.go(0, 1)
    (new, _) = answers[0].keys
    wait_until(lambda: form.row.key == new and not form.row.is_loading and name_shown(window) == "spade")
    shown = [field.editor.line.text() for field in form.fields if hasattr(field.editor, "line")]
    number = str(new[0])[1:]
    assert "spade" in shown and not any(number in text for text in shown)
    assert form.bar.text.text() == "New, waits for the server"
    texts = [grid.cell_text(row, column) for row in range(3) for column in range(len(grid.columns))]
    assert not any(number in text.replace(",", "") for text in texts)
    wait_until(lambda: [kind_of(grid, row, grid.handle.pending) for row in range(3)] == ["new", "", "changed"])
    query = grid.rows.query()
    assert grid.handle.pending_text(new, query) == "new, waits for the server"
    assert grid.handle.pending_text((2,), query) == "changed, waits for the server"
    assert grid.handle.pending_text((1,), query) == ""
    place.start()
    wait_until(lambda: window.app.state == "online" and pill(window) == "")
    assert names(place) == ["rake", "hoe", "spade"]
    wait_until(lambda: [kind_of(grid, row, grid.handle.pending) for row in range(3)] == ["", "", ""])
