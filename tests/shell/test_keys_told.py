"""Keys that are told where people meet commands, the tour, and what a screen reader hears of what keys bring up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from tests.conftest import spin_until
from tests.contract.keyboard_desk import Desk, opened_desk

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_NAME, _DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description


@pytest.fixture(scope="module")
def desk(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    QAccessible.setActive(True)
    made = opened_desk(tmp_path_factory.mktemp("keys-told"), spin_until)
    desk = next(made)
    spin_until(lambda: not desk.window.registry.waits_to_show_keys)
    yield desk
    next(made, None)
    QAccessible.setActive(False)


def press(desk: Desk, key: Any, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(desk.window.windowHandle(), key, modifiers)


def interface(widget: Any) -> Any:
    return QAccessible.queryAccessibleInterface(widget)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What a screen reader is told from now on: kind of the event, and the object."""
    told: list[tuple[str, Any]] = []
    plain = QAccessible.updateAccessibility

    def tell(event: Any) -> None:
        told.append((event.type().name, event.object()))
        plain(event)

    monkeypatch.setattr(QAccessible, "updateAccessibility", tell)
    return told


def test_tips_and_menus_tell_the_keys_of_the_keymap_in_force(desk: Desk) -> None:
    from shell.menu import make_menu

    def in_menu(command: str) -> str:
        menu = make_menu(desk.window)
        title = desk.window.registry.title(command)
        actions = [one for sub in [menu, *menu.findChildren(type(menu))] for one in sub.actions()]
        found = next(one.text() for one in actions if one.text().partition("\t")[0] == title)
        menu.deleteLater()
        return found.partition("\t")[2]

    bell, config = desk["bell"], desk.window.session.config
    assert "(Ctrl+M)" in bell.toolTip() and in_menu("view.split") == "Ctrl+K s"
    path = Path(config.paths.config) / "keys.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[mine]\n"Alt+F7" = "app.ring"\n"Ctrl+M" = ""\n"Alt+F6" = "view.split"\n"Ctrl+K s" = ""\n')
    spin_until(lambda: "(Alt+F7)" in bell.toolTip())
    assert in_menu("view.split") == "Alt+F6" and "Alt+F7" in interface(bell).text(_DESCRIPTION)
    path.unlink()
    spin_until(lambda: "(Ctrl+M)" in bell.toolTip())
    config.set("keys.map", "vim")
    assert in_menu("tab.close") == "g c"
    config.set("keys.map", "default")
    assert in_menu("tab.close") == "Ctrl+F4"


def test_the_tour_is_taken_and_left_by_keys(desk: Desk) -> None:
    from shell.tour import STEPS

    desk.at(0, "name")
    press(desk, Qt.Key.Key_K, _CONTROL)
    press(desk, Qt.Key.Key_T)
    tour = desk.window.cards.made["tour"]
    spin_until(tour.isVisible)
    assert "Ctrl+P" in tour.text and tour.text.startswith("One key for everything · 1 of 7")
    seen = {tour.text}
    for _ in STEPS[1:]:
        press(desk, Qt.Key.Key_Return)
        seen.add(tour.text)
    assert len(seen) == len(STEPS) and "done" in tour.text
    press(desk, Qt.Key.Key_Backspace)
    assert tour.step == len(STEPS) - 2
    assert tour.text == interface(tour).text(_DESCRIPTION), "a screen reader reads the card"
    press(desk, Qt.Key.Key_Escape)
    assert not tour.isVisible() and desk.view.hasFocus(), "it is never in the way"
    desk.window.registry.run("help.tour")
    assert tour.isVisible() and tour.step == 0
    for _ in STEPS:
        press(desk, Qt.Key.Key_Return)
    assert not tour.isVisible()


def test_what_the_tour_names_is_there() -> None:
    from shell.builtin import COMMAND_IDS
    from shell.tour import STEPS

    assert [name for step in STEPS for name in step.commands if name not in COMMAND_IDS] == []


def test_a_screen_reader_meets_the_palette(desk: Desk) -> None:
    desk.at(0, "name")
    press(desk, Qt.Key.Key_P, _CONTROL)
    spin_until(lambda: desk.focus() is not desk.view)
    line = interface(desk.focus())
    assert line.role() == QAccessible.Role.EditableText and line.text(_NAME)
    assert line.state().focused
    palette = desk.window.cards.palette()
    from PySide6.QtWidgets import QListView

    entries = palette.findChild(QListView)
    spin_until(lambda: entries.model().rowCount() > 3)
    listed = interface(entries)
    assert listed.role() == QAccessible.Role.List and listed.text(_NAME)
    assert all(listed.child(at).text(_NAME) for at in range(3))
    press(desk, Qt.Key.Key_Escape)
    spin_until(desk.view.hasFocus)


def test_a_screen_reader_meets_the_command_line(desk: Desk, heard: list[tuple[str, Any]]) -> None:
    desk.at(0, "name")
    press(desk, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    line = interface(desk.focus())
    assert line.role() == QAccessible.Role.EditableText and line.text(_NAME) == "Command line"
    for letter in "frobnicate":
        press(desk, ord(letter.upper()))
    press(desk, Qt.Key.Key_Return)
    bar = desk.window.cards.made["line"]
    assert "frobnicate" in interface(bar).text(_DESCRIPTION).lower(), "what is wrong is said"
    assert ("Announcement", bar.line) in heard
    press(desk, Qt.Key.Key_Escape)


def test_a_screen_reader_hears_what_may_follow(desk: Desk, heard: list[tuple[str, Any]]) -> None:
    from shell.pending import _PART

    desk.window.session.config.set("keys.help_delay", "0ms")
    desk.at(0, "name")
    press(desk, Qt.Key.Key_K, _CONTROL)
    card = desk.window.cards.made[_PART]
    spin_until(lambda: ("Alert", card) in heard)
    name = interface(card).text(_NAME)
    assert name.startswith("Ctrl+K: ") and "Second view at the right" in name
    press(desk, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_a_screen_reader_hears_of_hints(desk: Desk, heard: list[tuple[str, Any]]) -> None:
    desk.at(0, "name")
    press(desk, Qt.Key.Key_J, _CONTROL)
    spin_until(lambda: any(kind == "Announcement" for kind, _ in heard))
    press(desk, Qt.Key.Key_Escape)
