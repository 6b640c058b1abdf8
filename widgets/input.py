"""The kind ``input``: an editor of one value, a state of the window or a cell of a view's current row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from kernel.tables.schema import Column, title_of
from layouts.node import Formula, Node
from widgets.repolish import repolish

if TYPE_CHECKING:
    from kernel.disposer import Disposer
    from kernel.tables.change import Key
    from widgets.context import Context
    from widgets.editor.editor import FieldEditor, Subject
    from widgets.form import Form
    from widgets.handle import TableHandle

#: The Python type of a state's first value → the type of its editor.
_TYPES = {bool: "boolean", int: "integer", float: "real"}


class Input(QWidget):
    """A label and an editor; a state has what is typed at once, a cell is written as a form's field is."""

    changed = Signal()

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context = context
        self._first = node
        self.editor: FieldEditor | None = None
        self._watch: Disposer | None = None
        self._is_showing = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(context.theme.space("tight"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.label = QLabel(self)
        self.label.hide()
        context.theme.changed.connect(self._dress)
        self._dress()
        self._column.addWidget(self.label)
        value = node.get("value")
        self.name = value.names[0] if isinstance(value, Formula) else ""
        self.form: Form | None = self._make_form_of_cell()
        if self.form is None:
            self._make_editor()
        else:
            self._column.addWidget(self.form)
            self.setFocusProxy(self.form)
        self._column.addStretch(1)

    def set_label(self, text: str) -> None:
        """What stands above it, or beside the box of a yes or no, and a screen reader calls it."""
        self.label.setText(text)
        is_beside = hasattr(self.editor, "set_caption")
        self.label.setVisible(bool(text) and self.form is None and not is_beside)
        if is_beside:
            self.editor.set_caption(text)  # type: ignore[union-attr]
        if self.editor is not None:
            self.editor.setAccessibleName(text or title_of(self.name))
        elif self.form is not None:
            # One that is built later reads the label from its node.
            for field in self.form.fields:
                field.set_label(text or title_of(field.column_name))

    def set_editable(self, is_editable: bool) -> None:
        """Whether it can be edited."""
        if self.editor is not None:
            self.editor.set_read_only(not is_editable)
        elif self.form is not None:
            self.form.set_editable(is_editable)

    def let_go(self) -> None:
        """Watch the value no more."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch()

    def _make_form_of_cell(self) -> Form | None:
        """For a cell of a view's current row or of a repeated row; None for a state."""
        view, is_cell, path = self.name.partition(".current.")
        if is_cell:
            return self._make_form(view, path)
        row, dot, path = self.name.partition(".")
        if not dot or row not in self.context.rows:
            return None
        self.context.views[row] = RepeatedRow(*self.context.rows[row], self)
        return self._make_form(row, path)

    def _make_form(self, view: str, path: str) -> Form:
        """A form of one field: its checks, conflicts and waiting edits are a form's."""
        given = {name: value for name, value in self._first.properties.items() if name in _OF_FIELD}
        where = self._first.where
        # In a column of its own a field has its label above it.
        field = Node("column", "", {}, [Node("field", "", {"column": path, **given}, [], where)], where)
        of = Formula(f"{view}.current", (f"{view}.current",))
        form = self.make_form(Node("form", "", {"of": of}, [field], where))
        form.written.connect(self.changed)
        form.area.body.layout().setContentsMargins(0, 0, 0, 0)
        return form

    def make_form(self, node: Node) -> Form:
        """The form around the field of a cell."""
        from widgets.form import Form

        return Form(node, self.context, self)

    def make_editor(self, name: str, subject: Subject) -> FieldEditor:
        """The editor of a state."""
        from widgets.editor.table import make_editor

        return make_editor(name, subject, self)

    def _make_editor(self) -> None:
        from widgets.editor.editor import Subject
        from widgets.editor.table import editor_name

        node, value = self._first, self.context.scope.read(self.name)
        choices, words = (_parts(str(node.get(name) or "")) for name in ("choices", "words"))
        words = words if len(words) == len(choices) else ()
        wanted = str(node.get("editor") or "auto")
        kind = _TYPES.get(type(value), "text") if wanted in ("auto", "choice") else wanted
        column = Column(self.name, kind, is_required=isinstance(value, bool), choices=choices, words=words)
        label, lines = str(node.get("label") or ""), int(node.get("lines") or 3)
        subject = Subject(column, self.context, None, None, label, str(node.get("format") or ""), lines)
        self.editor = self.make_editor(editor_name(column, None, wanted), subject)
        self._column.addWidget(self.editor)
        self.label.setBuddy(self.editor.focusProxy() or self.editor)
        self.setFocusProxy(self.editor)
        self.editor.edited.connect(self._take)
        self._watch = self.context.scope.watch([self.name], self._show)
        self.destroyed.connect(lambda *_, watch=self._watch: watch())
        self._show()

    def _dress(self) -> None:
        self.label.setStyleSheet(f"color: {self.context.theme.color('muted').name()}")

    def _show(self) -> None:
        """Show the value, unless it is what stands here."""
        value = self.context.scope.read(self.name)
        if self.editor is None or (not self.editor.is_valid() and _is_same(self.editor.value(), value)):
            return
        self._is_showing = True
        self.editor.set_value(value)
        self._is_showing = False
        self._tell("")

    def _take(self) -> None:
        if self._is_showing or self.editor is None:
            return
        message = self.editor.is_valid()
        self._tell(message)
        if not message:
            self.context.scope.publish(self.name, self.editor.value())
            self.changed.emit()

    def _tell(self, message: str) -> None:
        """Say what is wrong with the input."""
        assert self.editor is not None
        self.editor.setToolTip(message)
        focus = self.editor.focusProxy() or self.editor
        focus.setAccessibleDescription(message)
        if bool(focus.property("invalid")) != bool(message):
            focus.setProperty("invalid", bool(message))
            repolish(focus)


class RepeatedRow(QObject):
    """One row of a repeat as a view for a form: its row is always the current one."""

    current_changed = Signal()

    def __init__(self, handle: TableHandle, key: Key, parent: QObject) -> None:
        super().__init__(parent)
        self.handle, self.current_key = handle, key


#: Properties that the field of a cell has too.
_OF_FIELD = ("label", "editor", "lines", "format", "help")


def _is_same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


def _parts(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
