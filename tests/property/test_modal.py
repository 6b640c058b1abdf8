"""Modal editing under any keys: nothing is raised, Escape leads back, undo leads back to the text, plain and large."""

from __future__ import annotations

from string import ascii_letters, digits

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.scintilla.modal.key import DELETE, DOWN, END, HOME, LEFT, RIGHT, UP, control

_TEXTS = st.text("ab1 \t\n(){}[]\"'<>/.,-_#üñ漢👩\u0301", max_size=60)
_LETTERS = ascii_letters + digits + " \t\r\x1b\x08\"'`()[]{}<>.,;:/?*#%^$~&|+-_=!@üé漢"
_KEYS = st.one_of(
    st.sampled_from([*_LETTERS, *map(control, "abdefhnopqrtuvwxy"), LEFT, RIGHT, UP, DOWN, HOME, END, DELETE]),
    st.sampled_from(
        ["dd", "yy", "p", "ciw", "dap", "yi(", "gUU", "qa", "q", "@a", "@@", ".", "\x16j", "gv", "\x1b", "u", "\x12",
         ">>", ":s/a/b/g\r", ":g/a/d\r", ":%norm A!\r", "/a\r", "n", "cs)]", "ysiw\"", "gcc", "J", "3x", "i\x0fdd",
         ":sort\r", "gsj", "gsk", "gsa", "gb", "gsl", "gsn", "gsx", "gs/[ab]\r", "cwa\x1b"]
    ),
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(_TEXTS, st.lists(_KEYS, max_size=25), st.integers(0, 5), st.integers(0, 5))
def test_any_keys_leave_a_text_that_undo_brings_back(text: str, keys: list[str], line: int, column: int) -> None:
    # Not above: tests that unload the plugin leave modules of before, whose errors are none of those imported later.
    from plugins.scintilla.modal.engine import Engine
    from plugins.scintilla.modal.memory import MemoryText
    from plugins.scintilla.modal.text import Place

    engine = Engine(MemoryText(text))
    engine.caret = Place(min(line, engine.text.line_count - 1), column)
    engine.settle()
    for key in keys:
        engine.feed(key)
        assert 0 <= engine.caret.line < engine.text.line_count
        assert 0 <= engine.caret.column <= len(engine.text.line(engine.caret.line))
        for one in engine.carets.others if not engine.pending else ():
            assert 0 <= one.caret.line < engine.text.line_count
            assert 0 <= one.caret.column <= len(engine.text.line(one.caret.line))
    engine.cancel()
    assert engine.mode == "normal" and not engine.pending and not engine.line
    while engine.text.undo():
        pass
    assert engine.text.text == text


@settings(max_examples=200, deadline=None)
@given(st.text("ab\\<>(){}[]|+=?*.^$~%@&_vmcCzse1-,n/", max_size=14))
def test_any_expression_is_one_or_is_refused(text: str) -> None:
    from plugins.scintilla.modal.pattern import compiled
    from plugins.scintilla.modal.row import Refused

    try:
        compiled(text).search("ab (c) b")
    except Refused as refused:
        assert "is no expression" in str(refused)
