"""What a key does and why, what a command is, and the person's own keys as their file changes; by real keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.words import use_words
from shell.continuation import Line
from shell.key import parse_keys
from shell.key_explanation import own_keys
from shell.pending_place import flow
from tests.conftest import spin_until
from tests.contract.keyboard_desk import Desk, opened_desk
from tests.shell.test_grid_keys import press, use


@pytest.fixture(scope="module")
def desk(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from opened_desk(tmp_path_factory.mktemp("key-help"), spin_until)


def own_file(desk: Desk) -> Path:
    path = Path(desk.window.session.config.paths.config) / "keys.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture
def own(desk: Desk) -> Iterator[Callable[[str], None]]:
    # Files are followed from the first paint on.
    desk.wait(lambda: not desk.window.registry.waits_to_show_keys)
    path = own_file(desk)
    path.unlink(missing_ok=True)
    yield lambda text: path.write_text(text, encoding="utf-8")
    path.unlink(missing_ok=True)
    desk.window.keys.renew()


def command_of(desk: Desk, keys: str) -> str:
    binding = desk.window.registry.keymap.look_up(parse_keys(keys), *desk.window.keys.context()).binding
    return binding.command if binding else ""


def said(desk: Desk) -> list[tuple[str, str, str]]:
    return [(one.level, one.text, one.detail) for one in desk.window.messages.history]


def test_own_keys_count_as_soon_as_they_are_saved_and_the_last_good_ones_stay(desk: Desk, own: Any) -> None:
    own('[mine]\n"Alt+F9" = "row.add"\n')
    desk.wait(lambda: command_of(desk, "Alt+F9") == "row.add")
    own('[mine]\n"Alt+F9" = "row.delete"\n"Alt+F8" = \n')
    desk.wait(lambda: any("keys.toml:3:12" in detail for level, _, detail in said(desk) if level == "error"))
    assert command_of(desk, "Alt+F9") == "row.add"
    own('[mine]\n"Alt+F9" = "row.delete"\n')
    desk.wait(lambda: command_of(desk, "Alt+F9") == "row.delete")
    own_file(desk).unlink()
    desk.wait(lambda: command_of(desk, "Alt+F9") == "")


def test_a_clash_in_the_own_file_is_told_with_both_bindings(desk: Desk, own: Any) -> None:
    own('[one]\n"Alt+F9" = "row.add"\n[two]\n"Alt+F9" = "row.delete"\n"Ctrl+K" = "row.save"\n')
    desk.wait(lambda: any("row.add" in detail and "row.delete" in detail for _, _, detail in said(desk)))
    detail = said(desk)[-1][2]
    assert "keys.toml:2:1" in detail and "keys.toml:4:1" in detail
    assert "can never be typed" in detail and "keys.toml:5:1" in detail and "more that begin so" in detail


def test_a_key_for_a_command_that_nobody_has_is_told_once(desk: Desk, own: Any) -> None:
    own('[mine]\n"Alt+F9" = "row.ad"\n"Alt+F8" = "elsewhere.run"\n')
    desk.wait(lambda: any("row.add?" in detail and "keys.toml:2:1" in detail for _, _, detail in said(desk)))
    before = len(said(desk))
    desk.window.keys.renew()
    assert len(said(desk)) == before and not any("elsewhere" in detail for _, _, detail in said(desk))


def test_escape_clears_one_thing_after_the_other(desk: Desk) -> None:
    use(desk, "vim")
    desk.enter(desk.view)
    desk.view.go(2, 0)
    press(desk, "v j 2 g")
    modes, card, selection = desk.window.keys.modes, desk.window.cards.made["pending keys"], desk.view.selection
    press(desk, "Ctrl+P")  # what was pending goes with a key that does not continue it
    assert card.isHidden()
    press(desk, "Ctrl+P")
    palette = desk.window.cards.palette()
    assert palette.isVisible()
    press(desk, "Escape")
    assert not palette.isVisible() and modes.name == "visual"
    press(desk, "3 g")
    assert card.isVisible()
    press(desk, "Escape")
    assert card.isHidden() and modes.name == "visual" and selection.is_several()
    press(desk, "Escape")
    assert modes.name == "normal" and not selection.is_several()


def test_the_option_is_followed_where_another_program_writes_it(desk: Desk, own: Any) -> None:
    config = desk.window.session.config
    config.paths.config.mkdir(parents=True, exist_ok=True)
    config.paths.config_file.write_text('[keys]\nmap = "vim"\n')
    desk.wait(lambda: desk.window.registry.keymap.is_modal)
    config.paths.config_file.write_text('[keys]\nmap = "default"\n')
    desk.wait(lambda: not desk.window.registry.keymap.is_modal)


def test_prefixes_and_keys_have_titles_of_their_own(desk: Desk, own: Any) -> None:
    own('[mine]\n"F4 x" = { title = "Experiments" }\n"F4 x a" = { command = "row.add", title = "Fresh row" }\n'
        '"F4 b" = "row.delete"\n')  # fmt: skip
    desk.wait(lambda: command_of(desk, "F4 x a") == "row.add")
    use(desk, "default")
    desk.enter(desk.view)
    press(desk, "F4")
    card = desk.window.cards.made["pending keys"]
    assert card.isVisible() and desk.focus() is desk.view
    desk.wait(lambda: card.lines)
    assert [(line.key, line.title, line.is_prefix) for line in card.lines] == [
        ("b", "Delete the row", False), ("x", "Experiments", True),
    ]  # fmt: skip
    press(desk, "x")
    assert [(line.key, line.title) for line in card.lines] == [("a", "Fresh row")]
    press(desk, "Escape")
    assert not card.isVisible() and desk.focus() is desk.view


def test_a_count_is_shown_at_once_and_goes_at_once(desk: Desk) -> None:
    use(desk, "vim")
    desk.enter(desk.view)
    press(desk, "4")
    card = desk.window.cards.made["pending keys"]
    assert card.isVisible() and card.accessibleName().startswith("4")
    press(desk, "Escape")
    assert not card.isVisible()


@pytest.mark.parametrize(
    ("keymap", "keys", "expected"),
    [
        ("default", "Ctrl+Delete", "runs here"),
        ("default", "Ctrl+F", "“grid” itself"),
        ("default", "Ctrl+M", "keys.sqlite"),
        ("vim", "j", "cursor.down"),
        ("vim", "Ctrl+F", "the keys of the mode go before those for all modes"),
        ("vim", "Ctrl+K", "Begins longer keys"),
        ("default", "q", "Bound to nothing here"),
    ],
)
def test_a_key_is_described_and_does_nothing_else(desk: Desk, keymap: str, keys: str, expected: str) -> None:
    use(desk, keymap)
    desk.enter(desk.view)
    place = desk.view.current_row
    press(desk, "Ctrl+F1")
    card = desk.window.cards.made["key tester"]
    assert desk.focus() is card
    press(desk, keys)
    if expected != "keys.sqlite":
        assert expected in card.text
    else:
        assert "App" in card.text and "Ring" in card.text and "main.kdl" in card.text
    press(desk, "Escape")
    if card.isVisible():  # Escape itself is a key, where a longer one had begun
        press(desk, "Escape")
    assert not card.isVisible() and desk.focus() is desk.view
    assert desk.view.current_row == place and not desk.rung


def test_the_tester_shows_each_key_until_escape_is_pressed_twice(desk: Desk) -> None:
    use(desk, "default")
    desk.enter(desk.view)
    press(desk, "Ctrl+K F1")
    card = desk.window.cards.made["key tester"]
    for keys in ("Tab", "Ctrl+W", "Ctrl+K Ctrl+T"):
        press(desk, keys)
        assert card.text.splitlines()[0] == keys
    press(desk, "Escape")
    assert card.isVisible() and card.text.startswith("Esc")
    press(desk, "Escape")
    assert not card.isVisible() and desk.focus() is desk.view


def test_a_command_is_described(desk: Desk) -> None:
    use(desk, "vim")
    desk.window.registry.run("help.describe-command edit.undo")
    text = desk.window.cards.made["about command"].text
    assert "Id: edit.undo" in text and "Key: u " in text and "Key: Ctrl+Z" in text and "Now:" in text
    press(desk, "Escape")
    desk.window.registry.run("help.describe-command edit.undoo")
    assert any("edit.undo?" in f"{text} {detail}" for _, text, detail in said(desk))


def test_what_a_view_does_with_a_key_is_said_in_the_language_in_force() -> None:
    kind_keys = (("Ctrl+S", "write the row or the file"), ("Ctrl+F, F3", "find"))
    try:
        use_words({"keys\x04find": ("suchen",), "write the row or the file": ("?",)})
        said = [own_keys(kind_keys, parse_keys(key)) for key in ("Ctrl+S", "F3", "F4")]
    finally:
        use_words({})
    assert said == ["write the row or the file", "suchen", ""]


def test_continuations_stand_in_columns_under_their_headings() -> None:
    lines = [Line(key, "Title", group) for group, keys in (("A", "abcd"), ("B", "ef")) for key in keys]
    wide = flow(lines, lambda _line: 100, 1000, 10)
    assert (wide.columns, wide.rows) == (5, 2)
    placed = flow(lines, lambda _line: 100, 250, 10)
    assert placed.columns == 2 and [cell.heading for cell in placed.cells if cell.heading] == ["A", "B"]
    assert all(cell.row + 1 < placed.rows or not cell.heading for cell in placed.cells)
    narrow = flow(lines, lambda _line: 100, 100, 4)
    assert narrow.columns == 1 and narrow.cells[-1].left_out == 4
    # Rather than leave lines out, titles are cut off.
    assert flow(lines, lambda _line: 100, 130, 4).columns == 2
    assert flow([], lambda _line: 100, 100, 4).cells == []


def test_the_command_line_lists_keys_and_what_is_wrong_with_them(
    desk: Desk, own: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    import argparse

    from shell.commands_cli.keymap import run

    session = desk.window.session
    session.config.set("keys.map", "vim")
    assert run(argparse.Namespace(keys=[]), session) == 0
    out = capsys.readouterr().out
    assert "Keymap vim" in out and "Down [mode normal]" in out and "Find in the text [in a editor]" in out
    own('[mine]\n"Alt+F9" = "row.ad"\n"F5" = "row.add"\n"F5 a" = "row.add"\n')
    assert run(argparse.Namespace(keys=[]), session) == 1
    wrong = capsys.readouterr().err
    assert "row.add" in wrong and "keys.toml:2:1" in wrong and "keys.toml:4:1" in wrong
    assert run(argparse.Namespace(keys=["ctrl+f"]), session) == 0
    assert "cursor.page-down (vim.toml" in capsys.readouterr().out
