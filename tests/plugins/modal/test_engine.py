"""Vim's grammar on a text in memory: what vim itself makes of hundreds of texts, and what only Espalier has."""

from __future__ import annotations

import pytest

from kernel.words import use_words
from plugins.scintilla.modal import page
from plugins.scintilla.modal.key import keys_of, told
from plugins.scintilla.modal.pending import pending
from plugins.scintilla.modal.table import MOTIONS, NORMAL_TABLE, OBJECTS, OPERATORS
from tests.plugins.modal.carets import shown_all
from tests.plugins.modal.triples import opened, shown, triples, typed, without_caret

#: What vim has not by itself: text with its caret, keys, text after them.
OWN: tuple[tuple[str, str, str], ...] = (
    ("█one two", "ysiw)", "█(one) two"), ("█one two", "ysiw(", "█( one ) two"), ('█one two', 'yss"', '█"one two"'),
    ("  █one two ", "yss)", "  █(one two) "), ("one █two", "ysiwtp<CR>", "one █<p>two</p>"),
    ("(█one)", "ds)", "█one"), ("( █one )", "ds(", "█one"), ('a "█b" c', 'ds"', "a █b c"),
    ('a "█b" c', "cs\"'", "a █'b' c"), ("f(█x)", "cs)]", "f█[x]"), ("f(█x)", "cs)[", "f█[ x ]"),
    ("<p>█x</p>", "dst", "█x"), ("<p>█x</p>", 'cst"', '█"x"'), ("█one two", "veS)", "█(one) two"),
    ("a\n█b\nc", "VS{", "a\n█{\nb\n}\nc"), ("█one two", "ysiw)W.", "(one) █(two)"),
    ("█a\nb", "gcc", "█# a\nb"), ("█# a\nb", "gcc", "█a\nb"), ("  █a\n\n    b\n", "gcG", "  █# a\n\n  #   b\n"),
    ("█a\nb\nc", "gccj.", "# a\n█# b\nc"), ("█a\nb\nc", "Vjgc", "█# a\n# b\nc"),
    ("a\n█b\nc", "dae", "█"), ("x\n  a\n  █b\nc", "dii", "x\n█c"), ("x\n  a\n  █b\nc", "dai", "█c"),
    ("█b 2\na 10\nc 1", ":sort n<CR>", "█c 1\nb 2\na 10"), ("█b\nA\nB\na", ":sort i<CR>", "█A\na\nb\nB"),
    ("█b\na\nb\n", ":sort u<CR>", "█a\nb\n"), ("█b1\na2", ":sort /./<CR>", "█b1\na2"),
    ("█a b a", ":s/a/x/gc<CR>ny", "█a b x"), ("█a a a", ":s/a/x/gc<CR>ya", "█x x x"),
    ("█a a a", ":s/a/x/gc<CR>yq", "█x a a"),
)  # fmt: skip


@pytest.mark.parametrize("number", range(0, len(triples()), 100))
def test_keys_do_what_they_do_in_vim(number: int) -> None:
    some = triples()[number : number + 100]
    wrong = [(*one, got) for one in some if (got := typed(one.before, one.keys)) != one.after]
    assert not wrong


@pytest.mark.parametrize(("before", "keys", "after"), OWN)
def test_keys_beyond_vim(before: str, keys: str, after: str) -> None:
    assert typed(before, keys) == after


def test_keys_do_the_same_at_several_carets() -> None:
    some, wrong = triples("carets.txt"), []
    assert len(some) >= 60
    for one in some:
        engine = opened(one.before)
        engine.feed(keys_of(one.keys))
        if shown_all(engine) != one.after:
            wrong.append((*one, shown_all(engine)))
    assert not wrong


def test_a_step_of_several_carets_is_taken_back_at_once() -> None:
    for one in triples("carets.txt"):
        engine = opened(one.before)
        engine.feed(keys_of(one.keys))
        engine.cancel()
        engine.feed("u" * 12)
        assert engine.text.text == without_caret(one.before)[0], one


def test_each_caret_has_registers_of_its_own_and_the_clipboard_has_all() -> None:
    engine = opened("█a b\nc d\ne f")
    engine.feed(keys_of('2gsj"+yiw'))
    assert engine.surroundings.clip() == "a\nc\ne"
    engine.feed(keys_of('$"+p'))
    assert engine.text.text == "a ba\nc dc\ne fe"
    engine.surroundings.set_clip("x")
    engine.feed(keys_of('"+p'))
    assert engine.text.text == "a bax\nc dcx\ne fex"


