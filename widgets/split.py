"""The kind ``split``: children with borders between them that mouse and keyboard move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QBrush, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSplitter, QSplitterHandle, QWidget

from widgets.region import Host, Region

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context

#: Pixels that an arrow key moves a border; with Shift the larger one.
STEP, LARGE_STEP = 16, 96
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Handle(QSplitterHandle):
    """A border: a hairline in a strip that is easy to hit; it can hold the focus."""

    def __init__(self, split: Split) -> None:
        super().__init__(split.orientation(), split)
        self._split = split
        self.came_from: QWidget | None = None
        self.setAccessibleName("Border")
        self.setAccessibleDescription("Arrow keys move it, Escape leaves")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(self._split.handleWidth(), self._split.handleWidth())

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        theme = self._split.context.theme
        is_strong = self.hasFocus() or self.underMouse()
        thickness = theme.border("focus" if is_strong else "hair")
        rect = self.rect()
        if self.orientation() == Qt.Orientation.Horizontal:
            rect.setLeft(rect.center().x())
            rect.setWidth(thickness)
        else:
            rect.setTop(rect.center().y())
            rect.setHeight(thickness)
        QPainter(self).fillRect(rect, QBrush(theme.color("focus" if is_strong else "line")))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        direction = _KEYS.get(Qt.Key(event.key()))
        if direction is not None:
            is_large = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            if self._split.orientation() == Qt.Orientation.Horizontal and self.isRightToLeft():
                direction = -direction
            self._split.move_border(self, direction * (LARGE_STEP if is_large else STEP))
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
            (self.came_from or self._split).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusOutEvent(event)
        self.update()


class Split(QSplitter):
    """Children side by side or one below the other; the sizes are remembered under the split's id."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context = context
        self._name = f"split:{node.id or f'{node.where.file}:{node.where.line}'}"
        self._is_set = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._wanted = _relative(str(node.get("sizes") or ""), len(node.children))
        self.setHandleWidth(2 * context.theme.space("wide") - context.theme.space("normal") + 1)
        self.setChildrenCollapsible(False)
        # A widget that is taken out goes with its deletion; one that is put in again is moved.
        self.region = Region(Host(self, self.insertWidget, lambda widget: None), context)
        self.region.fill(node.children)
        self.splitterMoved.connect(lambda *_: self._save())

    def createHandle(self) -> QSplitterHandle:  # Qt's name
        return Handle(self)

    def set_direction(self, direction: str) -> None:
        """``row`` or ``column``."""
        is_row = direction == "row"
        self.setOrientation(Qt.Orientation.Horizontal if is_row else Qt.Orientation.Vertical)

    def set_sizes(self, sizes: str) -> None:
        """Relative sizes at first opening, ``2,3``."""
        self._wanted = _relative(sizes, self.count())

    def move_border(self, handle: Handle, pixels: int) -> None:
        """Move one border; it stops where a child cannot get smaller."""
        index = self.indexOf(handle)
        is_row = self.orientation() == Qt.Orientation.Horizontal
        self.moveSplitter((handle.x() if is_row else handle.y()) + pixels, index)
        self._save()

    def event(self, event: QEvent) -> bool:
        # F8 reaches the split from whichever child has the focus and did not want it.
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if is_key and event.key() == Qt.Key.Key_F8 and self._focus_next_border():
            return True
        return super().event(event)

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        super().resizeEvent(event)
        if not self._is_set and self.count() and self.width() > 0:
            self._is_set = True
            kept = self.context.recall(self._name)
            is_kept = isinstance(kept, list) and len(kept) == self.count() and sum(kept) > 0
            parts = kept if is_kept else self._wanted
            total = self.width() if self.orientation() == Qt.Orientation.Horizontal else self.height()
            self.setSizes([int(total * part / sum(parts)) for part in parts])
            for index, part in enumerate(parts):
                self.setStretchFactor(index, max(1, round(100 * part / sum(parts))))

    def _focus_next_border(self) -> bool:
        borders = [self.handle(index) for index in range(1, self.count())]
        focused = self.window().focusWidget()
        at = borders.index(focused) + 1 if focused in borders else 0
        if at >= len(borders):
            # Past its last border an inner split hands F8 on to the split around it.
            return False
        border = borders[at]
        border.came_from = borders[at - 1].came_from if at else focused
        border.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def _save(self) -> None:
        QTimer.singleShot(0, self, lambda: self.context.remember(self._name, self.sizes()))


def _relative(sizes: str, count: int) -> list[float]:
    parts = [float(part) for part in sizes.split(",") if part.strip()]
    parts = [part if part > 0 else 1.0 for part in parts[:count]]
    return [*parts, *[1.0] * (count - len(parts))]
