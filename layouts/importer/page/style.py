"""What style sheets say of widgets → classes and style rules in theme tokens."""

from __future__ import annotations

import re
from typing import Any

from layouts.importer.page.element import Element
from layouts.importer.page.nearest import nearest_color, readable
from layouts.importer.piece import Piece, Plain
from layouts.scaffold_name import slug_of

Look = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

_LENGTH = re.compile(r"\s*([\d.]{1,6})(px|em|rem|pt|%)?\s*")
_UNITS = {"px": 1.0, "em": 16.0, "rem": 16.0, "pt": 1.333, "%": 0.16}
_SIZES = {"small": 13, "smaller": 13, "x-small": 11, "large": 18, "larger": 18, "x-large": 24, "xx-large": 32}
#: Kinds whose own looks stand above all rules, or that draw by themselves.
_UNDRESSED = ("grid", "separator", "spacer", "image", "progress", "input", "search")


class Styles:
    """The looks of one page's widgets, each of them with a class of its own."""

    def __init__(self) -> None:
        self._classes: dict[Look, str] = {}
        self._names: set[str] = set()

    def dressed(self, element: Element, pieces: list[Piece]) -> list[Piece]:
        """The pieces of an element, with the class of its look where it has one of its own."""
        if not element.style or len(pieces) != 1 or pieces[0].kind in _UNDRESSED or "class" in pieces[0].properties:
            return pieces
        look = _look(element, pieces[0])
        if look:
            pieces[0].properties = {**pieces[0].properties, "class": Plain(self._class(element, look))}
        return pieces

    def rules(self, used: set[str]) -> list[Piece]:
        """A rule for each class that is used."""
        found = []
        for look, name in self._classes.items():
            if name in used:
                plain = next((dict(values) for condition, values in look if not condition), {})
                whens = [
                    Piece("when", tuple(Plain(one) for one in condition.split()), _plain(dict(values)))
                    for condition, values in look if condition
                ]  # fmt: skip
                found.append(Piece("style", (), {"class": Plain(name), **_plain(plain)}, whens))
        return found

    def _class(self, element: Element, look: Look) -> str:
        if look not in self._classes:
            wish = slug_of(element.get("class").split(" ")[0] or element.get("id") or element.tag, "look")
            name, number = wish.replace("_", "-"), 2
            while name in self._names:
                name, number = f"{wish.replace('_', '-')}-{number}", number + 1
            self._names.add(name)
            self._classes[look] = name
        return self._classes[look]


def _plain(values: dict[str, str]) -> dict[str, Any]:
    return {name: Plain(value) for name, value in values.items()}


def _look(element: Element, piece: Piece) -> Look:
    """What rules say, by condition: plainly, in the dark, under the pointer."""
    by_condition: dict[str, dict[str, str]] = {}
    for key, value in element.style.items():
        name, _, condition = key.partition(" when ")
        by_condition.setdefault(condition, {})[name] = value
    found = []
    ground = ""
    for condition in sorted(by_condition):
        values = _tokens(by_condition[condition], piece, condition, ground)
        ground = values.get("ground", "") if not condition else ground
        if values:
            found.append((condition, tuple(sorted(values.items()))))
    return tuple(found)


def _tokens(said: dict[str, str], piece: Piece, condition: str, outer: str) -> dict[str, str]:
    """The nearest tokens; what is as it would be without a rule is left out."""
    scheme = "dark" if "dark" in condition else "light"
    found: dict[str, str] = {}
    ground = nearest_color(said.get("background-color", ""), scheme, is_ground=True)
    if ground and ground not in ("window", "surface"):
        found["ground"] = ground
    color = nearest_color(said.get("color", ""), scheme, is_ground=False)
    color = readable(color, found.get("ground") or outer or "window") if color or "ground" in found else ""
    if color and (color != "text" or "ground" in found):
        found["color"] = color
    if piece.kind in ("label", "link", "column", "row", "cells"):
        weight = _weight(said.get("font-weight", ""))
        size = _pixels(_SIZES.get(said.get("font-size", ""), 0) or said.get("font-size", ""))
        found |= {"weight": weight} if weight else {}
        if size and "style" not in piece.properties and piece.kind in ("label", "column", "row"):
            found |= {"type": "title"} if size >= 22 else {"type": "heading"} if size >= 18 else (
                {"type": "caption"} if size < 13.5 else {})  # fmt: skip
    if piece.kind in ("column", "row", "cells", "group"):
        found |= _edges(said)
    return found


def _edges(said: dict[str, str]) -> dict[str, str]:
    found = {}
    border = said.get("border", "")
    if border and not border.startswith(("0", "none")) and "none" not in border.split():
        found |= {"border": "line", "border_width": "hair"}
    radius, padding = _pixels(said.get("border-radius", "")), _pixels(said.get("padding", "").split(" ")[0])
    if radius >= 2:
        found["radius"] = "small" if radius < 5 else "control" if radius < 8 else "card"
    if padding >= 3:
        found["padding"] = "tight" if padding < 6 else "normal" if padding < 12 else "wide" if padding < 20 else "page"
    return found


def _weight(text: str) -> str:
    if text in ("bold", "bolder"):
        return "bold"
    return "" if not text[:4].isdecimal() or int(text[:4]) < 500 else "strong" if int(text[:4]) < 700 else "bold"


def _pixels(text: Any) -> float:
    match = _LENGTH.fullmatch(str(text))
    if match is None or match[1].count(".") > 1 or match[1] == ".":
        return 0.0
    return float(match[1]) * _UNITS[match[2] or "px"]
