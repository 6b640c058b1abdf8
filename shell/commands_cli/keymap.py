"""``espalier keymap [KEYS]``: every key with what it does, what is wrong with the person's own; or one key in full."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from shell.builtin import BUILT_IN
from shell.command import plain_title
from shell.command_line import UsageError
from shell.key import Keys, KeyTextError, format_keys, parse_keys
from shell.key_explanation import LAYER_TITLES
from shell.keymap import LAYERS, Binding, Keymap
from shell.keys import KeyFiles
from shell.kinds import plugin_set
from shell.plugin_command import plugin_bindings
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Print them; answers the exit code: 1 when a file cannot be used, keys clash, or no command is there for one."""
    wrong: list[str] = []
    config, plugins = session.config, plugin_set(session.config).plugins
    titles = {one.id: plain_title(one.title) for one in BUILT_IN}
    titles |= {one.id: one.title for plugin in plugins for one in plugin.manifest.commands}
    files = KeyFiles(
        config.paths.config / "keys.toml",
        lambda _level, text, detail: wrong.append(f"{text}\n{_indented(detail)}"),
        lambda: plugin_bindings(plugins, lambda _level, text, detail: wrong.append(f"{text} ({detail})")),
        lambda: config["keys.map"],
        lambda: titles,
    )
    keymap = files.load()
    if arguments.keys:
        return _print_key(keymap, _keys(arguments.keys), lambda one: _title(one, titles))
    print(f"Keymap {config['keys.map']}, {config.origin('keys.map')}")
    for group in dict.fromkeys(one.group for one in keymap):
        print(f"\n{group}")
        for one in keymap:
            if one.group == group:
                print(f"  {format_keys(one.keys):<24} {_title(one, titles)}{_within(one)}")
    for text in wrong:
        print(f"espalier: {text}", file=sys.stderr)
    return 1 if wrong else 0


def _keys(words: list[str]) -> Keys:
    try:
        return parse_keys(" ".join(words))
    except KeyTextError as error:
        raise UsageError(error.message, hint=error.hint) from error


def _print_key(keymap: Keymap, keys: Keys, title: Callable[[Binding], str]) -> int:
    """Every binding of a key, the strongest layer first, then what continues it."""
    found = sorted((one for one in keymap.everything() if one.keys == keys), key=lambda one: -LAYERS.index(one.layer))
    for one in found:
        print(f"{LAYER_TITLES[one.layer]:<10} {title(one)}{_within(one)}  {one.command} ({one.where or one.group})")
    longer = [one for one in keymap if len(one.keys) > len(keys) and one.keys[: len(keys)] == keys]
    for one in longer:
        print(f"  {format_keys(one.keys):<24} {title(one)}{_within(one)}")
    if not found and not longer:
        print(f"{format_keys(keys)} is bound to nothing")
    return 0


def _title(one: Binding, titles: Mapping[str, str]) -> str:
    return one.title or titles.get(one.command.partition(" ")[0], one.command) or "frees the key"


def _within(one: Binding) -> str:
    names = [f"in a {one.view}" if one.view else "", f"mode {one.mode}" if one.mode else ""]
    return f" [{', '.join(filter(None, names))}]" if any(names) else ""


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
