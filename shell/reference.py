"""Writes docs/reference/commands.md and plugins.md from their tables and manifests, and what apps can count on.

Run it as ``python -m shell.reference``.
"""

from __future__ import annotations

from pathlib import Path

from plugins.registry import find_plugins
from shell import keymap_page, plugin_api_page, plugin_page
from shell.builtin import BUILT_IN
from shell.cli_command import CliCommand
from shell.command import Command, plain_title
from shell.command_line import COMMANDS, OPTIONS
from shell.key import format_keys
from shell.keys import built_in

ROOT = Path(__file__).parent.parent
#: The generated page and table.
PAGE_PATH, SURFACE_PATH = ROOT / "docs" / "reference" / "commands.md", ROOT / "resources" / "surface.toml"
PLUGINS_PATH = ROOT / "docs" / "reference" / "plugins.md"
#: Top-level modules that no app's file may hide.
PACKAGES = ("kernel", "layouts", "server", "widgets", "plugins", "shell", "resources", "benchmarks", "PySide6",
            "shiboken6")  # fmt: skip

_HEAD = """# Commands and keys

<!-- Written by `python -m shell.reference` from the tables of the shell; changes here are lost. -->

Every action is a command. `Ctrl+P` finds it by a few letters of its title; a layout runs it by its id, in a `button`, a
`command` or a menu; `keys.toml` in the configuration directory binds it to other keys:

```toml
[mine]
title = "My own keys"
"Ctrl+J" = "row.add"
"Ctrl+N" = ""           # frees a key
```
"""


def page() -> str:
    """The whole reference page."""
    keys: dict[str, list[str]] = {}
    for binding in built_in():
        keys.setdefault(binding.command, []).append(f"`{format_keys(binding.keys)}`")
    parts = [_HEAD]
    for section in dict.fromkeys(command.section for command in BUILT_IN):
        rows = [_row(command, keys.get(command.id, [])) for command in BUILT_IN if command.section == section]
        parts.append(f"## {section}\n\n| command | title | keys | what it does |\n| --- | --- | --- | --- |")
        parts.append("\n".join(rows) + "\n")
    parts.append("## The command line\n\n```sh\nespalier [OPTIONS] [NAME[@SERVER] | FILE | FOLDER | COMMAND …]\n```\n")
    parts.append("Without a word it opens the app of the option `boot.default`. These options may stand anywhere:\n")
    parts.append("\n".join(f"- `{' '.join((one.name, one.value)).strip()}`: {one.doc}" for one in OPTIONS) + "\n")
    parts.extend(_cli(command) for command in COMMANDS.values())
    return "\n".join(parts)


def _row(command: Command, keys: list[str]) -> str:
    return f"| `{command.id}` | {plain_title(command.title)} | {' '.join(keys)} | {command.doc} |"


def _cli(command: CliCommand) -> str:
    lines = [f"### espalier {command.name}\n", command.doc[:1].upper() + command.doc[1:] + ".\n"]
    lines += [f"- `{argument.names[0]}`: {argument.doc}" for argument in command.arguments]
    if command.example:
        lines.append(f"\n```sh\n{command.example}\n```" if command.arguments else f"```sh\n{command.example}\n```")
    return "\n".join(lines) + "\n"


def surface() -> str:
    """What apps can count on of the shell, as data for those who check apps without it."""
    import tomllib

    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    agents = sorted(path.stem for path in (ROOT / "shell" / "agents").glob("[a-z]*.py"))
    lists = {"packages": sorted(PACKAGES), "agents": agents, "commands": sorted(command.id for command in BUILT_IN)}
    lines = ["# What apps can count on of the shell. Written by `python -m shell.reference`; changes here are lost.\n"]
    lines.append(f'shell = "{version}"')
    for name, values in lists.items():
        lines += [f"\n{name} = [", *(f'    "{value}",' for value in values), "]"]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page and the table."""
    PAGE_PATH.parent.mkdir(parents=True, exist_ok=True)
    PAGE_PATH.write_text(page(), encoding="utf-8")
    SURFACE_PATH.write_text(surface(), encoding="utf-8")
    plugin_api_page.NAMES_PATH.write_text(plugin_api_page.names(), encoding="utf-8")
    plugin_api_page.STUB_PATH.write_text(plugin_api_page.stub(), encoding="utf-8")
    plugin_api_page.PAGE_PATH.write_text(plugin_api_page.page(), encoding="utf-8")
    PLUGINS_PATH.write_text(plugin_page.page(find_plugins()), encoding="utf-8")
    import plugins.scintilla.modal.page as editor_keys

    editor_keys.write()
    for path, text in keymap_page.pages().items():
        path.write_text(text, encoding="utf-8")
    print(PAGE_PATH, SURFACE_PATH, PLUGINS_PATH)


if __name__ == "__main__":
    main()
