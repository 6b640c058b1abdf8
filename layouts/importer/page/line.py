"""Lines of a page: texts beside widgets, and how wide and far apart style sheets have what stands in a row."""

from __future__ import annotations

import re
from typing import Any

from layouts.importer.page.element import Element
from layouts.importer.page.page import LONGEST_LABEL
from layouts.importer.piece import Piece, Plain

#: A text longer than this breaks into lines.
SHORT_TEXT = 50
_GRID_REPEAT = re.compile(r"repeat\(\s*(\d{1,2})\s*,([^()]*(?:\([^()]*\))?[^()]*)\)")


def columns_of(element: Element) -> int:
    """How many columns a grid has; 1 where that follows from its width."""
    written = element.style.get("grid-template-columns", "")
    written = _GRID_REPEAT.sub(lambda match: f" {match[2]} " * min(int(match[1]), 24), written)
    if "repeat(" in written:
        return 3
    written = re.sub(r"\[[^\]]*\]", " ", re.sub(r"\([^()]*\)", "", written))
    return min(len(written.split()), 24) if written not in ("none", "subgrid") else 1


def gap_of(element: Element) -> dict[str, Any]:
    """The token nearest to the gap; nothing for the usual one."""
    match = re.match(r"([\d.]{1,6})(px|em|rem)?", element.style.get("gap", "") or element.style.get("column-gap", ""))
    if match is None or match[1].count(".") > 1 or match[1] == ".":
        return {}
    size = float(match[1]) * (16 if match[2] in ("em", "rem") else 1)
    return {"gap": Plain("none" if size < 2 else "tight" if size < 7 else "wide")} if size < 7 or size >= 13 else {}


def is_bare(element: Element) -> bool:
    """Whether a list shows no marks before its items."""
    return "none" in element.style.get("list-style", "") + element.style.get("list-style-type", "")


def label_piece(text: str) -> Piece:
    """A text as a label, which breaks into lines when it is long."""
    return Piece("label", (text,), {"wrap": True} if len(text) > SHORT_TEXT else {})


def with_properties(piece: Piece, **properties: Any) -> Piece:
    """A label with more properties; anything else as it is."""
    if piece.kind == "label":
        piece.properties = {**piece.properties, **properties}
    return piece


def words_of(piece: Piece) -> str:
    """What a widget in a line says as a part of the sentence."""
    return str(piece.arguments[0]) if piece.kind == "link" else ""


def named(parts: list[str | Piece]) -> list[str | Piece]:
    """Texts right beside fields without a name become their labels: before a field, behind a box to tick."""
    found: list[str | Piece] = []
    for part in parts:
        before = found[-1] if found else None
        if isinstance(part, Piece) and isinstance(before, str) and _lacks_name(part) and len(before) <= LONGEST_LABEL:
            found[-1] = _called(part, before)
        else:
            found.append(part)
    return found


def _lacks_name(piece: Piece) -> bool:
    return piece.kind == "input" and "label" not in piece.properties


def _called(piece: Piece, text: str) -> Piece:
    piece.properties = {
        "label": text.rstrip(":* ") or text,
        **{k: v for k, v in piece.properties.items() if k != "name"},
    }
    return piece
