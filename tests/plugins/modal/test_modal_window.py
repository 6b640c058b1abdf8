"""An editor with modes within its window: typed lines, pending keys, undo, save and other commands."""

from __future__ import annotations

from typing import Any

from plugins.scintilla.modal import key as keys
from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press
from tests.plugins.modal.modal_desk import give, strike


def test_lines_of_the_window_run_as_ex_commands(editor: Any) -> None:
    give(editor, "█one\ntwo\n")
    assert editor.run_line("%s/o/0/g") == "2 places replaced"
    assert editor.pane.text() == b"0ne\ntw0\n"
    assert editor.run_line("s/x/y/") == "“x” is not found"
    assert editor.run_line("table.sort orders total") is None
    strike("u")
    assert editor.pane.text() == b"one\ntwo\n"


def test_a_line_that_is_no_ex_command_is_the_windows(editor: Any, desk: EditorDesk) -> None:
    give(editor, "█one\n")
    strike(":option.set ui.text_size 1.25" + keys.RETURN)
    spin_until(lambda: desk.session.config["ui.text_size"] == 1.25)
    strike(":option.set ui.text_size 1" + keys.RETURN)
    spin_until(lambda: desk.session.config["ui.text_size"] == 1)
    strike(":option.set ui.text_size nothing" + keys.RETURN)
    spin_until(lambda: "must be a number" in editor.pane.modal.engine.message)
    strike(":frobnicate it" + keys.RETURN)
    assert "no command “frobnicate”" in editor.pane.modal.engine.message
    strike("x")
    assert editor.pane.text() == b"ne\n"


def test_tab_completes_ex_commands_their_options_and_commands_of_the_window(editor: Any) -> None:
    give(editor, "█b\na\n")
    engine = editor.pane.modal.engine
    strike(":so" + keys.TAB)
    assert engine.line == ":sort"
    strike(keys.RETURN)
    assert editor.pane.text() == b"a\nb\n"
    strike(":set ignorec" + keys.TAB)
    assert engine.line == ":set ignorecase"
    strike(keys.ESCAPE + ":theme." + keys.TAB)
    first = engine.line
    assert first.startswith(":theme.") and len(engine.offered) > 2
    spin_until(lambda: editor.pane.status.note.text().startswith(first + "▏  "))
    strike(keys.TAB)
    assert engine.line.startswith(":theme.") and engine.line != first
    strike(keys.TAB * (len(engine.offered) - 2))
    assert engine.line == ":theme.", "what was typed comes again"
    strike(keys.ESCAPE)


def test_what_may_follow_pending_keys_is_shown_by_the_window(editor: Any, desk: EditorDesk) -> None:
    from shell.pending import _PART

    give(editor, "█one (two)\n")
    desk.session.config.set("keys.help_delay", "0ms")
    strike("2d")
    card = desk.window.cards.made[_PART]
    spin_until(lambda: card.isVisible() and bool(card.lines))
    shown = {line.key: line.title for line in card.lines}
    assert shown["w"] == "next word" and "…" in shown["i"] and "2d" in card.accessibleName()
    strike("i")
    spin_until(lambda: {line.key for line in card.lines} >= {"w", "("})
    strike("w")
    assert not card.isVisible() and editor.pane.text() == b"(two)\n"
    strike("gs")
    spin_until(lambda: card.isVisible() and "j" in {line.key for line in card.lines})
    strike(keys.ESCAPE)
    assert not card.isVisible()
    desk.session.config.set("keys.help_delay", "400ms")


def test_undo_and_save_of_the_window_part_a_stay_in_insert_mode(editor: Any) -> None:
    give(editor, "█one")
    strike("iab")
    press("Ctrl+Z")
    assert editor.pane.text() == b"one"
    strike("cd")
    editor.pane.code.mark_saved()
    assert not editor.pane.code.is_dirty
    press("Ctrl+Left")
    strike("ef" + keys.ESCAPE)
    assert editor.pane.text() == b"efcdone" and editor.pane.code.is_dirty
    strike("u")
    assert editor.pane.text() == b"cdone" and not editor.pane.code.is_dirty
    strike("u")
    assert editor.pane.text() == b"one"
    press("Ctrl+Y", "Ctrl+Y")
    strike(keys.control("r") * 2)
    assert editor.pane.text() == b"efcdone"


def test_commands_of_the_window_go_on_with_ctrl(editor: Any) -> None:
    give(editor, "█a\nb\n")
    press("Alt+Down")
    assert editor.pane.text() == b"b\na\n"
