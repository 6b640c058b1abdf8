"""What a grid, a list and cards are alike as widgets: how they begin, what they tell the window, what is asked of them.

It has no look: how rows stand and are painted is the kinds'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea

from kernel.tables.change import Key
from kernel.tables.schema import title_of

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context
    from widgets.filter import LiveFilter
    from widgets.grid.condition import Condition
    from widgets.grid.notice import Notice
    from widgets.grid.publish import Publisher
    from widgets.handle import TableHandle
    from widgets.listing.rows import Rows

#: From being shown to the first word to assistive technology, in ms: the first paint goes before.
_ANNOUNCE_AFTER_MS = 30


#: The views that there are; for assistive technology.
VIEWS: WeakSet[RowsView] = WeakSet()


class RowsView(QAbstractScrollArea):
    """A :class:`widgets.context.RowView`, the base of the kinds; they make the parts and call the first two methods.

    Attributes:
        handle: The table.
        rows: Its rows, as they are shown.
        condition: What is said without any.
    """

    current_changed = Signal()

    node: Node
    context: Context
    id: str
    handle: TableHandle
    rows: Rows
    condition: Condition
    publisher: Publisher
    filter: LiveFilter
    current: Any

    def prepare(self) -> None:
        """Be a view of the window; the parts are made."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._announcing = QTimer(self)
        self._announcing.setSingleShot(True)
        self._announcing.setInterval(_ANNOUNCE_AFTER_MS)
        self._announcing.timeout.connect(self.announce)
        if self.id:
            self.context.views.setdefault(self.id, self)  # type: ignore[arg-type]
        self.publisher.publish_row()
        self.publisher.publish_count()
        self.setAccessibleName(self.node.get("name") or title_of(self.handle.name))
        VIEWS.add(self)

    def connect_rows(self) -> None:
        """Hear the table and the theme from now on.

        NOTE: what their signals call are methods of this widget, so that they let go of it when it is deleted.
        """
        self.handle.schema_changed.connect(self._take_schema)
        self.handle.state_changed.connect(self._take_state)
        self.rows.failed.connect(self.condition.take_failure)
        self.context.theme.changed.connect(self._dress)
        self.destroyed.connect(self.filter.dispose)

    # -- what the kinds do --------------------------------------------------------------------------------------------

    def _take_schema(self) -> None:
        raise NotImplementedError

    def _dress(self) -> None:
        raise NotImplementedError

    def announce(self) -> None:
        """Tell assistive technology where the person is."""
        raise NotImplementedError

    # -- what others ask ----------------------------------------------------------------------------------------------

    def set_empty(self, text: Any) -> None:
        """What is said when there are no rows."""
        self.condition.empty_text = str(text or "")
        self.condition.show()

    def is_waiting(self) -> bool:
        """Whether nothing is known yet of what will be shown, although there are no rows."""
        return False

    def why_not(self, action: str) -> str:
        """Why the person may not ``edit``, ``add`` or ``delete`` rows of the table now; empty when that is open."""
        return self.handle.why_not(action)

    def outer_names(self) -> tuple[str, ...]:
        """The names that the filter reads from outside."""
        return tuple(getattr(self.node.get("filter"), "names", ()))

    def row_key(self, row: int) -> Key | None:
        """The row's key, None for a draft or a row that is not here yet."""
        return self.rows.cache.key(row)

    @property
    def current_row(self) -> int:
        """The current row, -1 when there is none."""
        return self.current.row

    def go_to(self, key: Key) -> None:
        """Move to the row with that key."""
        self.current.go_to(key)

    def holds_person(self) -> bool:
        """Whether the person types there, or is in a new row: nothing that comes late may lead them away."""
        return False

    def take_added(self, key: Key) -> None:
        """A row that was begun elsewhere is stored: go to it, when it is among the rows."""
        from widgets.listing.left_out import tell_left_out

        self.current.key = key
        self.rows.reload()
        tell_left_out(self, [key])

    def notice_of_rows(self) -> Notice:
        """Where something is said of the rows."""
        raise NotImplementedError

    def _take_state(self) -> None:
        self.condition.show()
