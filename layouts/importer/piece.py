"""Layout nodes as an importer writes them, and their text in the canonical form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from layouts.construct import LANGUAGE_VERSION
from layouts.dump import quoted, word
from layouts.format import format_text
from layouts.scaffold_page import comment

_INDENT = "    "


class Plain(str):
    """A word, a name or an expression; other texts are shown to people, braces included."""


class Piece(msgspec.Struct):
    """One node: its kind, its plain arguments, its properties and what stands in it."""

    kind: str
    arguments: tuple[Any, ...] = ()
    properties: dict[str, Any] = {}
    children: list[Piece] = []

    def count(self) -> int:
        """How many nodes it is, with all that stand in it."""
        return 1 + sum(child.count() for child in self.children)

    def lines(self, depth: int = 0) -> list[str]:
        """The node's text, a node a line."""
        parts = [self.kind, *map(written, self.arguments)]
        parts += [f"{name}={written(value)}" for name, value in self.properties.items() if value is not None]
        head = _INDENT * depth + " ".join(parts)
        if not self.children:
            return [head]
        inner = [line for child in self.children for line in child.lines(depth + 1)]
        return [head + " {", *inner, _INDENT * depth + "}"]


def written(value: Any) -> str:
    """A value as a layout writes it."""
    if isinstance(value, bool):
        return "#true" if value else "#false"
    if isinstance(value, Plain):
        return word(value)
    if isinstance(value, str):
        return quoted(value.replace("{", "{{").replace("}", "}}"))
    return repr(value)


def layout_text(title: str, remark: str, declarations: Iterable[Piece], window: Piece) -> str:
    """The text of a whole layout file, as ``espalier fmt`` writes it."""
    lines = [f"layout {LANGUAGE_VERSION} title={quoted(title)}", "", f"// {comment(remark)}"]
    window = scrolling(tidy(window))
    lines += [line for piece in declarations for line in piece.lines()]
    return format_text("\n".join([*lines, "", *window.lines()]) + "\n")


#: Kinds whose children stand one below the other.
_DOWNWARDS = ("window", "column", "tab", "scroll", "group")


def tidy(piece: Piece) -> Piece:
    """The piece without rows and columns that hold one thing, or stand in another of their direction, for nothing."""
    children: list[Piece] = []
    for child in map(tidy, piece.children):
        is_loose = child.kind in ("row", "column") and not child.properties
        is_along = (child.kind == "column" and piece.kind in _DOWNWARDS) or child.kind == piece.kind == "row"
        if is_loose and (is_along or len(child.children) == 1):
            children += child.children
        elif not is_loose or child.children:
            children.append(child)
    if piece.kind == "row" and any(map(_has_label, children)) and not all(map(_has_label, children)):
        # What stands beside a field is in line with it, not with the label above it.
        piece.properties = {"align": Plain("end"), **piece.properties}
    if [child.kind for child in children] == ["scroll"] and piece.kind == "tab":
        children[0].properties.pop("stretch", None)
    return Piece(piece.kind, piece.arguments, piece.properties, children)


def _has_label(piece: Piece) -> bool:
    return piece.kind == "input" and bool(piece.properties.get("label"))


#: Kinds that scroll by themselves, or take the room that there is.
_ELASTIC = ("scroll", "tabs", "split", "grid", "tree", "list")
#: About how high a field with its label is, in pixels at 100 %.
_FIELD_HEIGHT = 58


def scrolling(window: Piece) -> Piece:
    """The window with its fields in a ``scroll`` when there are more than it has room for; the last row stays below."""
    height = int(window.properties.get("height") or 760) - _FIELD_HEIGHT
    start = sum(child.kind in ("state", "menubar", "toolbar") for child in window.children)
    body = window.children[start:]
    if any(one.kind in _ELASTIC for child in body for one in flat(child)) or _height(body) <= height:
        return window
    has_last = body[-1].kind == "row" and all(one.kind in ("button", "spacer") for one in body[-1].children)
    kept, last = (body[:-1], body[-1:]) if has_last else (body, [])
    window.children = [*window.children[:start], Piece("scroll", (), {"stretch": 1}, kept), *last]
    return window


def _height(pieces: list[Piece]) -> int:
    return sum(
        max((_height([child]) for child in piece.children), default=0) if piece.kind == "row"
        else _FIELD_HEIGHT // 2 + _height(piece.children) // (piece.properties.get("columns") or 1) if piece.children
        else _FIELD_HEIGHT * 2 if piece.properties.get("editor") == "longtext"
        else _FIELD_HEIGHT if piece.kind == "input" else _FIELD_HEIGHT // 2
        for piece in pieces
    )  # fmt: skip


def flat(piece: Piece) -> Iterable[Piece]:
    """The piece and all that stands in it, in order."""
    yield piece
    for child in piece.children:
        yield from flat(child)
