"""Finding and replacing: expressions, places in bytes, counting, one undo; by the bar and without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.scintilla import endless, find
from plugins.scintilla.endless import is_risky
from plugins.scintilla.find import FindError, Search, compiled, looked_for, matches, replacement
from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press, type_text

LAYOUT = "layout 1\nwindow { editor id=it\n }\n"

#: Text, what is searched (words, or /expression/), with flags: c = case, w = whole words; the places as texts.
FOUND: list[tuple[str, str, str, list[str]]] = [
    ("one two one", "one", "", ["one", "one"]),
    ("One ONE", "one", "", ["One", "ONE"]),
    ("One ONE", "ONE", "c", ["ONE"]),
    ("a.c abc", "a.c", "", ["a.c"]),
    ("a.c abc", "/a.c/", "", ["a.c", "abc"]),
    ("word words", "word", "w", ["word"]),
    ("Größe größe", "GRÖSSE", "", []),
    ("Größe größe", "größe", "", ["Größe", "größe"]),
    ("👩 x 👩", "👩", "", ["👩", "👩"]),
    ("ab\nab", "/^ab$/", "", ["ab", "ab"]),
    ("ab\r\nab\r\n", "/b$/", "", ["b", "b"]),
    ("ab\r\ncd", "/.+/", "", ["ab", "cd"]),
    ("a\r\nb", "/a\\r\\nb/", "", ["a\r\nb"]),
    ("aaa", "/a*/", "", ["aaa", ""]),
    ("x1y22", r"/\d+/", "", ["1", "22"]),
    ("[.$]", r"/[.$]/", "", [".", "$"]),
    ("a\0b\0", "\0", "", ["\0", "\0"]),
    ("ab ab", r"/(a)(b) \1/", "", ["ab a"]),
    ("ä\nb", r"/\w/", "", ["ä", "b"]),
    ("", "x", "", []),
    ("x", "", "", []),
]


def search_of(text: str, flags: str) -> Search:
    is_expression = len(text) > 1 and text.startswith("/") and text.endswith("/")
    return Search(text[1:-1] if is_expression else text, is_expression, "c" in flags, "w" in flags)


@pytest.mark.parametrize(("text", "wanted", "flags", "places"), FOUND)
def test_what_is_found(text: str, wanted: str, flags: str, places: list[str]) -> None:
    data = text.encode()
    found = [data[one.start : one.stop].decode() for one in matches(search_of(wanted, flags), data)]
    assert found == places


@pytest.mark.parametrize(("text", "wanted", "flags", "places"), [row for row in FOUND if row[0].isascii()])
def test_bytes_are_searched_like_letters(
    text: str, wanted: str, flags: str, places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "BYTES_FROM", 0)
    data = memoryview(text.encode())
    found = [bytes(data[one.start : one.stop]).decode() for one in matches(search_of(wanted, flags), data)]
    assert found == places


@pytest.mark.parametrize("start", range(12))
def test_a_part_of_a_text_with_wide_letters_is_searched(start: int) -> None:
    data = "äöü x äöü".encode()
    while data[start : start + 1] and data[start] & 0xC0 == 0x80:
        start += 1
    expected = [one.start() for one in re.finditer("ö".encode(), data) if one.start() >= start]
    assert [one.start for one in matches(Search("ö"), data, start)] == expected


def test_bytes_that_are_no_text_are_searched_too() -> None:
    assert [one.start for one in matches(Search("b"), b"a\xffb\xfeb")] == [2, 4]


@pytest.mark.parametrize("wrong", ["(", "[a", "*", "(?P<a", r"\1", "a{99999999999}", "(?<=a+)b"])
def test_what_is_no_expression_is_told_with_its_reason(wrong: str) -> None:
    with pytest.raises(FindError, match="no regular expression"):
        compiled(Search(wrong, True), is_bytes=False)


@pytest.mark.parametrize(
    ("template", "made"), [(r"\2-\1", b"b-a"), (r"\g<0>!", b"ab!"), (r"\n", b"\n"), ("ü", "ü".encode()), ("", b"")]
)
@pytest.mark.parametrize("size", [0, 1 << 60])
def test_groups_stand_in_replacements(template: str, made: bytes, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "BYTES_FROM", size)
    search = Search("(a)(b)", True)
    assert replacement(search, next(matches(search, b"ab")), template) == made


def test_a_template_with_a_group_that_there_is_not_is_told() -> None:
    search = Search("a", True)
    with pytest.raises(FindError, match="cannot be made"):
        replacement(search, next(matches(search, b"a")), r"\7")


@pytest.mark.parametrize(
    ("pattern", "is_one"),
    [("(a+)+$", True), (r"(\w+\s*)*x", True), ("a+b+", False), ("(ab?)+", False), ("(a{1,3})+", False), ("(", False)],
)
def test_expressions_that_may_go_on_without_end_are_known(pattern: str, is_one: bool) -> None:
    assert is_risky(pattern) == is_one


def test_an_endless_search_is_refused_and_a_harmless_one_of_its_form_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endless, "LONGEST_S", 20.0)
    assert [one.stop for one in matches(Search("(a+)+$", True), b"aaa\nb")] == [3]
    monkeypatch.setattr(endless, "LONGEST_S", 0.5)
    with pytest.raises(FindError, match="too long"):
        list(matches(Search("(a+)+$", True), b"a" * 40 + b"!"))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    desk = EditorDesk(tmp_path_factory.mktemp("find"), LAYOUT)
    yield desk
    desk.close()


@pytest.fixture
def pane(opened: EditorDesk) -> Iterator[Any]:
    """A pane with three matches of “one”; nothing is searched for."""
    it = opened.editor("it").pane
    load(it, "one two\none three\nend one\n")
    yield it
    it.find_bar().close_bar()
    for button in (it.find_bar().case, it.find_bar().word, it.find_bar().expression, it.find_bar().part):
        button.setChecked(False)


def load(pane: Any, text: str) -> None:
    from plugins.scintilla.document import Form, told_line_end

    data = text.encode()
    pane.load(data, Form("utf-8", False, *told_line_end(data)))
    pane.code.set_read_only(False)
    pane.focus_code()


def look_for(pane: Any, text: str) -> None:
    press("Ctrl+F", "Ctrl+A")
    type_text(text)
    bar = pane.find_bar()
    bar.find_here()
    spin_until(lambda: bar.finder.is_whole)


def test_the_bar_counts_and_steps_round(pane: Any) -> None:
    look_for(pane, "one")
    bar = pane.find_bar()
    assert (bar.note.text(), pane.code.selection) == ("1 of 3 matches", (0, 3))
    press("Return")
    assert (bar.note.text(), pane.code.selection) == ("2 of 3 matches", (8, 11))
    press("F3", "F3")
    assert pane.code.selection == (0, 3) and "from the beginning" in bar.note.text()
    press("Shift+F3")
    assert pane.code.selection == (22, 25) and "from the end" in bar.note.text()
    press("Escape", "F3")
    assert pane.code.host.view.hasFocus() or bar.isVisible()


def test_what_is_selected_is_searched_for(pane: Any) -> None:
    pane.code.select(8, 11)
    press("Ctrl+F")
    spin_until(lambda: pane.find_bar().note.text() == "2 of 3 matches")


def test_matches_are_marked_and_the_marks_go(pane: Any) -> None:
    from plugins.scintilla.host import SCI
    from plugins.scintilla.look import INDICATOR

    def is_marked(place: int) -> bool:
        return bool(pane.code.send(SCI.SCI_INDICATORVALUEAT, INDICATOR["find"], place))

    look_for(pane, "one")
    assert [place for place in range(27) if is_marked(place)] == [0, 1, 2, 8, 9, 10, 22, 23, 24]
    press("Escape")
    assert not is_marked(0)


def test_no_match_and_no_expression_are_said(pane: Any) -> None:
    look_for(pane, "nothing")
    assert pane.find_bar().note.text() == "No match"
    press("Alt+R", "Ctrl+A")
    type_text("(")
    spin_until(lambda: "no regular expression" in pane.find_bar().note.text())


def test_one_is_replaced_after_the_other(pane: Any) -> None:
    press("Ctrl+H", "Ctrl+A")
    type_text("one")
    bar = pane.find_bar()
    bar.find_here()
    bar.new.setFocus()
    bar.new.setText("1")
    press("Return")
    assert pane.text() == b"1 two\none three\nend one\n" and pane.code.selection == (6, 9)
    press("Return", "Return")
    assert pane.text() == b"1 two\n1 three\nend 1\n"
    assert bar.note.text() == "No match"


@pytest.mark.parametrize(
    ("wanted", "template", "made"),
    [
        (r"(\w+) (\w+)", r"\2 \1", "two one\nthree one\none end\n"),
        ("^", "> ", "> one two\n> one three\n> end one\n> "),
        ("$", ";", "one two;\none three;\nend one;\n;"),
        (r"\n", "", "one twoone threeend one"),
        ("o", "oo", "oone twoo\noone three\nend oone\n"),
    ],
)
@pytest.mark.parametrize("at_once", [0, 2000])
def test_all_are_replaced_and_one_undo_takes_all_back(
    wanted: str, template: str, made: str, at_once: int, pane: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.scintilla import finder

    monkeypatch.setattr(finder, "AT_ONCE", at_once)
    before = pane.text()
    press("Ctrl+H", "Ctrl+A")
    bar = pane.find_bar()
    bar.expression.setChecked(True)
    bar.line.setText(wanted)
    bar.new.setText(template)
    bar.new.setFocus()
    bar.replace_all()
    assert pane.text().decode() == made and "replaced" in bar.note.text()
    press("Escape", "Ctrl+Z")
    assert pane.text() == before


def test_only_the_selection_is_searched(pane: Any) -> None:
    pane.code.select(0, 12)
    press("Ctrl+H")
    bar = pane.find_bar()
    bar.part.setChecked(True)
    bar.line.setText("one")
    bar.new.setText("x")
    bar.replace_all()
    assert pane.text() == b"x two\nx three\nend one\n"


def test_a_read_only_text_is_found_in_and_never_replaced(pane: Any) -> None:
    pane.code.set_read_only(True)
    press("Ctrl+H")
    bar = pane.find_bar()
    assert not bar.new.isVisible()
    bar.line.setText("one")
    bar.replace_all()
    assert pane.text() == b"one two\none three\nend one\n" and "read-only" in bar.note.text()
    pane.code.set_read_only(False)


def test_matches_follow_the_typing(pane: Any) -> None:
    look_for(pane, "one")
    pane.focus_code()
    press("Ctrl+End")
    type_text("one")
    spin_until(lambda: pane.find_bar().finder.told().endswith("4 matches"))


def test_many_matches_are_counted_in_turns(pane: Any) -> None:
    load(pane, "ab\n" * 200_000)
    look_for(pane, "ab")
    spin_until(lambda: pane.find_bar().finder.told() == "1 of 200,000 matches")
    pane.find_bar().new.setText("c")
    pane.find_bar().replace_all()
    assert pane.text() == b"c\n" * 200_000
    press("Escape", "Ctrl+Z")
    assert pane.text() == b"ab\n" * 200_000


@given(
    text=st.text("aAbB_ ü\n", max_size=40).map(str.encode),
    words=st.text("aAbB_ü", min_size=1, max_size=4),
    window=st.integers(1, 9),
    has_case=st.booleans(),
    is_word=st.booleans(),
)
def test_words_in_windows_are_those_that_an_expression_finds(
    text: bytes, words: str, window: int, has_case: bool, is_word: bool
) -> None:
    search = Search(words, has_case=has_case, is_word=is_word)
    wanted = [one.span() for one in compiled(search, is_bytes=True).finditer(text)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("plugins.scintilla.find.BYTES_FROM", 0)
        patch.setattr("plugins.scintilla.find.WINDOW", window)
        patch.setattr("plugins.scintilla.find.COPIED", window)
        found = list(looked_for(search, text))
    assert [(one.start, one.stop) for one in found if one is not None] == wanted
    assert found.count(None) >= len(text) // (window + len(words.encode()))


def test_what_is_marked_in_a_large_text_is_no_edit_and_is_not_searched_for_again(pane: Any) -> None:
    load(pane, "a line of words\n" * 80_000 + "needle\n")
    pane.focus_code()
    edits, searches, finder = [], [], pane.find_bar().finder
    pane.code.edited.connect(lambda: edits.append("edit"))
    finder.counted.connect(lambda: searches.append(finder.is_whole))
    finder.look_for(Search("needle"))
    spin_until(lambda: finder.is_whole and searches)
    pane.grab()  # Scintilla tells of changes when it paints
    assert pane.code.is_quiet and edits == [] and searches.count(True) == 1
    type_text("x")
    spin_until(lambda: searches.count(True) == 2)
    assert edits == ["edit"]
