"""What a person may choose in a grid: the cells in sight, the headings, the numbers of rows, the lines of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, Qt
from shiboken6 import isValid

from widgets.hint import HintTarget

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

_SHORTCUT = Qt.FocusReason.ShortcutFocusReason


def grid_targets(grid: Grid) -> list[HintTarget]:
    """Cells and headings; the grid itself where it shows neither."""
    found = [*_headings(grid), *_numbers(grid), *_cells(grid)]
    return found or [HintTarget(grid.rect(), grid.accessibleName(), "view", lambda: _focus(grid))]


def grid_place(grid: Grid) -> tuple[Any, ...]:
    """What moves the cells: how far the grid is scrolled, its columns and the number of its rows."""
    widths = tuple(column.width for column in grid.columns)
    return grid.places.top_pixel(), grid.horizontalScrollBar().value(), widths, grid.row_count()


def _focus(grid: Grid) -> None:
    if isValid(grid):
        grid.setFocus(_SHORTCUT)


def _rows(grid: Grid) -> range:
    first = grid.places.first_row()
    return range(first, min(first + grid.places.page_rows() + 2, grid.row_count()))


def _columns(grid: Grid) -> list[tuple[int, QRect]]:
    """Each column in sight with the part of the viewport that it has, in pixels of the grid."""
    port, found = grid.viewport().geometry(), []
    for index, column in enumerate(grid.columns):
        part = grid.places.part_of(index, port.height())
        box = QRect(grid.places.column_left(index), 0, column.width, port.height()).intersected(part)
        if box.width() > 0:
            found.append((index, box.translated(port.topLeft())))
    return found


def _headings(grid: Grid) -> list[HintTarget]:
    top, height, port = grid.header.y(), grid.header.height(), grid.viewport().x()

    def sort(index: int) -> None:
        if isValid(grid) and index < len(grid.columns):
            _focus(grid)
            grid.go(max(grid.current.row, 0), index)
            grid.sort_by(index)

    def go(index: int) -> None:
        _focus(grid)
        grid.go(max(grid.current.row, 0), index)

    def open_menu(index: int) -> None:
        from widgets.grid.header_menu import open_menu

        place = QPoint(grid.places.column_left(index), grid.header.height())
        open_menu(grid, index, grid.header.mapToGlobal(place))

    shown = _columns(grid) if grid.header.isVisible() else []
    return [
        HintTarget(QRect(box.left(), top, box.width(), height), grid.columns[index].label, "heading",
                   lambda index=index: sort(index), lambda index=index: go(index),
                   open_menu=lambda index=index: open_menu(index))
        for index, box in shown if box.left() >= port
    ]  # fmt: skip


def _numbers(grid: Grid) -> list[HintTarget]:
    gutter = grid.bands.gutter
    if gutter is None or gutter.isHidden():
        return []

    def select(row: int) -> None:
        if isValid(grid) and grid.editing.accept():
            _focus(grid)
            grid.go(row)
            grid.selection.take_in_rows()

    port, height = grid.viewport().geometry(), grid.look.row_height
    seen, begin = QRect(gutter.x(), port.top(), gutter.width(), port.height()), port.top() - grid.places.top_pixel()

    def box(row: int) -> QRect:
        return QRect(seen.left(), begin + row * height, seen.width(), height).intersected(seen)

    return [HintTarget(box(row), str(row + 1), "row", lambda row=row: select(row)) for row in _rows(grid)]


def _cells(grid: Grid) -> list[HintTarget]:
    outline, port, height = grid.outline, grid.viewport().geometry(), grid.look.row_height
    columns, begin = _columns(grid), port.top() - grid.places.top_pixel()
    covers = [part.geometry().translated(port.topLeft()) for part in _over(grid)]

    def go(row: int, column: int) -> None:
        if isValid(grid) and grid.editing.accept():
            _focus(grid)
            grid.go(row, column)

    def open_menu(row: int, column: int) -> None:
        go(row, column)
        grid.open_menu()

    found = []
    for row in _rows(grid):
        line = outline is not None and outline.refuses(row)
        for column, part in columns[:1] if line else columns:
            box = QRect(part.left(), begin + row * height, part.width(), height).intersected(port)
            if any(cover.contains(box.center()) for cover in covers):
                continue
            act = _toggle(grid, row) if line else lambda row=row, column=column: go(row, column)
            found.append(HintTarget(
                box, lambda row=row, column=column: grid.cell_text(row, column) if isValid(grid) else "", "cell", act,
                lambda row=row, column=column: go(row, column),
                open_menu=lambda row=row, column=column: open_menu(row, column),
            ))  # fmt: skip
    return found


def _over(grid: Grid) -> list[Any]:
    """The widgets over the cells: an editor, a card, a notice."""
    return [part for part in grid.viewport().children() if part.isWidgetType() and not part.isHidden()]


def _toggle(grid: Grid, row: int) -> Any:
    def act() -> None:
        if isValid(grid) and grid.outline is not None:
            _focus(grid)
            grid.go(row)
            grid.outline.toggle()

    return act
