"""A grid of rows that are stored nowhere: sorted, filtered, searched and copied as any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.memory import MemorySource
from kernel.tables.schema import Schema
from kernel.words import say
from layouts.node import Node
from layouts.texts.schema import worded
from widgets.context import Context
from widgets.grid import Grid
from widgets.handle import TableHandle
from widgets.record.surroundings import inner


class RowsTable(Grid):
    """Rows of one schema, whose key is its first column, a text that is not shown.

    Args:
        context: The surroundings.
        schema: The columns.
        widths: Column → its width in pixels at 100 %, of those that are shown.
        sort: The order in which they stand at first.
        empty: What is said while there are none.
        run: Called with the key of the row that is gone to, by Return or a double click.
        left: Called when Escape is pressed and the grid has no use for it.
    """

    def __init__(
        self, context: Context, schema: Schema, widths: Mapping[str, int], parent: QWidget, *, sort: str = "",
        empty: str = "", run: Callable[[str], Any], left: Callable[[], Any],
    ) -> None:  # fmt: skip
        self._run, self._left, self._key = run, left, schema.key[0]
        self._table = MemorySource([(schema, [])]).table(schema.name)
        self.values: dict[str, dict[str, Any]] = {}
        handle = TableHandle(self._table, schema.name, sort=sort, word=lambda found: worded(found, say))
        shows = [Node("show", properties={"column": name, "width": width}) for name, width in widths.items()]
        properties = {"table": schema.name, "editable": False, "empty": empty}
        super().__init__(Node("grid", "", properties, shows), inner(context, {schema.name: handle}), parent)
        handle.setParent(self)

    def show_rows(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Show these and no others, by their keys; a row that was there stays where the person is in it."""
        changes: list[Any] = [Delete((key,), "") for key in self.values if key not in rows]
        for key, row in rows.items():
            before = self.values.get(key)
            if before is None:
                changes.append(Insert({self._key: key, **row}))
            elif before != row:
                changes.append(Update((key,), "", dict(row)))
        self.values = {key: dict(row) for key, row in rows.items()}
        if changes:
            self._table.commit(changes)

    def activate(self) -> bool:
        """Go where the row leads; answers whether there is one."""
        if self.current.key is None:
            return False
        self._run(str(self.current.key[0]))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape leaves it, when the grid has no use for it."""
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Escape and not event.isAccepted():
            event.accept()
            self._left()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Two clicks go there."""
        super().mouseDoubleClickEvent(event)
        if self.viewport().rect().contains(event.position().toPoint()):
            self.activate()