def test_there_are_no_more_carets_than_may_be() -> None:
    from plugins.scintilla.modal.caret import MOST

    engine = opened("█" + "a\n" * (MOST + 500))
    engine.feed(keys_of(f"{MOST + 100}gsj"))
    assert len(engine.carets.others) == MOST - 1 and str(MOST) in engine.message
    engine.feed(keys_of("gsogsa<Esc>x"))
    assert engine.text.text.count("a") == 500


@pytest.mark.parametrize("number", range(0, len(triples()), 100))
def test_undo_brings_every_text_back(number: int) -> None:
    for one in triples()[number : number + 100]:
        engine = opened(one.before)
        engine.feed(keys_of(one.keys))
        engine.cancel()
        engine.feed("u" * 12)
        assert engine.text.text == without_caret(one.before)[0], one


def test_every_row_of_the_grammar_is_titled_and_reached() -> None:
    rows = (*MOTIONS, *OPERATORS)
    assert all(row.title and row.name for row in (*rows, *OBJECTS))
    assert {keys_of(row.keys) for row in rows} <= set(NORMAL_TABLE.rows)


def test_the_page_of_keys_is_that_of_the_tables() -> None:
    assert page.PATH.read_text("utf-8") == page.page(), "type: python -m shell.reference"


def test_pending_keys_have_continuations() -> None:
    engine = opened("█one")
    engine.feed("2g")
    table, keys = engine.awaited
    titles = dict(table.continuations(keys))
    assert engine.pending == "2g" and titles["g"] == "line, or the first" and titles["u"] == "small letters"
    engine.feed("\x1b")
    assert not engine.pending and engine.awaited is not None


def test_pending_keys_are_said_in_the_language_in_force() -> None:
    engine = opened("█one")
    engine.feed("d")
    try:
        use_words({"editor keys\x04delete": ("löschen",), "editor keys\x04right": ("rechts",), "left": ("?",)})
        keys, title, rows = pending(engine)
        said = dict(rows)
    finally:
        use_words({})
    assert (keys, title, said["l"], said["h"], said["w"]) == ("d", "löschen", "rechts", "left", "next word")
    assert pending(engine)[1] == "delete"


def test_a_macro_ends_at_what_cannot_be_done() -> None:
    engine = opened("█a-\na-\nb\na-")
    engine.feed(keys_of("qaf-xj0q"))
    engine.feed("9@a")
    assert engine.text.text == "a\na\nb\na-"


def test_a_macro_that_calls_itself_ends() -> None:
    engine = opened("█" + "a\n" * 300)
    engine.feed(keys_of("qaA!<Esc>j@aq"))
    engine.feed(keys_of("@a"))
    assert engine.mode == "normal" and "macros within macros" in engine.message


def test_capitals_add_to_a_register_and_the_black_hole_keeps_nothing() -> None:
    engine = opened("█a\nb\nc")
    engine.feed(keys_of('"qyyj"Qyy"_dd'))
    assert engine.registers.get("q").text == "a\nb\n" == engine.registers.get(None).text


def test_the_clipboard_is_a_register() -> None:
    engine = opened("█one two")
    engine.feed(keys_of('"+yiw'))
    assert engine.surroundings.clip() == "one"
    engine.surroundings.set_clip("lines\n")
    engine.feed(keys_of('"+p'))
    assert shown(engine) == "one two\n█lines"


def test_a_read_only_text_stays() -> None:
    engine = opened("█one two")
    engine.text.is_read_only = True
    for keys in ("x", "dd", "ix<Esc>", "Ox<Esc>", "p", "J", ":s/o/x/<CR>", "gUU", ">>", "ysiw)", "<C-a>", "rz"):
        engine.feed(keys_of(f"yiw{keys}"))
        engine.cancel()
        assert engine.text.text == "one two", keys
    engine.feed("x")
    assert "read-only" in engine.message


def test_registers_marks_and_options_are_told() -> None:
    engine = opened("█one\ntwo")
    engine.feed(keys_of("yyjma:marks<CR>"))
    assert "a  2:1" in engine.message
    engine.feed(keys_of(":reg<CR>"))
    assert '"0  one' in engine.message
    engine.feed(keys_of(":set ic sw=2<CR>:set sw?<CR>"))
    assert engine.message == "shiftwidth=2" and engine.options["ignorecase"]
    engine.feed(keys_of(":set nothing<CR>"))
    assert "no option" in engine.message


def test_a_command_that_is_not_known_is_told_of() -> None:
    engine = opened("█one")
    engine.feed(keys_of(":frobnicate<CR>"))
    assert "frobnicate" in engine.message and engine.mode == "normal"


def test_keys_are_told_as_people_read_them() -> None:
    assert told(keys_of('2"ad')) == '2"ad' and told(keys_of("<C-w>")) == "Ctrl+W"
    assert told(keys_of("g<Esc>")) == "g Escape"
