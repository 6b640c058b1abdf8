"""What the cursor commands move in: a grid or tree, a list or cards, fields of a form, or anything with keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from shell.focus import around, kind_of

_KEY = Qt.Key
#: Kinds whose fields are gone through one by one.
FIELD_KINDS: tuple[str, ...] = ("form", "record", "wizard")
#: Way → the key that does it where nothing better is known.
_KEYS: dict[str, int] = {
    "up": _KEY.Key_Up, "down": _KEY.Key_Down, "left": _KEY.Key_Left, "right": _KEY.Key_Right, "start": _KEY.Key_Home,
    "end": _KEY.Key_End,
}  # fmt: skip


class KeyView:
    """Anything that has the focus: it is sent the keys that people press for a move."""

    def __init__(self, window: Any) -> None:
        self.window = window

    def step(self, way: str, count: int) -> None:
        """Go up, down, left or right by so many lines or letters."""
        self.window.keys.press(_KEYS[way], count)

    def go(self, line: int) -> None:
        """Go to a line, counted from 0; -1 is the last one."""
        self.window.keys.press(_KEY.Key_End if line < 0 else _KEY.Key_Home)
        if line > 0:
            self.window.keys.press(_KEY.Key_Down, line)

    def go_edge(self, way: str) -> None:
        """Go to the ``start`` or the ``end`` of the line."""
        self.window.keys.press(_KEYS[way])

    def pages(self, pages: float) -> None:
        """Go on by so many pages, back by a negative number."""
        self.window.keys.press(_KEY.Key_PageDown if pages > 0 else _KEY.Key_PageUp, max(round(abs(pages)), 1))

    def scroll(self, share: float) -> None:
        """Bring the current line to that share of the height: 0 is the top; where it can be done."""

    def go_in_sight(self, share: float) -> None:
        """Go to the line at that share of what is in sight; where it can be done."""


class FieldsView(KeyView):
    """The fields of a form: lines are fields."""

    def step(self, way: str, count: int) -> None:
        """See :class:`KeyView`."""
        if way not in ("up", "down"):
            super().step(way, count)
            return
        for _ in range(count):
            self.window.focusNextPrevChild(way == "down")


class RowsView(KeyView):
    """A view of rows; what a grid and a list are alike in. ``is_extending`` keeps the anchor of what is selected."""

    def __init__(self, window: Any, view: Any) -> None:
        super().__init__(window)
        self.view = view
        self.is_extending = "visual" in window.keys.modes.names()

    def go(self, line: int) -> None:
        """See :class:`KeyView`."""
        self._go(self.view.row_count() - 1 if line < 0 else line)

    def _go(self, row: int) -> None:
        self.view.go(row, is_extending=self.is_extending)

    def go_in_sight(self, share: float) -> None:
        """See :class:`KeyView`."""
        rows = self._in_sight()
        self._go(rows.start + round(share * (len(rows) - 1)))

    def _in_sight(self) -> range:
        """The rows that are wholly in sight."""
        raise NotImplementedError


class GridView(RowsView):
    """A grid or a tree."""

    def step(self, way: str, count: int) -> None:
        """See :class:`KeyView`; in a tree left and right close and open rows."""
        grid = self.view
        row, column = grid.current.row, grid.current.column
        if way in ("up", "down"):
            self._go(row + (count if way == "down" else -count))
        elif grid.outline is not None and grid.outline.has_keys(row):
            super().step(way, count)
        else:
            onward = -1 if grid.isRightToLeft() else 1
            grid.go(row, column + (count if way == "right" else -count) * onward, is_extending=self.is_extending)

    def go_edge(self, way: str) -> None:
        """See :class:`KeyView`."""
        grid = self.view
        grid.go(grid.current.row, 0 if way == "start" else len(grid.columns) - 1, is_extending=self.is_extending)

    def pages(self, pages: float) -> None:
        """See :class:`KeyView`."""
        rows = max(round(abs(pages) * self.view.places.page_rows()), 1)
        self.step("down" if pages > 0 else "up", rows)

    def scroll(self, share: float) -> None:
        """See :class:`KeyView`."""
        grid, height = self.view, self.view.look.row_height
        grid.places.move_to(grid.current.row * height - round(share * (grid.viewport().height() - height)))

    def _in_sight(self) -> range:
        grid, height = self.view, self.view.look.row_height
        first = -(-grid.places.top_pixel() // height)
        last = (grid.places.top_pixel() + grid.viewport().height()) // height
        return range(first, max(min(last, grid.row_count()), first + 1))


class ItemsView(RowsView):
    """A list or cards."""

    def step(self, way: str, count: int) -> None:
        """See :class:`KeyView`."""
        if way in ("up", "down"):
            by = count if way == "down" else -count
            self._go(self.view.places.flow.step(self.view.current.row, by))
        else:
            super().step(way, count)

    def go_edge(self, way: str) -> None:
        """See :class:`KeyView`; where items stand below each other nothing is before or behind one."""
        flow, row = self.view.places.flow, self.view.current.row
        start = row - row % flow.per_line
        self._go(start if way == "start" else start + flow.per_line - 1)

    def pages(self, pages: float) -> None:
        """See :class:`KeyView`."""
        lines = max(round(abs(pages) * self.view.places.lines_in_sight()), 1)
        self.step("down" if pages > 0 else "up", lines)

    def scroll(self, share: float) -> None:
        """See :class:`KeyView`."""
        view = self.view
        top, height = view.places.flow.place(view.current.row)[0], view.places.rect(view.current.row).height()
        view.places.move_to(top - round(share * (view.viewport().height() - height)))

    def _in_sight(self) -> range:
        return self.view.places.in_sight()


#: Kind of view → what moves in it.
_VIEWS: dict[str, Callable[[Any, QWidget], RowsView]] = {"grid": GridView, "list": ItemsView, "cards": ItemsView}


def rows_at(window: Any) -> QWidget | None:
    """The grid, list or cards that has the focus itself, or gets it as nothing has it; None when something else has."""
    focus = window.focusWidget()
    if focus is None or focus is window:
        focus = window.active_view()
        if focus is not None:
            focus.setFocus(Qt.FocusReason.ShortcutFocusReason)
    return focus if focus is not None and kind_of(focus) in _VIEWS else None


def cursor_view(window: Any) -> KeyView:
    """What the cursor moves in now."""
    if (view := rows_at(window)) is not None:
        return _VIEWS[kind_of(view)](window, view)
    kinds = [kind_of(widget) for widget in around(window.focusWidget(), window)]
    return FieldsView(window) if any(kind in FIELD_KINDS for kind in kinds) else KeyView(window)
