"""The text surface by real keys: one window, many small cases: text, keys, text. | is the caret, ⟦ ⟧ a selection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press, type_text

LAYOUT = "layout 1\nwindow { editor id=it\n }\n"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    desk = EditorDesk(tmp_path_factory.mktemp("text"), LAYOUT)
    yield desk
    desk.close()


@pytest.fixture
def editor(opened: EditorDesk) -> Any:
    """An empty plain text that has the focus."""
    from plugins.scintilla.document import Form

    it = opened.editor("it")
    it.set_language("text")
    it.pane.set_language("text")
    it.pane.load(b"", Form())
    it.pane.code.set_tab_width(4)
    it.pane.code.set_tabs(False)
    it.pane.code.set_read_only(False)
    it.pane.focus_code()
    return it


def give(editor: Any, marked: str, language: str = "text") -> None:
    """Load a text and select what stands between ⟦ and ⟧, or put the caret to |."""
    from plugins.scintilla.document import Form, told_line_end

    places, plain = [], ""
    for letter in marked:
        if letter in "|⟦⟧":
            places.append(len(plain.encode()))
        else:
            plain += letter
    data = plain.encode()
    editor.pane.set_language(language)
    editor.pane.load(data, Form("utf-8", False, *told_line_end(data)))
    start, stop = (places * 2)[:2] if places else (0, 0)
    editor.pane.code.select(start, stop)
    editor.pane.focus_code()


def shown(editor: Any) -> str:
    """The text with its caret or selection marked."""
    code = editor.pane.code
    start, stop = code.selection
    text = code.data()
    parts = (text[:start], text[start:stop], text[stop:])
    first, middle, last = (part.decode("utf-8", "surrogateescape") for part in parts)
    return f"{first}⟦{middle}⟧{last}" if stop > start else f"{first}|{last}"


#: What it is → text, keys or a command's name, text after it.
CASES: dict[str, tuple[str, str, str]] = {
    "letters": ("|", "=abc", "abc|"),
    "a letter over a selection": ("a⟦bc⟧d", "=x", "ax|d"),
    "Return keeps the depth": ("    a|", "=\nb", "    a\n    b|"),
    "Tab indents": ("|a", "Tab", "    |a"),
    "Tab moves selected lines": ("⟦a\nb\n⟧c", "Tab", "⟦    a\n    b\n⟧c"),
    "Shift+Tab moves them back": ("⟦    a\n    b\n⟧c", "Shift+Tab", "⟦a\nb\n⟧c"),
    "Backspace takes a step of indentation": ("        |a", "Backspace", "    |a"),
    "Delete": ("a|bc", "Delete", "a|c"),
    "Delete of a wide letter": ("|👩b", "Delete", "|b"),
    "Backspace of a wide letter": ("ü€👩|", "Backspace", "ü€|"),
    "a word left": ("one two|", "Ctrl+Left", "one |two"),
    "a word is deleted": ("one two|", "Ctrl+Backspace", "one |"),
    "Home and again": ("    ab|c", "Home", "    |abc"),
    "End": ("|abc", "End", "abc|"),
    "all": ("a|b\nc", "Ctrl+A", "⟦ab\nc⟧"),
    "undo": ("|a", "=xyz Ctrl+Z", "|a"),
    "undo and redo": ("|a", "=x Ctrl+Z Ctrl+Y", "x|a"),
    "redo by the other key": ("|a", "=x Ctrl+Z Ctrl+Shift+Z", "x|a"),
    "cut and paste": ("⟦ab⟧cd", "Ctrl+X End Ctrl+V", "cdab|"),
    "copy of nothing": ("ab|", "Ctrl+C", "ab|"),
    "overtype": ("|abc", "Insert =x Insert", "x|bc"),
    "line duplicated": ("a|b\nc", "Ctrl+Shift+D", "a|b\nab\nc"),
    "selection duplicated": ("⟦ab⟧c", "Ctrl+Shift+D", "⟦ab⟧abc"),
    "line moved up": ("a\nb|\nc", "Alt+Up", "b|\na\nc"),
    "line moved down": ("a|\nb\nc", "Alt+Down", "b\na|\nc"),
    "first line moved up stays": ("a|\nb", "Alt+Up", "a|\nb"),
    "last line moved down stays": ("a\nb|", "Alt+Down", "a\nb|"),
    "last line moved up": ("a\nb|", "Alt+Up", "b|\na"),
    "lines moved": ("a\n⟦b\nc⟧\nd", "Alt+Up", "⟦b\nc⟧\na\nd"),
    "line deleted": ("a\nb|\nc", "Ctrl+Shift+K", "a\n|c"),
    "last line deleted": ("a\nb|", "Ctrl+Shift+K", "a|"),
    "only line deleted": ("ab|", "Ctrl+Shift+K", "|"),
    "lines deleted": ("a\n⟦b\nc⟧\nd", "Ctrl+Shift+K", "a\n|d"),
    "lines joined": ("a|\n   b\nc", "Ctrl+J", "a b|\nc"),
    "last line is joined with nothing": ("a|", "Ctrl+J", "a|"),
    "capitals": ("⟦aü⟧b", "Ctrl+Shift+U", "⟦AÜ⟧b"),
    "small letters": ("⟦AÜ⟧B", "Ctrl+U", "⟦aü⟧B"),
    "indent": ("a\n|b", "Ctrl+]", "a\n    |b"),
    "outdent": ("      |b", "Ctrl+[", "  |b"),
    "outdent at the edge": ("|b", "Ctrl+[", "|b"),
    "sorted": ("|b\nB\na\nÄ", "editor.sort-lines", "|a\nb\nB\nÄ"),
    "sorted down": ("|b\na\nc\n", "editor.sort-lines-down", "|c\nb\na\n"),
    "selected lines sorted": ("z\n⟦c\nb\n⟧a", "editor.sort-lines", "z\n⟦b\nc⟧\na"),
    "sorted by numbers": ("|b 10\nx\na 9", "editor.sort-numbers", "|x\na 9\nb 10"),
    "lines turned round": ("|a\nb\nc\n", "editor.reverse-lines", "|c\nb\na\n"),
    "letters swapped": ("a|üb", "editor.transpose", "üa|b"),
    "letters swapped at a line's end": ("ab|\nc", "editor.transpose", "ba|\nc"),
    "nothing to swap": ("|ab", "editor.transpose", "|ab"),
    "capitals swapped": ("⟦aB⟧", "editor.swap-case", "⟦Ab⟧"),
    "capitals at words": ("⟦one two⟧", "editor.title-case", "⟦One Two⟧"),
    "more selected": ("one t|wo", "Alt+Shift+Right", "one ⟦two⟧"),
    "still more selected": ("a\none t|wo\n", "Alt+Shift+Right Alt+Shift+Right", "a\n⟦one two⟧\n"),
    "less selected": ("one t|wo", "Alt+Shift+Right Alt+Shift+Right Alt+Shift+Left", "one ⟦two⟧"),
    "sorting keeps a last line without an end": ("|b\na", "editor.sort-lines", "|a\nb"),
    "equal lines once": ("|a\nb\na\n", "editor.unique-lines", "|a\nb\n"),
    "line ends trimmed": ("|a  \nb\t\nc", "editor.trim-lines", "|a\nb\nc"),
    "a word selected": ("one t|wo", "Ctrl+D", "one ⟦two⟧"),
    "replaced at every same word": ("|a b a", "Ctrl+Shift+L =x", "x| b x"),
    "two carets below each other": ("|a\nb", "Ctrl+Alt+Down =x", "xa\nx|b"),
    "two carets above each other": ("a\n|b", "Ctrl+Alt+Up =x", "x|a\nxb"),
    "one undo for all carets": ("|a\nb", "Ctrl+Alt+Down =x Ctrl+Z", "a\n|b"),
    "Escape leaves one caret": ("a\n|b", "Ctrl+Alt+Up Escape =x", "x|a\nb"),
    "carets at line ends": ("⟦a\nbb\nc⟧", "Alt+Shift+I =;", "a;|\nbb;\nc;"),
    "next same word and type": ("⟦a⟧ b a", "Ctrl+D =x", "x b x|"),
}  # fmt: skip


def run(desk: EditorDesk, keys: str) -> None:
    """Type ``=text``, press keys, or run a command."""
    for part in keys.split(" "):
        if part.startswith("="):
            type_text(part[1:])
        elif part.startswith("editor."):
            desk.window.registry.run(part)
        else:
            press(part)


@pytest.mark.parametrize("name", CASES)
def test_keys_change_the_text(name: str, editor: Any, opened: EditorDesk) -> None:
    before, keys, after = CASES[name]
    give(editor, before)
    run(opened, keys)
    assert shown(editor) == after


@pytest.mark.parametrize("name", CASES)
def test_what_keys_change_is_taken_back_step_by_step(name: str, editor: Any, opened: EditorDesk) -> None:
    before, keys, _ = CASES[name]
    give(editor, before)
    text = editor.pane.text()
    run(opened, keys)
    editor.pane.focus_code()
    for _ in range(20):
        press("Ctrl+Z")
    assert editor.pane.text() == text


#: Language → text, text with comments; the same key takes them out again.
COMMENTS = {
    "python": ("|a\n", "# |a\n"),
    "python deep": ("⟦    a\n\n        b\n⟧", "    # a\n\n    #     b\n"),
    "sql": ("|select 1", "-- |select 1"),
    "javascript": ("|x", "// |x"),
    "css": ("|a { }", "/* a { } */"),
    "html": ("|<p>", "<!-- <p> -->"),
    "bash": ("|x", "# |x"),
    "json": ("|{}", "{}"),
}


@pytest.mark.parametrize("name", COMMENTS)
def test_lines_become_comments_and_lines_again(name: str, editor: Any, opened: EditorDesk) -> None:
    before, after = COMMENTS[name]
    give(editor, before, name.split()[0])
    plain = editor.pane.text().decode()
    press("Ctrl+/")
    assert editor.pane.text().decode() == after.replace("|", "")
    press("Ctrl+/")
    assert editor.pane.text().decode() == plain


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_new_lines_end_as_the_others_do(end: str, editor: Any) -> None:
    give(editor, f"a{end}b|{end}")
    type_text("\nc")
    assert editor.pane.text() == f"a{end}b{end}c{end}".encode()


@pytest.mark.parametrize("command", ["sort-lines", "duplicate", "move-up", "join-lines", "delete-lines", "trim-lines"])
@pytest.mark.parametrize("text", ["", "a", "a\r\nb\r\n|", "\n|\n", "|\0a\n\0b", "ü|\nö"])
def test_lines_are_changed_whatever_stands_in_them(command: str, text: str, editor: Any, opened: EditorDesk) -> None:
    give(editor, text)
    before = editor.pane.text()
    opened.window.registry.run(f"editor.{command}")
    ends = {end for end in (b"\r\n", b"\r", b"\n") if end in editor.pane.text().replace(b"\r\n", b"\r\n"[:0])}
    assert not ends - {b"\n"} or b"\r" in before
    for _ in range(3):
        press("Ctrl+Z")
    assert editor.pane.text() == before


def test_mixed_line_ends_can_be_made_alike(editor: Any, opened: EditorDesk) -> None:
    give(editor, "a\nb\r\nc\rd")
    assert "mixed" in editor.pane.form.line_end_title
    opened.window.registry.run("editor.set-line-ends", end="crlf")
    assert editor.pane.text() == b"a\r\nb\r\nc\r\nd" and editor.pane.form.line_end_title == "CRLF"


def test_a_read_only_text_stays_and_tab_leaves_it(editor: Any, opened: EditorDesk) -> None:
    give(editor, "a|b")
    editor.pane.code.set_read_only(True)
    type_text("x")
    press("Delete", "Alt+Up", "Ctrl+Shift+K")
    assert editor.pane.text() == b"ab"
    assert "read-only" in " ".join(message.text for message in opened.window.messages.shown)


def test_folds_close_and_open(editor: Any) -> None:
    from plugins.scintilla.host import SCI

    give(editor, "def one():\n    |pass\n\n\ndef two():\n    pass\n", "python")
    send = editor.pane.code.send
    send(SCI.SCI_COLOURISE, 0, -1)
    press("Ctrl+Alt+[")
    assert not send(SCI.SCI_GETLINEVISIBLE, 1) and send(SCI.SCI_GETLINEVISIBLE, 5)
    press("Ctrl+Alt+]")
    assert send(SCI.SCI_GETLINEVISIBLE, 1)
    press("Ctrl+K Ctrl+0")
    assert not send(SCI.SCI_GETLINEVISIBLE, 5)
    editor.pane.code.go_to_line(5)
    assert send(SCI.SCI_GETLINEVISIBLE, 5)
    press("Ctrl+K Ctrl+J")
    assert send(SCI.SCI_GETALLLINESVISIBLE)


def test_the_caret_goes_to_the_matching_brace(editor: Any) -> None:
    give(editor, "f|(a, [b])", "python")
    press("Ctrl+\\")
    assert editor.pane.code.caret == 9


def test_places_that_were_left_by_far_are_come_back_to(editor: Any) -> None:
    give(editor, "|" + "line\n" * 60)
    code = editor.pane.code

    def go(line: int) -> None:
        code.go_to_line(line)
        editor.pane.jumps.look()

    for line in (2, 40, 42, 20):
        go(line)
    places = []
    for keys in ("Ctrl+Alt+,",) * 3 + ("Ctrl+Alt+.",) * 3:
        press(keys)
        places.append(code.line_of(code.caret))
    assert places == [42, 2, 2, 42, 20, 20]
    press("Ctrl+Home")
    editor.pane.jumps.look()
    type_text("new\n")
    press("Ctrl+Alt+,")
    assert code.line_of(code.caret) == 21


def test_bookmarks_stay_at_their_lines(editor: Any) -> None:
    give(editor, "a\nb|\nc\nd")
    press("Ctrl+F2", "Ctrl+Home")
    type_text("x\n")
    assert editor.pane.bookmarks.lines() == [2]
    press("Ctrl+Home", "Ctrl+K Ctrl+N")
    assert editor.pane.code.line_of(editor.pane.code.caret) == 2
    press("Ctrl+F2")
    assert editor.pane.bookmarks.lines() == []


@pytest.mark.parametrize(
    ("typed", "line", "letter"), [("3", 2, 0), ("2:3", 1, 2), ("99", 3, 0), ("-1", 3, 0), ("1:99", 0, 4), ("2,2", 1, 1)]
)
def test_going_to_a_line(typed: str, line: int, letter: int, editor: Any) -> None:
    give(editor, "aüßx\n👩bcd\nabc\nd")
    press("Ctrl+G")
    type_text(typed)
    press("Return")
    assert editor.pane.code.place_of(editor.pane.code.caret) == (line, letter)
    assert editor.pane.code.host.view.hasFocus()


@pytest.mark.parametrize("typed", ["", "x", "1:2:3", "1:x"])
def test_a_line_that_is_none_is_told_of(typed: str, editor: Any) -> None:
    give(editor, "a\nb|")
    press("Ctrl+G")
    type_text(typed)
    press("Return")
    assert "line:column" in editor.pane.find_bar().note.text()
    press("Escape")
    assert shown(editor) == "a\nb|"


def test_the_status_line_tells_place_selection_and_form(editor: Any) -> None:
    give(editor, "aü\r\nb⟦👩c⟧")
    status = editor.pane.status
    spin_until(lambda: status.place.text() == "Ln 2, Col 4")
    assert "2 letters selected" in status.note.text()
    assert (status.encoding.text(), status.line_end.text(), status.indent.text()) == ("UTF-8", "CRLF", "Spaces: 4")


def test_words_of_the_text_are_offered(editor: Any) -> None:

    give(editor, "wonder wonderful other\n|")
    type_text("won")
    spin_until(lambda: editor.pane.completer.is_open)
    press("Return")
    assert editor.pane.text().endswith(b"\nwonder")
    give(editor, "alpha beta\n|")
    press("Ctrl+Space")
    assert editor.pane.completer.is_open
    press("Escape")
    assert not editor.pane.completer.is_open and not editor.pane.code.leaves


def test_colours_follow_the_theme_and_keep_the_text(editor: Any, opened: EditorDesk) -> None:
    from plugins.scintilla.host import SCI

    give(editor, "x = 1|", "python")
    type_text("2")
    send, theme = editor.pane.code.send, opened.window.theme
    before = send(SCI.SCI_STYLEGETBACK, SCI.STYLE_DEFAULT)
    theme.set_mode("dark" if not theme.is_dark else "light")
    assert send(SCI.SCI_STYLEGETBACK, SCI.STYLE_DEFAULT) != before
    assert shown(editor) == "x = 12|" and editor.pane.code.is_dirty
    theme.set_mode("light")


def test_the_option_gives_another_size_at_once(editor: Any, opened: EditorDesk) -> None:
    from plugins.scintilla.host import SCI

    send = editor.pane.code.send
    opened.session.config.set("scintilla.size", "20")
    spin_until(lambda: send(SCI.SCI_STYLEGETSIZE, SCI.STYLE_DEFAULT) == 20)
    opened.session.config.set("scintilla.size", "0")
    spin_until(lambda: send(SCI.SCI_STYLEGETSIZE, SCI.STYLE_DEFAULT) < 20)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_code_can_be_read(scheme: str, qapp: Any) -> None:
    from plugins.scintilla.look import ROLES, TOKENS, color_of
    from widgets.theme import Theme

    theme = Theme(scheme)
    ground = _light(theme.color("surface"))
    for name in {name for _, name, _ in ROLES} | set(TOKENS.values()):
        ink = _light(color_of(theme, name))
        assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 4.5, name


def _light(color: Any) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_a_screen_reader_knows_the_editor(editor: Any) -> None:
    from PySide6.QtGui import QAccessible

    view = editor.pane.code.host.view
    assert view.accessibleName() == "Editor" and "Tab" in view.accessibleDescription()
    found = QAccessible.queryAccessibleInterface(view)
    assert found.role() == QAccessible.Role.EditableText and QApplication.focusWidget() is view
