"""Wizards and sheets: steps that are passed over, checked and kept; a card at a side; both patched while open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.widgets.behaviour_world import World

WIZARD = """state who ""
state far #false
wizard hire title="Hire" finish="app.one" finish_text="Hire {who}" {
    step "Name" valid="who != ''" hint="Type a name" { input who id=name label="Name"; input far id=is_far label="Far" }
    step "Journey" when="far" { search id=way }
    step "Check" { label "{who} comes" id=last }
}
button "Open" id=open run="dialog.open hire" """


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.close()


def opened(world: World, text: str, name: str) -> Any:
    world.show(text)
    dialog = world.context.dialogs[name]
    dialog.open()
    return dialog


def key(world: World, name: str, *modifiers: str) -> None:
    bits = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        bits |= getattr(Qt.KeyboardModifier, f"{one}Modifier")
    QTest.keyClick(world.window.focusWidget(), getattr(Qt.Key, f"Key_{name}"), bits)


def line(world: World) -> QLineEdit:
    return world.context.widgets["name"].findChild(QLineEdit)


def test_a_step_is_left_when_it_is_right(world: World) -> None:
    wizard = opened(world, WIZARD, "hire")
    assert (wizard.place.text(), wizard.next.text(), wizard.back.isEnabled()) == ("Step 1 of 2: Name", "Next", False)
    assert world.window.focusWidget() is line(world) and "last" not in world.context.widgets
    key(world, "Return")
    assert wizard.note.text() == "Type a name" and wizard.note.isVisible() and "Step 1" in wizard.place.text()
    QTest.keyClicks(line(world), "Bob")
    key(world, "Return")
    assert (wizard.place.text(), wizard.next.text()) == ("Step 2 of 2: Check", "Hire Bob")
    assert not wizard.note.isVisible() and wizard.card.accessibleName() == "Hire, Step 2 of 2: Check"
    assert world.context.widgets["last"].isVisible() and not line(world).isVisible()
    wizard.back.click()
    assert line(world).isVisible() and line(world).text() == "Bob"
    key(world, "PageDown", "Control")
    key(world, "PageUp", "Control")
    assert "Step 1" in wizard.place.text()
    key(world, "PageDown", "Control")
    wizard.next.click()
    assert world.runner.ran == ["app.one"] and not wizard.is_open


def test_a_step_that_does_not_hold_is_passed_over(world: World) -> None:
    wizard = opened(world, WIZARD, "hire")
    QTest.keyClicks(line(world), "Bob")
    QApplication.processEvents()
    world.context.scope.publish("who", "Bob")
    world.context.scope.publish("far", True)
    assert wizard.place.text() == "Step 1 of 3: Name"
    wizard.turn(1)
    assert "Journey" in wizard.place.text() and world.window.focusWidget() is world.context.widgets["way"]
    world.context.scope.publish("far", False)
    assert wizard.next.text() == "Next"
    wizard.turn(1)
    assert wizard.place.text() == "Step 2 of 2: Check"
    wizard.turn(-1)
    assert wizard.place.text() == "Step 1 of 2: Name"


def test_escape_closes_and_the_next_opening_begins_anew(world: World) -> None:
    wizard = opened(world, WIZARD, "hire")
    world.context.scope.publish("who", "Bob")
    wizard.turn(1)
    QTest.keyClick(wizard.card, Qt.Key.Key_Escape)
    assert not wizard.is_open and world.runner.ran == []
    wizard.open()
    assert "Step 1" in wizard.place.text()


def test_an_open_wizard_takes_a_newer_layout(world: World) -> None:
    wizard = opened(world, WIZARD, "hire")
    world.context.scope.publish("who", "Bob")
    wizard.turn(1)
    last = world.context.widgets["last"]
    changed = WIZARD.replace("{who} comes", "{who} starts").replace('"Check"', '"Look"').replace("Hire {who}", "Done")
    world.patch(changed)
    assert world.context.widgets["last"] is last and last.text() == "Bob starts"
    assert (wizard.place.text(), wizard.next.text()) == ("Step 2 of 2: Look", "Done")
    start = changed.index('    step "Look"')
    world.patch(changed[:start] + changed[changed.index("\n", start) + 1 :])
    assert wizard.is_open and wizard.place.text() == "Step 1 of 1: Name" and line(world).isVisible()


def test_a_form_holds_its_step_until_it_is_right(world: World) -> None:
    wizard = opened(world, 'wizard edit { step "Row" { label "1" }; step "End" { label "2" } }', "edit")

    class Wrong(QWidget):
        wrote = False

        def has_edits(self) -> bool:
            return True

        def check_row(self) -> bool:
            return False

        def write_row(self) -> None:
            self.wrote = True

    wrong = Wrong(wizard._entered())
    wizard.turn(1)
    assert "Step 1" in wizard.place.text() and wizard.note.isVisible() and not wrong.wrote
    wrong.check_row = lambda: True  # type: ignore[method-assign]
    wizard.turn(1)
    assert "Step 2" in wizard.place.text() and wrong.wrote


def test_a_sheet_stands_at_its_side(world: World) -> None:
    sheet = opened(world, 'sheet more title="More" width=300 { search id=find }', "more")
    place = sheet.card.card.geometry()
    assert (place.right() + 1, place.width(), place.height()) == (world.window.width(), 300, world.window.height())
    assert world.window.focusWidget() is world.context.widgets["find"]
    world.patch('sheet more title="More" width=200 side=start { search id=find }')
    place = sheet.card.card.geometry()
    assert (place.left(), place.width()) == (0, 200)
    world.patch('sheet more title="More" width=200 side=bottom { search id=find }')
    place = sheet.card.card.geometry()
    assert (place.height(), place.width(), place.bottom() + 1) == (200, world.window.width(), world.window.height())
    key(world, "Escape")
    assert not sheet.is_open


def test_a_sheet_is_never_wider_than_its_window(world: World) -> None:
    sheet = opened(world, "sheet more width=5000 { search id=find }", "more")
    assert 0 < sheet.card.card.geometry().left() < 100
