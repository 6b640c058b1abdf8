"""What each name of a layout is, for editors that colour by meaning: the protocol's semantic tokens."""

from __future__ import annotations

from collections.abc import Iterable

from layouts.language_server.lines import Lines
from layouts.language_server.symbol import Occurrence

#: Role of a name → the protocol's type of a token; names of files, scripts and icons stay the texts that they are.
TYPES: dict[str, str] = {
    "kind": "keyword", "component": "class", "slot": "interface", "property": "property", "param": "parameter",
    "table": "struct", "column": "enumMember", "id": "variable", "row": "variable", "member": "property",
    "function": "function", "command": "event", "event": "event", "class": "type",
}  # fmt: skip
TOKEN_TYPES = tuple(dict.fromkeys(TYPES.values()))
TOKEN_MODIFIERS = ("declaration",)


def tokens_of(occurrences: Iterable[Occurrence], path: str, lines: Lines) -> list[int]:
    """The names of a file as the protocol counts them: five numbers each.

    Lines and letters since the token before, length, type, modifiers (Language Server Protocol 3.17, "Semantic
    Tokens"). Of names that lie over each other the shortest counts, as it does where somebody asks what a word is.
    """
    taken: dict[tuple[int, int], tuple[int, int, int]] = {}
    for one in sorted((one for one in occurrences if one.where.file == path), key=lambda one: one.length):
        kind = TYPES.get(one.role)
        if kind is None:
            continue
        start = lines.offset_of(one.where)
        (line, first), (_, stop) = lines.place(start), lines.place(start + one.length)
        taken.setdefault((line, first), (stop - first, TOKEN_TYPES.index(kind), int(one.is_declaration)))
    numbers: list[int] = []
    before, end = (0, 0), (0, 0)
    for (line, first), (length, kind_number, modifiers) in sorted(taken.items()):
        if length <= 0 or (line, first) < end:
            continue
        numbers += (line - before[0], first - (before[1] if line == before[0] else 0), length, kind_number, modifiers)
        before, end = (line, first), (line, first + length)
    return numbers
