"""Items as assistive technology walks them: those in sight, each with name, role, state and place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface

from kernel.words import say
from widgets.listing.accessible import Place, Walked, tell

if TYPE_CHECKING:
    from widgets.items.view import ItemView

_ROLE, _TEXT = QAccessible.Role, QAccessible.Text


class ItemList(Walked):
    """A list whose children are the items in sight. They are places, read anew at each question."""

    def __init__(self, view: ItemView) -> None:
        super().__init__(view, _ROLE.List)

    def childCount(self) -> int:  # Qt's name
        """The items in sight."""
        return len(self.view.places.in_sight())

    def child(self, index: int) -> QAccessibleInterface | None:
        """An item in sight."""
        if not 0 <= index < self.childCount():
            return None
        return self.place(index, lambda: ItemPlace(self, index))

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # Qt's name
        """See :meth:`child`."""
        return child.slot if isinstance(child, ItemPlace) else -1

    def index_of(self, row: int) -> int:
        """The child index of a row, -1 when it is out of sight."""
        seen = self.view.places.in_sight()
        return row - seen.start if row in seen else -1

    def focusChild(self) -> QAccessibleInterface | None:  # Qt's name
        """The current item, while the view has the focus."""
        index = self.index_of(self.view.current.row)
        return self.child(index) if self.view.hasFocus() and index >= 0 else None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # Qt's name
        """The item at a place of the screen."""
        place = self.view.viewport().mapFromGlobal(QPoint(x, y))
        row = self.view.places.item_at(place.x(), place.y())
        return self.child(self.index_of(row)) if row >= 0 else None


class ItemPlace(Place):
    """One item in sight."""

    def __init__(self, items: ItemList, slot: int) -> None:
        super().__init__(items)
        self.items, self.slot = items, slot

    @property
    def row(self) -> int:
        """Its row."""
        return self.items.view.places.in_sight().start + self.slot

    def isValid(self) -> bool:  # Qt's name
        """Whether there is such an item now."""
        return self.slot < self.items.childCount()

    def role(self) -> QAccessible.Role:
        """An item of a list."""
        return _ROLE.ListItem

    def rect(self) -> QRect:
        """Where it is on the screen."""
        view = self.items.view
        if not self.isValid():
            return QRect()
        box = view.places.rect(self.row)
        return QRect(view.viewport().mapToGlobal(box.topLeft()), box.size())

    def text(self, kind: QAccessible.Text) -> str:
        """The name is what it says, the description its place among all."""
        view = self.items.view
        if not self.isValid():
            return ""
        if kind in (_TEXT.Name, _TEXT.Value):
            return view.item_text(self.row)
        if kind != _TEXT.Description:
            return ""
        waits = view.handle.pending_text(view.row_key(self.row), view.rows.query())
        return ", ".join(part for part in (place_of(view, self.row), waits) if part)

    def state(self) -> QAccessible.State:
        """Whether it can have the focus, has it, and is selected."""
        state, view = QAccessible.State(), self.items.view
        if self.isValid():
            state.focusable = state.selectable = state.multiSelectable = True
            state.readOnly = not view.can_edit() or bool(view.why_not("edit"))
            state.focused = self.row == view.current.row and view.hasFocus()
            state.selected = view.selection.contains(self.row)
        return state

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """Nothing more than an item."""
        return None


def place_of(view: ItemView, row: int) -> str:
    """``3 of 2,000, in Work``: where a row is, as it is spoken."""
    about = "" if view.rows.cache.is_exact else "about "
    section = view.places.flow.section_of(row)
    where = say(", in {value}", value=view.sections.texts[section]) if section >= 0 else ""
    return f"{row + 1} of {about}{view.row_count()}{where}"


def announce(view: ItemView) -> None:
    """Tell where the person is now."""
    row = view.current.row
    tell(view, f"{view.item_text(row)}, {place_of(view, row)}" if row >= 0 else say("no rows"), row)
