"""Keys as the modal engine takes them: one letter each, so that a macro is a text and a register can hold it.

Ctrl with a letter is its control code, as terminals have it; keys without a letter are letters of Unicode's private
area. No Qt here.
"""

from __future__ import annotations

import re

ESCAPE, RETURN, TAB, BACKSPACE, SPACE = "\x1b", "\r", "\t", "\x08", " "
LEFT, UP, RIGHT, DOWN, HOME, END, PAGE_UP, PAGE_DOWN, DELETE, INSERT = map(chr, range(0xF700, 0xF70A))

#: Key → how vim's notation names it (``<Esc>``), how people are told of it, and the shell's name of the key.
NAMES: tuple[tuple[str, str, str, str], ...] = (
    (ESCAPE, "Esc", "Escape", "Escape"), (RETURN, "CR", "Return", "Return"), (TAB, "Tab", "Tab", "Tab"),
    (BACKSPACE, "BS", "Backspace", "Backspace"), (SPACE, "Space", "Space", "Space"), ("<", "lt", "<", "<"),
    ("|", "Bar", "|", "|"), (LEFT, "Left", "Left", "Left"), (UP, "Up", "Up", "Up"), (RIGHT, "Right", "Right", "Right"),
    (DOWN, "Down", "Down", "Down"), (HOME, "Home", "Home", "Home"), (END, "End", "End", "End"),
    (PAGE_UP, "PageUp", "PageUp", "PageUp"), (PAGE_DOWN, "PageDown", "PageDown", "PageDown"),
    (DELETE, "Del", "Delete", "Delete"), (INSERT, "Insert", "Insert", "Insert"),
)  # fmt: skip
_BY_NAME = {row[1].lower(): row[0] for row in NAMES}
_SHOWN = {row[0]: row[2] for row in NAMES}
#: The shell's name of a key → the letter that stands for it.
BY_SHELL_NAME = {row[3]: row[0] for row in NAMES} | {"Enter": RETURN}
_NOTATION = re.compile(r"<(C-.|[A-Za-z]+)>")


def control(letter: str) -> str:
    """Ctrl with that letter or sign, of ``@`` to ``_``."""
    return chr(ord(letter.upper()) & 0x1F)


def keys_of(notation: str) -> str:
    """The keys of a text in vim's notation: ``diw<Esc><C-r>``; what is no name stands for itself."""
    return _NOTATION.sub(lambda match: _named(match[1]) or match[0], notation)


def _named(name: str) -> str:
    if name.lower().startswith("c-") and len(name) == 3:
        return control(name[2]) if "@" <= name[2].upper() <= "_" else ""
    return _BY_NAME.get(name.lower(), "")


def told(keys: str) -> str:
    """Keys as a person reads them: letters together, others by name: ``2d``, ``Ctrl+W``."""
    parts = [name if len(name) == 1 else f" {name} " for name in map(_name, keys)]
    return "".join(parts).replace("  ", " ").strip()


def _name(key: str) -> str:
    if key in _SHOWN and key not in "<|":
        return _SHOWN[key]
    return f"Ctrl+{chr(ord(key) | 0x40)}" if ord(key) < 0x20 else key
