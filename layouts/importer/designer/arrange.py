"""Layouts of a .ui file: boxes, grids, forms, and children that stand at places of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from layouts.importer.designer.element import Element
from layouts.importer.designer.field import FIELDS
from layouts.importer.designer.form import Form
from layouts.importer.designer.property import Properties
from layouts.importer.piece import Piece

#: Makes pieces of an item's widget or layout.
Convert = Callable[[Element], list[Piece]]


class Placed(NamedTuple):
    """An item in a grid: row, column, and how many columns it covers."""

    row: int
    column: int
    span: int
    element: Element


def name_fields(form: Form, root: Element) -> None:
    """Find the label of each field: its buddy, or the text right before it in a row."""
    for one in root.walk():
        buddy = form.named.get(Properties(one).text("buddy")) if one.kind == "QLabel" else None
        if buddy is not None and form.class_of(buddy) in FIELDS:
            form.name_by(one, buddy)
    for layout in root.walk():
        if layout.tag == "layout":
            for line in lines_of(layout):
                for before, after in zip(line, line[1:], strict=False):
                    if before.kind == "QLabel" and id(before) not in form.silent and form.class_of(after) in FIELDS:
                        form.name_by(before, after)


def lines_of(layout: Element) -> list[list[Element]]:
    """The items of a layout in rows, in reading order."""
    if layout.kind in ("QHBoxLayout",):
        return [[item for _, item in _items(layout)]]
    if layout.kind in ("QGridLayout", "QFormLayout"):
        return [[placed.element for placed in row] for row in _rows(layout)]
    return [[item] for _, item in _items(layout)]


def _items(layout: Element) -> list[tuple[Element, Element]]:
    """Each item and the widget, layout or spacer in it."""
    return [(item, inner) for item in layout.all("item") for inner in item.all("widget", "layout", "spacer")]


def _rows(layout: Element) -> list[list[Placed]]:
    rows: dict[int, list[Placed]] = {}
    for index, (item, inner) in enumerate(_items(layout)):
        row, column = _number(item, "row", index), _number(item, "column", 0)
        rows.setdefault(row, []).append(Placed(row, column, _number(item, "colspan", 1), inner))
    return [sorted(rows[row], key=lambda placed: placed.column) for row in sorted(rows)]


def _number(item: Element, name: str, default: int) -> int:
    text = item.attributes.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else default


def arranged(form: Form, layout: Element, convert: Convert) -> list[Piece]:
    """The pieces of a layout: those of a column stand as they are, others in containers."""
    if layout.kind == "QHBoxLayout":
        return row_of(_stretched(layout, convert))
    if layout.kind in ("QGridLayout", "QFormLayout"):
        return _grid(form, layout, convert)
    return [piece for _, inner in _items(layout) for piece in convert(inner)]


def _stretched(layout: Element, convert: Convert) -> list[Piece]:
    """The pieces of a box, with the shares that it gives them."""
    shares = layout.attributes.get("stretch", "").split(",")
    found = []
    for index, (_, inner) in enumerate(_items(layout)):
        share = shares[index].strip() if index < len(shares) else ""
        pieces = boxed(convert(inner))
        if share.isdecimal() and int(share[:4]) > 0 and pieces and pieces[0].kind != "spacer":
            pieces[0].properties = {**pieces[0].properties, "stretch": int(share[:4])}
        found += pieces
    return found


def boxed(pieces: list[Piece]) -> list[Piece]:
    """The pieces as one: several stand in a column."""
    return pieces if len(pieces) < 2 else [Piece("column", (), {}, pieces)]


def row_of(pieces: list[Piece]) -> list[Piece]:
    """The pieces side by side."""
    if len(pieces) < 2:
        return [piece for piece in pieces if piece.kind != "spacer"]
    return [Piece("row", (), {}, pieces)]


def _grid(form: Form, layout: Element, convert: Convert) -> list[Piece]:
    """Cells where the grid is regular, else a row for each of its rows."""
    rows = [[(placed, boxed(convert(placed.element))) for placed in row] for row in _rows(layout)]
    kept = [[(placed, pieces[0]) for placed, pieces in row if pieces] for row in rows]
    kept = [row for row in kept if row]
    columns = sorted({placed.column for row in kept for placed, piece in row if piece.kind != "spacer"})
    spans = any(placed.span > 1 for row in kept for placed, _ in row)
    if len(columns) > 1 and not spans and len(kept) > 1 and sum(map(len, kept)) > len(columns) * len(kept) * 0.7:
        return [Piece("cells", (), {"columns": len(columns)}, _filled(kept, columns))]
    return [piece for row in kept for piece in row_of([piece for _, piece in row])]


def _filled(rows: list[list[tuple[Placed, Piece]]], columns: list[int]) -> list[Piece]:
    """All cells of a grid, empty ones as texts without a word."""
    found = []
    for row in rows:
        there = {placed.column: piece for placed, piece in row}
        found += [there.get(column, Piece("label")) for column in columns]
    return [Piece("label") if piece.kind == "spacer" else piece for piece in found]


def by_place(children: list[Element], convert: Convert) -> list[Piece]:
    """Widgets without a layout, in rows by where their geometry puts them."""
    placed = sorted(((_rectangle(child), child) for child in children), key=lambda one: (one[0][1], one[0][0]))
    lines: list[tuple[float, list[tuple[float, Element]]]] = []
    for (x, y, _, height), child in placed:
        middle = y + height / 2
        if lines and middle < lines[-1][0]:
            lines[-1][1].append((x, child))
        else:
            lines.append((y + max(height, 1), [(x, child)]))
    found = []
    for _, line in lines:
        line.sort(key=lambda one: one[0])
        found += row_of([piece for _, child in line for piece in boxed(convert(child))])
    return found


def _rectangle(widget: Element) -> tuple[float, float, float, float]:
    parts = Properties(widget).parts("geometry")
    return tuple(_float(parts.get(name)) for name in ("x", "y", "width", "height"))  # type: ignore[return-value]


def _float(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
