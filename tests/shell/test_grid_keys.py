"""Keystroke triples of a grid: where the person is, keys, where they are then; in both keymaps, by real key events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shell.key import MODIFIERS, SPECIAL, parse_keys
from tests.conftest import spin_until
from tests.contract.keyboard_desk import Desk, opened_desk

ROWS, COLUMNS = 40, 5
_CODES = {name: code for name, code, _, _ in SPECIAL}

#: Cell before, keys, cell after; ``P`` is a page, ``H`` half of one.
MOVES = {
    "vim": (
        ("0,0", "j", "1,0"), ("1,0", "k", "0,0"), ("0,0", "k", "0,0"), ("0,0", "l", "0,1"), ("0,1", "h", "0,0"),
        ("0,0", "h", "0,0"), ("0,0", "5 j", "5,0"), ("9,2", "3 k", "6,2"), ("0,0", "1 2 j", "12,0"),
        ("0,0", "2 l", "0,2"), ("0,0", "9 l", "0,4"), ("5,1", "g g", "0,1"), ("5,1", "G", "39,1"),
        ("5,1", "7 G", "6,1"), ("5,1", "7 g g", "6,1"), ("5,3", "0", "5,0"), ("5,3", "^", "5,0"), ("5,0", "$", "5,4"),
        ("0,0", "1 0 j", "10,0"), ("3,3", "Down", "4,3"), ("3,3", "Right", "3,4"), ("3,3", "Home", "3,0"),
        ("0,0", "Ctrl+D", "H,0"), ("0,0", "Ctrl+F", "P,0"), ("39,0", "Ctrl+B", "39-P,0"), ("39,0", "Ctrl+U", "39-H,0"),
        ("0,0", "2 Ctrl+D", "P,0"), ("0,0", "PageDown", "P,0"), ("0,0", "3 Escape j", "1,0"),
        ("0,0", "g Escape j", "1,0"), ("0,0", "g x j", "1,0"),
        ("0,0", "b j", "1,0"), ("0,0", "9 9 9 j", "39,0"), ("2,0", "4 G k", "2,0"),
        ("0,4", "2 h", "0,2"), ("0,0", "H", "0,0"), ("5,0", "G H", "39-P+1,0"), ("5,2", "1 5 G 3 k", "11,2"),
        ("5,0", "2 Up", "3,0"), ("5,0", "2 Right", "5,2"),
        ("5,0", "2 Escape Up", "4,0"), ("0,0", "l l l", "0,3"), ("0,3", "h h", "0,1"),
        ("0,0", "j j k", "1,0"), ("0,0", "$ j 0 k", "0,0"), ("0,0", "1 0 0 l", "0,4"), ("9,1", "g g G g g", "0,1"),
        ("9,0", "z t", "9,0"), ("9,0", "z z", "9,0"), ("9,0", "z b", "9,0"), ("9,0", "3 z z", "9,0"),
        ("9,0", "z j j", "10,0"), ("9,0", "d Escape j", "10,0"), ("9,0", "d j j", "10,0"), ("9,0", "y x j", "10,0"),
        ("9,0", "Ctrl+K Escape j", "10,0"), ("9,0", "Ctrl+K q j", "10,0"), ("9,0", "Ctrl+W Escape j", "10,0"),
        ("9,0", "; Escape j", "10,0"), ("9,0", "Shift+Z Escape j", "10,0"), ("9,0", "b w e t j", "10,0"),
        ("9,0", "Ctrl+Home", "0,0"), ("9,0", "Ctrl+End", "39,4"),
    ),
    "default": (
        ("0,0", "Down", "1,0"), ("1,0", "Up", "0,0"), ("0,0", "Right", "0,1"), ("0,1", "Left", "0,0"),
        ("3,3", "Home", "3,0"), ("3,0", "End", "3,4"), ("3,3", "Ctrl+Home", "0,0"), ("3,3", "Ctrl+End", "39,4"),
        ("3,3", "Ctrl+Down", "39,3"), ("3,3", "Ctrl+Up", "0,3"), ("0,0", "PageDown", "P,0"),
        ("39,0", "PageUp", "39-P,0"), ("0,0", "Up", "0,0"), ("39,0", "Down", "39,0"), ("0,0", "Left", "0,0"),
        ("0,4", "Right", "0,4"), ("5,2", "Down Down Up", "6,2"), ("5,2", "Right Right Left", "5,3"),
        ("5,2", "F2 Escape", "5,2"), ("5,0", "F2 Escape Down", "6,0"), ("5,0", "x Escape Down", "6,0"),
        ("5,0", "Ctrl+K Ctrl+K Down", "6,0"), ("5,0", "Ctrl+K Down Down", "6,0"), ("5,0", "Ctrl+P Escape", "5,0"),
        ("5,0", "Ctrl+P x Escape Down", "6,0"), ("5,0", "F1 Escape", "5,0"), ("5,0", "Ctrl+F1 Escape Escape", "5,0"),
        ("0,0", "Ctrl+K Escape Down", "1,0"), ("0,0", "Ctrl+K x Down", "1,0"),
        ("0,0", "j Escape", "0,0"), ("0,1", "3 Escape", "0,1"),
    ),
}  # fmt: skip
TRIPLES = [(keymap, *triple) for keymap, triples in MOVES.items() for triple in triples]

#: What is selected (top, left, bottom, right) behind keys that begin at 2,1.
SELECTED = (
    ("vim", "v j l", (2, 1, 3, 2)), ("vim", "V 2 j", (2, 0, 4, 4)), ("vim", "Ctrl+V l", (0, 1, 39, 2)),
    ("vim", "v 3 j Escape", (2, 1, 2, 1)), ("vim", "v v", (2, 1, 2, 1)), ("vim", "v G", (2, 1, 39, 1)),
    ("vim", "V j y", (2, 1, 2, 1)), ("default", "Shift+Down", (2, 1, 3, 1)), ("default", "Shift+Space", (2, 0, 2, 4)),
    ("default", "Shift+Down Escape", (3, 1, 3, 1)),
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from opened_desk(tmp_path_factory.mktemp("grid-keys"), spin_until)


def press(desk: Desk, keys: str) -> None:
    """Keys as they are written in keymaps, as real events."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    for chord in parse_keys(keys):
        bits = sum(qt for bit, _, qt, _ in MODIFIERS if chord.modifiers & bit)
        code = _CODES.get(chord.key) or (ord(chord.key.upper()) if len(chord.key) == 1 else 0)
        QTest.keyClick(desk.focus(), Qt.Key(code or Qt.Key[f"Key_{chord.key}"]), Qt.KeyboardModifier(bits))


