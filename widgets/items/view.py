"""What ``list`` and ``cards`` have in common: rows of a table as items, of which only those in sight are read.

This file joins the parts and hands them Qt's events: ``content`` says what items say, ``places`` where they are,
``current`` and ``selection`` where the person is, ``section`` what the headings say, ``follow`` hears the rows;
``key``, ``mouse`` and ``paint`` are functions. The rows and what is said without any are the grid's.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from kernel.tables.change import Key
from kernel.tables.query import Sort, parse_sort
from kernel.tables.schema import title_of
from layouts.node import Node
from widgets.context import Context
from widgets.filter import LiveFilter
from widgets.grid.condition import Condition
from widgets.grid.look import Look
from widgets.grid.publish import Publisher
from widgets.grid.rows import Rows
from widgets.items.content import ItemContent
from widgets.items.current import CurrentItem
from widgets.items.follow import ItemFollow
from widgets.items.places import ItemPlaces
from widgets.items.section import Sections
from widgets.items.selection import ItemSelection

#: From being shown to the first word to assistive technology, in ms.
_ANNOUNCE_AFTER_MS = 30


class Measures(NamedTuple):
    """Items beside each other, height of a line and of the item in it, in pixels."""

    per_line: int
    line: int
    height: int


class ItemView(QAbstractScrollArea):
    """A :class:`widgets.context.RowView`. Publishes ``ID.current``, ``ID.count`` and ``ID.selection.count``."""

    current_changed = Signal()

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node, self.context, self.id = node, context, node.id
        self.handle = context.tables[node.get("table")]
        self.hovered_row = -1
        self.has_letters = node.get("letters") is True
        self.look = Look(context.theme)
        self.rows = Rows(self.handle, self)
        self.content, self.sections = ItemContent(self), Sections(self)
        self.places = ItemPlaces(self)
        self.current, self.selection, self.publisher = CurrentItem(self), ItemSelection(self), Publisher(self)  # type: ignore[arg-type]
        #: Items have no groups; ``publisher`` asks for them.
        self.outline = None
        #: What the person filters by; ``condition`` asks for it.
        self.filters = SimpleNamespace(parts=())
        self.condition = Condition(self)  # type: ignore[arg-type]
        self.follow = ItemFollow(self)
        self.filter = LiveFilter(node.get("filter"), context.scope, self._take_filter)
        self._watch: Any = None
        self._announcing = QTimer(self)
        self._announcing.setSingleShot(True)
        self._announcing.setInterval(_ANNOUNCE_AFTER_MS)
        self._announcing.timeout.connect(self.announce)
        self._prepare()
        self._connect()
        if self.handle.schema is not None:
            self._take_schema()

    def _prepare(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 96)
        if self.id:
            self.context.views.setdefault(self.id, self)
        self.publisher.publish_row()
        self.publisher.publish_count()
        self.setAccessibleName(self.node.get("name") or title_of(self.handle.name))

    def _connect(self) -> None:
        self.handle.schema_changed.connect(self._take_schema)
        self.handle.state_changed.connect(self._take_state)
        self.rows.failed.connect(self.condition.take_failure)
        self.context.theme.changed.connect(self._dress)
        self.destroyed.connect(self.filter.dispose)

    # -- what the kinds say ---------------------------------------------------------------------------------------

    def measures(self) -> Measures:
        """How items stand; asked anew after each change of size or theme."""
        raise NotImplementedError

    def first_gap(self) -> int:
        """What a line leaves free above its items, in pixels."""
        return 0

    def column_place(self, column: int) -> tuple[int, int]:
        """(left, width) of a column of items, in the viewport."""
        raise NotImplementedError

    def column_at(self, x: float) -> int:
        """The column of items at a place of the viewport, or -1."""
        columns = range(self.places.flow.per_line)
        return next((at for at in columns if 0 <= x - self.column_place(at)[0] < self.column_place(at)[1]), -1)

    def paint_item(self, painter: QPainter, row: int, box: QRect) -> None:
        """Paint one item, or what stands for it until it is here."""
        raise NotImplementedError

    def heading_height(self) -> int:
        """Height of a section's heading in pixels."""
        return int(self.look.metrics.height()) + 14

    # -- properties -----------------------------------------------------------------------------------------------

    def set_empty(self, text: Any) -> None:
        """What is said when there are no rows."""
        self.condition.empty_text = str(text or "")
        self.condition.show()

    def set_letters(self, has_letters: Any) -> None:
        """Whether letters stand for a picture."""
        self.has_letters = bool(has_letters)
        self.places.update()
        self.viewport().update()

    def can_edit(self) -> bool:
        """Rows are edited in a form or in the record, not here."""
        return False

    def outer_names(self) -> tuple[str, ...]:
        """The names that the filter reads from outside."""
        return tuple(getattr(self.node.get("filter"), "names", ()))

    def wanted_sort(self) -> tuple[Sort, ...]:
        """The order that the layout gives."""
        sort = self.node.get("sort")
        return parse_sort(sort) if isinstance(sort, str) else ()

    # -- rows and the current one ---------------------------------------------------------------------------------

    def row_count(self) -> int:
        """Rows that there are."""
        return self.rows.cache.count or 0

    def row_key(self, row: int) -> Key | None:
        """The row's key, None when it is not here."""
        return self.rows.cache.key(row)

    @property
    def current_key(self) -> Key | None:
        """The current row's key, None when there is none."""
        return self.current.key

    @property
    def current_row(self) -> int:
        """The current row, -1 when there is none."""
        return self.current.row

    def go(self, row: int, *, is_extending: bool = False) -> None:
        """Move to a row."""
        self.current.go(row, is_extending=is_extending)

    def go_to(self, key: Key) -> None:
        """Move to the row with that key."""
        self.current.go_to(key)

    def item_text(self, row: int) -> str:
        """What an item says, as a screen reader reads it."""
        item = self.content.item(row)
        return item.spoken() or "empty" if item is not None else "loading"

    # -- actions --------------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Run the layout's ``activate``, else show the row whole."""
        if self.current.row < 0:
            return
        self.context.commands.run(self.node.get("activate") or "view.record")

    def copy(self) -> None:
        """Put the selected items on the clipboard: a line each, their parts by tabs."""
        from widgets.items.copying import copy_items

        copy_items(self)

    def select_all(self) -> None:
        """Select every row."""
        self.selection.select_all()

    def has_edits(self) -> bool:
        """Nothing is typed here."""
        return False

    def open_menu(self, place: QPoint | None = None) -> None:
        """Offer what can be done, at a place of the screen or below the current item."""
        from widgets.items.menu import show_menu

        if place is None:
            box = self.places.rect(self.current.row) if self.current.row >= 0 else QRect()
            place = self.viewport().mapToGlobal(box.bottomLeft())
        show_menu(self, place)

    # -- answers --------------------------------------------------------------------------------------------------

    def _take_schema(self) -> None:
        schema = self.handle.schema
        if schema is None:
            return
        self.setAccessibleName(self.node.get("name") or schema.title or title_of(self.handle.name))
        self.rows.columns = self.content.take_schema(schema)
        if not self.rows.sort:
            self.rows.sort = self.wanted_sort()
        self.sections.take_schema()
        if self._watch is not None:
            self._watch()
        self._watch = self.context.scope.watch(self.content.outer_names(), self._forget_items)
        self.destroyed.connect(self._watch)
        self.filter.set_schema(schema)
        self.rows.reload()
        self.places.update()
        self.condition.show()

    def _take_state(self) -> None:
        self.condition.show()

    def _take_filter(self, text: str, parameters: dict[str, Any]) -> None:
        self.rows.set_filter(text, parameters)

    def _forget_items(self) -> None:
        self.content.forget()
        self.viewport().update()

    def _dress(self) -> None:
        self.look = Look(self.context.theme)
        self.content.forget()
        self.places.update()
        self.condition.show()

    def take_selection(self) -> None:
        """Tell how many rows are selected, and show it."""
        if self.id:
            self.context.scope.publish(f"{self.id}.selection.count", self.selection.row_total())
        self.announce()
        self.viewport().update()

    def take_move(self) -> None:
        """Other items are in sight."""
        self.follow.ask_rows()
        self.viewport().update()

    def announce(self) -> None:
        """Tell assistive technology where the person is."""
        if self.isVisible():
            from widgets.items.accessible import announce

            announce(self)

    def hover(self, row: int) -> None:
        """Note the row under the pointer, -1 when there is none."""
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()

    # -- Qt -------------------------------------------------------------------------------------------------------

    def showEvent(self, event: Any) -> None:  # Qt's name
        """Introduce itself to assistive technology, right after the first paint."""
        super().showEvent(event)
        self._announcing.start()

    def paintEvent(self, event: Any) -> None:  # Qt's name
        """Paint what is in sight."""
        from widgets.items.paint import paint_items

        painter = QPainter(self.viewport())
        paint_items(self, painter)
        painter.end()

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """Keep what is first in sight there, whatever stands beside what now."""
        super().resizeEvent(event)
        first, was_moved = self.places.flow.first_at(self.places.top), self.places.top > 0
        per_line = self.places.flow.per_line
        self.places.update()
        if was_moved and per_line != self.places.flow.per_line and self.row_count():
            self.places.move_to(self.places.flow.place(min(first, self.row_count() - 1))[0])
        self.condition.place()
        self.follow.ask_rows()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # Qt's name
        """The bar has moved."""
        self.places.take_bar()

    def event(self, event: Any) -> bool:  # Qt's name
        """The keys of ``key`` are the view's before they are the window's."""
        if event.type() == QEvent.Type.ShortcutOverride:
            from widgets.items.key import is_own

            if is_own(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:  # Qt's name
        """See ``key``."""
        from widgets.items.key import handle_key

        if not handle_key(self, event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.items.mouse import handle_press

        handle_press(self, event)

    def mouseMoveEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.items.mouse import handle_move

        handle_move(self, event)

    def mouseDoubleClickEvent(self, event: Any) -> None:  # Qt's name
        """A double click on an item activates it."""
        if self.places.item_at(event.position().x(), event.position().y()) >= 0:
            self.activate()

    def leaveEvent(self, _event: Any) -> None:  # Qt's name
        """Nothing is hovered any more."""
        self.hover(-1)

    def contextMenuEvent(self, event: Any) -> None:  # Qt's name
        """Offer what can be done here."""
        self.open_menu(None if event.reason() == event.Reason.Keyboard else event.globalPos())

    def focusInEvent(self, event: Any) -> None:  # Qt's name
        """Show where the person is."""
        super().focusInEvent(event)
        if self.current.row < 0 and self.row_count():
            self.go(0)
        self.announce()
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:  # Qt's name
        """The frame goes."""
        super().focusOutEvent(event)
        self.viewport().update()
