"""Editing the title of an item where it stands, when the title is a column of texts.

The typed title is shown until the source took it. What is refused comes back into the editor with the reason; when
somebody else changed the title meanwhile, the person chooses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from kernel.tables.change import Key, Update
from kernel.tables.error import ConflictError
from kernel.words import say
from layouts.node import Formula
from widgets.editor.editor import FieldEditor, Subject
from widgets.editor.table import make_editor
from widgets.grid.mark import Answer
from widgets.grid.notice import sentence

if TYPE_CHECKING:
    from kernel.tables.schema import Column
    from widgets.items.view import ItemView

#: What an editor has above and below its line of text, and before it, in pixels.
_ABOVE, _BEFORE = 5, 10
#: Letters of a title in the list of edits.
_CALLED = 60


def title_column(view: ItemView) -> Column | None:
    """The column of texts that titles are, None where they are made of more or cannot be typed."""
    schema, value = view.handle.schema, view.node.get("title")
    if schema is None:
        return None
    name = value.text.strip() if isinstance(value, Formula) else ""
    if value is None and len(schema.label) == 1:
        name = schema.label[0]
    column = schema.column(name)
    is_text = column is not None and column.type == "text" and not column.choices and schema.reference(name) is None
    return column if is_text else None


class Rename(QObject):
    """One view's editor of titles.

    Attributes:
        field: The open editor, or None.
    """

    def __init__(self, view: ItemView) -> None:
        super().__init__(view)
        self._view = view
        self.field: FieldEditor | None = None
        self._key: Key = ()
        self._seen: Any = None
        self._version = ""
        #: Rows whose titles are being written.
        self._under_way: set[Key] = set()

    def has_edits(self) -> bool:
        """Whether a title is typed or being written."""
        return bool(self._under_way) or (self.field is not None and self.field.is_touched)

    def open(self, typed: str | None = None, *, is_again: bool = False) -> None:
        """Open the current item's editor; ``typed`` is a title that was refused, and comes back ``again``."""
        view, column = self._view, title_column(self._view)
        found = view.rows.cache.find(view.current.row) if view.current.row >= 0 else None
        if found is None or self.field is not None or view.current.key in self._under_way:
            return
        if (column is None or not is_again) and not self._may(column):
            return
        page, index = found
        self._key, self._version = tuple(page.block.keys[index]), page.block.versions[index]
        self._seen = page.block.columns[column.name][index]
        subject = Subject(column, view.context, view.handle, None, "", "", 1, True)
        self.field = field = make_editor("text", subject, view.viewport())
        field.set_value(self._seen)
        for part in (field, *field.findChildren(QObject)):
            part.installEventFilter(self)
        self.place()
        field.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.select_all()
        if typed is not None:
            field.start(typed)

    def _may(self, column: Column | None) -> bool:
        """Whether the title can be edited; if not, it is said why."""
        view = self._view
        if column is None:
            view.notice.say("What is shown first here is no text that could be typed; open the row", tone="warning")
            return False
        reason = column.read_only_reason or (say("It is worked out from other values") if column.is_generated else "")
        if view.can_edit() and reason:
            view.notice.say(reason, tone="warning")
            return False
        return view.actions.may("edit")

    def place(self) -> None:
        """Keep the editor over its title."""
        view, field = self._view, self.field
        row = view.rows.cache.row_of(self._key) if field is not None else None
        if row is None:
            return
        line = view.title_box(row)
        height = max(line.height() + 2 * _ABOVE, field.minimumSizeHint().height())
        top = max(line.center().y() - height // 2, view.places.rect(row).top())
        field.setGeometry(QRect(line.left() - _BEFORE, top, line.width() + 2 * _BEFORE, height))

    # -- ending ---------------------------------------------------------------------------------------------------

    def accept(self) -> bool:
        """Write the typed title; False when it cannot be one (the editor stays, with the message)."""
        field, view = self.field, self._view
        if field is None:
            return True
        message = field.is_valid()
        value = None if message else field.value()
        if not message and value in (None, "") and field.subject.column.is_required:
            message = say("{title} is required", title=field.subject.title)
        if not message and value != self._seen:
            message = view.why_not("edit")
        if message:
            view.notice.say(message, takes_focus=False)
            return False
        key, seen, version = self._key, self._seen, self._version
        self.close()
        if value != seen:
            self._write(key, value, seen, version)
        return True

    def close(self) -> None:
        """Take the editor away."""
        field, self.field = self.field, None
        if field is None:
            return
        had_focus = field.isAncestorOf(field.window().focusWidget() or field)
        self._view.notice.hide()
        field.hide()
        field.deleteLater()
        if had_focus:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._view.viewport().update()

    def _write(self, key: Key, value: Any, seen: Any, version: str) -> None:
        view, column = self._view, title_column(self._view)
        if column is None:
            return
        self._under_way.add(key)
        view.content.show_title(key, str(value or ""))
        change = Update(key, version, {column.name: value})

        def take(answer: Any) -> None:
            self._under_way.discard(key)
            if isinstance(answer, ConflictError):
                self._take_conflict(answer, key, value, seen, column)
            elif isinstance(answer, Exception):
                view.content.show_title(key, None)
                self._come_back(key, value, sentence(answer))
            else:
                if answer.keys and view.current.key == key:
                    view.current.key = tuple(answer.keys[0])
                view.rows.pages.refresh(list(answer.keys), lambda _answer: view.content.show_title(key, None))

        view.handle.commit([change], take, say("Rename {value}", value=str(seen or 'a row')[:_CALLED]))

    def _take_conflict(self, error: ConflictError, key: Key, value: Any, seen: Any, column: Column) -> None:
        """Write onto the newer row, or ask whose title is right."""
        view, block = self._view, error.current
        view.content.show_title(key, None)
        if key not in block.keys:
            view.notice.say(f"This row was deleted meanwhile; “{value}” could not be written")
            view.rows.reload()
            return
        index = block.keys.index(key)
        theirs, version = block.columns[column.name][index], block.versions[index]
        if theirs in (seen, value):
            self._write(key, value, seen, version)
            return
        answers = (
            Answer(say("Take theirs"), lambda: view.rows.pages.refresh([key])),
            Answer(say("Keep mine"), lambda: self._write(key, value, theirs, version)),
        )
        text = say("It was renamed to “{theirs}” meanwhile; yours is “{mine}”", theirs=theirs or say("empty"),
                   mine=value or say("empty"))  # fmt: skip
        view.notice.say(text, tone="warning", answers=answers)

    def _come_back(self, key: Key, value: Any, message: str) -> None:
        """Open the editor again with the refused title, where the person has not gone on."""
        view = self._view
        if view.current.key == key and self.field is None:
            self.open(str(value or ""), is_again=True)
        if view.current.key == key and self.field is not None:
            view.notice.say(message, takes_focus=False)
        else:
            view.context.reporter.report(
                "error", say("“{value}” could not be written: {message}", value=value, message=message)
            )

    # -- keys -----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Return and Tab accept, Escape gives up; leaving the editor accepts."""
        if self.field is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self, self._check_focus)
        return event.type() == QEvent.Type.KeyPress and self._take_key(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_F2):
            self.accept()
        else:
            return False
        return True

    def _check_focus(self) -> None:
        focus, field = self._view.window().focusWidget(), self.field
        is_here = field is None or focus is None or focus is field or field.isAncestorOf(focus)
        if not is_here and not self._view.notice.owns(focus):
            self.accept()
