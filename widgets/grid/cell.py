"""One cell as renderers get it: its place, its text and its value."""

from __future__ import annotations

from typing import Any, NamedTuple


class Cell(NamedTuple):
    """A cell's place and content; ``text`` is already cut to the room, ``advance`` is its width in pixels.

    ``column`` is the :class:`widgets.grid.column.GridColumn`; ``store`` keeps what a renderer makes of a value.
    """

    left: float
    top: float
    width: float
    text: str
    advance: float
    value: Any
    align: str
    color: str
    icon: str = ""
    column: Any = None
    store: Any = None


def start_of(cell: Cell, look: Any, width: float) -> float:
    """The left border of something so wide that stands where the cell's line begins."""
    return cell.left + cell.width - look.padding - width if look.is_turned else cell.left + look.padding


def text_left(cell: Cell, padding: float) -> float:
    """Where the cell's text begins."""
    if cell.align == "end":
        return cell.left + cell.width - padding - cell.advance
    if cell.align == "center":
        return cell.left + (cell.width - cell.advance) / 2
    return cell.left + padding