def name_of(desk: Desk, row: int) -> str:
    return desk.stored(f"select name from items where id = {row + 1}")


def use(desk: Desk, keymap: str) -> None:
    config = desk.window.session.config
    if config["keys.map"] != keymap:
        config.set("keys.map", keymap)


def cell(desk: Desk, text: str) -> tuple[int, ...]:
    page = desk.view.places.page_rows()
    half = max(round(page / 2), 1)
    return tuple(int(eval(part, {"P": page, "H": half})) for part in text.split(","))  # noqa: S307


@pytest.mark.parametrize(("keymap", "before", "keys", "after"), TRIPLES)
def test_keys_lead_from_a_cell_to_a_cell(desk: Desk, keymap: str, before: str, keys: str, after: str) -> None:
    use(desk, keymap)
    desk.enter(desk.view)
    desk.view.go(*cell(desk, before))
    press(desk, keys)
    assert (desk.view.current_row, desk.view.current_column) == cell(desk, after)
    assert not desk.view.is_editing() and desk.focus() is desk.view


@pytest.mark.parametrize(("keymap", "keys", "selected"), SELECTED)
def test_keys_select(desk: Desk, keymap: str, keys: str, selected: tuple[int, ...]) -> None:
    use(desk, keymap)
    desk.enter(desk.view)
    desk.view.go(2, 1)
    press(desk, keys)
    found = tuple(desk.view.selection.active())
    press(desk, "Escape")
    desk.view.selection.clear()
    assert found == selected
    assert "visual" not in desk.window.keys.modes.names()


def test_rows_are_copied_with_a_count(desk: Desk) -> None:
    from PySide6.QtWidgets import QApplication

    use(desk, "vim")
    desk.enter(desk.view)
    desk.view.go(0, 0)
    press(desk, "2 y y")
    desk.wait(lambda: QApplication.clipboard().text().count("\n") == 1)
    assert [line.split("\t")[0] for line in QApplication.clipboard().text().split("\n")] == ["item 01", "item 02"]
    assert not desk.view.selection.is_several()


def test_typing_begins_by_a_key_and_ends_by_escape_with_what_was_typed(desk: Desk) -> None:
    use(desk, "vim")
    for begin, row in (("i", 3), ("c c", 4), ("Return", 5)):
        desk.enter(desk.view)
        desk.view.go(row, 0)
        press(desk, begin)
        assert desk.view.is_editing() and desk.window.keys.modes.name == "insert"
        press(desk, "End" if begin != "c c" else "j")
        press(desk, "j")
        press(desk, "Escape")
        assert not desk.view.is_editing() and desk.window.keys.modes.name == "normal"
        expected = "jj" if begin == "c c" else f"item {row + 1:02}j"
        desk.wait(lambda row=row, expected=expected: name_of(desk, row) == expected)
    for row in (5, 4, 3):
        desk.wait(lambda: not desk.view.has_edits())
        press(desk, "u")
        desk.wait(lambda row=row: name_of(desk, row) == f"item {row + 1:02}" and desk.view.current_row == row)


