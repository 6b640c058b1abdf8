"""The tables of the grammar, joined: what a key means in normal mode, in a selection, behind an operator."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from plugins.scintilla.modal import (
    caret_command,
    command,
    motion_line,
    motion_mark,
    motion_part,
    motion_search,
    motion_word,
    shape,
    surround,
    syntax,
    visual,
)
from plugins.scintilla.modal import operator as operators
from plugins.scintilla.modal.key import keys_of
from plugins.scintilla.modal.row import BLOCK, CHAR, LINE, Motion, Operator

MOTIONS = (
    *motion_line.MOTIONS, *motion_word.MOTIONS, *motion_part.MOTIONS, *motion_search.MOTIONS, *motion_mark.MOTIONS
)  # fmt: skip
OPERATORS = (*operators.OPERATORS, *surround.OPERATORS)
OBJECTS = (*shape.OBJECTS, *syntax.OBJECTS)
COMMANDS = (*command.COMMANDS, *visual.COMMANDS, *surround.COMMANDS, *caret_command.COMMANDS)
#: What stands for an operator's own keys typed again: its line.
DOUBLE = object()
#: Keys that, behind an operator, make its part one of letters, of lines, a rectangle.
FORCES = {"v": CHAR, "V": LINE, "\x16": BLOCK}


class Table:
    """Rows by their keys, and the beginnings of longer ones."""

    def __init__(self, rows: Iterable[tuple[str, Any]]) -> None:
        self.rows = {keys_of(keys): row for keys, row in rows}
        self.prefixes = {keys[:size] for keys in self.rows for size in range(1, len(keys))}

    def continuations(self, typed: str) -> list[tuple[str, str]]:
        """What may follow on typed keys, with what it does; for who asks what is possible."""
        size = len(typed)
        fits = [(keys, row) for keys, row in self.rows.items() if keys.startswith(typed) and len(keys) > size]
        return [(keys[size:], getattr(row, "title", "")) for keys, row in sorted(fits, key=lambda fit: fit[0])]


def _objects() -> list[tuple[str, Any]]:
    """Both forms of each text object."""
    return [
        (edge + key, row._replace(keys=edge + key)) for row in OBJECTS for key in row.keys.split() for edge in "ia"
    ]


NORMAL_TABLE = Table(
    [(row.keys, row) for row in (*MOTIONS, *OPERATORS)] + [(row.keys, row) for row in COMMANDS if "n" in row.modes]
)
VISUAL_TABLE = Table(
    [(row.keys, row) for row in (*MOTIONS, *OPERATORS) if row.name not in ("surround",)]
    + _objects()
    + [(row.keys, row) for row in COMMANDS if "v" in row.modes]
)


@cache
def pending_table(operator: Operator) -> Table:
    """What may follow on an operator."""
    rows: list[tuple[str, Any]] = [(row.keys, row) for row in MOTIONS if isinstance(row, Motion)]
    last = operator.keys[-1] if not operator.keys.endswith(">") else operator.keys
    return Table([*rows, *_objects(), *((keys, DOUBLE) for keys in (last, operator.keys, *operator.double))])
