"""The form: the current row of a view, a field for each column, written when it is left or on Ctrl+S.

It follows the view and decides what happens to edits. Their values and writing are in ``form_row``, the fields' places
in ``field_area``, what is said of the whole row in ``form_bar``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kernel.tables.change import Key
from kernel.tables.query import Query
from kernel.words import say
from layouts.node import Formula, Node
from widgets.context import Context
from widgets.field import Field
from widgets.field_area import FieldArea
from widgets.field_order import sensible_order
from widgets.form_bar import FormBar
from widgets.form_row import DELETED, FormRow
from widgets.grid.state import StateView
from widgets.handle_opening import AWAY

if TYPE_CHECKING:
    from widgets.editor.editor import FieldEditor, Subject
    from widgets.form_new import NewRow


class Form(QWidget):
    """Follows ``VIEW.current``; stays at a row whose edits were refused until they are mended or given up."""

    written = Signal()

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node, self.context, self.id = node, context, node.id
        of = node.get("of")
        text = of.text if isinstance(of, Formula) else str(of or "")
        self.view_id, _, self.reference_name = text.removesuffix(".current").partition(".current.")
        self.view: Any = None
        self.handle: Any = None
        self.row: FormRow | None = None
        self.fields: list[Field] = []
        self.is_editable = node.get("editable", True) is not False
        self._empty_text = node.get("empty", "") if isinstance(node.get("empty", ""), str) else ""
        self._invalid: set[str] = set()
        self.is_pinned = False
        #: Rows that are begun here; None before the first.
        self.new: NewRow | None = None
        self._is_built = False
        self._build_frame()
        self._watch = context.scope.watch((f"{self.view_id}.current",), self.find_view)
        self.destroyed.connect(self._watch)
        context.theme.changed.connect(self._show_state)
        self.find_view()
        if self.view is None:
            QTimer.singleShot(0, self, self.find_view)
        self._show_state()

    def _build_frame(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(self.context.theme.space("normal"))
        self.bar = FormBar(self.context.theme, self)
        outer.addWidget(self.bar)
        self.area = FieldArea(self.context.theme, self._is_wide, self)
        columns = self.node.get("columns", 1)
        self.area.columns = columns if isinstance(columns, int) else 1
        outer.addWidget(self.area, 1)
        self.state = StateView(self, self.context.theme)

    def make_editor(self, name: str, subject: Subject, parent: QWidget) -> FieldEditor:
        """The editor of one of its fields, by its name in the table of editors."""
        from widgets.editor.table import make_editor

        return make_editor(name, subject, parent)

    # -- properties -----------------------------------------------------------------------------------------------

    def set_editable(self, is_editable: Any) -> None:
        """Whether the fields can be edited."""
        self.is_editable = bool(is_editable)
        self._refresh()

    def set_columns(self, columns: Any) -> None:
        """Fields side by side; 0 = as many as there is room for."""
        self.area.columns = int(columns or 0)
        self.area.place()

    def set_empty(self, text: Any) -> None:
        """What is said when no row is current."""
        self._empty_text = str(text or "")
        self._show_state()

    # -- view and row ---------------------------------------------------------------------------------------------

    def find_view(self) -> None:
        """Follow the view, once it is there."""
        if self.view is not None:
            return
        view = self.context.views.get(self.view_id)
        if view is not None and self.reference_name:
            from widgets.referenced_row import behind_reference

            view = behind_reference(self, view)
        if view is None:
            return
        self.view, self.handle = view, view.handle
        self.row = FormRow(self.handle, self)
        if self.node.of_kind("check"):
            from widgets.check import row_checks

            self.row.checks, self.row.read_window = row_checks(self.node), self.context.scope.glance
        self.row.loaded.connect(self._refresh)
        self.row.patched.connect(lambda _columns: self._refresh())
        self.row.refused.connect(self._show_messages)
        self.row.edited.connect(self._show_bar)
        self.row.conflicted.connect(self._show_conflict)
        self.row.written.connect(self._take_written)
        view.current_changed.connect(self._follow)
        # NOTE: a method, not a lambda: the table outlives the form, which its signals let go when it is deleted.
        self.handle.changed.connect(self._hear)
        self.handle.away_changed.connect(self._take_away)
        self.handle.schema_changed.connect(self._take_schema)
        self.handle.released.connect(self._take_schema)
        self._take_schema()

    def _hear(self, _change: Any) -> None:
        self._show_bar()

    def _take_schema(self) -> None:
        # The window's first paint is for its lists; the editors are built in the turn after it.
        if self.handle.schema is None or self.handle.is_held:
            self._show_state()
            return
        build = Form._build_fields
        if self._is_built:
            from widgets.form_columns import follow_columns as build
        self._is_built = True
        build(self)
        for field in self.fields:
            field.build_editor()
        self._follow()

    def _build_fields(self) -> None:
        nodes = [child for child in self.node.children if child.kind != "check"] or [
            Node("field", properties={"column": name}) for name in sensible_order(self.handle.schema)
        ]
        parts: list[QWidget] = []
        for child in nodes:
            if child.kind == "field":
                field = Field(child, self.context, self.area.body, self)
                self.fields.append(field)
                parts.append(field)
            else:
                parts.append(self.context.build(child, self.area.body))
        self.area.show_parts(parts)

    def add_fields(self, names: list[str], order: list[str]) -> None:
        """Show further columns, each in its place of ``order``; what is typed stays."""
        made = [Field(Node("field", properties={"column": name}), self.context, self.area.body, self) for name in names]
        self.fields = sorted([*self.fields, *made], key=lambda field: order.index(field.column_name))
        for field in made:
            field.build_editor()
        self.area.show_parts(list(self.fields))

    def adopt(self, field: Field) -> None:
        """Take a field that stands deeper inside."""
        if field not in self.fields:
            self.fields.append(field)
            if self.handle is not None and self.handle.schema is not None:
                field.build_editor()

    def _is_wide(self, field: Field) -> bool:
        """Whether the field takes the form's whole width: long texts and files do."""
        column = self.handle.schema.column(field.column_name)
        return column is not None and column.type in ("longtext", "blob")

    def _follow(self) -> None:
        """Show the view's current row; edits of the row that is left are written first."""
        row = self.row
        if row is None or self.handle.schema is None:
            return
        if self.view.current_key == row.key and row.values is not None:
            self.is_pinned = False
            return
        if self.has_edits():
            self.is_pinned = True
        self._go_on()

    def _go_on(self) -> None:
        """Show the view's current row, unless this one has edits; those are written first."""
        if not self.has_edits():
            self._load(self.view.current_key)
        elif self.row.is_deleted:
            self._show_messages()
        elif self._check_all():
            self.row.write()

    def _load(self, key: Key | None) -> None:
        self._leave_row()
        self.row.load(key)

    def start_row(self, given: dict[str, Any]) -> NewRow:
        """Show a new row that holds these values; edits of the row that is left are written first."""
        from widgets.form_new import NewRow

        self.new = self.new or NewRow(self)
        self.new.start(given)
        return self.new

    def begin_row(self, given: dict[str, Any]) -> None:
        """Show a new row at once."""
        self._leave_row()
        self.row.begin(given)

    def _leave_row(self) -> None:
        self.is_pinned = False
        self._invalid.clear()
        self.bar.dismiss()

    def _take_written(self) -> None:
        self.written.emit()
        self.bar.dismiss()
        if self.is_pinned:
            self._go_on()
        else:
            self._show_messages()

    # -- actions --------------------------------------------------------------------------------------------------

    def has_edits(self) -> bool:
        """Whether anything is typed that is not written."""
        return self.row is not None and (self.row.is_dirty or bool(self._invalid))

    def can_escape(self) -> bool:
        """Whether Escape has something to take back."""
        return self.has_edits() or (self.row is not None and self.row.is_new)

    def note_invalid(self, column: str) -> None:
        """A field's input has no value yet."""
        self._invalid.add(column)
        if self.row is not None:
            # What was typed before is no edit any more: its check would speak over this field's own message.
            self.row.edits.pop(column, None)
        self._show_bar()

    def write_row(self) -> None:
        """Write the row; where somebody else's values are asked about, go to the answers."""
        if not self.bar.take_focus() and self.row is not None and self._check_all():
            self.row.write()

    def check_row(self) -> bool:
        """Whether all that can be told before writing is right; the fields say what is not."""
        return self.row is None or self._check_all()

    def revert_row(self) -> None:
        """Take all edits of the row back, except what is being written."""
        self._invalid.clear()
        if self.row is not None:
            is_gone = self.row.is_deleted
            self.bar.dismiss()
            self.row.revert()
            if self.row.is_writing:
                self.bar.say(say("This row is being written; what is on its way cannot be taken back"), "warning")
            elif self.row.is_new:
                self._load(self.view.current_key)
                self.new.given_up.emit()
            elif self.is_pinned or is_gone:
                self._load(self.view.current_key)

    def note_focus_out(self) -> None:
        """A field lost the focus; when it went to another part of the window, the row is written."""
        if self.has_edits():
            QTimer.singleShot(0, self, self._check_focus)

    def _check_focus(self) -> None:
        focus = self.window().focusWidget()
        is_elsewhere = focus is not None and focus is not self and not self.isAncestorOf(focus)
        if is_elsewhere and self.has_edits() and self.row is not None and not self.row.is_deleted:
            self.write_row()

    def escape(self, column: str) -> None:
        """Escape in a field: its own edit first, the whole row's at the second time."""
        if self.row is None:
            return
        if not self.row.is_writing and (column in self.row.edits or column in self._invalid):
            self._invalid.discard(column)
            self.row.revert(column)
            if self.bar.is_asking and not self.row.clash:
                self.bar.dismiss()
            self._show_bar()
            if self.is_pinned and not self.has_edits():
                self._load(self.view.current_key)
        else:
            self.revert_row()

    def add_row(self) -> None:
        """Start a new row in the view."""
        if self.view is not None and hasattr(self.view, "add_row"):
            self.view.add_row()

    def delete_rows(self) -> None:
        """Delete the row in the view."""
        if self.view is not None and hasattr(self.view, "delete_rows"):
            self.view.delete_rows()

    def _check_all(self) -> bool:
        """Whether all that can be told here is right. What the source said of an earlier try does not count."""
        self.row.messages = {field.column_name: text for field in self.fields if (text := field.check())}
        self._invalid = set(self.row.messages)
        is_right = self.row.check() and not self._invalid
        if not is_right:
            self._show_messages()
        return is_right

    # -- what is shown --------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        for field in self.fields:
            if field.column_name not in self._invalid:
                field.refresh()
        self._show_messages()
        self._show_state()

    def _show_messages(self) -> None:
        for field in self.fields:
            field.show_message()
        self._show_bar()

    def _show_bar(self) -> None:
        row = self.row
        if row is None or self.bar.is_asking and not row.is_deleted:
            return
        if row.is_deleted:
            self.bar.say(row.messages.get("") or say(DELETED), "error", (say("Drop my edits"), self.revert_row))
            return
        shown = {field.column_name for field in self.fields}
        texts = [text for column, text in self.row.messages.items() if column not in shown]
        if self.row.messages and self.is_pinned:
            texts.insert(0, say("This row is not written yet; mend it or take the edits back"))
            answers = ((say("Take back"), self.revert_row), (say("Go to it"), self._go_back))
            self.bar.say(". ".join(texts), "error", *answers)
        elif texts:
            self.bar.say(". ".join(texts), "error")
        elif row.key is not None and row.key in self.handle.pending:
            rows = getattr(self.view, "rows", None)
            waits = self.handle.pending_text(row.key, rows.query() if rows is not None else Query())
            self.bar.say(f"{waits[:1].upper()}{waits[1:]}", "warning")
        elif self.handle.why_closed and row.values is not None and self.is_editable and self.handle.schema.is_editable:
            kept = say(". What you typed stays here") if self.has_edits() else ""
            self.bar.say(f"{self.handle.why_closed}{kept}", "warning")
        elif row.is_new:
            self.bar.say(say("A new row: Ctrl+S stores it, Escape gives it up"), "info")
        else:
            self.bar.dismiss()

    def _go_back(self) -> None:
        if hasattr(self.view, "go_to") and self.row is not None and self.row.key is not None:
            self.is_pinned = False
            self.view.go_to(self.row.key)

    def _show_conflict(self, columns: list[str]) -> None:
        from widgets.form_conflict import ask

        ask(self, columns)

    def take_theirs(self, columns: list[str]) -> None:
        """Give up what is typed in these columns: somebody else's values stand there."""
        self.row.take_theirs(columns)
        if self.is_pinned:
            self._go_on()

    def _take_away(self) -> None:
        """The server went away or is back: what is typed stays; a row that was left is written when that is open."""
        row = self.row
        if row is not None and not self.handle.why_closed and row.messages.get("") == AWAY:
            del row.messages[""]
        self._refresh()
        if self.is_pinned and self.has_edits() and not self.handle.why_closed:
            self._go_on()

    def _show_state(self) -> None:
        has_row = self.row is not None and self.row.values is not None
        self.area.setVisible(has_row)
        if self.handle is not None and self.handle.is_held and not has_row:
            self.state.hide()  # nothing is known yet: the first rows are on their way
        elif has_row or self.row is not None and self.row.key is not None and not self.row.messages:
            self.state.hide()
        else:
            self.state.setGeometry(self.rect())
            hint = "" if self._empty_text else say("Choose a row to see it here.")
            self.state.say("form", self._empty_text or "No row chosen", hint)

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """Keep the parts in place."""
        super().resizeEvent(event)
        self.state.setGeometry(self.rect())
        self.area.take_width(self.width())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Ctrl+S writes the row."""
        if event.key() == Qt.Key.Key_S and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.write_row()
        elif event.key() == Qt.Key.Key_Escape and self.can_escape():
            self.revert_row()
        else:
            super().keyPressEvent(event)