def test_so_many_rows_are_deleted_after_the_question(desk: Desk) -> None:
    use(desk, "vim")
    desk.enter(desk.view)
    desk.view.go(37, 0)
    press(desk, "3 d d")
    desk.wait(lambda: desk.focus() is not desk.view)
    press(desk, "Tab")
    press(desk, "Return")
    desk.wait(lambda: desk.stored("select count(*) from items") == 37)
    press(desk, "u")
    desk.wait(lambda: desk.stored("select count(*) from items") == 40)
    # Undoing leads to what came back, when it is there.
    desk.wait(lambda: desk.view.rows.cache.count == 40 and desk.view.current_key == (38,))


def test_fields_of_a_form_are_gone_through_before_they_are_typed_into(desk: Desk) -> None:
    use(desk, "vim")
    desk.page(0)
    desk.enter(desk.view)
    desk.view.go(1, 0)
    name, amount = desk.field("name").editor.line, desk.field("amount").editor.line
    desk.wait(lambda: name.text() == "item 02")
    desk.enter(name)
    assert desk.window.keys.modes.name == "normal"
    press(desk, "j")
    assert desk.focus() is amount and amount.text() == "2"
    press(desk, "k")
    assert desk.focus() is name
    press(desk, "Space")
    press(desk, "b")
    assert name.text() == "item 02"
    press(desk, "i")
    assert desk.window.keys.modes.name == "insert"
    press(desk, "End")
    press(desk, "j")
    press(desk, "Escape")
    assert name.text() == "item 02j" and desk.window.keys.modes.name == "normal" and desk["edit"].has_edits()
    press(desk, "Escape")
    assert name.text() == "item 02j" and desk["edit"].has_edits(), "nothing typed is lost by one Escape too many"
    press(desk, "U")
    assert name.text() == "item 02" and not desk["edit"].has_edits()
    press(desk, "c c")
    press(desk, "z")
    assert name.text() == "z"
    press(desk, "Escape U")
    assert not desk["edit"].has_edits()


def test_a_new_row_is_typed_at_once_and_written_by_escape(desk: Desk) -> None:
    use(desk, "vim")
    desk.enter(desk.view)
    press(desk, "o")
    assert desk.view.is_editing() and desk.window.keys.modes.name == "insert"
    press(desk, "f")
    press(desk, "Escape")
    assert not desk.view.is_editing() and desk.view.editing.draft is not None
    press(desk, "Escape")
    desk.wait(lambda: desk.stored("select count(*) from items where name = 'f'") == 1)
    desk.wait(lambda: desk.view.editing.draft is None)
    press(desk, "u")
    desk.wait(lambda: desk.stored("select count(*) from items") == 40)
    desk.wait(lambda: desk.view.rows.cache.count == 40)


def test_lists_and_trees_move_by_letters(desk: Desk) -> None:
    use(desk, "vim")
    desk.page(3)
    lines = desk["lines"]
    desk.enter(lines)
    desk.wait(lambda: lines.row_count() == 40)
    press(desk, "g g")
    press(desk, "3 j")
    assert lines.current_row == 3
    press(desk, "k")
    assert lines.current_row == 2
    press(desk, "G")
    assert lines.current_row == 39
    press(desk, "7 G")
    assert lines.current_row == 6
    desk.page(9)
    tree = desk["branches"]
    desk.enter(tree)
    desk.wait(lambda: tree.row_count() == 2)
    press(desk, "g g")
    press(desk, "l")
    desk.wait(lambda: tree.row_count() == 4 and tree.content.texts(1) and tree.row_key(1) is not None)
    press(desk, "j")
    assert tree.current_row == 1
    press(desk, "k")
    press(desk, "Left")
    desk.wait(lambda: tree.row_count() == 2)
    press(desk, "Right")
    desk.wait(lambda: tree.row_count() == 4 and tree.content.texts(1) and tree.row_key(1) is not None)
    press(desk, "h")
    desk.wait(lambda: tree.row_count() == 2)
    desk.page(0)


def test_the_palette_is_typed_into_at_once(desk: Desk) -> None:
    use(desk, "vim")
    desk.enter(desk.view)
    press(desk, "Ctrl+P")
    palette = desk.window.cards.palette()
    press(desk, "j")
    assert palette.line.text() == "j" and desk.window.keys.modes.name == "insert"
    press(desk, "Escape")
    assert not palette.isVisible() and desk.focus() is desk.view


def test_words_are_looked_for_and_gone_to(desk: Desk) -> None:
    use(desk, "vim")
    desk.enter(desk.view)
    desk.view.go(0, 0)
    press(desk, "/")
    desk.wait(lambda: desk.focus() is not desk.view)
    assert desk.window.keys.modes.name == "insert"
    press(desk, "1")
    press(desk, "7")
    press(desk, "Return")
    desk.wait(lambda: desk.view.current_row == 16)
    press(desk, "Escape")
    desk.wait(lambda: desk.focus() is desk.view)
