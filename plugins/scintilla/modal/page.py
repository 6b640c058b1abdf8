"""Writes docs/reference/editor-keys.md from the tables of the grammar: ``python -m shell.reference`` calls it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from plugins.scintilla.modal.ex_command import COMMANDS as EX_COMMANDS
from plugins.scintilla.modal.key import keys_of, told
from plugins.scintilla.modal.option import OPTIONS
from plugins.scintilla.modal.table import COMMANDS, MOTIONS, OBJECTS, OPERATORS
from plugins.scintilla.modal.typing import KEYS

PATH = Path(__file__).parents[3] / "docs" / "reference" / "editor-keys.md"
_HEAD = """# Keys of the editor with modes

<!-- Written by `python -m shell.reference` from the tables of the grammar; changes here are lost. -->

How they come to be is told in [the editor's guide](../plugins/scintilla.md). A count goes before each of them, `"` and
a letter names the register.
An operator is followed by a motion or a text object; typed twice it takes lines.
"""


def page() -> str:
    """The whole page."""
    titled = "key | what it does", "--- | ---"
    parts = [_HEAD]
    for title, rows in (
        ("Motions", _joined((row.keys, row.title) for row in MOTIONS)),
        ("Operators", _joined((row.keys, row.title) for row in OPERATORS)),
        ("Text objects, behind `i` or `a`", _joined((key, row.title) for row in OBJECTS for key in row.keys.split())),
        ("Commands of normal mode", _joined((row.keys, row.title) for row in COMMANDS if "n" in row.modes)),
        ("Commands of a selection", _joined((row.keys, row.title) for row in COMMANDS if "v" in row.modes)),
        ("Insert mode", _joined(KEYS)),
    ):
        parts.append(f"## {title}\n\n" + "\n".join(f"| {line} |" for line in (*titled, *rows)) + "\n")
    parts.append("## Ex commands\n\n| command | shortest | what it does |\n| --- | --- | --- |")
    commands = [f"| `:{row.name}` | `:{row.short}` | {row.title} |" for row in EX_COMMANDS if row.name]
    parts.append("\n".join(commands) + "\n")
    parts.append("## Options of `:set`\n\n| option | short | default | what it does |\n| --- | --- | --- | --- |")
    parts.extend(f"| `{one.name}` | `{one.short}` | {_value(one.default)} | {one.title} |" for one in OPTIONS)
    return "\n".join(parts) + "\n"


def _joined(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Rows with the keys of one meaning together."""
    keys: dict[str, list[str]] = {}
    for key, title in rows:
        keys.setdefault(title, []).append(_code(told(keys_of(key))))
    return [f"{' '.join(found)} | {title}" for title, found in keys.items()]


def _code(key: str) -> str:
    """A key as code; the signs that a table or code would take for its own are written around."""
    key = key.replace("|", "\\|")
    return f"`` {key} ``" if "`" in key else f"`{key}`"


def _value(value: object) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def write() -> None:
    """Write the file."""
    PATH.write_text(page(), "utf-8")
