"""Where items are in the viewport, in pixels, and the scroll bar.

The first pixel in sight is a whole number of any size; the bar shows it as well as it can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractSlider

from widgets.grid.place import BAR_LIMIT, FAR
from widgets.items.flow import Flow

if TYPE_CHECKING:
    from widgets.items.view import ItemView

_Action = QAbstractSlider.SliderAction
#: What a bar is asked to do → (pages, lines).
_STEPS = {
    _Action.SliderSingleStepAdd: (0, 1), _Action.SliderSingleStepSub: (0, -1),
    _Action.SliderPageStepAdd: (1, 0), _Action.SliderPageStepSub: (-1, 0),
}  # fmt: skip


class ItemPlaces:
    """From items to pixels of the viewport, and back.

    Attributes:
        flow: The lines and sections.
        top: The first pixel in sight.
    """

    def __init__(self, view: ItemView) -> None:
        self._view = view
        self.flow = Flow(0)
        self.top = 0
        self._is_setting = False
        view.verticalScrollBar().actionTriggered.connect(self._take_action)

    def update(self) -> None:
        """Take another number of items, other sections or another size."""
        view, measures = self._view, self._view.measures()
        heading = view.heading_height() if view.sections.starts else 0
        self.flow = Flow(view.row_count(), measures.per_line, measures.line, heading, view.sections.starts)
        bar, scale, height = view.verticalScrollBar(), self._scale(), view.viewport().height()
        self._is_setting = True
        bar.setPageStep(max(height // scale, 1))
        bar.setRange(0, self.last_top() // scale)
        bar.setSingleStep(max(measures.line // scale, 1))
        self._is_setting = False
        self.move_to(self.top)

    def _scale(self) -> int:
        """Pixels that one step of the bar stands for."""
        return max(1, -(-self.flow.height // BAR_LIMIT))

    def last_top(self) -> int:
        """The first pixel in sight when the last line is at the end of the view."""
        return max(self.flow.height - self._view.viewport().height(), 0)

    def lines_in_sight(self) -> int:
        """Whole lines of a page."""
        return max((self._view.viewport().height() - self._sticky()) // self.flow.line, 1)

    def in_sight(self) -> range:
        """The items in sight."""
        return self.flow.between(self.top, self.top + self._view.viewport().height())

    def item_at(self, x: float, y: float) -> int:
        """The item at a place of the viewport, or -1."""
        if self.flow.starts and y < self._sticky():
            return -1
        return self.flow.item_at(int(y) + self.top, self._view.column_at(x))

    def rect(self, item: int) -> QRect:
        """The item in the viewport; as good as at hand when it is millions of items off."""
        top, column = self.flow.place(item)
        left, width = self._view.column_place(column)
        top += self._view.first_gap()
        return QRect(left, min(max(top - self.top, -FAR), FAR), width, self._view.measures().height)

    def _sticky(self) -> int:
        """What the heading that stays takes at the top."""
        return self.flow.heading if self.flow.starts else 0

    # -- moving ---------------------------------------------------------------------------------------------------

    def move_to(self, top: int) -> None:
        """Bring that pixel to the start of the view."""
        before = self.top
        self.top = min(max(top, 0), self.last_top())
        self._is_setting = True
        self._view.verticalScrollBar().setValue(self._bar_value())
        self._is_setting = False
        if self.top != before:
            self._view.take_move()

    def take_bar(self) -> None:
        """The bar has moved: the items follow, unless it followed them."""
        bar, scale = self._view.verticalScrollBar(), self._scale()
        if self._is_setting or bar.value() == self._bar_value():
            return
        self.move_to(self.last_top() if bar.value() >= bar.maximum() else bar.value() * scale)

    def scroll_to(self, item: int) -> None:
        """Bring an item into sight with as little movement as possible."""
        top, _ = self.flow.place(item)
        height, sticky = self._view.viewport().height(), self._sticky()
        if top - sticky < self.top:
            self.move_to(top - sticky)
        elif top + self.flow.line > self.top + height:
            self.move_to(top + self.flow.line - height)

    def _bar_value(self) -> int:
        bar, scale = self._view.verticalScrollBar(), self._scale()
        return bar.maximum() if scale > 1 and self.top >= self.last_top() else self.top // scale

    def _take_action(self, action: int) -> None:
        """Steps of a bar whose unit is several pixels go by lines and pages all the same."""
        step = _STEPS.get(_Action(action))
        if step is None or self._scale() == 1:
            return
        self.move_to(self.top + (step[0] * self.lines_in_sight() + step[1]) * self.flow.line)
        self._view.verticalScrollBar().setSliderPosition(self._bar_value())
