"""Keys as text, and keymaps laid over each other."""

from __future__ import annotations

import pytest

from kernel.error import Where
from layouts.node import CommandDeclaration
from shell.builtin import COMMAND_IDS
from shell.key import ALT, CTRL, SHIFT, Chord, KeyTextError, chord_of, format_keys, parse_keys
from shell.keymap import Binding, Keymap, KeymapError, clash_report, read_keymap
from shell.keys import KeyFiles, built_in

_QT_CTRL, _QT_SHIFT = 0x04000000, 0x02000000


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Ctrl+Shift+P", (Chord("p", CTRL | SHIFT),)),
        ("ctrl+p", (Chord("p", CTRL),)),
        ("g g", (Chord("g"), Chord("g"))),
        ("G", (Chord("g", SHIFT),)),
        ("Ctrl+K Ctrl+T", (Chord("k", CTRL), Chord("t", CTRL))),
        ("/", (Chord("/"),)),
        ("Shift+?", (Chord("?"),)),
        ("Ctrl++", (Chord("Plus", CTRL),)),
        ("+", (Chord("Plus"),)),
        ("Alt+PgUp", (Chord("PageUp", ALT),)),
        ("f11", (Chord("F11"),)),
    ],
)
def test_a_key_text_names_chords(text, keys):
    assert parse_keys(text) == keys
    assert parse_keys(" ".join(map(str, keys))) == keys


@pytest.mark.parametrize(
    ("text", "hint"), [("Ctrl+Pageup1", "PageUp"), ("Hyper+A", "Ctrl"), ("", "Ctrl+Shift+P"), ("F99", "F35")]
)
def test_a_text_that_names_no_key_is_refused_with_a_hint(text, hint):
    with pytest.raises(KeyTextError) as caught:
        parse_keys(text)
    assert hint in caught.value.hint


def test_events_and_texts_meet():
    assert chord_of(ord("P"), _QT_CTRL | _QT_SHIFT) == parse_keys("Ctrl+Shift+P")[0]
    assert chord_of(ord("?"), _QT_SHIFT, "?") == parse_keys("?")[0]
    assert chord_of(0x01000002, _QT_SHIFT) == parse_keys("Shift+Tab")[0]
    assert chord_of(0x01000020, _QT_SHIFT) is None  # Shift alone


def test_people_see_the_keys_of_their_platform():
    assert format_keys("Ctrl+Shift+P", "linux") == "Ctrl+Shift+P"
    assert format_keys("Ctrl+Shift+P", "darwin") == "⌘⇧P"
    assert format_keys("Ctrl+Return", "linux") == "Ctrl+Enter"


def _bind(keys: str, command: str, layer: str = "built-in") -> Binding:
    return Binding(parse_keys(keys), command, layer=layer)


def test_the_stronger_layer_wins_and_may_free_a_key():
    keymap = Keymap([_bind("F5", "mine", "user"), _bind("F5", "theirs"), _bind("F6", "x"), _bind("F6", "", "user")])
    assert keymap.look_up(parse_keys("F5")).binding.command == "mine"
    assert keymap.look_up(parse_keys("F6")).binding is None
    assert keymap.clashes == []


def test_a_sequence_is_partial_until_it_is_whole():
    keymap = Keymap([_bind("g g", "top"), _bind("g e", "end")])
    first = keymap.look_up(parse_keys("g"))
    assert (first.binding, first.is_partial) == (None, True)
    assert [binding.command for binding in keymap.continuations(parse_keys("g"))] == ["end", "top"]
    assert keymap.look_up(parse_keys("g g")).binding.command == "top"
    assert not keymap.look_up(parse_keys("g x")).is_partial


def test_clashes_name_both_bindings():
    same, prefix = Keymap([_bind("F5", "one"), _bind("F5", "two"), _bind("g", "go"), _bind("g g", "top")]).clashes
    assert (same.kind, same.winner.command, same.loser.command) == ("same", "two", "one")
    assert (prefix.kind, prefix.winner.command, prefix.loser.command) == ("prefix", "go", "top")
    assert "one" in str(same) and "two" in str(same)


