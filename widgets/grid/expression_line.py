"""The line for a whole filter expression, completed while it is typed. What is wrong is said below it with its place;
the filter that was in force stays, and so does what was typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from kernel.expression.completion import Completion, Item, complete, quoted
from kernel.tables.query import Aggregate, Query, Sort
from kernel.tables.quick_filter import name_text
from kernel.tables.schema import Schema
from kernel.words import say
from widgets.aside import Aside
from widgets.grid.completion_list import CompletionList

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: From the last key to the question for values, in ms; values that are offered.
DELAY_MS, VALUES = 150, 20
_COUNT = "value count"


class ExpressionLine(QLineEdit):
    """Completes by typing and by Ctrl+Space; its other keys are the band's (see ``expression_band``)."""

    def __init__(self, grid: Grid, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = grid
        self._aside = Aside(grid.handle, "completion")
        self._list: CompletionList | None = None
        self._completion = Completion(0, "")
        self._items: tuple[Item, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._ask_values)
        self.setPlaceholderText(say("Filter, for example: {example}", example='total > 100 and status == "open"'))
        self.setAccessibleName(say("Filter expression"))
        self.textEdited.connect(lambda _text: self.complete())

    def complete(self, *, is_asked: bool = False) -> None:
        """Offer what may stand here; without being asked for it only where something is typed already."""
        schema = self._grid.handle.schema
        if schema is None:
            return
        self._aside.cancel()
        found = self._completion = complete(self.text(), self.cursorPosition(), schema, self._schema_of)
        is_wanted = is_asked or bool(found.partial) or bool(found.value_of)
        self._offer(found.items if is_wanted else ())
        self._timer.stop()
        if found.value_of and is_wanted:
            self._timer.start()

    def take_key(self, event: QKeyEvent) -> bool:
        """Keys of the open list, and Ctrl+Space; False leaves the key to others."""
        if event.key() == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.complete(is_asked=True)
            return True
        return self._list is not None and not event.modifiers() and self._list.handle_key(event.key())

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Tab takes an offer while the list is open; Escape and Ctrl+Space are not the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Space):
            event.accept()
            return True
        is_tab = event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab
        if is_tab and self._list is not None and self._list.handle_key(Qt.Key.Key_Tab):
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        """Nothing is offered any more."""
        super().focusOutEvent(event)
        self._offer(())
        self._timer.stop()
        self._aside.cancel()

    def close_questions(self) -> None:
        """End the thread that asks for values."""
        self._aside.close()

    def _offer(self, items: tuple[Item, ...]) -> None:
        self._items = items
        if not items and self._list is None:
            return
        if self._list is None:
            self._list = CompletionList(self, self._grid.context.theme)
            self._list.picked.connect(self._take)
        self._list.offer(items, self._completion.start)

    def _take(self, index: int) -> None:
        """Put an offer in the place of what is typed of it."""
        item, text = self._items[index], self.text()
        end = self.cursorPosition()
        if item.kind == "value" and text[end : end + 1] == item.text[-1:] and item.text[-1:] in "\"'":
            end += 1
        is_open = item.text.endswith(("(", "."))
        space = "" if is_open or text[end : end + 1] == " " else " "
        start = self._completion.start
        self.setText(f"{text[:start]}{item.text}{space}{text[end:]}")
        self.setCursorPosition(start + len(item.text) + len(space))
        self.complete()
        if not is_open:
            self._offer(())

    def _ask_values(self) -> None:
        """Ask the table for values that fit, the most frequent first."""
        found, schema = self._completion, self._grid.handle.schema
        column = schema.column(found.value_of) if schema is not None else None
        if column is not None and (column.type not in ("text", "longtext") or column.choices):
            return
        name = name_text(found.value_of)
        text = f"{name} != null" + (f" and {name} contains {found.partial!r}" if found.partial else "")
        order = (Sort(_COUNT, is_descending=True),)
        counted = (Aggregate("count", "", _COUNT),)
        query = self._grid.handle.merge(Query(filter=text, group=(found.value_of,), aggregates=counted, sort=order))
        self._aside.fetch(msgspec.structs.replace(query, sort=order), 0, VALUES, lambda block: self._take_values(block))

    def _take_values(self, block: Any) -> None:
        if isinstance(block, Exception) or not self.hasFocus():
            return
        values = next(iter(block.columns.values()))
        offers = tuple(Item(quoted(one), "value") for one in values if isinstance(one, str) and len(one) < 200)
        self._offer((*offers, *(item for item in self._items if item.text not in {one.text for one in offers})))

    def _schema_of(self, table: str) -> Schema | None:
        return self._grid.context.open_table(self._grid.handle, table).schema
