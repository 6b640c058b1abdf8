"""The record browser: the current row of a view as a whole page, its neighbours by key, and ways along references.

Editing is the form's. What stands beside it is in ``related``, the line over it in ``bar``, where it is in ``step``.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kernel.tables.change import Key
from kernel.tables.check import row_problems
from kernel.tables.schema import title_of
from kernel.words import say
from layouts.node import Formula, Node
from widgets.context import Context
from widgets.field_order import sensible_order
from widgets.form import Form
from widgets.form_new import focus_first
from widgets.handle import TableHandle
from widgets.record.bar import RecordBar
from widgets.record.related import Related
from widgets.record.step import RowStep, ViewStep, key_of
from widgets.record.surroundings import ROW, inner

#: From this width on, lists of other rows stand beside the fields, in pixels; from so many fields on there is a search.
_WIDE, _MANY = 820, 12
#: Fields that are made at once; a table of hundreds of columns would take seconds.
_AT_ONCE = 40
#: Qt's greatest height.
_UNLIMITED = 16_777_215
_KEY, _ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
#: Key with Alt → where it leads.
_MOVES = {_KEY.Key_Home: "first", _KEY.Key_PageUp: "previous", _KEY.Key_PageDown: "next", _KEY.Key_End: "last"}

_LEAVE = (_KEY.Key_Escape, Qt.KeyboardModifier.NoModifier)
_BACK = ((_KEY.Key_Left, _ALT), _LEAVE)


class Record(QWidget):
    """Follows ``of``; ``closed`` when it stands over its view and is left.

    Args:
        node: A ``record`` of a layout, or one that was made for a view.
        context: The window's surroundings.
        parent: Its parent.
        view: The view, where no layout names it.
    """

    closed = Signal()

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None, view: Any = None) -> None:
        super().__init__(parent)
        self.node, self.context, self.id = node, context, node.id
        of = node.get("of")
        self._view_id = (of.text if isinstance(of, Formula) else str(of or "")).removesuffix(".current")
        self._is_over = view is not None
        self.steps: list[Any] = []
        self.form: Form | None = None
        self.related: Related | None = None
        #: The references that have a link now, with what it says.
        self._linked: list[tuple[Any, str]] = []
        #: All columns in the order of their fields.
        self._order: list[str] = []
        self.is_editable = node.get("editable", True) is not False
        #: Whether the first field takes the focus when the row is here.
        self._wants_focus = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(context.theme.space("tight"))
        self.bar = RecordBar(context.theme, self, can_close=self._is_over)
        self._links = QWidget(self)
        QHBoxLayout(self._links).setContentsMargins(0, 0, 0, 0)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.setSpacing(context.theme.space("wide"))
        self._outer.addWidget(self.bar)
        self._outer.addWidget(self._links)
        self._outer.addLayout(self._halves, 1)
        self.more = QPushButton(self)
        self.more.clicked.connect(self.show_more)
        self.more.hide()
        self._outer.addWidget(self.more)
        self.bar.moved.connect(self.move_on)
        self.bar.back.connect(self.go_back)
        self.bar.closed.connect(self.closed)
        self.bar.searched.connect(self.find_field)
        self.bar.asked_history.connect(self.show_history)
        self.setAccessibleName(str(node.get("name") or say("Record")))
        if view is not None:
            self._begin(view)
        else:
            self._find_view()
            if not self.steps:
                QTimer.singleShot(0, self, self._find_view)

    def set_editable(self, is_editable: Any) -> None:
        """Whether the fields can be edited."""
        self.is_editable = bool(is_editable)
        if self.form is not None:
            self.form.set_editable(self.is_editable)

    def has_edits(self) -> bool:
        """Whether anything is typed that is not written."""
        return self.form is not None and self.form.has_edits()

    # -- where it is ----------------------------------------------------------------------------------------------

    def _find_view(self) -> None:
        view = self.context.views.get(self._view_id)
        if view is not None and not self.steps:
            self._begin(view)

    def _begin(self, view: Any) -> None:
        self._enter(ViewStep(view, self))

    def follow(self, handle: TableHandle, key: Key) -> None:
        """Go to a row of any table; edits of the row that is left must be written or given up before."""
        if self._may_leave():
            self._enter(RowStep(handle, key, self))

    def follow_new(self, handle: TableHandle, given: dict[str, Any]) -> None:
        """Go to a new row of any table that holds these values; back again when it is given up."""
        if self._may_leave():
            self._enter(RowStep(handle, None, self))
            self.form.start_row(given).given_up.connect(self.go_back)

    def start_row(self, given: dict[str, Any]) -> None:
        """Show a new row of the view that holds these values."""
        if self._may_leave():
            while len(self.steps) > 1:
                self.go_back()
            needed = set(row_problems(self.steps[-1].handle.schema, given, lambda one: one.name, is_new=True))
            self.form.add_fields([name for name in self._missing() if name in needed], self._order)
            self._wants_focus = False
            self.form.start_row(given)

    def go_back(self) -> None:
        """Go back to where the last reference was followed."""
        if len(self.steps) > 1 and self._may_leave():
            self._drop_parts()
            self.steps.pop().deleteLater()
            self._enter(self.steps.pop())

    def _may_leave(self) -> bool:
        """Whether nothing typed would be lost; what can be written is written."""
        if self.form is None or not self.form.has_edits():
            return True
        self.form.write_row()
        row = self.form.row
        if row is not None and row.is_writing:
            # The answer decides; the way goes on when it is pressed again.
            return False
        return not self.form.has_edits()

    def move_on(self, name: str) -> None:
        """Go to the ``first``, ``previous``, ``next`` or ``last`` row of the view."""
        step = self.steps[-1] if self.steps else None
        if step is None or step.row < 0 or not step.count:
            return
        row = {"first": 0, "previous": step.row - 1, "next": step.row + 1, "last": step.count - 1}[name]
        step.go(min(max(row, 0), step.count - 1))

    def _enter(self, step: Any) -> None:
        """Show a step: a form for its table, and what refers to its rows."""
        if self.form is not None:
            self._drop_parts()
        self.steps.append(step)
        step.current_changed.connect(self._show_place)
        context = inner(self.context, {step.handle.name: step.handle})
        context.views[ROW] = step
        node = getattr(getattr(step, "view", None), "node", None)
        checks = node.of_kind("check") if node is not None and node is not self.node else []
        own = list(self.node.children) if len(self.steps) == 1 else []
        own = own or self._first_fields(step.handle)
        properties = {"of": Formula(f"{ROW}.current", (f"{ROW}.current",)), "editable": self.is_editable}
        self.form = Form(Node("form", "", properties, [*own, *checks]), context, self)
        self._halves.addWidget(self.form, 3)
        self.related = Related(self.context, step.handle, self)
        self.related.resized.connect(self._place_related)
        self._halves.addWidget(self.related, 2)
        if self.form.row is not None:
            self.form.row.loaded.connect(self._show_row)
            self.form.row.written.connect(self._show_row)
            self.form.row.patched.connect(lambda _columns: self._show_row())
        step.handle.schema_changed.connect(self._take_schema)
        self._take_schema()
        self._show_row()
        self._show_place()

    def _first_fields(self, handle: TableHandle) -> list[Node]:
        """The fields that are made at once; none for a table of few columns, of which the form shows all."""
        self._order = sensible_order(handle.schema) if handle.schema is not None else []
        if len(self._order) <= _AT_ONCE:
            return []
        return [Node("field", properties={"column": name}) for name in self._order[:_AT_ONCE]]

    def _missing(self) -> list[str]:
        """The columns whose fields are not made yet."""
        made = {field.column_name for field in self.form.fields} if self.form is not None else set()
        return [name for name in self._order if name not in made] if self._is_whole() else []

    def _is_whole(self) -> bool:
        """Whether every column of the table belongs here: the layout does not say which."""
        return len(self.steps) > 1 or not self.node.children

    def show_more(self) -> None:
        """Make the next fields."""
        if self.form is not None:
            self.form.add_fields(self._missing()[:_AT_ONCE], self._order)
            self._show_more()

    def _show_more(self) -> None:
        missing = len(self._missing())
        self.more.setVisible(missing > 0)
        self.more.setText(
            say("Show {number} of {missing} further fields", number=min(missing, _AT_ONCE), missing=missing)
        )

    def _drop_parts(self) -> None:
        """Let go of what shows the last step; where the focus was in it, the next one gets it."""
        focus = self.window().focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self._wants_focus = True
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.form is not None:
            self.steps[-1].current_changed.disconnect(self._show_place)
            self.steps[-1].handle.schema_changed.disconnect(self._take_schema)
        for part in (self.form, self.related):
            if part is not None:
                part.hide()
                self._halves.removeWidget(part)
                part.deleteLater()
        self.form = self.related = None

    def focus_first(self) -> None:
        """Go to the first field that can be edited, once the row is here."""
        form = self.form
        if form is None or form.row is None or form.row.values is None:
            self._wants_focus = True
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._wants_focus = False
        if not focus_first(form):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- what is shown --------------------------------------------------------------------------------------------

    def _take_schema(self) -> None:
        if self.steps[-1].handle.schema is not None and self.related is not None:
            self.related.ask()
            self._take_width()

    def _show_row(self) -> None:
        values = self.form.row.values if self.form is not None and self.form.row is not None else None
        if self.related is not None:
            self.related.show_row(None if self._is_new() else values)
        self._show_links(values)
        self._show_place()
        if self._wants_focus and values is not None and self.window().focusWidget() in (self, None):
            self.focus_first()

    def _show_place(self) -> None:
        step = self.steps[-1]
        row = -1 if self._is_new() else step.row
        has_history = step.current_key is not None and not self._is_new()
        has_back = len(self.steps) > 1
        self.bar.say(self._title(), row, step.count, step.is_exact, has_back=has_back, has_history=has_history)

    def _is_new(self) -> bool:
        """Whether a row is shown that is not stored yet."""
        return self.form is not None and self.form.row is not None and self.form.row.is_new

    def _title(self) -> str:
        """What the row is called: table and label, else table and key."""
        step = self.steps[-1]
        schema = step.handle.schema
        if schema is None:
            return ""
        values = (self.form.row.values if self.form is not None and self.form.row is not None else None) or {}
        table = schema.title or title_of(schema.name)
        if self._is_new():
            return say("{table}: new row", table=table)
        called = " ".join(str(values[name]) for name in schema.label if values.get(name) is not None)
        key = ", ".join(str(part) for part in step.current_key or ())
        return f"{table}: {called or key}" if called or key else table

    def _show_links(self, values: dict[str, Any] | None) -> None:
        """A link for each row that this one refers to; they stay while they say the same."""
        schema, values = self.steps[-1].handle.schema, values or {}
        found = [
            (reference, self._label_of(reference, values))
            for reference in (schema.references if schema is not None else ())
            if all(values.get(name) is not None for name in reference.via)
        ]
        if found == self._linked:
            return
        self._linked = found
        line = self._links.layout()
        while line.count():
            widget = line.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for reference, said in found:
            button = QPushButton(f"{title_of(reference.name)}: {said}", self._links)
            button.setIcon(self.context.theme.icon("arrow-right"))
            button.setToolTip(say("Go to this row of {title}", title=title_of(reference.table)))
            button.setFlat(True)
            button.clicked.connect(lambda _on=False, reference=reference: self._go_along(reference))
            line.addWidget(button)
        if found:
            line.addStretch(1)
        self._links.setVisible(bool(found))

    def _label_of(self, reference: Any, values: dict[str, Any]) -> str:
        """What the row behind a reference is called, else its key."""
        label = values.get(f"{reference.name}:label")
        return str(label) if label not in (None, "") else ", ".join(str(values[name]) for name in reference.via)

    def _go_along(self, reference: Any) -> None:
        values = (self.form.row.values if self.form is not None and self.form.row is not None else None) or {}
        handle = self.context.open_table(self.steps[-1].handle, reference.table)
        wanted = [values.get(name) for name in reference.via]

        def go() -> None:
            key = key_of(handle.schema, reference.columns, wanted)
            if key is None:
                said = say("The row of {title} cannot be found by its key", title=title_of(reference.table))
                self.context.reporter.report("warning", said)
            else:
                self.follow(handle, key)

        if handle.schema is not None:
            go()
        else:
            handle.schema_changed.connect(go, Qt.ConnectionType.SingleShotConnection)

    def show_history(self) -> None:
        """Show who changed the row; the command acts on what has the focus."""
        self.focus_first()
        self.context.commands.run("row.show-history")

    def find_field(self, text: str) -> None:
        """Show only the fields whose label or column has the text."""
        wanted, form = text.strip().casefold(), self.form
        if form is None:
            return
        if wanted:
            found = [name for name in self._missing() if wanted in f"{name} {title_of(name)}".casefold()]
            form.add_fields(found[:_AT_ONCE], self._order)
        for field in form.fields:
            is_shown = wanted in f"{field.label.text()} {field.column_name}".casefold()
            field.setVisible(is_shown)
            field.label.setVisible(is_shown)

    def _take_width(self) -> None:
        is_wide = self.width() >= _WIDE
        self._show_more()
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        self._halves.setDirection(direction)
        self._place_related()
        schema = self.steps[-1].handle.schema if self.steps else None
        self.bar.take_width(self.width(), schema is not None and len(schema.columns) >= _MANY)

    def _place_related(self) -> None:
        """Below the fields the lists take what they need, and two fifths at most."""
        if self.related is not None:
            needed = min(self.related.needed_height(), self.height() * 2 // 5)
            self.related.setMaximumHeight(_UNLIMITED if self.width() >= _WIDE else max(needed, 1))

    # -- Qt -------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """Lists stand beside or below the fields."""
        super().resizeEvent(event)
        self._take_width()

    def event(self, event: QEvent) -> bool:
        """Its way back along links goes before the window's."""
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and (event.key(), event.modifiers()) == _BACK[0] and len(self.steps) > 1:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Alt with Home, PageUp, PageDown, End goes through the view's rows, Alt+Left back; Escape leaves."""
        if event.modifiers() & _ALT and event.key() in _MOVES:
            self.move_on(_MOVES[event.key()])
        elif len(self.steps) > 1 and (event.key(), event.modifiers()) in _BACK:
            self.go_back()
        elif self._is_over and (event.key(), event.modifiers()) == _LEAVE:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
