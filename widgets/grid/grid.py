"""The grid: rows of a table in columns, painted from blocks, moved through by keys, edited in place.

This file holds the widget: it joins its parts and hands them Qt's events. What they own: ``rows`` the rows,
``content`` what they say, ``place`` pixels, ``column_width`` widths, ``current`` the current cell, ``selection`` what
is selected, ``publish`` the scope, ``condition`` empty and failed, ``edit`` edits; ``paint``, ``key`` and ``mouse`` are
functions.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from kernel.tables.change import Key
from kernel.tables.query import Sort
from kernel.tables.schema import title_of
from layouts.node import Node
from widgets.context import Context
from widgets.filter import LiveFilter
from widgets.grid.ahead import Ahead
from widgets.grid.arrangement import Arrangement
from widgets.grid.band import Bands
from widgets.grid.column import GridColumn, query_columns
from widgets.grid.column_width import ColumnWidths
from widgets.grid.condition import Condition
from widgets.grid.content import Content
from widgets.grid.current import CurrentCell
from widgets.grid.edit import Editing
from widgets.grid.filtering import Filters
from widgets.grid.follow import Follow
from widgets.grid.header import Corner, Header
from widgets.grid.key import handle_key, tool_of
from widgets.grid.look import Look
from widgets.grid.paint import paint_rows
from widgets.grid.place import Places
from widgets.grid.publish import Publisher
from widgets.grid.ready import ReadyRows
from widgets.grid.rows import Rows
from widgets.grid.scroll import move_by_wheel, scroll_columns, scroll_rows
from widgets.grid.selection import Selection

if TYPE_CHECKING:
    from widgets.grid.block_action import BlockActions
    from widgets.grid.drag import Drag
    from widgets.grid.panel import Panel

#: From being shown to the first word to assistive technology, in ms: the first paint goes before.
_ANNOUNCE_AFTER_MS = 30


class Grid(QAbstractScrollArea):
    """A :class:`widgets.context.RowView`. Publishes ``ID.current``, ``ID.count`` and ``ID.selection.count``.

    Attributes:
        columns: The columns on screen in their order, none until the table's schema is known.
        frozen: How many of them, from the first on, stay in sight while the others go sideways.
        hovered_row: The row under the pointer, or -1.
        panel: The card that is open over it, or None.
    """

    current_changed = Signal()

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node, self.context, self.id = node, context, node.id
        # NOTE: the viewport is made here because one that Qt made costs 15 ms to be wrapped the first time.
        self._ground = QWidget(self)
        self.setViewport(self._ground)
        self.handle = context.tables[node.get("table")]
        self.columns: list[GridColumn] = []
        self.frozen = 0
        self.hovered_row = -1
        self.drag: Drag | None = None
        self.panel: Panel | None = None
        self._is_editable = bool(node.get("editable", True) is not False)
        self._announcing = QTimer(self)
        self._announcing.setSingleShot(True)
        self._announcing.setInterval(_ANNOUNCE_AFTER_MS)
        self._announcing.timeout.connect(self.announce)
        self.look = Look(context.theme, str(node.get("density", "normal")))
        self.header = Header(self)
        self.corner = Corner(self)
        self.addScrollBarWidget(self.corner, Qt.AlignmentFlag.AlignTop)
        self.bands = Bands(self)
        self.rows = Rows(self.handle, self)
        self.content, self.ready, self.ahead = Content(self), ReadyRows(self), Ahead(self)
        self.places, self.widths = Places(self), ColumnWidths(self)
        self.current, self.selection, self.publisher = CurrentCell(self), Selection(self), Publisher(self)
        self.arrangement = Arrangement(self)
        self.editing = Editing(self)
        self.condition, self.follow = Condition(self), Follow(self)
        self.filters = Filters(self)
        self.filter = LiveFilter(node.get("filter"), context.scope, self.filters.set_base)
        self._prepare()
        self._connect()
        if self.handle.schema is not None:
            self._take_schema()

    def _prepare(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.bands.put("header", self.header)
        if self.node.get("numbers") is True:
            self.bands.show_gutter(True)
        self.setMinimumSize(120, self.look.header_height + 3 * self.look.row_height)
        self.verticalScrollBar().setSingleStep(self.look.row_height)
        self.horizontalScrollBar().setSingleStep(40)
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
        self.filters.changed.connect(self.widths.make_room)
        self.filters.changed.connect(self.header.update)
        self.destroyed.connect(self.filter.dispose)

    @cached_property
    def block(self) -> BlockActions:
        """What is done with many cells at once."""
        from widgets.grid.block_action import BlockActions

        return BlockActions(self)

    # -- properties -----------------------------------------------------------------------------------------------

    def set_editable(self, is_editable: Any) -> None:
        """Whether cells can be edited."""
        self._is_editable = bool(is_editable)

    def set_empty(self, text: Any) -> None:
        """What is said when there are no rows."""
        self.condition.empty_text = str(text or "")
        self.condition.show()

    def set_filters(self, is_shown: Any) -> None:
        """Whether the boxes to filter by are shown, where the person has not decided it."""
        self.arrangement.default_filters = bool(is_shown)

    def set_numbers(self, is_numbered: Any) -> None:
        """Whether its rows have numbers, which select them."""
        self.bands.show_gutter(bool(is_numbered))

    def set_frozen(self, count: Any) -> None:
        """How many columns stay in sight, where the person has not decided it."""
        self.arrangement.default_frozen = int(count or 0)

    def can_edit(self, column: GridColumn | None = None) -> bool:
        """Whether the table (and the column) can be edited here."""
        schema = self.handle.schema
        is_open = self._is_editable and schema is not None and schema.is_editable
        return is_open and (column is None or column.is_editable)

    def why_not(self, action: str) -> str:
        """Why the person may not ``edit``, ``add`` or ``delete`` rows of the table; empty when that is open."""
        schema = self.handle.schema
        return schema.why_not(action) if schema is not None else ""

    def outer_names(self) -> tuple[str, ...]:
        """The names that the filter reads from outside."""
        formula = self.node.get("filter")
        return tuple(getattr(formula, "names", ()))

    # -- rows and the current one ---------------------------------------------------------------------------------

    def row_count(self) -> int:
        """Rows on screen: those of the query, and the draft of a new one."""
        return (self.rows.cache.count or 0) + (1 if self.editing.draft is not None else 0)

    def row_key(self, row: int) -> Key | None:
        """The row's key, None for a draft or a row that is not here yet."""
        return self.rows.cache.key(row)

    def cell_text(self, row: int, column: int) -> str:
        """What a cell says, as a screen reader reads it."""
        return self.content.cell_text(row, column)

    @property
    def current_key(self) -> Key | None:
        """The current row's key, None when there is none or it is new."""
        return self.current.key

    @property
    def current_row(self) -> int:
        """The current row, -1 when there is none."""
        return self.current.row

    @property
    def current_column(self) -> int:
        """The current column."""
        return self.current.column

    def go(self, row: int, column: int | None = None, *, is_extending: bool = False) -> None:
        """Move to a cell; see :meth:`widgets.grid.current.CurrentCell.go`."""
        self.current.go(row, column, is_extending=is_extending)

    def go_to(self, key: Key) -> None:
        """Move to the row with that key."""
        self.current.go_to(key)

    def shown_sort(self) -> tuple[Sort, ...]:
        """The sort keys in force."""
        return self.rows.sort or self.handle.sort

    # -- actions --------------------------------------------------------------------------------------------------

    def sort_by(self, column: int, *, is_added: bool = False, is_descending: bool | None = None) -> None:
        """Sort by a column; once more turns the order round."""
        path = self.columns[column].shown
        if not path:
            return
        before = next((key for key in self.shown_sort() if key.column == path), None)
        descends = (before is not None and not before.is_descending) if is_descending is None else is_descending
        others = [other for other in self.shown_sort() if other.column != path] if is_added else []
        self.rows.sort = (*others, Sort(path, descends))
        self.rows.reload()
        self.widths.make_room()
        self.header.update()

    def is_filtered(self, column: GridColumn) -> bool:
        """Whether the person filters by the column."""
        return self.filters.is_filtered(column)

    def use(self, tool: str) -> None:
        """Do what a row of ``tool`` says, where it can be done."""
        from widgets.grid.tool import BY_ID, use

        use(BY_ID[tool], self)

    def sort_current(self) -> None:
        """Sort by the current column."""
        self.sort_by(self.current.column)

    def copy(self) -> None:
        """Put the selected cells on the clipboard."""
        self.block.copy()

    def activate(self) -> bool:
        """Run the layout's ``activate`` where cells are not edited; answers whether it did."""
        command = self.node.get("activate")
        if not command or self.can_edit() or self.current.key is None:
            return False
        self.context.commands.run(command)
        return True

    def give_up_rows(self) -> bool:
        """Stop waiting for other rows, or for their order; False when there is nothing to stop."""
        return self.rows.give_up()

    def add_row(self) -> None:
        """Start a new row."""
        self.editing.start_draft()

    def delete_rows(self) -> None:
        """Ask, then delete the selected rows."""
        self.editing.ask_delete()

    def write_row(self) -> None:
        """Write what is being edited."""
        self.editing.accept()
        self.editing.write_draft()

    def revert_row(self) -> None:
        """Give up what is being edited."""
        self.editing.cancel()
        self.editing.drop_draft()

    def has_edits(self) -> bool:
        """Whether anything is typed that is not written."""
        return self.editing.has_edits()

    def is_editing(self) -> bool:
        """Whether a cell's editor is open."""
        return self.editing.cell is not None

    # -- answers --------------------------------------------------------------------------------------------------

    def _take_schema(self) -> None:
        schema = self.handle.schema
        if schema is None:
            return
        self.setAccessibleName(self.node.get("name") or schema.title or title_of(self.handle.name))
        self.arrangement.take_schema(schema)
        self.rows.columns = query_columns(self.columns, [*self.content.styles, *self.content.checks], schema)
        if isinstance(self.node.get("sort"), str) and not self.rows.sort:
            from kernel.tables.query import parse_sort

            self.rows.sort = parse_sort(self.node.get("sort"))
        self.widths.is_fitted = False
        self.widths.fill()
        self.places.update_bars()
        self.filter.set_schema(schema)
        self.rows.reload()
        if self.arrangement.has_filters() and self.bands.get("filters") is None:
            from widgets.grid.filter_row import show

            show(self, is_kept=False)
        self._show_summary()
        self.condition.show()
        self.update_all()

    def _take_state(self) -> None:
        # NOTE: a method of this widget, so that the handle lets go of it when the widget is deleted.
        self.condition.show()

    def take_arrangement(self) -> None:
        """The columns are others, elsewhere or of another width."""
        self._show_summary()
        self.places.update_bars()
        self.publisher.publish_selection()
        self.editing.place()
        self.announce()
        self.update_all()

    def _show_summary(self) -> None:
        if self.bands.get("summary") is not None or any(column.summary for column in self.columns) or (
            self.arrangement.overlay.summaries
        ):
            from widgets.grid.summary_band import refresh

            refresh(self)

    def take_draft(self) -> None:
        """The new row came or went."""
        self.places.update_bars()
        if self.editing.draft is None:
            self.current.take_lost_draft()
        self.condition.show()

    def _dress(self) -> None:
        self.look = Look(self.context.theme, self.look.density)
        self.bands.place()
        self.content.forget_texts()
        self.condition.show()
        self.places.update_bars()
        self.header.update()

    def announce(self) -> None:
        """Tell assistive technology where the person is."""
        # Nobody hears a grid that was not shown yet, and what it takes costs a start 3 ms.
        if self.isVisible():
            from widgets.grid.accessible import announce

            announce(self)

    def hover(self, row: int) -> None:
        """Note the row under the pointer, -1 when there is none."""
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()

    def update_all(self) -> None:
        """Paint rows and headings anew."""
        self.viewport().update()
        self.header.update()
        self.bands.update_gutter()

    def update_rows(self, *rows: int) -> None:
        """Paint these rows anew, as far as they are in sight."""
        view, height = self.viewport(), self.look.row_height
        for row in rows:
            top = row * height - self.places.top_pixel()
            if -height < top < view.height():
                view.update(0, top, view.width(), height)

    # -- Qt -------------------------------------------------------------------------------------------------------

    def showEvent(self, event: Any) -> None:  # Qt's name
        """Introduce itself to assistive technology, right after the first paint."""
        super().showEvent(event)
        self._announcing.start()

    def paintEvent(self, event: Any) -> None:  # Qt's name
        """Paint what is in sight."""
        painter = QPainter(self.viewport())
        paint_rows(self, painter, event.rect())
        self._paint_hits(painter, event.rect())
        painter.end()

    def _paint_hits(self, painter: QPainter, dirty: QRect) -> None:
        search = self.bands.get("find").finder.search if self.bands.get("find") is not None else None
        if search is not None:
            from widgets.grid.find_paint import paint_hits

            paint_hits(self, painter, dirty, search)

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """Keep the parts in place."""
        super().resizeEvent(event)
        self.bands.place()
        self.condition.place()
        self.follow.place()
        self.widths.fill()
        self.places.update_bars()
        self.follow.ask_rows()
        self.editing.place()
        if "block" in self.__dict__:
            self.block.work.place()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # Qt's name
        """A bar has moved."""
        if dx:
            scroll_columns(self, dx)
            self.bands.follow()
        if dy:
            self.places.take_bar()

    def take_move(self, dy: int) -> None:
        """The rows have moved by that many pixels, whatever moved them."""
        scroll_rows(self, dy)
        self.bands.update_gutter()
        self.follow.ask_rows()

    def wheelEvent(self, event: Any) -> None:  # Qt's name
        """Where a step of the bar is several pixels, the wheel goes by pixels all the same."""
        if self.places.scale() == 1 or not move_by_wheel(self, event):
            super().wheelEvent(event)

    def event(self, event: Any) -> bool:  # Qt's name
        """The keys of ``tool`` are the grid's before they are the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and tool_of(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:  # Qt's name
        """See the tables in ``key`` and ``tool``."""
        if not handle_key(self, event):
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: Any) -> None:  # Qt's name
        """What an input method composes begins an edit, as typing does."""
        if not self.editing.compose(event):
            super().inputMethodEvent(event)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:  # Qt's name
        """Nothing is typed into the grid itself, so that keys of commands go on working."""
        if query == Qt.InputMethodQuery.ImReadOnly:
            return True
        if query == Qt.InputMethodQuery.ImCursorRectangle and self.current.row >= 0 and self.columns:
            return self.places.cell_rect(self.current.row, self.current.column)
        return super().inputMethodQuery(query)

    def mousePressEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``, which a start can do without."""
        from widgets.grid.mouse import handle_press

        handle_press(self, event)

    def mouseMoveEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.grid.mouse import handle_move

        handle_move(self, event)

    def mouseReleaseEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.grid.mouse import handle_release

        handle_release(self)

    def mouseDoubleClickEvent(self, event: Any) -> None:  # Qt's name
        """See ``mouse``."""
        from widgets.grid.mouse import handle_double_click

        handle_double_click(self, event)

    def leaveEvent(self, event: Any) -> None:  # Qt's name
        """Nothing is hovered any more."""
        self.hover(-1)

    def contextMenuEvent(self, event: Any) -> None:  # Qt's name
        """Offer what can be done here."""
        self.open_menu(None if event.reason() == event.Reason.Keyboard else event.globalPos())

    def open_menu(self, place: QPoint | None = None) -> None:
        """Offer what can be done, at a place of the screen or below the current cell."""
        from widgets.grid.menu import show_menu

        if place is None and self.current.row >= 0 and self.columns:
            cell = self.places.cell_rect(self.current.row, self.current.column)
            place = self.viewport().mapToGlobal(cell.bottomLeft())
        show_menu(self, place or self.viewport().mapToGlobal(QPoint(0, 0)))

    def focusInEvent(self, event: Any) -> None:  # Qt's name
        """Show where the person is."""
        super().focusInEvent(event)
        if self.current.row < 0 and self.row_count():
            self.go(0, 0)
        self.update_all()

    def focusOutEvent(self, event: Any) -> None:  # Qt's name
        """Leaving the grid writes the new row."""
        super().focusOutEvent(event)
        self.editing.take_focus_out()
        self.update_all()
