"""The triples of ``vim.txt``, and the engine on a text in memory."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from plugins.scintilla.modal.engine import Engine
from plugins.scintilla.modal.key import keys_of
from plugins.scintilla.modal.memory import MemoryText
from plugins.scintilla.modal.text import Place

CARET = "█"
_ESCAPED = (("\\n", "\n"), ("\\t", "\t"))


class Triple(NamedTuple):
    """A text with its caret, keys in vim's notation, the text after them."""

    before: str
    keys: str
    after: str


@cache
def triples(name: str = "vim.txt") -> tuple[Triple, ...]:
    """All of a file."""
    found, before = [], ""
    for line in (Path(__file__).parent / name).read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            before = _plain(line[1:-1])
        elif line and not line.startswith("# "):
            keys, after = line.split("\t")
            found.append(Triple(before, keys, before if after == "=" else _plain(after)))
    return tuple(found)


def _plain(text: str) -> str:
    parts = text.split("\\\\")
    for written, meant in _ESCAPED:
        parts = [part.replace(written, meant) for part in parts]
    return "\\".join(parts)


def without_caret(marked: str) -> tuple[str, Place]:
    """A text, and where its caret stands."""
    before, _, after = marked.partition(CARET)
    return before + after, Place(before.count("\n"), len(before) - (before.rfind("\n") + 1))


def with_caret(text: str, place: Place) -> str:
    """A text with its caret."""
    lines = text.split("\n")
    lines[place.line] = lines[place.line][: place.column] + CARET + lines[place.line][place.column :]
    return "\n".join(lines)


def opened(marked: str) -> Engine:
    """An engine on a text in memory."""
    text, place = without_caret(marked)
    engine = Engine(MemoryText(text))
    engine.caret = place
    return engine


def shown(engine: Engine) -> str:
    """Its text with its caret."""
    return with_caret(engine.text.text, engine.caret)


def typed(marked: str, keys: str) -> str:
    """What keys make of a text."""
    engine = opened(marked)
    engine.feed(keys_of(keys))
    return shown(engine)
