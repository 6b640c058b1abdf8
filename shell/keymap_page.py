"""A page of the reference for each keymap that Espalier comes with: every key, group by group, mode by mode."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from plugins.registry import find_plugins
from shell.builtin import BUILT_IN
from shell.command import plain_title
from shell.key import format_keys
from shell.keymap import Binding
from shell.keys import DEFAULT, built_in_file, built_in_names
from shell.plugin_command import plugin_bindings

FOLDER = Path(__file__).parent.parent / "docs" / "reference"

_HEAD = """# Keys: {title}

<!-- Written by `python -m shell.reference` from resources/keymaps/{name}.toml; changes here are lost. -->

{doc} It is in force where the option `keys.map` is `{name}`. Your own keys in `keys.toml` go before these;
[the guide](../guide.md#keys) tells how they are written. Views have keys of their own besides ([kinds.md](kinds.md)).
"""


def pages() -> dict[Path, str]:
    """File → the whole page, of each keymap."""
    return {FOLDER / f"keys-{name}.md": page(name) for name in built_in_names()}


def page(name: str) -> str:
    """The page of one keymap."""
    file = built_in_file(name)
    bindings = [one for one in file.bindings if one.command]
    if name == DEFAULT:
        bindings += plugin_bindings(find_plugins())
    parts = [_HEAD.format(title=file.title or name, name=name, doc=file.doc)]
    if file.base:
        known = {(one.keys, one.view, one.mode, one.command) for one in built_in_file(file.base).bindings}
        bindings = [one for one in bindings if (one.keys, one.view, one.mode, one.command) not in known]
        parts.append(f"All that is not here is as in [{file.base}](keys-{file.base}.md).\n")
    for place in dict.fromkeys((one.group, one.mode, one.view) for one in bindings):
        rows = [_row(one) for one in bindings if (one.group, one.mode, one.view) == place]
        parts.append(f"## {_heading(*place)}\n\n| key | what it does | command |\n| --- | --- | --- |")
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def _heading(group: str, mode: str, view: str) -> str:
    within = [f"in `{view}`" if view else "", f"mode `{mode}`" if mode else ""]
    return f"{group} ({', '.join(filter(None, within))})" if any(within) else group


def _row(one: Binding) -> str:
    key = format_keys(one.keys, "linux").replace("|", "\\|")
    return f"| `{key}` | {_title(one)} | `{one.command}` |"


def _title(one: Binding) -> str:
    if one.title:
        return one.title
    command = one.command.partition(" ")[0]
    return _titles().get(command, command)


@cache
def _titles() -> dict[str, str]:
    own = {one.id: plain_title(one.title) for one in BUILT_IN}
    return own | {one.id: one.title for plugin in find_plugins() for one in plugin.manifest.commands}
