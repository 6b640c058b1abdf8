"""Modes, counts and the choice of a keymap, with real keys in one window."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shell.command import Command
from shell.mode import Modes, key_mode
from tests.conftest import spin_until
from tests.contract.keyboard_desk import Desk, opened_desk


class Part:
    """A widget that says its mode."""

    def __init__(self, mode: str = "", parent: Part | None = None) -> None:
        self.mode, self.parent = mode, parent

    def key_mode(self) -> str:
        return self.mode

    def parentWidget(self) -> Part | None:
        return self.parent


def modes(widget: Part | None = None, *, typing: bool = False, modal: bool = True) -> Modes:
    return Modes(lambda: widget, lambda _widget: typing, lambda: modal)


def test_a_keymap_without_modes_has_none() -> None:
    assert modes(modal=False).names() == ()
    assert modes(Part("visual"), modal=False).names() == ("visual",)


def test_a_text_is_typed_into_in_insert_mode() -> None:
    assert modes(typing=True).name == "insert"
    assert modes().name == "normal"


def test_a_widget_has_a_minor_mode_over_the_window_s_or_one_in_its_place() -> None:
    assert modes(Part("visual"), typing=True).names() == ("visual", "insert")
    assert modes(Part("normal"), typing=True).names() == ("normal",)
    assert key_mode(Part("", Part("visual"))) == "visual"


def test_a_mode_that_was_entered_ends_once_and_tells() -> None:
    made, told, left = modes(), [], []
    stop = made.watch(lambda: told.append(made.name))
    made.tell()
    leave = made.enter("hint", lambda: left.append(1))
    made.enter("command")
    assert made.name == "command"
    assert made.escape() and made.name == "hint"
    leave()
    leave()
    assert left == [1] and not made.escape()
    stop()
    made.enter("hint")
    assert told == ["normal", "hint", "command", "hint", "normal"]


@pytest.fixture(scope="module")
def desk(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from opened_desk(tmp_path_factory.mktemp("modes"), spin_until)


@pytest.fixture
def vim(desk: Desk) -> Iterator[Desk]:
    desk.window.session.config.set("keys.map", "vim")
    yield desk
    desk.window.session.config.set("keys.map", "default")


def test_another_keymap_counts_at_once(desk: Desk) -> None:
    from plugins.api import keymap_name, watch_keymap

    registry, told = desk.window.registry, []
    assert not registry.keymap.is_modal
    stop = watch_keymap(told.append)
    desk.window.session.config.set("keys.map", "vim")
    assert registry.keymap.is_modal and keymap_name() == "vim"
    assert registry.key("edit.undo") == "u"
    desk.window.session.config.set("keys.map", "default")
    assert told == ["default", "vim", "default"]
    assert not registry.keymap.is_modal and registry.key("edit.undo") == "Ctrl+Z"
    stop()


def test_a_count_is_given_to_what_takes_one_and_repeats_the_rest(vim: Desk) -> None:
    seen: list[Any] = []

    def step(count: int = 1) -> None:
        seen.append(count)

    made = [Command("try.step", "Step", step, "x"), Command("try.once", "Once", lambda: seen.append("once"), "x")]
    drop = vim.window.registry.register(made)
    keys = Path(vim.window.session.config.paths.config) / "keys.toml"
    keys.parent.mkdir(parents=True, exist_ok=True)
    keys.write_text('[try]\nmode = "normal"\n"z s" = "try.step"\n"z o" = "try.once"\n')
    vim.window.keys.renew()
    vim.at(0, "name")
    vim.type("12zs")
    assert seen == [12]
    vim.type("3zo")
    assert seen == [12, "once", "once", "once"]
    vim.type("zs")
    assert seen[-1] == 1
    vim.type("z3s")
    vim.type("2z14s")
    vim.type("z0s")
    assert seen[-2:] == [3, 28], "a count within a sequence, times the one before it; 0 begins none"
    del seen[-2:]
    # Escape, or a key that nothing is bound to, ends a count.
    vim.type("4")
    vim.press("Escape")
    vim.type("zs")
    vim.type("5zxzs")
    assert seen[5:] == [1, 1]
    assert not vim.view.is_editing()
    keys.unlink()
    vim.window.keys.renew()
    drop()


def test_a_digit_that_is_bound_begins_no_count(vim: Desk) -> None:
    keys = Path(vim.window.session.config.paths.config) / "keys.toml"
    keys.write_text('[try]\nmode = "normal"\n"5" = "cursor.last"\n')
    vim.window.keys.renew()
    vim.at(0, "name")
    vim.press("5")
    assert vim.view.current_row == 39
    vim.type("15k")
    assert vim.view.current_row == 24
    keys.unlink()
    vim.window.keys.renew()


def test_letters_that_are_bound_to_nothing_type_nothing_in_normal_mode(vim: Desk) -> None:
    vim.at(0, "name")
    vim.press("x")
    assert vim.window.keys.modes.name == "normal" and not vim.view.is_editing()
    vim.press("F2")
    assert vim.window.keys.modes.name == "insert"
    vim.press("x")
    assert vim.view.editing.editor.line.text() == "x" or vim.view.editing.editor.value()
    vim.press("Escape")
    assert vim.window.keys.modes.name == "normal"


def test_letters_are_typed_where_there_are_no_modes(desk: Desk) -> None:
    desk.at(0, "name")
    desk.press("7")
    assert desk.view.is_editing() and desk.window.keys.modes.name == ""
    desk.press("Escape")


def test_the_mode_is_said_beside_the_title(vim: Desk) -> None:
    vim.at(0, "name")
    sign = vim.window.bar.mode
    assert sign.isVisible() and sign.text() == "NORMAL"
    vim.press("F2")
    assert sign.text() == "INSERT"
    vim.press("Escape")
    assert sign.text() == "NORMAL"
    vim.press("v")
    assert sign.text() == "VISUAL"
    vim.press("Escape")
    assert sign.text() == "NORMAL"
    vim.window.session.config.set("keys.map", "default")
    assert not sign.isVisible()


def test_letters_of_another_script_are_the_latin_ones_on_their_keys(vim: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    from shell.key import latin_letter

    assert latin_letter(44, 0, "linux") == "j" and latin_letter(0, 0x4A, "win32") == "j"
    assert latin_letter(47, 0, "linux") == "" and latin_letter(44, 0x4A, "darwin") == ""
    monkeypatch.setattr("shell.dispatch.latin_letter", lambda scan, virtual: latin_letter(scan, virtual, "linux"))
    vim.at(0, "name")
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        event = QKeyEvent(kind, 0x41E, Qt.KeyboardModifier.NoModifier, 44, 0, 0, "о")
        event.ignore()
        QApplication.sendEvent(vim.view, event)
    assert vim.view.current_row == 1 and not vim.view.is_editing()


def test_from_an_empty_search_box_escape_leads_to_the_list(vim: Desk) -> None:
    vim.enter(vim.find)
    assert vim.window.keys.modes.name == "insert"
    vim.press("x")
    vim.press("Escape")
    assert vim.find.text() == "" and vim.focus() is vim.find
    vim.press("Escape")
    assert vim.focus() is vim.view and vim.window.keys.modes.name == "normal"


def test_a_keymap_with_modes_begins_in_the_list_and_keys_reach_it_when_nothing_has_the_focus(desk: Desk) -> None:
    config = desk.window.session.config
    desk.enter(desk.find)
    config.set("keys.map", "vim")
    assert desk.focus() is desk.view
    desk.view.go(0, 0)
    desk.window.setFocus()
    desk.press("j")
    assert desk.focus() is desk.view and desk.view.current_row == 1
    config.set("keys.map", "default")


def test_a_layout_that_is_shown_anew_has_its_view_at_once(desk: Desk) -> None:
    # The last test of this window: its widgets are others behind it.
    desk.window.show_layout(desk.window.layout_tree)
    assert desk.window.active_view() is desk["view"]
    assert desk.window.scope.read("active.view") == "grid"


#: Sign that Qt names, scan code, layout → the keys that a person would write. Ctrl and Shift are held.
SHIFTED: tuple[tuple[str, int, str, str], ...] = (
    (">", 60, "American", "Ctrl+Shift+."), (":", 60, "German", "Ctrl+Shift+."), ("<", 59, "American", "Ctrl+Shift+,"),
    (";", 59, "German", "Ctrl+Shift+,"), ("?", 61, "American", "Ctrl+Shift+/"), ("_", 61, "German", "Ctrl+Shift+-"),
    ("_", 20, "American", "Ctrl+Shift+-"), (":", 47, "American", "Ctrl+Shift+;"), ("@", 48, "British", "Ctrl+Shift+'"),
    ('"', 48, "American", "Ctrl+Shift+'"), ("{", 34, "American", "Ctrl+Shift+["), ("|", 94, "British", "Ctrl+Shift+\\"),
    ("!", 10, "American", "Ctrl+Shift+1"), ('"', 11, "German", "Ctrl+Shift+2"), ("@", 11, "American", "Ctrl+Shift+2"),
    ("/", 16, "German", "Ctrl+Shift+7"), (">", 0, "no code", "Ctrl+Shift+."),
    ("?", 20, "German", "Ctrl+Shift+'"),
)  # fmt: skip


def test_signs_with_ctrl_and_shift_are_keys_on_every_layout(desk: Desk) -> None:
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    from shell.key import parse_keys

    seen: list[str] = []
    keys = Path(desk.window.session.config.paths.config) / "keys.toml"
    keys.parent.mkdir(parents=True, exist_ok=True)
    written = list(dict.fromkeys(row[3] for row in SHIFTED))
    drop = desk.window.registry.register([
        Command(f"try.sign-{at}", "Sign", lambda one=one: seen.append(one), "x") for at, one in enumerate(written)
    ])
    lines = [f"{json.dumps(one)} = \"try.sign-{at}\"" for at, one in enumerate(written)]
    keys.write_text("[try]\n" + "\n".join(lines) + "\n")
    desk.window.keys.renew()
    desk.at(0, "name")
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for sign, scan, layout, wanted in SHIFTED:
        assert str(parse_keys(wanted)[0]) == wanted
        seen.clear()
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, ord(sign), held, scan, 0, 0, sign)
            event.ignore()
            QApplication.sendEvent(desk.view, event)
        assert seen == [wanted], (sign, layout)
    keys.write_text("[try]\n\"Ctrl+?\" = \"try.sign-0\"\n\"Ctrl+Shift+/\" = \"try.sign-1\"\n")
    desk.window.keys.renew()
    seen.clear()
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, ord("?"), held, 61, 0, 0, "?")
        event.ignore()
        QApplication.sendEvent(desk.view, event)
    assert seen == [written[0]], "the sign itself goes before its key"
    keys.unlink()
    desk.window.keys.renew()
    drop()
