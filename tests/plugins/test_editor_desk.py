"""The editor in a real window: a column, a state and a file edited by keys, saved, in conflict, guarded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shell.focus import has_edits
from tests.conftest import spin_until
from tests.plugins.editor_desk import ROWS, EditorDesk, press, type_text


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    desk = EditorDesk(tmp_path_factory.mktemp("desk"))
    yield desk
    desk.close()


@pytest.fixture
def desk(opened: EditorDesk) -> Iterator[EditorDesk]:
    """The window at its first row, without edits; whatever a test left is taken back."""
    body, file = opened.editor("body"), opened.editor("file")
    opened.window.setFocus()
    form = body._bound.form
    spin_until(lambda: not form.row.is_writing)
    form.revert_row()
    assert not form.has_edits()
    if opened.notes.read_bytes() != b"a note\n":
        opened.notes.write_bytes(b"a note\n")
    file._file.load()
    file._file.bar.dismiss()
    for key, _, text in ROWS:
        if opened.stored(key) != text:
            opened.write_behind(key, text)
    opened.go_to_row(2)
    opened.go_to_row(1)
    spin_until(lambda: body.pane.text() == b"one\ntwo\nthree\n" and not has_edits(opened.window))
    opened.editor("body").pane.focus_code()
    yield opened


def test_a_column_is_edited_and_saved(desk: EditorDesk) -> None:
    pane = desk.editor("body").pane
    press("Ctrl+End")
    type_text("four\n")
    assert has_edits(desk.window) and desk.stored(1) == ROWS[0][2]
    press("Ctrl+S")
    spin_until(lambda: desk.stored(1) == "one\ntwo\nthree\nfour\n")
    spin_until(lambda: not has_edits(desk.window))
    press("Ctrl+Z")
    assert pane.text() != b"one\ntwo\nthree\nfour\n" and has_edits(desk.window)
    press("Ctrl+Y", "Ctrl+S")
    spin_until(lambda: not has_edits(desk.window))


def test_undo_back_to_what_is_stored_is_no_edit(desk: EditorDesk) -> None:
    type_text("x")
    assert has_edits(desk.window)
    press("Ctrl+Z")
    spin_until(lambda: not has_edits(desk.window))


def test_another_row_begins_anew_and_edits_of_the_one_before_are_written(desk: EditorDesk) -> None:
    pane = desk.editor("body").pane
    type_text("zero")
    desk.go_to_row(2)
    spin_until(lambda: pane.text() == b"print(1)\n")
    assert desk.stored(1) == "zeroone\ntwo\nthree\n"
    pane.focus_code()
    press("Ctrl+Z")
    assert pane.text() == b"print(1)\n"


def test_an_empty_text_is_no_value(desk: EditorDesk) -> None:
    press("Ctrl+A", "Delete", "Ctrl+S")
    spin_until(lambda: desk.stored(1) is None)
    desk.go_to_row(3)
    assert desk.editor("body").pane.text() == b""


def test_somebody_elses_change_is_asked_about_and_mine_can_stay(desk: EditorDesk) -> None:
    form, pane = desk.editor("body")._bound.form, desk.editor("body").pane
    type_text("mine ")
    desk.write_behind(1, "theirs\n")
    press("Ctrl+S")
    spin_until(lambda: form.bar.is_asking)
    assert "Changed by someone else" in form.bar.text.text() and pane.text().startswith(b"mine ")
    form.bar.second.click()
    spin_until(lambda: desk.stored(1) == "mine one\ntwo\nthree\n")


def test_theirs_can_be_taken_and_taken_back(desk: EditorDesk) -> None:
    form, pane = desk.editor("body")._bound.form, desk.editor("body").pane
    type_text("mine ")
    desk.write_behind(1, "theirs\n")
    press("Ctrl+S")
    spin_until(lambda: form.bar.is_asking)
    form.bar.first.click()
    spin_until(lambda: pane.text() == b"theirs\n")
    assert not has_edits(desk.window)
    pane.focus_code()
    press("Ctrl+Z")
    assert pane.text() == b"mine one\ntwo\nthree\n"


def test_what_somebody_else_writes_comes_in_and_the_caret_stays(desk: EditorDesk) -> None:
    pane = desk.editor("body").pane
    press("Ctrl+End")
    form = desk.editor("body")._bound.form
    desk.write_behind(1, "zero\none\ntwo\nthree\n")
    form.row.read_again()
    spin_until(lambda: pane.text() == b"zero\none\ntwo\nthree\n")
    assert pane.code.caret == pane.code.length and not has_edits(desk.window)


def test_escape_never_takes_a_text_back(desk: EditorDesk) -> None:
    pane = desk.editor("body").pane
    type_text("x")
    press("Escape", "Escape", "Escape")
    assert pane.text() == b"xone\ntwo\nthree\n"


def test_tab_indents_and_after_escape_it_leaves(desk: EditorDesk) -> None:
    pane = desk.editor("body").pane
    press("Tab")
    assert pane.text().startswith(b"    one") and pane.code.host.view.hasFocus()
    press("Escape")
    assert "Tab" in pane.status.note.text() or pane.code.leaves
    press("Tab")
    assert not pane.code.host.view.hasFocus() and pane.text().startswith(b"    one")


def test_leaving_the_editor_writes_as_a_field_does(desk: EditorDesk) -> None:
    type_text("x")
    desk.window.context.widgets["list"].setFocus()
    spin_until(lambda: desk.stored(1) == "xone\ntwo\nthree\n")


def test_the_find_bar_belongs_to_the_editor(desk: EditorDesk) -> None:
    form, pane = desk.editor("body")._bound.form, desk.editor("body").pane
    type_text("x")
    press("Ctrl+F")
    type_text("two")
    spin_until(lambda: pane.find_bar().finder.told() == "1 of 1 match")
    assert form.has_edits() and desk.stored(1) == ROWS[0][2]
    press("Escape")
    assert pane.code.host.view.hasFocus() and pane.code.selection == (5, 8)


def test_a_state_follows_the_editor_and_the_editor_the_state(desk: EditorDesk) -> None:
    scope, pane = desk.window.scope, desk.editor("scratch").pane
    pane.focus_code()
    press("Ctrl+End")
    type_text("2")
    spin_until(lambda: scope.read("draft") == "select 12")
    scope.publish("draft", "select 3")
    assert pane.text() == b"select 3"
    press("Ctrl+A")
    type_text("select 1")
    spin_until(lambda: scope.read("draft") == "select 1")


def test_a_file_is_saved_whole(desk: EditorDesk) -> None:
    editor = desk.editor("file")
    editor.pane.focus_code()
    type_text("x")
    assert editor.has_edits() and has_edits(desk.window)
    press("Ctrl+S")
    assert desk.notes.read_bytes() == b"xa note\n" and not editor.has_edits()
    assert [path.name for path in desk.folder.glob(".*")] == []


def test_a_file_that_another_program_changes_comes_in(desk: EditorDesk) -> None:
    editor = desk.editor("file")
    desk.notes.write_bytes(b"another note\n")
    spin_until(lambda: editor.pane.text() == b"another note\n")
    assert not editor.has_edits()


def test_a_file_changed_under_edits_is_asked_about(desk: EditorDesk) -> None:
    editor = desk.editor("file")
    editor.pane.focus_code()
    type_text("x")
    desk.notes.write_bytes(b"theirs, longer\n")
    spin_until(lambda: editor._file.bar.is_asking)
    assert not editor.save() and desk.notes.read_bytes() == b"theirs, longer\n"
    editor._file.bar.second.click()
    assert desk.notes.read_bytes() == b"xa note\n" and not editor.has_edits()


def test_saving_sees_a_change_that_nobody_told_of(desk: EditorDesk) -> None:
    editor = desk.editor("file")
    editor.pane.focus_code()
    type_text("x")
    desk.notes.write_bytes(b"theirs, and longer\n")
    press("Ctrl+S")
    assert editor._file.bar.is_asking and desk.notes.read_bytes() == b"theirs, and longer\n"
    editor._file.bar.first.click()
    assert editor.pane.text() == b"theirs, and longer\n" and not editor.has_edits()
    editor.pane.focus_code()
    press("Ctrl+Z")
    assert editor.pane.text() == b"xa note\n"


def test_a_deleted_file_is_told_of_and_made_anew(desk: EditorDesk) -> None:
    editor = desk.editor("file")
    desk.notes.unlink()
    spin_until(lambda: "deleted" in editor._file.bar.text.text())
    assert editor.pane.text() == b"a note\n"
    editor.pane.focus_code()
    type_text("x")
    press("Ctrl+S")
    assert desk.notes.read_bytes() == b"xa note\n"


def test_a_letter_outside_of_the_encoding_keeps_the_file(desk: EditorDesk) -> None:
    editor = desk.editor("file")
    desk.notes.write_bytes("Gäste und Grüße\n".encode("latin-1"))
    spin_until(lambda: editor.pane.form.encoding == "latin-1")
    editor.pane.focus_code()
    type_text("x")
    editor.pane.code.type("Ж".encode())
    press("Ctrl+S")
    assert "“Ж” in line 1" in editor._file.bar.text.text() and editor.has_edits()
    assert desk.notes.read_bytes() == "Gäste und Grüße\n".encode("latin-1")
    desk.window.registry.run("editor.set-encoding", encoding="utf-8-bom")
    press("Ctrl+S")
    assert desk.notes.read_bytes() == b"\xef\xbb\xbf" + "xЖGäste und Grüße\n".encode()


def test_the_window_asks_before_it_closes_over_a_file_with_edits(desk: EditorDesk) -> None:
    desk.editor("file").pane.focus_code()
    type_text("x")
    desk.window.close()
    assert desk.window.isVisible()
    question = desk.window.cards.question()
    spin_until(lambda: question.isVisible())
    press("Escape")


def test_all_commands_are_there_with_their_keys(desk: EditorDesk) -> None:
    from plugins.registry import find_plugins

    (manifest,) = [one.manifest for one in find_plugins() if one.manifest and one.manifest.id == "scintilla"]
    keymap = desk.window.registry.keymap
    assert not [clash for clash in keymap.clashes if "editor." in str(clash)]
    bound = {binding.command for binding in keymap}
    assert {one.id for one in manifest.commands if one.keys} <= bound


def test_f6_goes_through_all_editors_and_back(desk: EditorDesk) -> None:
    def here() -> str:
        from shell.focus import around, kind_of

        widgets = around(desk.window.focusWidget(), desk.window)
        return next(one.node.id for one in widgets if kind_of(one) in ("editor", "grid") and one.node.id)

    forward, back = [], []
    for places, key in ((forward, "F6"), (back, "Shift+F6")):
        for _ in range(4):
            places.append(here())
            press(key)
    assert forward == ["body", "scratch", "file", "list"] and back == ["body", "list", "file", "scratch"]


def test_the_way_back_leads_to_the_caret_and_a_mark_keeps_it(desk: EditorDesk) -> None:
    spin_until(lambda: desk.window.following is not None)
    body = desk.editor("body")
    body.go_to_line(3)
    desk.window.registry.run("mark.set third")
    desk.editor("scratch").pane.focus_code()
    body.go_to_line(1)
    desk.window.registry.run("mark.go third")
    assert body.caret_place() == (3, 1)
    desk.window.registry.run("place.back")
    assert desk.editor("scratch").isAncestorOf(desk.window.focusWidget())
    desk.window.registry.run("place.forward")
    assert body.isAncestorOf(desk.window.focusWidget()) and body.caret_place() == (3, 1)
    desk.window.registry.run("mark.delete third")


def test_an_editor_fills_the_window_with_what_is_typed(desk: EditorDesk) -> None:
    press("Ctrl+Home")
    type_text("x")
    desk.window.registry.run("view.zoom")
    assert desk.editor("body").width() > 0.9 * desk.window.width() or not desk.window.body.isVisible()
    type_text("y")
    desk.window.registry.run("view.zoom")
    assert desk.editor("body").pane.text().startswith(b"xyone")
    desk.editor("body")._bound.form.revert_row()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_focus_of_an_editor_is_seen(desk: EditorDesk, theme: str) -> None:
    from PySide6.QtWidgets import QApplication

    from tests.contract.test_focus_seen import differing, picture

    mode = desk.window.theme.mode
    desk.window.theme.set_mode(theme)
    body = desk.editor("body")
    desk.window.context.widgets["list"].setFocus()
    spin_until(lambda: not body.isAncestorOf(QApplication.focusWidget()))
    before = picture(body)
    body.pane.focus_code()
    assert differing(before, picture(body)) > 40
    desk.window.theme.set_mode(mode)
