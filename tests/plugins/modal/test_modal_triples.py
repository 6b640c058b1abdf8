"""Modal editing by real keys in the real editor: the triples, at one caret and several, taken back, other line ends."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.scintilla.modal import key as keys
from tests.plugins.modal.modal_desk import carets_shown, give, shown, strike
from tests.plugins.modal.triples import triples

#: What is otherwise than in vim: an empty last line and a line end behind the last line are the same, and Return before
#: spaces keeps them.
_OTHERWISE = {("█", "yyp"), ("█a", "o<Esc>")}
#: At several carets the same, and a comment of a language that has none.
_OTHERWISE_TWICE = {"gbgbgssd", "gsad", "gsjdww.", "gsjgcc"}
_OTHERWISE |= {one[:2] for one in triples() if one.keys == "i<CR><Esc>"}


@pytest.mark.parametrize("number", range(0, len(triples()), 100))
def test_the_editor_does_what_vim_does(number: int, editor: Any) -> None:
    wrong = []
    for one in triples()[number : number + 100]:
        if one[:2] in _OTHERWISE:
            continue
        give(editor, one.before)
        strike(keys.keys_of(one.keys))
        if shown(editor) != one.after:
            wrong.append((*one, shown(editor)))
    assert not wrong, "\n".join(map(str, wrong))


def test_the_editor_does_the_same_at_several_carets(editor: Any) -> None:
    wrong = []
    for one in triples("carets.txt"):
        if one.keys in _OTHERWISE_TWICE:
            continue
        give(editor, one.before)
        strike(keys.keys_of(one.keys))
        if carets_shown(editor) != one.after:
            wrong.append((*one, carets_shown(editor)))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("number", range(0, len(triples()), 7))
def test_scintilla_takes_each_command_back_as_one_step(number: int, editor: Any) -> None:
    one = triples()[number]
    give(editor, one.before)
    before = editor.pane.text()
    strike(keys.keys_of(one.keys) + keys.ESCAPE)
    for _ in range(12):
        strike("u")
    assert editor.pane.text() == before


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("█a\nb\n", "ddp", b"b\r\na\r\n"), ("█a\nb", "yyGp", b"a\r\nb\r\na"), ("█a\nb\n", "J", b"a b\r\n"),
        ("█a\nb\n", "ox\ry\x1b", b"a\r\nx\r\ny\r\nb\r\n"), ("█a b", ":s/ /\\r/\r", b"a\r\nb"),
        ("█a\nb\n", "vjd", b"\r\n"), ("█a\nb\nc\n", "jdk", b"c\r\n"), ("█a\n\nb\n", "d}", b"\r\nb\r\n"),
    ],
)  # fmt: skip
def test_line_ends_stay_the_files(before: str, typed: str, after: bytes, editor: Any) -> None:
    give(editor, before, b"\r\n")
    strike(typed)
    assert editor.pane.text() == after


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("x\ndef f(a, b):\n    return g(█1, 2)\n", "daf", "█x\n"),
        ("def f(a, b):\n    return g(█1, 2)\n", "cifpass\x1b", "def f(a, b):\n    pas█s\n"),
        ("def f(a, b):\n    return g(█1, 2)\n", "daa", "def f(a, b):\n    return g(█2)\n"),
        ("def f(a, b):\n    return g(1, █2)\n", "ciaü\x1b", "def f(a, b):\n    return g(1, █ü)\n"),
        ("class A:\n    def f(s):\n        █pass\n", "vafd", "█class A:\n"),
        ("ü = 1  # ä█b\nx\n", "da/", "ü = 1 █ \nx\n"),
    ],
)  # fmt: skip
def test_parts_of_the_syntax_are_text_objects(before: str, typed: str, after: str, editor: Any) -> None:
    give(editor, before)
    editor.set_language("python")
    strike(typed)
    assert shown(editor) == after


def test_a_text_without_notifications_is_edited_alike(editor: Any) -> None:
    from plugins.scintilla.document import Form

    data = b"one two three\n" * 100_000
    editor.pane.load(data, Form())
    editor.pane.focus_code()
    strike("Gdwx.ggyyGpkk:s/t/T/g" + keys.RETURN + "/three" + keys.RETURN + "ciwx" + keys.ESCAPE)
    assert editor.pane.text().startswith(b"one two")
    assert editor.pane.modal.engine.text.line_count == 100_001
    for _ in range(8):
        strike("u")
    assert editor.pane.text() == data
