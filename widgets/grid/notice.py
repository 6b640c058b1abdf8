"""What a grid says beside its current cell: refusals, questions, why a cell cannot be edited.

It owns the grid's bubble, which is made when something is said for the first time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from kernel.words import capital, say_error

if TYPE_CHECKING:
    from widgets.grid.bubble import Bubble
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid


class Notice:
    """One grid's messages at a cell.

    Attributes:
        is_of_mark: Whether what is said is the current cell's mark, which data may change, rather than an answer to
            something that the person did.
    """

    def __init__(self, grid: Grid) -> None:
        self.is_of_mark = False
        self._grid = grid
        self._bubble: Bubble | None = None

    @property
    def bubble(self) -> Bubble | None:
        """The bubble, None before anything was said."""
        return self._bubble

    @property
    def text(self) -> str:
        """What is said at the moment, or empty."""
        return self._bubble.text if self._bubble is not None else ""

    def say(
        self,
        text: str,
        *,
        tone: str = "error",
        answers: Any = (),
        takes_focus: bool = True,
        is_of_mark: bool = False,
    ) -> None:
        """Say something beside the current cell.

        Args:
            text: One or two sentences.
            tone: A colour of the theme (error, warning).
            answers: The answers (:class:`widgets.grid.mark.Answer`), from the harmless one on.
            takes_focus: Whether the first answer gets the focus.
            is_of_mark: Whether it is the current cell's mark.
        """
        grid, self.is_of_mark = self._grid, is_of_mark
        if self._bubble is None:
            from widgets.grid.bubble import Bubble

            self._bubble = Bubble(grid, grid.context.theme)
        self._bubble.say(self._anchor(), text, tone=tone, answers=answers, takes_focus=takes_focus)
        grid.viewport().update()

    def place(self) -> None:
        """Keep what is said at its cell."""
        if self.text:
            self._bubble.place(self._anchor())

    def _anchor(self) -> QRect:
        """The current cell in the window's pixels, as far as it is in sight."""
        grid, view = self._grid, self._grid.viewport()
        box = grid.places.cell_rect(max(grid.current.row, 0), grid.current.column) if grid.columns else QRect()
        top = min(max(box.top(), -box.height()), view.height())
        return QRect(view.mapTo(grid.window(), QPoint(box.left(), top)), box.size())

    def owns(self, widget: QWidget) -> bool:
        """Whether a widget is part of what is said."""
        return self._bubble is not None and (widget is self._bubble or self._bubble.isAncestorOf(widget))

    def say_read_only(self, column: GridColumn | None) -> None:
        """Say why the rows, or that column of them, cannot be edited."""
        schema = self._grid.handle.schema
        if schema is not None and not schema.is_editable and schema.read_only_reason:
            self.say(schema.read_only_reason, tone="warning")
        elif not self._grid.can_edit():
            self.say("These rows are only shown here; they are not edited in this list", tone="warning")
        elif column is not None and column.column is not None and column.column.read_only_reason:
            self.say(f"{column.label}: {column.column.read_only_reason}", tone="warning")
        elif self._grid.why_not("edit"):
            self.say(self._grid.why_not("edit"), tone="warning")
        elif column is not None and "." in column.path:
            self.say(f"{column.label} belongs to another table and is edited there", tone="warning")
        elif column is not None and (column.column is None or column.column.is_generated):
            self.say(f"{column.label} is worked out from other values", tone="warning")

    def take_focus(self) -> None:
        """Let the keys answer what is asked."""
        if self._bubble is not None:
            self._bubble.take_focus()

    def hide(self) -> None:
        """Say nothing any more."""
        if self._bubble is not None:
            self._bubble.close_bubble()


def sentence(error: Exception) -> str:
    """An error's message and hint as the person reads them."""
    return capital(say_error(error))
