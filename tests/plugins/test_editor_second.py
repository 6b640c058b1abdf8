"""An editor that is shown twice: one text, one undo, two carets; by real keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press, type_text


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    desk = EditorDesk(tmp_path_factory.mktemp("second"))
    yield desk
    desk.close()


@pytest.fixture
def desk(opened: EditorDesk) -> Iterator[EditorDesk]:
    yield opened
    from shell.panes import end_all

    end_all(opened.window)


def split(desk: EditorDesk, editor: Any) -> Any:
    """Its second view, by keys."""
    from shell.panes import panes_of

    editor.pane.focus_code()
    press("Ctrl+K", "s")
    second = panes_of(desk.window).panes[-1].view
    assert second.pane.code.host.view.hasFocus()
    return second


def test_a_file_is_shown_twice_with_one_text_and_one_undo(desk: EditorDesk) -> None:
    first = desk.editor("file")
    second = split(desk, first)
    assert second.pane.text() == b"a note\n" and second.path == first.path and second.pane.path == "notes.txt"
    type_text("first ")
    assert first.pane.text() == b"first a note\n" and first.has_edits()
    first.pane.focus_code()
    press("Ctrl+End")
    type_text("last")
    assert second.pane.text() == b"first a note\nlast" and second.pane.code.caret == 6, "its caret is its own"
    second.pane.focus_code()
    press("Ctrl+Z")
    assert first.pane.text() == second.pane.text() == b"first a note\n"
    press("Ctrl+Z")
    assert first.pane.text() == b"a note\n" and not first.pane.code.is_dirty
    press("Ctrl+Y", "Ctrl+S")
    spin_until(lambda: desk.notes.read_bytes() == b"first a note\n")
    assert not first.has_edits() and not second.has_edits()
    press("Ctrl+Z", "Ctrl+S")
    spin_until(lambda: desk.notes.read_bytes() == b"a note\n")
    press("Ctrl+K", "w")
    spin_until(first.pane.isVisible)
    first.pane.focus_code()
    type_text("x")
    press("Ctrl+Z")
    assert first.pane.text() == b"a note\n", "the first goes on when the second has gone"


def test_a_column_is_shown_twice_and_follows_its_row(desk: EditorDesk) -> None:
    desk.go_to_row(1)
    first = desk.editor("body")
    second = split(desk, first)
    assert second.pane.code.language.name == "python" and second.pane.text() == b"one\ntwo\nthree\n"
    third = split(desk, second)
    press("Ctrl+G")
    type_text("2\n")
    type_text("zero ")
    assert first.pane.text() == second.pane.text() == third.pane.text() == b"one\nzero two\nthree\n"
    press("Ctrl+S")
    spin_until(lambda: desk.stored(1) == "one\nzero two\nthree\n")
    first.pane.focus_code()
    press("Ctrl+Z", "Ctrl+S")
    spin_until(lambda: desk.stored(1) == "one\ntwo\nthree\n")
    desk.go_to_row(2)
    spin_until(lambda: second.pane.text() == third.pane.text() == b"print(1)\n")
    from plugins.scintilla.host import SCI

    spin_until(lambda: first.pane.code.send(SCI.SCI_GETSTYLEAT, 0) != 0)
    assert third.pane.code.send(SCI.SCI_GETSTYLEAT, 0) == first.pane.code.send(SCI.SCI_GETSTYLEAT, 0), "coloured alike"
    desk.go_to_row(1)


def test_language_line_ends_and_read_only_are_those_of_both(desk: EditorDesk) -> None:
    first = desk.editor("file")
    second = split(desk, first)
    desk.window.registry.run("editor.set-language", language="json")
    assert first.pane.code.language.name == "json" == second.pane.code.language.name
    desk.window.registry.run("editor.set-line-ends", end="crlf")
    assert first.pane.form.line_end == b"\r\n" and second.pane.text() == b"a note\r\n"
    desk.window.registry.run("editor.set-line-ends", end="lf")
    first.set_read_only(True)
    second.pane.focus_code()
    type_text("x")
    assert second.pane.code.is_read_only and first.pane.text() == b"a note\n"
    first.set_read_only(False)
    type_text("x")
    press("Ctrl+Z")
    assert first.pane.text() == b"a note\n"
    first.save()


def test_the_second_view_has_the_keys_of_vim_and_the_layout_may_be_built_anew(desk: EditorDesk) -> None:
    from plugins.options import set_option

    set_option("scintilla.keys", "vim")
    try:
        first = desk.editor("file")
        second = split(desk, first)
        type_text("gg0dwip")
        assert first.pane.text() == b"pnote\n" and second.key_mode() == "insert" and first.key_mode() == "normal"
        press("Escape")
        type_text("uu")
        assert first.pane.text() == b"a note\n"
    finally:
        set_option("scintilla.keys", "follow")
    desk.window.show_layout(desk.window.layout_tree)
    assert desk.editor("file").pane.text() == b"a note\n"
