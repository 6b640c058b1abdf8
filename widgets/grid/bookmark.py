"""Rows that a person marked to come back to: kept by their keys, per person and list.

Marked rows have a ribbon at their start; the list of them is in ``bookmark_list``. Nothing of this is loaded for a list
without bookmarks.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from kernel.tables.change import Key
from kernel.tables.outline.row import path_of
from widgets.grid.kept_value import pack, unpack

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Bookmarks of one list at most, columns that name a row, letters of a name.
MOST, NAMED_BY, LONGEST = 500, 3, 120
#: Where the ribbon begins, and how wide and high it is, in pixels.
_LEFT, _WIDE, _HIGH = 2, 6, 11


def memory_name(grid: Grid) -> str:
    """What the window's memory calls the bookmarks of the list."""
    return f"bookmarks:{grid.id or f'{grid.node.where.file}:{grid.node.where.line}'}"


class Bookmarks:
    """One grid's bookmarks: key → what the row was called when it was marked."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.rows: dict[Key, str] = {}
        kept = grid.context.recall(memory_name(grid))
        for one in kept if isinstance(kept, list) else ():
            if isinstance(one, dict) and isinstance(one.get("key"), list):
                with contextlib.suppress(ValueError):
                    self.rows[tuple(map(unpack, one["key"]))] = str(one.get("name", ""))[:LONGEST]

    def __bool__(self) -> bool:
        return bool(self.rows)

    def __contains__(self, key: object) -> bool:
        return key in self.rows

    def set(self, key: Key, name: str) -> None:
        """Mark a row."""
        self.rows[key] = name
        self._keep()

    def drop(self, key: Key) -> None:
        """Take the mark away."""
        self.rows.pop(key, None)
        self._keep()

    def _keep(self) -> None:
        grid = self._grid
        data = [{"key": list(map(pack, key)), "name": name} for key, name in self.rows.items()]
        grid.context.remember(memory_name(grid), data or None)
        grid.viewport().update()
        grid.announce()


def begin(grid: Grid) -> None:
    """Show the bookmarks that were kept."""
    grid.bookmarks = Bookmarks(grid)


def _own(grid: Grid) -> Any:
    if not isinstance(grid.bookmarks, Bookmarks):
        begin(grid)
    return grid.bookmarks


def has_row(grid: Grid) -> bool:
    """Whether the current row can be marked."""
    return grid.current_key is not None and path_of(grid.current_key) is None


def toggle(grid: Grid) -> None:
    """Mark the current row, or take its mark away."""
    bookmarks, key = _own(grid), grid.current_key
    if key is None:
        return
    if key in bookmarks:
        bookmarks.drop(key)
    elif len(bookmarks.rows) >= MOST:
        grid.editing.notice.say(f"There are {MOST} bookmarks already; take some away (Ctrl+Shift+B)", tone="warning")
    else:
        bookmarks.set(key, name_of(grid))


def name_of(grid: Grid) -> str:
    """What the current row is called: its first texts, and its key."""
    row = grid.current_row
    places = [at for at, column in enumerate(grid.columns) if column.look != "check"]
    texts = [text for at in places if (text := grid.content.cell_text(row, at)) not in ("", "empty", "loading")]
    return " · ".join(texts[:NAMED_BY])[:LONGEST]


def next_row(grid: Grid) -> None:
    """Go to the next bookmark in the order in which they were made, from the current row's on."""
    keys = list(_own(grid).rows)
    if keys:
        at = keys.index(grid.current_key) + 1 if grid.current_key in keys else 0
        go(grid, keys[at % len(keys)])


def go(grid: Grid, key: Key) -> None:
    """Go to a marked row; says so where it is not among those that are shown."""
    if grid.rows.cache.row_of(key) is not None or grid.outline is not None:
        grid.go_to(key)
        return

    def take(row: Any) -> None:
        if isinstance(row, int):
            grid.go(row)
        else:
            grid.editing.notice.say("That row is not among those shown: it was deleted, or a filter leaves it out",
                                    tone="warning")  # fmt: skip

    grid.handle.locate(grid.rows.query(), key, grid.rows.if_there(take))


def paint_bookmarks(grid: Grid, painter: QPainter, rows: range) -> None:
    """A ribbon at the start of each marked row in sight."""
    height, above = grid.look.row_height, grid.places.top_pixel()
    begin = grid.viewport().width() - _LEFT - _WIDE if grid.places.is_turned else _LEFT
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(grid.look.colors["link"])
    for row in rows:
        if grid.row_key(row) in grid.bookmarks:
            top, left = row * height - above, begin
            right = left + _WIDE
            middle = (left + right) / 2
            corners = [(left, 0), (right, 0), (right, _HIGH), (middle, _HIGH - 3), (left, _HIGH)]
            painter.drawPolygon([QPointF(x, top + y) for x, y in corners])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
