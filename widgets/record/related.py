"""The rows of other tables that refer to a record's row: a small list for each reference that schemas tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from kernel.tables.schema import Reference, Schema, title_of
from kernel.words import say
from layouts.node import Formula, Node
from widgets.list.list import List
from widgets.record.surroundings import ROW, Follower, inner

if TYPE_CHECKING:
    from widgets.context import Context
    from widgets.handle import TableHandle
    from widgets.record.record import Record

#: Lines of a list that are shown at most, and lists; of more only the first are made.
_LINES, _MOST = 5, 12


class Referring(NamedTuple):
    """A table and the reference by which its rows refer to another table."""

    schema: Schema
    reference: Reference


def referring_to(name: str, schemas: dict[str, Schema]) -> list[Referring]:
    """The references of all tables to the table ``name``, in the tables' order."""
    return [
        Referring(schema, reference)
        for schema in schemas.values()
        for reference in schema.references
        if reference.table == name
    ]


class _AddButton(QToolButton):
    """Begins a new row of a list, where the person may."""

    def __init__(self, shown: List, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = shown
        self.setIcon(shown.context.theme.icon("add"))
        self.setToolTip(say("New row of {title}", title=title))
        self.setAccessibleName(say("New row of {title}", title=title))
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(shown.add_row)
        shown.handle.schema_changed.connect(self._show_where_open)
        self._show_where_open()

    def _show_where_open(self) -> None:
        self.setVisible(self._shown.can_edit() and not self._shown.why_not("add"))


class Related(QScrollArea):
    """One list below the other. ``resized`` when they need another height.

    Args:
        context: The window's surroundings.
        handle: The record's table.
        record: Goes to the rows that are chosen, and to new ones.
    """

    resized = Signal()

    def __init__(self, context: Context, handle: TableHandle, record: Record) -> None:
        super().__init__(record)
        self._context, self._handle, self._record = context, handle, record
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget(self)
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(context.theme.space("normal"))
        self._column.addStretch(1)
        self.setWidget(body)
        self.lists: list[List] = []
        self._targets: list[tuple[Context, Reference]] = []
        self._values: dict[str, Any] | None = None
        self.hide()

    def needed_height(self) -> int:
        """What all the lists take, in pixels."""
        return self.widget().sizeHint().height()

    def ask(self) -> None:
        """Find out which tables refer to this one."""
        list_tables, handle = self._context.list_tables, self._handle
        handle.call(lambda _table: list_tables(handle), self._take)

    def _take(self, answer: Any) -> None:
        schema = self._handle.schema
        if not isValid(self) or isinstance(answer, Exception) or schema is None:
            return
        for found in referring_to(schema.name, answer)[:_MOST]:
            self._add(found)
        self.show_row(self._values)

    def _add(self, found: Referring) -> None:
        handle = self._context.open_table(self._handle, found.schema.name)
        context = inner(self._context, {"rows": handle})
        pairs = zip(found.reference.via, found.reference.columns, strict=True)
        text = " and ".join(f"{via} == {ROW}.current.{column}" for via, column in pairs)
        names = (*found.reference.via, *(f"{ROW}.current.{column}" for column in found.reference.columns))
        title = title_of(found.schema.name)
        properties: dict[str, Any] = {"table": "rows", "name": title, "filter": Formula(text, names)}
        properties["editable"] = self._record.is_editable
        shown = List(Node("list", "rows", {**properties, **_second_line(found)}), context, self.widget())
        context.commands = Follower(self._context.commands, lambda: self._go(shown))
        shown.adder = lambda given: self._record.follow_new(handle, given)
        heading = self._head(shown, title)
        self._column.insertWidget(self._column.count() - 1, shown)
        self.lists.append(shown)
        self._targets.append((context, found.reference))

        def fit() -> None:
            count = context.scope.read("rows.count") or 0
            heading.setText(f"{title}  {context.scope.read('rows.count_text') if count else 'none'}")
            shown.setVisible(bool(count))
            self.resized.emit()
            shown.setFixedHeight(max(min(count, _LINES), 1) * shown.measures().line + 2)

        context.disposers.add(context.scope.watch(("rows.count", "rows.count_text"), fit))
        fit()

    def _head(self, shown: List, title: str) -> QLabel:
        """The heading of a list, with a button for a new row where there may be one."""
        line, heading = QHBoxLayout(), QLabel(title, self.widget())
        heading.setFont(self._context.theme.font("strong"))
        heading.setBuddy(shown)
        line.addWidget(heading)
        line.addWidget(_AddButton(shown, title, self.widget()))
        line.addStretch(1)
        self._column.insertLayout(self._column.count() - 1, line)
        return heading

    def _go(self, shown: List) -> None:
        if shown.current_key is not None:
            self._record.follow(shown.handle, shown.current_key)

    def show_row(self, values: dict[str, Any] | None) -> None:
        """Show the rows that refer to the row with these values; none can refer to one that is not stored."""
        self._values = values
        self.setVisible(bool(self.lists) and values is not None)
        for context, reference in self._targets:
            current = None if values is None else {column: values.get(column) for column in reference.columns}
            context.scope.publish(f"{ROW}.current", current)


def _second_line(found: Referring) -> dict[str, Any]:
    """The first columns that say something, beside those that a row is called by and those that refer here."""
    schema = found.schema
    said = {*schema.label, *schema.key, *found.reference.via}
    rest = [one.name for one in schema.columns if one.name not in said and one.type not in ("longtext", "blob")]
    properties: dict[str, Any] = {}
    # A number alone says little of a row.
    if all(name in schema.key or schema.column(name) is None for name in schema.label) and rest:
        first = rest.pop(0)
        properties["title"] = Formula(first, (first,))
    for name, column in zip(("subtitle", "trailing"), rest, strict=False):
        properties[name] = Formula(column, (column,))
    return properties
