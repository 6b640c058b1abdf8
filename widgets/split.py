"""The kind ``split``: children with borders between them that mouse and keyboard move.

Children that have no room beside each other stand below each other; those for which there is no room there either are
folded away, the last first, until their border is pressed or the focus goes to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QSplitter, QSplitterHandle, QWidget

from widgets.region import Host, Region
from widgets.split_handle import Handle

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context

#: The least room of a child beside others, and below others, in pixels at 100 %.
_BESIDE, _BELOW = 230, 150
#: Thickness of a border at which something is folded away, in pixels at 100 %.
_FOLD = 22
_ROW, _COLUMN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class Split(QSplitter):
    """Children side by side or one below the other; the sizes are remembered under the split's id.

    Attributes:
        is_folding: Whether there is no room for all of them.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context = context
        self._name = f"split:{node.id or f'{node.where.file}:{node.where.line}'}"
        self._is_row = True
        #: Direction, children that have room, children: what the sizes were made for.
        self._made_for: tuple[Any, ...] = ()
        self.is_folding = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._wanted = _relative(str(node.get("sizes") or ""), len(node.children))
        self._border = 2 * context.theme.space("wide") - context.theme.space("normal") + 1
        self.setHandleWidth(self._border)
        self.setChildrenCollapsible(False)
        self._take_direction()
        # A widget that is taken out goes with its deletion; one that is put in again is moved.
        self.region = Region(Host(self, self.insertWidget, lambda widget: None), context)
        self.region.fill(node.children)
        self.splitterMoved.connect(lambda *_: self._save())
        context.theme.changed.connect(self._take_room)

    def createHandle(self) -> QSplitterHandle:  # Qt's name
        return Handle(self)

    def set_direction(self, direction: str) -> None:
        """``row`` or ``column``."""
        self._is_row = direction == "row"
        self.setOrientation(_ROW if self._is_row else _COLUMN)
        self._take_room()

    def set_sizes(self, sizes: str) -> None:
        """Relative sizes at first opening, ``2,3``."""
        self._wanted = _relative(sizes, self.count())

    def move_border(self, handle: Handle, pixels: int) -> None:
        """Move one border; it stops where a child cannot get smaller."""
        index = self.indexOf(handle)
        self.moveSplitter((handle.x() if self.orientation() == _ROW else handle.y()) + pixels, index)
        self._save()

    def _take_direction(self) -> None:
        """WORKAROUND QSplitter: from the right it lays its children one pixel beyond its edge; until Qt mends it."""
        self.setContentsMargins(0, 0, int(self.isRightToLeft()), 0)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._take_direction()
        # F8 reaches the split from whichever child has the focus and did not want it.
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if is_key and event.key() == Qt.Key.Key_F8 and self._focus_next_border():
            return True
        return super().event(event)

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        super().resizeEvent(event)
        self._take_room()

    def minimumSizeHint(self) -> QSize:  # Qt's name
        """What the largest child needs: the others may be folded away."""
        hints = [self.widget(index).minimumSizeHint() for index in range(self.count())]
        least = [self.widget(index).minimumSize() for index in range(self.count())]
        size = QSize(0, 0)
        for one in (*hints, *least):
            size = size.expandedTo(one)
        return size

    # -- room -----------------------------------------------------------------------------------------------------

    def _take_room(self) -> None:
        """Stand the children as the room is now; their sizes stay as long as nothing changes but pixels."""
        if not self.count() or self.width() <= 0 or self.height() <= 0:
            return
        scale, count = self.context.theme.text_size, self.count()
        is_beside = self._is_row and (count == 1 or self.width() >= _BESIDE * scale * count)
        fitting = count if is_beside else min(max(int(self.height() // (_BELOW * scale)), 1), count)
        if (is_beside, fitting, count) != self._made_for:
            self._made_for = (is_beside, fitting, count)
            self._stand(_ROW if is_beside else _COLUMN, fitting)

    def _stand(self, orientation: Qt.Orientation, fitting: int) -> None:
        self.is_folding = fitting < self.count()
        self.setOrientation(orientation)
        self.setHandleWidth(round(_FOLD * self.context.theme.text_size) if self.is_folding else self._border)
        self.setChildrenCollapsible(self.is_folding)
        for index in range(1, self.count()):
            self.handle(index).describe()
        kept = self.context.recall(self._memory()) if self._memory() else None
        is_kept = isinstance(kept, list) and len(kept) == self.count() and sum(kept) > 0
        parts = kept if is_kept else [*self._wanted, *[1.0] * self.count()][: self.count()]
        self._divide([part if index < fitting else 0 for index, part in enumerate(parts)])
        for index, part in enumerate(parts):
            self.setStretchFactor(index, max(1, round(100 * part / sum(parts))))

    def _divide(self, parts: list[float]) -> None:
        total = self.width() if self.orientation() == _ROW else self.height()
        self.setSizes([int(total * part / sum(parts)) for part in parts])

    def _memory(self) -> str:
        """What the sizes are remembered under; nothing is remembered where something is folded away."""
        is_stacked = self._is_row and self.orientation() == _COLUMN
        return "" if self.is_folding else f"{self._name}:below" if is_stacked else self._name

    def is_folded_behind(self, handle: Handle) -> bool:
        """Whether what is folded away at a border is the child behind it."""
        return self.sizes()[self.indexOf(handle)] == 0

    def unfold_at(self, handle: Handle) -> None:
        """Show the child that is folded away at a border; Escape there leads into it."""
        index = self.indexOf(handle)
        index = index if self.is_folded_behind(handle) else index - 1
        self._unfold(index)
        handle.came_from = _first_stop(self.widget(index))

    def reveal(self, widget: QWidget) -> None:
        """Show the child that a widget stands in."""
        index = next((at for at in range(self.count()) if self.widget(at).isAncestorOf(widget)), -1)
        if self.is_folding and index >= 0 and self.sizes()[index] == 0:
            self._unfold(index)

    def _unfold(self, index: int) -> None:
        """Show a child in the place of the one that is shown farthest from it."""
        shown = [at for at, size in enumerate(self.sizes()) if size > 0]
        shown.remove(max(shown, key=lambda at: abs(at - index)))
        parts = [*self._wanted, *[1.0] * self.count()][: self.count()]
        self._divide([part if at in (*shown, index) else 0 for at, part in enumerate(parts)])
        for at in range(1, self.count()):
            self.handle(at).update()

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
        QTimer.singleShot(0, self, self._keep_sizes)

    def _keep_sizes(self) -> None:
        if name := self._memory():
            self.context.remember(name, self.sizes())


def _first_stop(pane: QWidget) -> QWidget | None:
    """The first part of a child that the Tab key goes to."""
    part = pane
    while part is pane or pane.isAncestorOf(part):
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isEnabled() and part.isVisible():
            return part
        part = part.nextInFocusChain()
    return None


def _relative(sizes: str, count: int) -> list[float]:
    parts = [float(part) for part in sizes.split(",") if part.strip()]
    parts = [part if part > 0 else 1.0 for part in parts[:count]]
    return [*parts, *[1.0] * (count - len(parts))]
