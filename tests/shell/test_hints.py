"""Hints with real keys in one window: labels, the text that is looked for, what is done, what moves and covers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.conftest import spin_until
from tests.contract.keyboard_desk import Desk, opened_desk

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def desk(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from opened_desk(tmp_path_factory.mktemp("hints"), spin_until)


@pytest.fixture
def hints(desk: Desk) -> Iterator[Any]:
    """The hints, with the focus in the search box."""
    from shell.action.hint import hints_of

    desk.window.activateWindow()
    desk.find.clear()
    desk.page(0)
    desk.enter(desk.find)
    spin_until(lambda: desk["edit"].isVisible())
    made = hints_of(desk.window)
    yield made
    made.end()


def press(desk: Desk, key: Any, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    """A real key, as the system sends it to the window."""
    QTest.keyClick(desk.window.windowHandle(), key, modifiers)


def type_text(desk: Desk, text: str) -> None:
    for letter in text:
        press(desk, letter, _SHIFT if letter.isupper() else Qt.KeyboardModifier.NoModifier)


def show(desk: Desk) -> None:
    press(desk, Qt.Key.Key_J, _CONTROL)
    settle(desk)


def settle(desk: Desk) -> None:
    """Wait until what a test did before has found its place on the screen, so that labels stay what they are."""
    hints = desk.window.cards.made["hints"]
    spin_until(lambda: not hints._is_fresh and not hints._has_moved())
    assert hints.is_shown


def label_of(hints: Any, text: str, role: str = "") -> str:
    """The label of the first target that says a text."""
    found = [(one.target.said(), one.target.role, label) for one, label in hints.found]
    return next(label for said, kind, label in found if text in said and (not role or kind == role))


def said(hints: Any) -> set[str]:
    return {one.target.said() for one, _ in hints.found}


def test_a_label_s_letters_press_a_button_and_type_nothing(desk: Desk, hints: Any) -> None:
    show(desk)
    assert hints.is_shown and desk.window.keys.modes.name == "hint"
    desk.rung.clear()
    type_text(desk, label_of(hints, "Ring", "button"))
    assert desk.rung == ["ring:ring"] and not hints.is_shown and desk.window.keys.modes.name != "hint"
    assert desk.find.text() == ""


def test_every_kind_of_target_in_sight_is_labelled(desk: Desk, hints: Any) -> None:
    show(desk)
    roles = {one.target.role for one, _ in hints.found}
    assert {"button", "field", "cell", "heading", "tab", "border"} <= roles
    texts = said(hints)
    assert {"Name", "item 01", "Ring", "Follow", "Form", "Cards"} <= texts
    assert not any("item 40" in text for text in texts), "it is scrolled away"
    shown = hints._shown
    whole = desk.window.rect()
    assert len(shown.plates) == len(hints.found) and all(whole.contains(plate.rect) for plate in shown.plates)
    corners = [plate.rect.topLeft().toTuple() for plate in shown.plates]
    assert len(set(corners)) == len(corners)
    for index, wanted in ((3, "row"), (4, "row"), (8, "menu"), (10, "dock")):
        desk.page(index)
        spin_until(lambda wanted=wanted: wanted in {one.target.role for one, _ in hints.found})


def test_the_labels_widget_is_what_its_plates_cover(qapp: Any) -> None:
    """The mask, of labels in rows that overlap, beside and on each other, at each border."""
    from PySide6.QtGui import QRegion
    from PySide6.QtWidgets import QWidget

    from shell.hints.shown import Shown, Word
    from widgets.theme import Theme

    ground = QWidget()
    ground.resize(300, 200)
    shown = Shown(ground, Theme())
    boxes = [(left, top, left + 30, top + 9) for top in range(-6, 205, 7) for left in range(-9, 310, 23 + top % 3)]
    boxes += [boxes[4]] * 3
    order = sorted(boxes, key=lambda box: (box[0] * 31 + box[1] * 17) % 101)
    shown.put([(box, "abc"[: at % 3 + 1]) for at, box in enumerate(order)], 0, [Word("Esc")])
    region = QRegion(shown._strip)
    for plate in shown.plates:
        region += plate.rect
    assert len(shown.plates) == len(boxes) and shown.mask() == region
    assert all(ground.rect().contains(plate.rect) for plate in shown.plates)
    shown.put([], 0, [])
    assert shown.plates == [] and shown.mask().isEmpty()


def test_a_cell_a_heading_and_a_tab_are_gone_to(desk: Desk, hints: Any) -> None:
    show(desk)
    type_text(desk, label_of(hints, "item 03", "cell"))
    assert desk.view.hasFocus() and desk.view.current_row == 2
    show(desk)
    type_text(desk, label_of(hints, "Cards", "tab"))
    assert desk["pages"].current() == 4
    show(desk)
    type_text(desk, label_of(hints, "Amount", "heading"))
    assert [key.column for key in desk.view.shown_sort()] == ["amount"]
    desk.view.sort_by(0)


def test_capital_letters_and_a_slash_look_for_a_text(desk: Desk, hints: Any) -> None:
    show(desk)
    everything = len(hints.found)
    type_text(desk, "RING")
    assert said(hints) == {"Ring"} and [label for _, label in hints.found] == ["a"]
    press(desk, Qt.Key.Key_Backspace)
    press(desk, Qt.Key.Key_Backspace)
    assert 1 < len(hints.found) < everything
    press(desk, Qt.Key.Key_Escape)
    show(desk)
    type_text(desk, "/item 1")
    assert said(hints) == {f"item {at}" for at in range(10, 20)} & said(hints) and len(hints.found) > 3
    type_text(desk, "2")
    assert said(hints) == {"item 12"} and hints.is_shown
    press(desk, Qt.Key.Key_Return)
    assert not hints.is_shown and desk.view.current_row == 11 and desk.view.hasFocus()
    show(desk)
    type_text(desk, "/nowhere")
    assert hints.found == [] and any("nothing says so" in word.text for word in hints._shown.words)


def test_return_ends_a_text_of_several_and_a_letter_chooses(desk: Desk, hints: Any) -> None:
    show(desk)
    type_text(desk, "/item 0")
    press(desk, Qt.Key.Key_Return)
    assert hints.is_shown
    type_text(desk, label_of(hints, "item 05"))
    assert desk.view.current_row == 4


def test_keys_choose_what_is_done_and_it_is_shown(desk: Desk, hints: Any) -> None:
    def in_force() -> str:
        (word,) = [word.text for word in hints._shown.words if word.is_strong]
        return word

    show(desk)
    assert in_force().startswith("Open")
    press(desk, Qt.Key.Key_Tab)
    assert in_force().startswith("Go there")
    press(desk, Qt.Key.Key_C, _CONTROL)
    assert in_force().startswith("Copy text")
    type_text(desk, label_of(hints, "item 02", "cell"))
    assert QApplication.clipboard().text() == "item 02"
    assert desk.find.hasFocus()
    desk.window.registry.run("hint.copy-address")
    settle(desk)
    told = len(desk.window.messages.history)
    type_text(desk, label_of(hints, "item 02", "cell"))
    assert "leads to no address" in desk.window.messages.history[-1].text and len(desk.window.messages.history) > told
    desk.window.registry.run("hint.focus")
    settle(desk)
    desk.rung.clear()
    type_text(desk, label_of(hints, "Ring", "button"))
    assert desk["bell"].hasFocus() and desk.rung == []


def test_a_menu_is_opened(desk: Desk, hints: Any) -> None:
    desk.window.registry.run("hint.open-menu")
    settle(desk)
    type_text(desk, label_of(hints, "item 02", "cell"))
    spin_until(lambda: QApplication.activePopupWidget() is not None)
    QApplication.activePopupWidget().close()
    assert desk.view.current_row == 1


def test_a_row_is_opened_beside(desk: Desk, hints: Any) -> None:
    from shell.panes import panes_of

    desk.window.registry.run("hint.open-beside")
    settle(desk)
    type_text(desk, label_of(hints, "item 05", "cell"))
    (pane,) = panes_of(desk.window).panes
    spin_until(lambda: pane.view.current_row == 4 and pane.view.hasFocus())
    desk.window.registry.run("hint.open-beside")
    settle(desk)
    type_text(desk, label_of(hints, "Ring", "button"))
    assert "one place only" in desk.window.messages.history[-1].text
    panes_of(desk.window).close_all()


def test_a_tab_is_taken_out(desk: Desk, hints: Any) -> None:
    desk.window.registry.run("hint.open-window")
    settle(desk)
    type_text(desk, label_of(hints, "Figures", "tab"))
    assert desk["pages"].is_out(6)
    desk["pages"].put_back(6)


def test_pages_in_windows_of_their_own_are_labelled_too(desk: Desk, hints: Any) -> None:
    desk["pages"].turn_out(2)
    torn = desk["inner"].window()
    spin_until(torn.isActiveWindow)
    desk.window.activateWindow()
    spin_until(desk.window.isActiveWindow)
    desk.enter(desk.find)
    desk.window.registry.run("hint.show")
    settle(desk)
    tops = {one.owner.window() for one, _ in hints.found}
    assert tops == {desk.window, torn}
    labels = [label for _, label in hints.found]
    assert len(set(labels)) == len(labels)
    shown = hints._more[torn]
    assert shown.isVisible() and shown.words == [] and shown.plates
    label = next(label for one, label in hints.found if one.owner.window() is torn and one.target.said() == "Two")
    type_text(desk, label)
    assert desk["inner"].current() == 1 and hints._more == {}
    desk["pages"].put_back(2)


def test_wrong_letters_are_left_out_and_escape_leaves(desk: Desk, hints: Any) -> None:
    show(desk)
    type_text(desk, "x")
    assert hints.typed == "" and hints.is_shown
    longer = next(label for _, label in hints.found if len(label) > 1)
    press(desk, longer[0])
    assert hints.typed == longer[0]
    press(desk, Qt.Key.Key_Backspace)
    assert hints.typed == ""
    press(desk, Qt.Key.Key_Escape)
    assert not hints.is_shown and hints._shown.isHidden() and desk.find.text() == "" and desk.find.hasFocus()


def test_scrolling_reads_anew_and_a_click_leaves(desk: Desk, hints: Any) -> None:
    show(desk)
    label_of(hints, "item 01", "cell")
    desk.view.places.move_to(10 * desk.view.look.row_height)
    spin_until(lambda: "item 01" not in said(hints) and "item 25" in said(hints))
    assert hints.is_shown
    QTest.mouseClick(desk.window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(300, 8))
    spin_until(lambda: not hints.is_shown)
    desk.view.places.move_to(0)


def test_another_size_reads_anew(desk: Desk, hints: Any) -> None:
    show(desk)
    before = {one.target.said(): one.rect for one, _ in hints.found}["Follow"]
    desk.window.resize(1000, 640)
    spin_until(lambda: {one.target.said(): one.rect for one, _ in hints.found}.get("Follow", before) != before)
    assert hints._shown.rect() == desk.window.rect()
    desk.window.resize(1200, 700)


def test_what_is_covered_has_no_label(desk: Desk, hints: Any) -> None:
    desk.window.registry.run("palette.open")
    spin_until(lambda: desk.window.cards.palette().isVisible())
    desk.window.registry.run("hint.show")
    settle(desk)
    card: QRect = desk.window.cards.palette().card.geometry()
    assert hints.found and all(card.contains(one.rect.center()) for one, _ in hints.found)
    press(desk, Qt.Key.Key_Escape)
    assert desk.window.cards.palette().isVisible(), "Escape left the hints alone"
    desk.window.cards.palette().close_card()


def test_letters_of_the_option_and_keys_of_vim(desk: Desk, hints: Any) -> None:
    config = desk.window.session.config
    config.set("hints.letters", "jk")
    show(desk)
    assert set("".join(label for _, label in hints.found)) == {"j", "k"}
    press(desk, Qt.Key.Key_Escape)
    config.set("hints.letters", "asdfghjkl")
    config.set("keys.map", "vim")
    desk.enter(desk.view)
    type_text(desk, "f")
    settle(desk)
    type_text(desk, label_of(hints, "item 07", "cell"))
    assert desk.view.current_row == 6
    config.set("keys.map", "default")
