"""Texts with several carets, as the triples of ``carets.txt`` write them: █ the engine's own one, ▒ the others."""

from __future__ import annotations

from typing import Any

from tests.plugins.modal.triples import CARET

OTHER = "▒"


def marked(text: str, own: Any, others: list[Any]) -> str:
    """A text with its carets; places are (line, column)."""
    lines = text.split("\n")
    for place, sign in sorted([(own, CARET), *((one, OTHER) for one in others)], reverse=True):
        line, column = place
        lines[line] = lines[line][:column] + sign + lines[line][column:]
    return "\n".join(lines)


def shown_all(engine: Any) -> str:
    """An engine's text with all its carets."""
    return marked(engine.text.text, engine.caret, [one.caret for one in engine.carets.others])
