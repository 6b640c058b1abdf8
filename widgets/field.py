"""One column of a form: its label, its editor, its help and its message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from kernel.tables.schema import Column, Schema, title_of
from layouts.node import Node
from widgets.context import Context
from widgets.repolish import repolish

if TYPE_CHECKING:
    from widgets.form import Form
    from widgets.form_row import FormRow


#: Focus that comes back by itself: from another window, from a card, a list or a menu over this one.
_PASSING = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


class Message(QLabel):
    """What is wrong with a field: an icon and a sentence, so that it does not speak by colour alone."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = context.theme
        self.setContentsMargins(context.theme.icon_size("small") + context.theme.space("tight"), 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The icon stands at the first line's height."""
        super().paintEvent(event)
        side = self._theme.icon_size("small")
        left = self.width() - side if self.isRightToLeft() else 0
        top = max((self.fontMetrics().height() - side) // 2, 0)
        self._theme.icon("error", "error").paint(QPainter(self), left, top, side, side)


class Field(QWidget):
    """Belongs to the form around it, however deep it stands in it.

    In a form's own rows the form places ``label`` in its label column; elsewhere the label stands above the editor.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None = None, form: Form | None = None) -> None:
        super().__init__(parent)
        self.node, self.context = node, context
        self.column_name: str = node.get("column") or ""
        self.form: Form | None = form
        self.editor: Any = None
        self._is_editable = node.get("editable", True) is not False
        self._is_showing = False
        #: The tool tip of the editor, but for the time that its server is away.
        self._closed_tip = ""
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(context.theme.space("tight"))
        self._title = str(node.get("label") or title_of(self.column_name.split(".")[-1]))
        self.label = QLabel(self._title, self)
        #: Sentences below the editor, of fields that have some to say.
        self._help: QLabel | None = None
        self._message: Message | None = None
        if form is None:
            self._layout.addWidget(self.label)
        context.theme.changed.connect(self._dress)
        self._dress()
        if form is None:
            self._find_form()

    @property
    def title(self) -> str:
        """What it is called, without marks."""
        return self._title

    @property
    def message(self) -> Message:
        """What is wrong with it, below all; made when it is asked for."""
        if self._message is None:
            self._message = Message(self.context, self)
            self._take_line(self._message, "error", self._layout.count())
        return self._message

    @property
    def help(self) -> QLabel:
        """A sentence below the editor; made when it is asked for."""
        if self._help is None:
            self._help = QLabel(self)
            below = self.editor if self.editor is not None else self.label
            self._take_line(self._help, "muted", self._layout.indexOf(below) + 1)
        return self._help

    def _take_line(self, line: QLabel, tone: str, at: int) -> None:
        line.setWordWrap(True)
        line.setFont(self.context.theme.font("caption"))
        line.setProperty("tone", tone)
        line.hide()
        self._layout.insertWidget(at, line)
        self._dress_line(line, tone)

    def _dress_line(self, line: QLabel | None, tone: str) -> None:
        if line is not None:
            line.setStyleSheet(f"color: {self.context.theme.color(tone).name()}")

    def hold_label(self) -> None:
        """Stand the label right above the editor, as it stands outside of a form's own rows."""
        self.label.setMinimumHeight(0)
        self._layout.insertWidget(0, self.label)
        self.label.show()

    def set_label(self, text: Any) -> None:
        """The label."""
        if text:
            self._title = str(text)
            self._mark_required()

    def set_help(self, text: Any) -> None:
        """A sentence below the field."""
        if text or self._help is not None:
            self.help.setText(str(text or ""))
            self.help.setVisible(bool(text))

    def set_editable(self, is_editable: Any) -> None:
        """Whether it can be edited."""
        self._is_editable = bool(is_editable)
        self._mark_required()
        self.refresh()

    def _find_form(self) -> None:
        from widgets.form import Form

        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, Form):
            parent = parent.parentWidget()
        if isinstance(parent, Form):
            self.form = parent
            parent.adopt(self)

    def event(self, event: QEvent) -> bool:  # Qt's name
        """A field that is put into a form later finds it then."""
        if event.type() == QEvent.Type.Polish and self.form is None:
            self._find_form()
        return super().event(event)

    # -- the editor -----------------------------------------------------------------------------------------------

    def build_editor(self) -> None:
        """Make the editor, once the table's columns are known."""
        form = self.form
        schema = form.handle.schema if form and form.handle else None
        column = schema.column(self.column_name) if schema else None
        if form is None or column is None or self.editor is not None:
            return
        from widgets.editor.editor import Subject
        from widgets.editor.table import editor_name

        reference = schema.chosen_by(self.column_name)
        name = editor_name(column, reference, self.node.get("editor", "auto"))
        lines = int(self.node.get("lines", 3) or 1)
        label = str(self.node.get("label") or "")
        subject = Subject(column, self.context, form.handle, reference, label, self.node.get("format") or "", lines)
        self.editor = form.make_editor(name, subject, self)
        # Above the sentences; the label may stand first.
        self._layout.insertWidget(self._layout.indexOf(self.label) + 1, self.editor)
        self._title = subject.title
        self.label.setBuddy(self.editor.focusProxy() or self.editor)
        self._mark_required()
        if self.node.get("help"):
            self.set_help(self.node.get("help"))
        if not (self._is_editable and form.is_editable and is_open(schema, column)):
            self.editor.set_read_only(True)
            self.editor.setToolTip(column.read_only_reason or schema.why_not("edit"))
            self._closed_tip = self.editor.toolTip()
        self.editor.edited.connect(self._edited)
        for part in (self.editor, *self.editor.findChildren(QWidget)):
            part.installEventFilter(self)
        self.refresh()

    def renew_editor(self) -> None:
        """Make the editor anew: its column is another one now."""
        has_focus = self.editor.isAncestorOf(self.window().focusWidget())
        self.editor.hide()
        self.editor.deleteLater()
        self.editor = None
        self.build_editor()
        if has_focus:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def can_edit(self) -> bool:
        """Whether the person may edit it."""
        form = self.form
        schema = form.handle.schema if form and form.handle else None
        column = schema.column(self.column_name) if schema else None
        is_new = form is not None and form.row is not None and form.row.is_new
        may_edit = column is not None and is_open(schema, column, "add" if is_new else "edit")
        if form is None or form.handle is None or form.handle.why_closed:
            return False
        return bool(may_edit and self._is_editable and form.is_editable and form.row and form.row.values is not None)

    def refresh(self) -> None:
        """Show the row's value, unless the person's edit stands here."""
        if self.editor is None or self.form is None or self.form.row is None:
            return
        row = self.form.row
        self.editor.settle()
        self._is_showing = True
        if not self._has_edit(row):
            reference = self.editor.subject.reference
            if reference is not None and len(reference.via) > 1:
                self._tell_others(row, reference.via)
            value = row.value(self.column_name)
            self.editor.set_value(value)
            if reference is not None and row.values and not any(name in row.edits for name in reference.via):
                self.editor.set_label_text(str(row.values.get(f"{reference.name}:label") or ""))
        if row.values is not None:
            # Without a row the form shows no fields; to dress them as closed and open again costs a start 8 ms.
            self.editor.set_read_only(not self.can_edit())
            self._say_closed()
        self._is_showing = False
        self.show_message()

    def _tell_others(self, row: FormRow, via: tuple[str, ...]) -> None:
        """Give a reference of several columns what the others hold, and which of them stay as they are."""
        schema = self.form.handle.schema
        present = {name: row.value(name) for name in via if name != self.column_name}
        closed = [name for name in present if (one := schema.column(name)) is None or not is_open(schema, one, "add")]
        closed += [name for name in present if row.is_new and name in row.given]
        self.editor.set_others(present, {name: present[name] for name in closed})

    def _say_closed(self) -> None:
        """Say in the tool tip why the field is closed while its server is away."""
        reason = self.form.handle.why_closed if self.form is not None else ""
        if self.editor.toolTip() != (reason or self._closed_tip):
            self.editor.setToolTip(reason or self._closed_tip)

    def _has_edit(self, row: FormRow) -> bool:
        """Whether what stands in the editor is the row's edit; a revert while it is written may have put it back."""
        if self.column_name not in row.edits:
            return False
        return bool(self.editor.is_valid()) or self.editor.value() == row.edits[self.column_name]

    def show_message(self) -> None:
        """Show what is wrong, beside the field."""
        text = ""
        if self.form is not None and self.form.row is not None:
            text = self.form.row.messages.get(self.column_name, "")
        if text or self._message is not None:
            self.message.setText(text)
            self.message.setVisible(bool(text))
        if self.editor is not None:
            focus = self.editor.focusProxy() or self.editor
            focus.setAccessibleDescription(text or (self._help.text() if self._help is not None else ""))
            if bool(focus.property("invalid")) != bool(text):
                focus.setProperty("invalid", bool(text))
                repolish(focus)

    def check(self) -> str:
        """What is wrong with the present input, or empty."""
        return self.editor.is_valid() if self.editor is not None else ""

    def _edited(self) -> None:
        if self._is_showing or self.form is None or self.form.row is None:
            return
        message = self.editor.is_valid()
        if message:
            self.form.note_invalid(self.column_name)
        else:
            self.form.row.edit(self.column_name, self.editor.value())
            self.form.row.edit_others(self.editor.others())
        self.show_message()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Escape takes the edit back; leaving the field shows what is wrong with it."""
        # Lists and calendars of the editor are windows of their own, and their keys are theirs.
        is_popup = isinstance(watched, QWidget) and watched.window() is not self.window()
        if self.form is None or self.form.row is None or is_popup:
            return False
        is_listing = self.editor is not None and self.editor.is_listing
        is_escape = event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if is_escape and event.key() == Qt.Key.Key_Escape and not is_listing and self.form.can_escape():
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.form.escape(self.column_name)
            return True
        if event.type() == QEvent.Type.FocusOut:
            if message := self.check():
                self.form.row.messages[self.column_name] = message
                self.show_message()
            if event.reason() not in _PASSING:
                self.form.note_focus_out()
        return False

    def _mark_required(self) -> None:
        """Put a star behind the label of a column that must have a value."""
        column = self.editor.subject.column if self.editor is not None else None
        is_open = self._is_editable and self.form is not None and self.form.is_editable
        is_marked = is_open and column and column.is_required and not column.has_default and column.type != "boolean"
        self.label.setTextFormat(Qt.TextFormat.RichText if is_marked else Qt.TextFormat.PlainText)
        if is_marked:
            color = self.context.theme.color("error").name()
            self.label.setText(f"{_escaped(self._title)} <span style='color:{color}'>*</span>")
        else:
            self.label.setText(self._title)

    def _dress(self) -> None:
        theme = self.context.theme
        self.label.setStyleSheet(f"color: {theme.color('muted').name()}")
        self._dress_line(self._help, "muted")
        self._dress_line(self._message, "error")
        if self.editor is not None and not self.editor.is_tall:
            self.editor.setMinimumHeight(theme.height("control"))
        self._mark_required()


def _escaped(text: str) -> str:
    """The text as rich text. NOTE: Python's html would do it, but takes 3 ms to import."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_open(schema: Schema, column: Column, action: str = "edit") -> bool:
    """Whether a column of stored rows can be edited at all, or one of new rows (``add``) be given."""
    return not (schema.why_not(action) or column.is_generated or column.read_only_reason)
