"""Copying a grid's selected cells: tab-separated text on the clipboard; rows that are not here are read first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from widgets.grid.grid import Grid


def copy_selection(grid: Grid) -> None:
    """Put the selected cells on the clipboard, now or when their rows have come."""
    area = grid.selection.box()
    texts = [grid.content.texts(row) for row in range(area.top(), area.bottom() + 1)]
    if None not in texts:
        put_on_clipboard([[text for text, *_ in row] for row in texts if row is not None], area)
        return

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            grid.context.reporter.report("error", "The selected rows could not be copied", str(answer))
            return
        rows = [answer.row(index).get for index in range(len(answer))]
        put_on_clipboard([[column.write(column.shown_value(read)) for column in grid.columns] for read in rows], area)
        grid.context.reporter.report("success", f"{len(rows):,} rows are on the clipboard")

    grid.handle.fetch(grid.rows.query(), area.top(), area.bottom() + 1, take)


def put_on_clipboard(rows: list[list[str]], area: QRect) -> None:
    """Put the selected columns of whole rows of texts on the clipboard."""
    chosen = (row[area.left() : area.right() + 1] for row in rows)
    lines = ("\t".join(text.replace("\t", " ") for text in cells) for cells in chosen)
    QApplication.clipboard().setText("\n".join(lines))
