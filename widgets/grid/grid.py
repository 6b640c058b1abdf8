"""The grid: rows of a table in columns, painted from blocks, moved through by keys, edited in place.

This file holds the widget: it joins its parts. ``event`` hands them Qt's events. What they own: ``rows`` the rows,
``content`` what they say, ``place`` pixels, ``column_width`` widths, ``current`` the current cell, ``selection`` what
is selected, ``publish`` the scope, ``condition`` empty and failed, ``edit`` edits; ``paint``, ``key`` and ``mouse`` are
functions.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kernel.tables.change import Key
from kernel.tables.query import Sort
from layouts.node import Node
from widgets.context import Context
from widgets.filter import LiveFilter
from widgets.grid.ahead import Ahead
from widgets.grid.answer import draw_look, dress, show_summary, take_schema
from widgets.grid.arrangement import Arrangement
from widgets.grid.band import Bands
from widgets.grid.column import GridColumn
from widgets.grid.column_width import ColumnWidths
from widgets.grid.condition import Condition
from widgets.grid.content import Content
from widgets.grid.current import CurrentCell
from widgets.grid.edit import Editing
from widgets.grid.event import GridEvents
from widgets.grid.filtering import Filters
from widgets.grid.follow import Follow
from widgets.grid.header import Corner, Header
from widgets.grid.look import Look
from widgets.grid.place import Places
from widgets.grid.publish import Publisher
from widgets.grid.ready import ReadyRows
from widgets.grid.selection import Selection
from widgets.listing.rows import Rows

if TYPE_CHECKING:
    from widgets.grid.block_action import BlockActions
    from widgets.grid.drag import Drag
    from widgets.grid.look_rules import Drawn
    from widgets.grid.notice import Notice
    from widgets.grid.outline import Outline
    from widgets.grid.panel import Panel
    from widgets.hint import TakeTargets


class Grid(GridEvents):
    """A :class:`widgets.context.RowView`. Publishes ``ID.current``, ``ID.count`` and ``ID.selection.count``.

    Attributes:
        columns: The columns on screen in their order, none until the table's schema is known.
        frozen: How many of them, from the first on, stay in sight while the others go sideways.
        panel: The card that is open over it, or None.
        outline: Its groups or its tree, or None.
        bookmarks: The rows that the person marked (``bookmark.Bookmarks``); empty for none.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node, self.context, self.id = node, context, node.id
        # NOTE: the viewport is made here because one that Qt made costs 15 ms to be wrapped the first time.
        self._ground = QWidget(self)
        self.setViewport(self._ground)
        self.handle = context.tables[node.get("table")]
        self.columns: list[GridColumn] = []
        self.frozen = 0
        self.drag: Drag | None = None
        self.panel: Panel | None = None
        self.outline: Outline | None = None
        self.bookmarks: Any = ()
        self._is_editable = bool(node.get("editable", True) is not False)
        self.look = Look(context.theme, str(node.get("density", "normal")))
        self.look.is_turned = self.isRightToLeft()
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
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.bands.put("header", self.header)
        if self.node.get("numbers") is True:
            self.bands.show_gutter(True)
        self.setMinimumSize(120, self.look.header_height + 3 * self.look.row_height)
        self.verticalScrollBar().setSingleStep(self.look.row_height)
        self.horizontalScrollBar().setSingleStep(40)
        self.prepare()

    def _connect(self) -> None:
        self.connect_rows()
        self.handle.away_changed.connect(self._take_away)
        self.filters.changed.connect(self.widths.make_room)
        self.filters.changed.connect(self.header.update)

    @cached_property
    def block(self) -> BlockActions:
        """What is done with many cells at once."""
        from widgets.grid.block_action import BlockActions

        return BlockActions(self)

    # -- properties -----------------------------------------------------------------------------------------------

    def set_editable(self, is_editable: Any) -> None:
        """Whether cells can be edited."""
        self._is_editable = bool(is_editable)

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

    @property
    def wanted_tree(self) -> str:
        """The reference that makes the rows a tree, as the layout wants it; empty: none (see :mod:`widgets.tree`)."""
        return ""

    # -- rows and the current one ---------------------------------------------------------------------------------

    def row_count(self) -> int:
        """Rows on screen: those of the query, and the draft of a new one."""
        return (self.rows.cache.count or 0) + (1 if self.editing.draft is not None else 0)

    def row_key(self, row: int) -> Key | None:
        """See :class:`RowsView`; the draft has none, also while a row that is not counted yet is in its place."""
        return None if self.editing.is_draft(row) else super().row_key(row)

    def cell_text(self, row: int, column: int) -> str:
        """What a cell says, as a screen reader reads it."""
        if self.outline is not None and (text := self.outline.cell_text(row, column)):
            return text
        return self.content.cell_text(row, column)

    @property
    def current_key(self) -> Key | None:
        """The current row's key, None when there is none, when it is new, and at the line of a group."""
        if self.outline is not None and self.outline.refuses(self.current.row):
            return None
        return self.current.key

    @property
    def current_column(self) -> int:
        """The current column."""
        return self.current.column

    def go(self, row: int, column: int | None = None, *, is_extending: bool = False) -> None:
        """Move to a cell; see :meth:`widgets.grid.current.CurrentCell.go`."""
        self.current.go(row, column, is_extending=is_extending)

    def shown_sort(self) -> tuple[Sort, ...]:
        """The sort keys in force."""
        return self.rows.sort or self.handle.sort

    # -- actions --------------------------------------------------------------------------------------------------

    def sort_by(self, column: int, *, is_added: bool = False, is_descending: bool | None = None) -> None:
        """Sort by a column; once more turns the order round."""
        from widgets.grid.sort import sort_by

        sort_by(self, column, is_added=is_added, is_descending=is_descending)

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

    def activate(self) -> bool:
        """Run the layout's ``activate`` where cells are not edited; answers whether it did."""
        command = self.node.get("activate")
        if not command or self.can_edit() or self.current.key is None:
            return False
        self.context.commands.run(command)
        return True

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

    def notice_of_rows(self) -> Notice:
        """See :meth:`RowsView.notice_of_rows`."""
        return self.editing.notice

    def holds_person(self) -> bool:
        """See :meth:`RowsView.holds_person`."""
        return self.is_editing() or self.editing.draft is not None

    def hint_targets(self, done: TakeTargets) -> None:
        """See :mod:`widgets.hint`."""
        from widgets.grid.hint import grid_targets

        done(grid_targets(self))

    def hint_place(self) -> tuple[Any, ...]:
        """What moves its targets."""
        from widgets.grid.hint import grid_place

        return grid_place(self)

    # -- answers --------------------------------------------------------------------------------------------------

    # NOTE: what signals of the handle and the theme call are methods of this widget, so that these let go of it when
    # it is deleted.

    def _take_schema(self) -> None:
        take_schema(self)

    def _take_away(self) -> None:
        if self.editing.marks and not self.handle.why_closed:
            self.editing.writing.write_kept()
        self.update_all()

    def _dress(self) -> None:
        dress(self)

    def draw_look(self, drawn: Drawn) -> None:
        """See :mod:`widgets.dress`."""
        draw_look(self, drawn)

    def take_arrangement(self) -> None:
        """The columns are others, elsewhere or of another width."""
        show_summary(self)
        self.places.update_bars()
        self.publisher.publish_selection()
        self.editing.place()
        self.announce()
        self.update_all()

    def take_draft(self) -> None:
        """The new row came or went."""
        self.places.update_bars()
        if self.editing.draft is None:
            self.current.take_lost_draft()
        self.condition.show()

    def announce(self) -> None:
        """Tell assistive technology where the person is."""
        # Nobody hears a grid that was not shown yet, and what it takes costs a start 3 ms.
        if self.isVisible():
            from widgets.grid.accessible import announce

            announce(self)

