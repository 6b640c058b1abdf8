"""Every command can be reached, says what it is, and has a key or is deliberately without one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from layouts.kinds.grid_tool import TOOLS
from plugins.registry import find_plugins
from shell.builtin import BUILT_IN
from shell.command import resolve
from shell.key import parse_keys
from shell.keymap import Keymap
from shell.keys import DEFAULT, built_in, built_in_file, built_in_names
from shell.plugin_command import plugin_bindings

LISTS = tomllib.loads(Path(__file__).with_name("commands_without_key.toml").read_text(encoding="utf-8"))
WITHOUT_KEY = [name for rows in LISTS.values() for name in rows["commands"]]
COMMANDS = {command.id: command for command in BUILT_IN}
#: Keys that edit a text on some platform: a command bound to one would be lost there, or the text would.
EDITING = (
    "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Left", "Right", "Up", "Down", "Home", "End", "Backspace", "Delete",
    "Return", "Tab", "Shift+Tab", "Space", "Ctrl+Left", "Ctrl+Right", "Ctrl+Backspace", "Shift+Insert", "Shift+Delete",
    "Ctrl+Home", "Ctrl+End", "Shift+Left", "Shift+Right", "Shift+Home", "Shift+End",
)  # fmt: skip
#: Keys that desktops keep for themselves.
PLATFORM = ("Alt+F4", "Alt+Tab", "Alt+Space", "Ctrl+Alt+Delete", "Ctrl+Escape", "Alt+Escape", "Print", "Alt+F2")


def bound(keymap: str) -> set[str]:
    own = {f"grid.{tool.id}" for tool in TOOLS if tool.key}
    return own | {binding.command.partition(" ")[0] for binding in built_in(keymap) if binding.command}


def test_every_command_has_a_key_or_stands_among_those_without() -> None:
    keyless = set(COMMANDS) - bound(DEFAULT)
    missing = "give it a key in resources/keymaps/default.toml, or a line in commands_without_key.toml"
    assert sorted(keyless - set(WITHOUT_KEY)) == [], missing
    assert sorted(set(WITHOUT_KEY) - keyless) == [], "it has a key by now, or is no command any more"
    assert sorted(WITHOUT_KEY) == sorted(set(WITHOUT_KEY))
    assert all(rows["reason"].strip() for rows in LISTS.values())


def test_every_command_can_be_reached() -> None:
    known = set().union(*map(bound, built_in_names()), LISTS["program"]["commands"])
    assert [name for name, command in COMMANDS.items() if not command.is_listed and name not in known] == []


def test_every_command_runs_something_and_says_what() -> None:
    assert [name for name, command in COMMANDS.items() if not (command.title and command.doc and command.section)] == []
    assert all(callable(resolve(command.run)) for command in BUILT_IN)


def test_commands_of_plugins_say_what_they_do() -> None:
    commands = [record for plugin in find_plugins() for record in plugin.manifest.commands]
    assert commands and [one.id for one in commands if not (one.title.strip() and one.doc.strip())] == []


@pytest.mark.parametrize("name", built_in_names())
def test_a_keymap_is_whole(name: str) -> None:
    file = built_in_file(name)
    plugins = {record.id for plugin in find_plugins() for record in plugin.manifest.commands}
    wanted = {binding.command.partition(" ")[0] for binding in file.bindings if binding.command}
    assert sorted(wanted - set(COMMANDS) - plugins) == []
    keymap = Keymap([*file.bindings, *plugin_bindings(find_plugins())], file.is_modal)
    # Of a mode's own keys and those for everywhere the mode's win, which is what a mode is for.
    unwanted = [clash for clash in keymap.clashes if clash.kind == "same" or not clash.winner.mode]
    assert list(map(str, unwanted)) == []


def test_keys_for_everywhere_leave_texts_and_the_desktop_alone() -> None:
    taken = {parse_keys(text)[0] for text in (*EDITING, *PLATFORM)}
    everywhere = [binding for binding in built_in(DEFAULT) if not binding.mode and not binding.view]
    assert [str(one) for one in everywhere if one.keys[0] in taken or one.keys[0].is_typed] == []


def test_the_keymap_without_modes_has_none() -> None:
    assert not built_in_file(DEFAULT).is_modal
    assert [str(one) for one in built_in(DEFAULT) if one.mode] == []
