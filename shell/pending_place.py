"""Where the lines of the card of continuations stand: in columns, groups under their headings. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from shell.continuation import Line

#: Titles are cut off to this share of their width before lines are left out.
_LEAST_SHARE = 0.55


class Cell(NamedTuple):
    """A line, a heading (no line), or what did not fit (neither)."""

    column: int
    row: int
    line: Line | None
    heading: str = ""
    left_out: int = 0


class Placed(NamedTuple):
    """All cells; ``width`` is a column's, in pixels."""

    cells: list[Cell]
    columns: int
    rows: int
    width: int


def flow(lines: list[Line], width_of: Callable[[Line], int], room: int, most_rows: int) -> Placed:
    """Put the lines into as few rows as the room has columns for.

    Args:
        lines: Groups stand together.
        width_of: How wide a line would like to be, in pixels.
        room: How wide all may be, in pixels.
        most_rows: How many rows there may be; what does not fit is counted in the last cell.
    """
    if not lines:
        return Placed([], 0, 0, 0)
    parts, wanted = _parts(lines), min(max(map(width_of, lines)), room)
    placed = _placed(parts, wanted, room, most_rows)
    narrower = room // (placed.columns + 1)
    if placed.cells[-1].left_out and narrower >= wanted * _LEAST_SHARE:
        return _placed(parts, narrower, room, most_rows)
    return placed


def _placed(parts: list[Line | str], width: int, room: int, most_rows: int) -> Placed:
    most_columns = max(room // width, 1)
    least = 2 if any(isinstance(part, str) for part in parts) else 1
    rows = next((rows for rows in range(least, most_rows) if _columns(parts, rows) <= most_columns), most_rows)
    cells = _put(parts, rows)
    fitting = [cell for cell in cells if cell.column < most_columns]
    left_out = sum(cell.line is not None for cell in cells) - sum(cell.line is not None for cell in fitting)
    if left_out:
        last = fitting.pop()
        fitting.append(Cell(last.column, last.row, None, left_out=left_out + (last.line is not None)))
    columns = max(cell.column for cell in fitting) + 1
    return Placed(fitting, columns, max(cell.row for cell in fitting) + 1, width)


def _parts(lines: list[Line]) -> list[Line | str]:
    """The lines with a heading before each group; none where all are of one."""
    parts: list[Line | str] = []
    has_groups = len({line.group for line in lines}) > 1
    for before, line in zip([None, *lines], lines, strict=False):
        if has_groups and (before is None or before.group != line.group):
            parts.append(line.group)
        parts.append(line)
    return parts


def _columns(parts: list[Line | str], rows: int) -> int:
    return max(cell.column for cell in _put(parts, rows)) + 1


def _put(parts: list[Line | str], rows: int) -> list[Cell]:
    """Column by column; a heading is never the last of one."""
    cells: list[Cell] = []
    column = row = 0
    for part in parts:
        is_heading = isinstance(part, str)
        if row >= rows or (is_heading and row and row + 1 >= rows):
            column, row = column + 1, 0
        cells.append(Cell(column, row, None if is_heading else part, part if is_heading else ""))
        row += 1
    return cells
