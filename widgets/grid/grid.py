"""The grid: rows of a table in columns, painted from blocks, moved through by keys, edited in place.

This file holds the widget: geometry, current cell, selection, what it publishes. Painting is in ``paint``, rows in
``rows``, edits in ``edit``, keys in ``key``.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from kernel.tables.change import Key
from kernel.tables.query import Query, Sort
from kernel.tables.schema import title_of
from layouts.node import Node
from widgets.context import Context
from widgets.filter import LiveFilter
from widgets.grid.cache import PAGE
from widgets.grid.column import GridColumn, grid_columns, query_columns
from widgets.grid.edit import Editing
from widgets.grid.fit import Wish, fit_widths
from widgets.grid.header import Corner, Header
from widgets.grid.key import handle_key
from widgets.grid.look import Look
from widgets.grid.paint import paint_rows
from widgets.grid.rows import Rows
from widgets.grid.state import StateView
from widgets.grid.style import RowStyle, emphasis_of, row_styles

#: A fitted column's narrowest and widest, in pixels; how narrow a column of texts gets to fit; rows measured
#: at least and at most.
NARROWEST, WIDEST, LEAST_TEXT, MEASURED_AT_LEAST, MEASURED = 48, 320, 96, 24, 60
#: From being shown to the first word to assistive technology, in ms: the first paint goes before.
_ANNOUNCE_AFTER_MS = 30
#: Scroll bars count in int: beyond this many pixels a step of the bar is several pixels.
BAR_LIMIT = 1 << 30


class Grid(QAbstractScrollArea):
    """A :class:`widgets.context.RowView`. Publishes ``ID.current``, ``ID.count`` and ``ID.selection.count``."""

    current_changed = Signal()

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node, self.context, self.id = node, context, node.id
        # NOTE: the viewport is made here because one that Qt made costs 15 ms to be wrapped the first time.
        self._ground = QWidget(self)
        self.setViewport(self._ground)
        self.handle = context.tables[node.get("table")]
        self.columns: list[GridColumn] = []
        self.styles: list[RowStyle] = row_styles(node)
        self.current_row, self.current_column = -1, 0
        self.current_key: Key | None = None
        self._told_key: Key | None = None
        self._lefts = [0]
        self.anchor: tuple[int, int] | None = None
        self._is_all_selected = False
        self.hovered_row = -1
        self.elided: dict[Any, tuple[str, float]] = {}
        self._offset = 0
        self._is_editable = bool(node.get("editable", True) is not False)
        self._empty_text = node.get("empty", "") if isinstance(node.get("empty", ""), str) else ""
        self._is_fitted = False
        self._full_row: tuple[Key, dict[str, Any]] | None = None
        self._announcing = QTimer(self)
        self._announcing.setSingleShot(True)
        self._announcing.setInterval(_ANNOUNCE_AFTER_MS)
        self._announcing.timeout.connect(self._announce)
        self.look = Look(context.theme, str(node.get("density", "normal")))
        self.header = Header(self)
        self.corner = Corner(self)
        self.addScrollBarWidget(self.corner, Qt.AlignmentFlag.AlignTop)
        self.rows = Rows(self.handle, self)
        #: Why the rows could not be read, until they are.
        self._failure: Exception | None = None
        self.rows.anchors = self._anchors
        self.editing = Editing(self)
        self.state = StateView(self.viewport(), context.theme)
        self.state.retry.connect(self._retry)
        self.filter = LiveFilter(node.get("filter"), context.scope, self.rows.set_filter)
        self._prepare()
        self._connect()
        if self.handle.schema is not None:
            self._take_schema()

    def _prepare(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setViewportMargins(0, self.look.header_height, 0, 0)
        self.setMinimumSize(120, self.look.header_height + 3 * self.look.row_height)
        self.verticalScrollBar().setSingleStep(self.look.row_height)
        self.horizontalScrollBar().setSingleStep(40)
        if self.id:
            self.context.views.setdefault(self.id, self)
            self.context.scope.publish(f"{self.id}.current", None)
            self.context.scope.publish(f"{self.id}.count", 0)
        self.setAccessibleName(self.node.get("name") or title_of(self.handle.name))

    def _connect(self) -> None:
        self.handle.schema_changed.connect(self._take_schema)
        self.handle.state_changed.connect(self._show_state)
        self.rows.reloaded.connect(self._take_reloaded)
        self.rows.arrived.connect(self._take_page)
        self.rows.patched.connect(self._take_patched)
        self.rows.failed.connect(self._take_failure)
        self.context.theme.changed.connect(self._dress)
        self.destroyed.connect(self.filter.dispose)

    # -- properties -----------------------------------------------------------------------------------------------

    def set_editable(self, is_editable: Any) -> None:
        """Whether cells can be edited."""
        self._is_editable = bool(is_editable)

    def set_empty(self, text: Any) -> None:
        """What is said when there are no rows."""
        self._empty_text = str(text or "")
        self._show_state()

    def can_edit(self, column: GridColumn | None = None) -> bool:
        """Whether the table (and the column) can be edited here."""
        schema = self.handle.schema
        is_open = self._is_editable and schema is not None and schema.is_editable
        return is_open and (column is None or column.is_editable)

    def outer_names(self) -> tuple[str, ...]:
        """The names that the filter reads from outside."""
        formula = self.node.get("filter")
        return tuple(getattr(formula, "names", ()))

    # -- rows -----------------------------------------------------------------------------------------------------

    def row_count(self) -> int:
        """Rows on screen: those of the query, and the draft of a new one."""
        return (self.rows.cache.count or 0) + (1 if self.editing.draft is not None else 0)

    def row_key(self, row: int) -> Key | None:
        """The row's key, None for a draft or a row that is not here yet."""
        return self.rows.cache.key(row)

    def reader(self, row: int) -> Any:
        """A function path → value for one row, or None when the row is not here."""
        if self.editing.is_draft(row):
            return lambda path: self.editing.draft.values.get(path)
        found = self.rows.cache.find(row)
        if found is None:
            return None
        columns, index = found[0].block.columns, found[1]
        return lambda path: columns[path][index] if path in columns else None

    def row_texts(self, row: int) -> list[tuple[str, float, Any]] | None:
        """(text, width in pixels, value) for each column; made once per row."""
        found = self.rows.cache.find(row)
        if found is not None and found[1] in found[0].texts:
            return found[0].texts[found[1]]
        read = self.reader(row)
        if read is None:
            return None
        texts, width = [], self.look.metrics.horizontalAdvance
        for column in self.columns:
            value = column.shown_value(read)
            text = column.write(value)
            if len(text) > 400 or "\n" in text:
                text = text[:400].replace("\r\n", " ").replace("\n", " ")
            texts.append((text, width(text), value))
        if found is not None:
            found[0].texts[found[1]] = texts
        return texts

    def cell_text(self, row: int, column: int) -> str:
        """What a cell says, as a screen reader reads it: the edit under way, else the value."""
        path = self.columns[column].path
        if (mark := self.mark(row, self.row_key(row), path)) is not None:
            return mark.text
        if self.columns[column].look == "check" and (read := self.reader(row)) is not None:
            return {True: "yes", False: "no", None: "empty"}.get(read(path), str(read(path)))
        texts = self.row_texts(row)
        return (texts[column][0] or "empty") if texts else "loading"

    def row_look(self, row: int) -> dict[str, str]:
        """Column path (empty = whole row) → emphasis."""
        if not self.styles or (found := self.rows.cache.find(row)) is None:
            return {}
        page, index = found
        if index not in page.looks:
            page.looks[index] = emphasis_of(self.styles, self.reader(row))
        return page.looks[index]

    def mark(self, row: int, key: Key | None, path: str) -> Any:
        """The cell's edit under way, or None."""
        return self.editing.marks.get((key, path)) if self.editing.marks else None

    def shown_sort(self) -> tuple[Sort, ...]:
        """The sort keys in force."""
        return self.rows.sort or self.handle.sort

    def take_row_count(self) -> None:
        """The new row came or went."""
        self._update_bars()
        self._show_state()

    def take_lost_draft(self) -> None:
        """The new row was given up: the last stored one is current."""
        self._update_bars()
        self.current_row = min(self.current_row, (self.rows.cache.count or 0) - 1)
        self.set_current_key(self.row_key(self.current_row) if self.current_row >= 0 else None)
        self._show_state()

    # -- geometry -------------------------------------------------------------------------------------------------

    def _scale(self) -> int:
        return max(1, -(-(self.row_count() * self.look.row_height) // BAR_LIMIT))

    def top_pixel(self) -> int:
        """The first pixel in sight, from the top of the first row."""
        return self.verticalScrollBar().value() * self._scale()

    def column_left(self, index: int) -> int:
        """The column's left border in the viewport, in pixels."""
        return self._lefts[index] - self.horizontalScrollBar().value()

    def columns_right(self) -> int:
        """Where the last column ends, in the viewport; at least its width."""
        return max(self.column_left(len(self.columns)), self.viewport().width())

    def column_at(self, x: float) -> int:
        """The column at a viewport position, or -1."""
        for index, column in enumerate(self.columns):
            left = self.column_left(index)
            if left <= x < left + column.width:
                return index
        return -1

    def row_at(self, y: float) -> int:
        """The row at a viewport position, or -1."""
        row = int(y + self.top_pixel()) // self.look.row_height
        return row if 0 <= row < self.row_count() else -1

    def cell_rect(self, row: int, column: int) -> QRect:
        """The cell in the viewport's pixels."""
        height = self.look.row_height
        return QRect(self.column_left(column), row * height - self.top_pixel(), self.columns[column].width, height)

    def page_rows(self) -> int:
        """Whole rows in sight."""
        return max(self.viewport().height() // self.look.row_height, 1)

    def resize_column(self, index: int, width: int) -> None:
        """Give a column another width in pixels."""
        column = self.columns[index]
        column.width = column.wanted_width = width
        column.is_pinned = True
        self._update_bars()
        self.header.update()
        self.viewport().update()

    def fit_column(self, index: int) -> None:
        """Fit a column to its heading and the rows in sight."""
        self.resize_column(index, self._fitted(index))

    def _fitted(self, index: int) -> int:
        column, look = self.columns[index], self.look
        first = self.top_pixel() // look.row_height
        widths = [look.strong_metrics.horizontalAdvance(column.label) + _arrow_room(self, column)]
        # Rows may come before the grid has its height, so that few of them seem to be in sight.
        measured = min(max(self.page_rows(), MEASURED_AT_LEAST), MEASURED)
        for row in range(first, min(first + measured, self.row_count())):
            texts = self.row_texts(row)
            if texts is not None:
                is_strong = self.row_look(row).get(column.path, self.row_look(row).get("")) == "strong"
                text = look.strong_metrics.horizontalAdvance(texts[index][0]) if is_strong else texts[index][1]
                widths.append(text + (14 if column.look == "tag" else 0) + (look.icon_room if column.icon_path else 0))
        return int(min(max(max(widths) + 2 * look.padding + 2, NARROWEST), WIDEST))

    def _fit_all(self) -> None:
        for index, column in enumerate(self.columns):
            column.needed_width = self._fitted(index)
        self._is_fitted = True
        self._fill_room()

    def _fill_room(self) -> None:
        """Let the columns fill the view: narrower ones rather than one cut off, none empty at the end."""
        widths = fit_widths([_wish(column) for column in self.columns], self.viewport().width())
        for column, width in zip(self.columns, widths, strict=True):
            column.width = width

    def _update_bars(self) -> None:
        self._lefts = [0, *accumulate(column.width for column in self.columns)]
        height, width = self.viewport().height(), self.viewport().width()
        total = self.row_count() * self.look.row_height
        bar, scale = self.verticalScrollBar(), self._scale()
        bar.setPageStep(max(height // scale, 1))
        bar.setRange(0, max(total - height, 0) // scale)
        bar.setSingleStep(max(self.look.row_height // scale, 1))
        side = self.horizontalScrollBar()
        side.setPageStep(width)
        side.setRange(0, max(sum(column.width for column in self.columns) - width, 0))

    # -- current cell ---------------------------------------------------------------------------------------------

    def go(self, row: int, column: int | None = None, *, is_extending: bool = False) -> None:
        """Move to a cell, scrolling it into sight; leaving a draft row writes it."""
        if self.row_count() == 0 or not self.columns:
            return
        row = min(max(row, 0), self.row_count() - 1)
        column = min(max(self.current_column if column is None else column, 0), len(self.columns) - 1)
        if self.editing.is_draft(self.current_row) and row != self.current_row and not self.editing.leave_draft():
            return
        self._is_all_selected = False
        if is_extending:
            self.anchor = self.anchor or (max(self.current_row, 0), self.current_column)
        else:
            self.anchor = None
        has_moved = row != self.current_row
        self.current_row, self.current_column = row, column
        self.scroll_to(row, column)
        if has_moved or self.current_key != self.row_key(row):
            self.set_current_key(self.row_key(row))
        self._publish_selection()
        self.editing.show_message()
        self._announce()
        self.viewport().update()
        self.header.update()

    def go_to(self, key: Key) -> None:
        """Move to the row with that key."""
        row = self.rows.cache.row_of(key)
        if row is not None:
            self.go(row)
            return
        self.handle.locate(self.rows.query(), key, lambda row: self.go(row) if isinstance(row, int) else None)

    def scroll_to(self, row: int, column: int) -> None:
        """Bring a cell into sight with as little movement as possible."""
        height, scale = self.look.row_height, self._scale()
        top = row * height
        if top < self.top_pixel():
            self.verticalScrollBar().setValue(top // scale)
        elif top + height > self.top_pixel() + self.viewport().height():
            self.verticalScrollBar().setValue(-(-(top + height - self.viewport().height()) // scale))
        left, side = self.column_left(column), self.horizontalScrollBar()
        if left < 0:
            side.setValue(side.value() + left)
        elif left + self.columns[column].width > self.viewport().width():
            side.setValue(side.value() + min(left + self.columns[column].width - self.viewport().width(), left))

    def selection(self) -> QRect:
        """The selected cells: x, width in columns and y, height in rows."""
        if self._is_all_selected and self.anchor is not None:
            return QRect(0, 0, len(self.columns), self.row_count())
        row, column = self.anchor or (self.current_row, self.current_column)
        top, left = min(row, self.current_row), min(column, self.current_column)
        bottom, right = max(row, self.current_row), max(column, self.current_column)
        return QRect(left, top, right - left + 1, bottom - top + 1)

    def set_current_key(self, key: Key | None) -> None:
        """Note the current row and tell whoever follows it."""
        is_other = key != self._told_key
        self.current_key = self._told_key = key
        self.publish_current()
        if is_other:
            self.current_changed.emit()

    def publish_current(self) -> None:
        """Publish the current row whole; what the page lacks (blobs, wide tables) is read behind."""
        if not self.id:
            return
        read = self.reader(self.current_row) if self.current_key is not None else None
        if read is None:
            self.context.scope.publish(f"{self.id}.current", None)
            return
        schema = self.handle.schema
        row = {path: read(path) for path in self.rows.columns}
        missing = [column.name for column in schema.columns if column.name not in row] if schema else []
        if missing:
            if self._full_row and self._full_row[0] == self.current_key:
                row = {**self._full_row[1], **row}
            self._fetch_missing(self.current_key, tuple(missing))
        self.context.scope.publish(f"{self.id}.current", nested(row))

    def _fetch_missing(self, key: Key, names: tuple[str, ...]) -> None:
        def take(answer: Any) -> None:
            if isinstance(answer, Exception) or not len(answer) or key != self.current_key:
                return
            self._full_row = (key, answer.row(0))
            read = self.reader(self.current_row)
            if read is not None:
                row = {**answer.row(0), **{path: read(path) for path in self.rows.columns}}
                self.context.scope.publish(f"{self.id}.current", nested(row))

        self.handle.fetch(Query(keys=(key,), columns=names), 0, 1, take)

    def _publish_selection(self) -> None:
        if self.id:
            count = self.selection().height() if self.current_row >= 0 else 0
            self.context.scope.publish(f"{self.id}.selection.count", count)

    # -- actions --------------------------------------------------------------------------------------------------

    def sort_by(self, column: int, *, is_added: bool = False, is_descending: bool | None = None) -> None:
        """Sort by a column; once more turns the order round."""
        path = self.columns[column].shown
        if not path:
            return
        before = next((key for key in self.shown_sort() if key.column == path), None)
        descends = (before is not None and not before.is_descending) if is_descending is None else is_descending
        key = Sort(path, descends)
        others = [other for other in self.shown_sort() if other.column != path] if is_added else []
        self.rows.sort = (*others, key)
        self.rows.reload()
        self.header.update()

    def sort_current(self) -> None:
        """Sort by the current column."""
        self.sort_by(self.current_column)

    def select_all(self) -> None:
        """Select every row; the current cell stays."""
        if self.row_count() and self.columns:
            self.anchor, self._is_all_selected = (0, 0), True
            self._publish_selection()
            self.viewport().update()

    def copy(self) -> None:
        """Put the selected cells on the clipboard as tab-separated text; rows that are not here are read first."""
        area = self.selection()
        texts = [self.row_texts(row) for row in range(area.top(), area.bottom() + 1)]
        if None not in texts:
            self._put_on_clipboard([[text for text, *_ in row] for row in texts if row is not None], area)
            return

        def take(answer: Any) -> None:
            if isinstance(answer, Exception):
                self.context.reporter.report("error", "The selected rows could not be copied", str(answer))
                return
            rows = [answer.row(index).get for index in range(len(answer))]
            written = [[column.write(column.shown_value(read)) for column in self.columns] for read in rows]
            self._put_on_clipboard(written, area)
            self.context.reporter.report("success", f"{len(written):,} rows are on the clipboard")

        self.handle.fetch(self.rows.query(), area.top(), area.bottom() + 1, take)

    def _put_on_clipboard(self, rows: list[list[str]], area: QRect) -> None:
        from PySide6.QtWidgets import QApplication

        chosen = (row[area.left() : area.right() + 1] for row in rows)
        lines = ("\t".join(text.replace("\t", " ") for text in cells) for cells in chosen)
        QApplication.clipboard().setText("\n".join(lines))

    def activate(self) -> bool:
        """Run the layout's ``activate`` where cells are not edited; answers whether it did."""
        command = self.node.get("activate")
        if not command or self.can_edit() or self.current_key is None:
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

    # -- answers --------------------------------------------------------------------------------------------------

    def _take_schema(self) -> None:
        schema = self.handle.schema
        if schema is None:
            return
        self.setAccessibleName(self.node.get("name") or schema.title or title_of(self.handle.name))
        widths = {column.path: column.width for column in self.columns}
        self.columns = grid_columns(self.node, schema)
        for column in self.columns:
            column.wanted_width = column.wanted_width or widths.get(column.path, 0)
            column.width = column.wanted_width or 120
        self.rows.columns = query_columns(self.columns, self.styles, schema)
        if isinstance(self.node.get("sort"), str) and not self.rows.sort:
            from kernel.tables.query import parse_sort

            self.rows.sort = parse_sort(self.node.get("sort"))
        self._is_fitted = False
        self._fill_room()
        self._update_bars()
        self.filter.set_schema(schema)
        self.rows.reload()
        self._show_state()
        self.viewport().update()
        self.header.update()

    def _anchors(self) -> tuple[list[Key], int]:
        first = self.top_pixel() // self.look.row_height
        keys = [key for key in (self.current_key, self.row_key(first)) if key is not None]
        return keys, first

    def _take_reloaded(self, places: dict[Key, int | None]) -> None:
        self._failure = None
        old_row, old_top = self.current_row, self.top_pixel()
        place = places.get(self.current_key) if self.current_key is not None else None
        count = self.rows.cache.count or 0
        self._update_bars()
        if not self._is_fitted and count:
            self._fit_all()
            self._update_bars()
        if self.editing.draft is not None:
            self.current_row = count
        elif place is not None:
            self.verticalScrollBar().setValue((old_top + (place - old_row) * self.look.row_height) // self._scale())
            self.current_row = place
        else:
            was_here = self.current_key is not None
            self.current_row = min(old_row, count - 1) if was_here and old_row >= 0 else (0 if count else -1)
            self.anchor = None
        self.current_column = min(self.current_column, max(len(self.columns) - 1, 0))
        if self.id:
            self.context.scope.publish(f"{self.id}.count", count)
        self._ask_rows()
        if self.editing.draft is None:
            self.set_current_key(self.row_key(self.current_row) if self.current_row >= 0 else None)
        self._publish_selection()
        self.editing.place()
        self._show_state()
        self._announce()
        self.viewport().update()
        self.header.update()

    def _take_page(self, first: int, last: int) -> None:
        if first <= self.current_row < last and self.current_key != self.row_key(self.current_row):
            self.set_current_key(self.row_key(self.current_row))
        self.viewport().update()

    def _take_patched(self, keys: list[Key]) -> None:
        self.editing.writing.settle(keys)
        if self.current_key in keys:
            self.publish_current()
        self.viewport().update()

    def _take_failure(self, error: Exception) -> None:
        if self.rows.cache.count is None or self.handle.state == "ready":
            self._failure = error
            self._show_state()

    def _retry(self) -> None:
        self._failure = None
        self.state.hide()
        self.handle.retry()
        self.rows.is_loading = True
        self.rows.reload()

    def _show_state(self) -> None:
        self.state.setGeometry(self.viewport().rect())
        has_rows = self.row_count() > 0
        problem = self._failure or (self.handle.error if self.handle.state in ("error", "offline") else None)
        if problem is not None and not has_rows:
            if self.handle.state == "offline":
                hint = "These rows have not been read before. They appear when the server is back."
                self.state.say("offline", "Offline", hint, can_retry=True)
            else:
                self.state.say("error", "The rows cannot be shown", str(problem), tone="error", can_retry=True)
        elif has_rows or self.rows.is_loading or self.rows.cache.count is None:
            self.state.hide()
        elif self.rows.filter_text and self._is_searching():
            self.state.say("search", "Nothing found", self._empty_text or "No row fits the search.")
        else:
            hint = "Ctrl+Insert adds one." if self.can_edit() else ""
            self.state.say("empty", self._empty_text or "No rows yet", hint)
        self.viewport().update()

    def _is_searching(self) -> bool:
        return any(name.endswith(".text") and self.context.scope.read(name) for name in self.outer_names())

    def _dress(self) -> None:
        self.look = Look(self.context.theme, self.look.density)
        self.elided.clear()
        self.setViewportMargins(0, self.look.header_height, 0, 0)
        for page in self.rows.cache.pages.values():
            page.texts.clear()
        self._show_state()
        self._update_bars()
        self.header.update()

    def _ask_rows(self) -> None:
        first = self.top_pixel() // self.look.row_height
        self.rows.need(first, first + self.page_rows() + PAGE // 4)

    def _announce(self) -> None:
        # Nobody hears a grid that was not shown yet, and what it takes costs a start 3 ms.
        if self.isVisible():
            from widgets.grid.accessible import announce

            announce(self)

    def showEvent(self, event: Any) -> None:  # Qt's name
        """Introduce itself to assistive technology, right after the first paint."""
        super().showEvent(event)
        self._announcing.start()

    # -- Qt -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: Any) -> None:  # Qt's name
        """Paint what is in sight."""
        painter = QPainter(self.viewport())
        paint_rows(self, painter, event.rect())
        painter.end()

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """Keep the parts in place."""
        super().resizeEvent(event)
        self.header.setGeometry(0, 0, self.viewport().width(), self.look.header_height)
        self.state.setGeometry(self.viewport().rect())
        self._fill_room()
        self._update_bars()
        self._ask_rows()
        self.editing.place()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # Qt's name
        """Move the painted part and paint only what is new."""
        if self._scale() == 1 and self.editing.cell is None and not self.rows.is_loading:
            self.viewport().scroll(dx, dy)
            self.state.setGeometry(self.viewport().rect())
        else:
            self.viewport().update()
        if dx:
            self.header.update()
        self._ask_rows()
        self.editing.place()

    def keyPressEvent(self, event: Any) -> None:  # Qt's name
        """See the table in ``key``."""
        if not handle_key(self, event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: Any) -> None:  # Qt's name
        """Go to the cell; Shift extends the selection."""
        row, column = self.row_at(event.position().y()), self.column_at(event.position().x())
        if not self.editing.accept():
            return
        if row >= 0 and column >= 0:
            is_right = event.button() == Qt.MouseButton.RightButton
            if is_right and self.selection().contains(QPoint(column, row)):
                return
            is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.go(row, column, is_extending=is_extending)
            check = self.columns[column].look == "check" and self.cell_rect(row, column).center().x()
            if check and abs(event.position().x() - check) < 12 and not is_right and not is_extending:
                self.editing.switch()

    def mouseMoveEvent(self, event: Any) -> None:  # Qt's name
        """Hover; drag selects."""
        row = self.row_at(event.position().y())
        if event.buttons() & Qt.MouseButton.LeftButton and row >= 0:
            column = self.column_at(event.position().x())
            if (row, column) != (self.current_row, self.current_column):
                self.go(row, column if column >= 0 else None, is_extending=True)
        elif row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: Any) -> None:  # Qt's name
        """Edit the cell."""
        is_cell = self.row_at(event.position().y()) >= 0 and self.column_at(event.position().x()) >= 0
        if is_cell and not self.activate():
            self.editing.open()

    def contextMenuEvent(self, event: Any) -> None:  # Qt's name
        """Offer what can be done here."""
        self.open_menu(None if event.reason() == event.Reason.Keyboard else event.globalPos())

    def open_menu(self, place: QPoint | None = None) -> None:
        """Offer what can be done, at a place of the screen or below the current cell."""
        from widgets.grid.menu import show_menu

        if place is None and self.current_row >= 0 and self.columns:
            place = self.viewport().mapToGlobal(self.cell_rect(self.current_row, self.current_column).bottomLeft())
        show_menu(self, place or self.viewport().mapToGlobal(QPoint(0, 0)))

    def leaveEvent(self, event: Any) -> None:  # Qt's name
        """Nothing is hovered any more."""
        self.hovered_row = -1
        self.viewport().update()

    def focusInEvent(self, event: Any) -> None:  # Qt's name
        """Show where the person is."""
        super().focusInEvent(event)
        if self.current_row < 0 and self.row_count():
            self.go(0, 0)
        self.viewport().update()
        self.header.update()

    def focusOutEvent(self, event: Any) -> None:  # Qt's name
        """Leaving the grid writes the new row."""
        super().focusOutEvent(event)
        self.editing.take_focus_out()
        self.viewport().update()
        self.header.update()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # Qt's name
        """Tab leaves the grid unless a cell is being edited (``key`` handles that)."""
        return super().focusNextPrevChild(is_next)


def _arrow_room(grid: Grid, column: GridColumn) -> int:
    """What the arrow of a sorted column takes beside its heading, in pixels."""
    return 20 if any(key.column in (column.path, column.shown) for key in grid.shown_sort()) else 4


def _wish(column: GridColumn) -> Wish:
    """What a column asks of the room; one that the person resized keeps its width."""
    wanted = column.wanted_width or column.needed_width or column.width or LEAST_TEXT
    if column.is_pinned:
        return Wish(wanted, wanted, wanted, False)
    needed = column.needed_width or wanted
    return Wish(wanted, needed, LEAST_TEXT if column.is_flexible else min(needed, wanted), column.is_flexible)


def nested(row: dict[str, Any]) -> dict[str, Any]:
    """The row with paths through references as dicts too, so that ``current.customer.name`` reads."""
    whole = dict(row)
    for path, value in row.items():
        head, dot, rest = path.partition(".")
        if not dot:
            head, dot, rest = path.partition(":")
        if dot and (head not in row) and "." not in rest:
            inner = whole.setdefault(head, {})
            if isinstance(inner, dict):
                inner[rest] = value
    return whole
