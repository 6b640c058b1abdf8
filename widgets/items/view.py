"""What ``list`` and ``cards`` have in common: rows of a table as items, of which only those in sight are read.

This file joins the parts; ``event`` hands them Qt's events. ``content`` says what items say, ``places`` where they are,
``current`` and ``selection`` where the person is, ``section`` what the headings say, ``follow`` hears the rows;
``key``, ``mouse`` and ``paint`` are functions. The rows and what is said without any are the grid's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from kernel.tables.change import Key
from kernel.tables.query import Sort, parse_sort
from kernel.tables.schema import title_of
from kernel.words import say
from layouts.node import Node
from widgets.context import Context
from widgets.filter import LiveFilter
from widgets.grid.condition import Condition
from widgets.grid.look import Look
from widgets.grid.publish import Publisher
from widgets.items.content import ItemContent
from widgets.items.current import CurrentItem
from widgets.items.event import ItemEvents
from widgets.items.follow import ItemFollow
from widgets.items.notice import ItemNotice
from widgets.items.places import ItemPlaces
from widgets.items.section import Sections
from widgets.items.selection import ItemSelection
from widgets.listing.rows import Rows

if TYPE_CHECKING:
    from widgets.grid.look_rules import Drawn
    from widgets.grid.notice import Notice
    from widgets.hint import TakeTargets
    from widgets.items.rename import Rename
    from widgets.items.staying_strip import StayingStrip
    from widgets.listing.row_action import RowActions


class Measures(NamedTuple):
    """Items beside each other, height of a line and of the item in it, in pixels."""

    per_line: int
    line: int
    height: int


class ItemView(ItemEvents):
    """A :class:`widgets.context.RowView`. Publishes ``ID.current``, ``ID.count`` and ``ID.selection.count``.

    Attributes:
        notice: What is said beside the current item.
        rename: The editor of a title, or None before the first.
        staying: What is said of rows that stay, or None before the first.
        behind: The colour behind its items, as a role of the look.
        adder: Begins a new row that holds these values, where that is not for the form or record of the view.
    """

    behind = "below"

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node, self.context, self.id = node, context, node.id
        self.handle = context.tables[node.get("table")]
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
        self._is_editable = node.get("editable", True) is not False
        self.rename: Rename | None = None
        self.staying: StayingStrip | None = None
        self.adder: Callable[[dict[str, Any]], None] | None = None
        self.notice = ItemNotice(self)
        self.condition = Condition(self)  # type: ignore[arg-type]
        self.follow = ItemFollow(self)
        self.filter = LiveFilter(node.get("filter"), context.scope, self._take_filter)
        self._watch: Any = None
        self._prepare()
        self.connect_rows()
        if self.handle.schema is not None:
            self._take_schema()

    def _prepare(self) -> None:
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(120, 96)
        self.prepare()

    @cached_property
    def actions(self) -> RowActions:
        """What is done with whole rows."""
        from widgets.items.acting import row_actions

        return row_actions(self)

    @property
    def columns(self) -> list[Any]:
        """The columns of its cards, else every column of the table: what an export of the rows writes."""
        from widgets.grid.column import grid_columns

        schema = self.handle.schema
        return self.content.fields or (grid_columns(Node("grid"), schema) if schema is not None else [])

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

    def title_box(self, row: int) -> QRect:
        """Where the line with an item's title stands, in the viewport; its editor is as high as it needs."""
        raise NotImplementedError

    def paint_item(self, painter: QPainter, row: int, box: QRect) -> None:
        """Paint one item, or what stands for it until it is here."""
        raise NotImplementedError

    def heading_height(self) -> int:
        """Height of a section's heading in pixels."""
        return int(max(self.look.metrics.height(), self.look.heading_metrics.height())) + self.look.theme.length(14)

    # -- properties -----------------------------------------------------------------------------------------------

    def set_letters(self, has_letters: Any) -> None:
        """Whether letters stand for a picture."""
        self.has_letters = bool(has_letters)
        self.places.update()
        self.viewport().update()

    def set_editable(self, is_editable: Any) -> None:
        """Whether rows can be added, renamed and deleted here."""
        self._is_editable = bool(is_editable)
        self.condition.show()

    def can_edit(self) -> bool:
        """Whether rows can be added, renamed and deleted here."""
        schema = self.handle.schema
        return self._is_editable and schema is not None and schema.is_editable

    def wanted_sort(self) -> tuple[Sort, ...]:
        """The order that the layout gives."""
        sort = self.node.get("sort")
        return parse_sort(sort) if isinstance(sort, str) else ()

    # -- rows and the current one ---------------------------------------------------------------------------------

    def row_count(self) -> int:
        """Rows that there are."""
        return self.rows.cache.count or 0

    @property
    def current_key(self) -> Key | None:
        """The current row's key, None when there is none."""
        return self.current.key

    def go(self, row: int, *, is_extending: bool = False) -> None:
        """Move to a row."""
        self.current.go(row, is_extending=is_extending)

    def item_text(self, row: int) -> str:
        """What an item says, as a screen reader reads it."""
        item = self.content.item(row)
        return item.spoken() or say("empty") if item is not None else say("loading")

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

    def add_row(self) -> None:
        """Begin a new row."""
        from widgets.listing.adding import add_row

        add_row(self)

    def duplicate_rows(self) -> None:
        """New rows with the values of the selected ones."""
        self.actions.duplicate()

    def delete_rows(self) -> None:
        """Delete the selected rows after a question."""
        if self.actions.may("delete"):
            self.actions.ask_delete()

    def rename_row(self) -> None:
        """Edit the title of the current item where it stands."""
        from widgets.items.rename import Rename

        self.rename = self.rename or Rename(self)
        self.rename.open()

    def has_edits(self) -> bool:
        """Whether anything is typed that is not written, or rows are being written."""
        is_busy = "actions" in self.__dict__ and self.actions.work.is_busy
        return is_busy or (self.rename is not None and self.rename.has_edits())

    def holds_person(self) -> bool:
        """See :meth:`RowsView.holds_person`."""
        return self.rename is not None and self.rename.field is not None

    def open_menu(self, place: QPoint | None = None) -> None:
        """Offer what can be done, at a place of the screen or below the current item."""
        from widgets.items.menu import show_menu

        if place is None:
            box = self.places.rect(self.current.row) if self.current.row >= 0 else QRect()
            place = self.viewport().mapToGlobal(box.bottomLeft())
        show_menu(self, place)

    def take_added(self, key: Key) -> None:
        """See :meth:`RowsView.take_added`; nothing else stays selected."""
        self.selection.clear()
        super().take_added(key)

    def notice_of_rows(self) -> Notice:
        """See :meth:`RowsView.notice_of_rows`."""
        return self.notice

    def take_given_up(self) -> None:
        """Nothing came of a new row: the person is here again."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def hint_targets(self, done: TakeTargets) -> None:
        """See :mod:`widgets.hint`."""
        from widgets.items.hint import item_targets

        done(item_targets(self))

    def hint_place(self) -> tuple[Any, ...]:
        """What moves its targets."""
        from widgets.items.hint import item_place

        return item_place(self)

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

    def _take_filter(self, text: str, parameters: dict[str, Any]) -> None:
        self.rows.set_filter(text, parameters)

    def _forget_items(self) -> None:
        self.content.forget()
        self.viewport().update()

    def _dress(self) -> None:
        self.look = Look(self.context.theme, drawn=self.look.drawn)
        self.content.forget()
        self.places.update()
        self.condition.show()

    def draw_look(self, drawn: Drawn) -> None:
        """See :mod:`widgets.dress`."""
        if drawn != self.look.drawn:
            self.look.drawn = drawn
            self._dress()
            self.viewport().update()

    def take_selection(self) -> None:
        """Tell how many rows are selected, and show it."""
        if self.id:
            self.context.scope.publish(f"{self.id}.selection.count", self.selection.row_total())
        self.announce()
        self.viewport().update()

    def take_move(self) -> None:
        """Other items are in sight."""
        self.follow.ask_rows()
        self.place_parts()
        self.viewport().update()

    def place_parts(self) -> None:
        """Keep what stands over items at its place."""
        self.notice.place()
        for part in (self.rename, self.staying):
            if part is not None:
                part.place()
        if "actions" in self.__dict__:
            self.actions.work.place()

    def announce(self) -> None:
        """Tell assistive technology where the person is."""
        if self.isVisible():
            from widgets.items.accessible import announce

            announce(self)