def test_a_users_sequence_is_not_shadowed_by_a_built_in_key():
    keymap = Keymap([_bind("g", "go"), _bind("g g", "top", "user")])
    assert keymap.look_up(parse_keys("g g")).binding.command == "top"
    assert keymap.clashes[0].loser.command == "go"


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ('[a]\n"Ctrl+Nokey" = "x"\n', (2, 1), "names no key"),
        ('[a]\ntitle = "A"\n"F5" = 3\n', (3, 1), "no text"),
        ('"F5" = "x"\n', (1, 1), "no table"),
        ('[a]\n"F5" = \n', (2, 8), "invalid value"),
    ],
)
def test_a_wrong_file_names_the_place(text, where, message):
    with pytest.raises(KeymapError, match=message) as caught:
        read_keymap(text, "user", "keys.toml")
    assert caught.value.where == Where("keys.toml", *where)


def test_a_file_that_goes_wrong_leaves_the_last_good_keys(tmp_path):
    told = []
    file = tmp_path / "keys.toml"
    files = KeyFiles(file, lambda *message: told.append(message))
    file.write_text('[mine]\n"Ctrl+J" = "row.add"\n')
    assert files.load().keys_of("row.add") == parse_keys("Ctrl+J")
    file.write_text('[mine]\n"Ctrl+J" = ')
    assert files.load().keys_of("row.add") == parse_keys("Ctrl+J")
    assert told[-1][0] == "error" and "keys.toml:2" in told[-1][2]


def test_the_keymap_is_the_same_until_a_layer_says_something_else(tmp_path):
    file = tmp_path / "keys.toml"
    commands = [CommandDeclaration("a.b", key="Ctrl+J")]
    files = KeyFiles(file, lambda *_message: None)
    first = files.load(commands)
    assert files.load([CommandDeclaration("a.b", key="Ctrl+J", title="Another title")]) is first
    assert files.load([CommandDeclaration("a.b", key="Ctrl+K")]).keys_of("a.b") == parse_keys("Ctrl+K")
    file.write_text('[mine]\n"Ctrl+L" = "a.b"\n')
    assert files.load(commands).keys_of("a.b") == parse_keys("Ctrl+L")


def test_the_built_in_keys_are_whole():
    bindings = built_in()
    assert {binding.command for binding in bindings if not binding.is_heading} <= COMMAND_IDS
    assert Keymap(bindings).clashes == []
    assert all(binding.group for binding in bindings)


def test_a_key_may_have_a_title_and_a_prefix_too():
    text = '[a]\ntitle = "A"\nmode = "normal"\n"g" = { title = "Go" }\n"g g" = { command = "x", title = "Top" }\n'
    bindings = read_keymap(text, "user", "keys.toml")
    keymap = Keymap(bindings, is_modal=True)
    assert keymap.title_of(parse_keys("g")) == "Go" and keymap.clashes == []
    assert keymap.look_up(parse_keys("g g"), (), ("normal",)).binding.title == "Top"
    assert keymap.look_up(parse_keys("g g")).binding is None
    with pytest.raises(KeymapError, match="colour") as caught:
        read_keymap('[a]\n"g" = { colour = "red" }\n', "user", "keys.toml")
    assert caught.value.where == Where("keys.toml", 2, 1)


def test_a_view_s_key_wins_over_a_mode_s_and_a_mode_s_over_one_for_everywhere():
    plain, mode = _bind("x", "plain"), _bind("x", "mode")._replace(mode="normal")
    view = _bind("x", "view")._replace(view="grid")
    keymap = Keymap([view, mode, plain])
    x = parse_keys("x")
    assert keymap.clashes == []
    assert keymap.look_up(x).binding.command == "plain"
    assert keymap.look_up(x, (), ("normal",)).binding.command == "mode"
    assert keymap.look_up(x, ("grid",), ("normal",)).binding.command == "view"
    # Of two modes the one over the other wins.
    over = Keymap([mode, _bind("x", "minor")._replace(mode="visual")])
    assert over.look_up(x, (), ("visual", "normal")).binding.command == "minor"


def test_what_one_key_hides_is_told_in_a_few_lines():
    clashes = Keymap([_bind("g", "go", "user"), *(_bind(f"g {letter}", letter) for letter in "abcdef")]).clashes
    lines = clash_report(clashes).splitlines()
    assert len(lines) == 4 and lines[-1] == "… and 3 more that begin so"
