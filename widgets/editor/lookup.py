"""A reference to a row of another table: typed by its label, found by the table itself, stored as its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kernel.tables.change import is_temporary
from kernel.tables.query import Query, Sort
from kernel.tables.schema import Schema
from kernel.words import mark, say
from widgets.editor.editor import Subject
from widgets.editor.line import LineEditor

if TYPE_CHECKING:
    from widgets.handle import TableHandle

#: Rows offered at once, and the wait after the last key in ms.
LIMIT, DELAY_MS = 100, 80
#: What stands for a row that waits for its server until its label is known.
NEW_ROW = mark("New row, waits for the server")


class LookupEditor(LineEditor):
    """Editor of references. Typing searches; Down walks the list; Return takes; an emptied text is null."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        reference, handle = subject.reference, subject.handle
        assert reference is not None and handle is not None
        self._target = subject.context.open_table(handle, reference.table)
        self._column = reference.columns[0]
        self._picked: Any = None
        self._label: str | None = None
        self._found: list[tuple[Any, str]] = []
        self._cancel = self._cancel_label = lambda: None
        self._list: Any = None
        self._ahead: Any = None
        self._is_searching = self._has_returned = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._search)
        self.line.textEdited.connect(self._typed)
        self.line.setPlaceholderText("" if subject.is_cell else say("Type to search"))
        self.button = self.line.add_button(
            "chevron-down", say("List for {title}", title=subject.title), say("Show the list (Alt+Down)")
        )
        self.button.clicked.connect(self.open_popup)

    # -- value ----------------------------------------------------------------------------------------------------

    def show_value(self, value: Any) -> None:
        """Shows the row's label as soon as it is known, the key until then."""
        self._timer.stop()
        self._picked, self._label = value, None
        self._cancel_label()
        super().show_value(value)
        if is_temporary(value):
            self._show_label(say(NEW_ROW))
        if value is not None:
            self._ask_label(value)

    def set_label_text(self, text: str) -> None:
        """Spare the question for the label."""
        if text and not self._is_touched:
            self._cancel_label()
            self._show_label(text)

    def read(self) -> Any:
        """The picked row's key; a text that fits one found row alone picks it."""
        text = self.line.text().strip()
        if not text:
            return None
        if self._label is not None and text == self._label:
            return self._picked
        same = [key for key, label in self._found if label.lower() == text.lower()]
        if not same and len(self._found) == 1 and not self._timer.isActive():
            same = [self._found[0][0]]
        if len(same) == 1:
            return same[0]
        if str(self._picked) == text:
            return self._picked
        raise ValueError(say("{title}: choose a row from the list for “{text}”", title=self.subject.title, text=text))

    def start(self, text: str) -> None:
        """See :meth:`FieldEditor.start`."""
        super().start(text)
        self._typed(text)

    # -- searching ------------------------------------------------------------------------------------------------

    def open_popup(self) -> None:
        """Offer the first rows, whatever is typed."""
        if not self.line.isReadOnly():
            self._search(is_all=True)

    @property
    def is_listing(self) -> bool:
        """See :attr:`FieldEditor.is_listing`."""
        return self._list is not None and self._list.isVisible()

    def take_listed(self) -> None:
        """See :meth:`FieldEditor.take_listed`."""
        self.blockSignals(True)
        self._list.handle_key(Qt.Key.Key_Return)
        self.blockSignals(False)

    @property
    def is_waiting(self) -> bool:
        """See :attr:`FieldEditor.is_waiting`."""
        return bool(self.line.text().strip()) and (self._timer.isActive() or self._is_searching)

    def hold(self, event: QKeyEvent) -> None:
        """See :meth:`FieldEditor.hold`."""
        if self._ahead is None:
            from widgets.typed_ahead import TypedAhead

            self._ahead = TypedAhead(self)
        self._ahead.begin(event)
        if self._timer.isActive():
            self._search()

    def _typed(self, _text: str) -> None:
        self._found = []
        self._has_returned = False
        if self._list is not None:
            self._list.hide()
        self._timer.start()

    def _search(self, is_all: bool = False) -> None:
        self._timer.stop()
        self._is_searching = True
        schema = self._target.schema
        if schema is None:
            self._target.schema_changed.connect(lambda: self._search(is_all), Qt.ConnectionType.SingleShotConnection)
            return
        self._cancel()
        query = self.query_for(schema, "" if is_all else self.line.text().strip())
        self._cancel = self._target.fetch(query, 0, LIMIT, self._take_found)

    def query_for(self, schema: Schema, text: str) -> Query:
        """The rows to choose from."""
        return label_query(schema, text, (self._column,))

    def keys_of(self, answer: Any) -> Any:
        """What is stored for each of the rows found."""
        return answer.columns[self._column]

    def _take_found(self, answer: Any) -> None:
        self._is_searching = False
        if isinstance(answer, Exception):
            from widgets.grid.notice import sentence

            self._popup().say(sentence(answer))
            self._go_on(has_rows=False)
            return
        schema = self._target.schema
        labels = [label_text(schema, answer.row(index)) for index in range(len(answer))]
        text = self.line.text().strip().lower()
        found = zip(self.keys_of(answer), labels, strict=True)
        self._found = sorted(found, key=lambda pair: (pair[1].lower() != text, not pair[1].lower().startswith(text)))
        if self._has_returned and self._found:
            self._pick(0)
        elif self.line.hasFocus() or self._popup().isVisible() or self.button.underMouse():
            self._popup().offer(self._found, "" if self._found else say("Nothing found"))
        self._go_on(has_rows=bool(self._found))

    def _go_on(self, *, has_rows: bool) -> None:
        """Hand on the keys that were pressed meanwhile; without a row to choose they would go astray."""
        if self._ahead is not None:
            self._ahead.hand_on() if has_rows else self._ahead.forget()

    def _popup(self) -> Any:
        if self._list is None:
            from widgets.editor.lookup_list import LookupList

            self._list = LookupList(self)
            self._list.picked.connect(self._pick)
        return self._list

    def _pick(self, index: int) -> None:
        key, label = self._found[index]
        self._picked = key
        self._show_label(label)
        self.line.setText(label)
        if self._list is not None:
            self._list.hide()
        self.touch()
        if self.subject.is_cell:
            self.committed.emit()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Keys of the list while it is open."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.is_waiting:
            self._has_returned = True  # faster than the list: its first row is taken when it comes
            return True
        if event.key() == Qt.Key.Key_Down and not self.is_listing:
            self.open_popup()
            return True
        return self.is_listing and self._list.handle_key(event.key())

    # -- label ----------------------------------------------------------------------------------------------------

    def _ask_label(self, value: Any) -> None:
        schema = self._target.schema
        if schema is None:
            ask = lambda: self._ask_label(value) if value == self._picked and not self._is_touched else None  # noqa: E731
            self._target.schema_changed.connect(ask, Qt.ConnectionType.SingleShotConnection)
            return

        def take(label: str) -> None:
            if not self._is_touched:
                self._show_label(label)

        self._cancel_label = ask_label(self._target, *self.key_to_ask(value), take)

    def key_to_ask(self, value: Any) -> tuple[tuple[str, ...], tuple[Any, ...]]:
        """The columns and values by which the row is found whose label is shown."""
        return (self._column,), (value,)

    def _show_label(self, label: str) -> None:
        self._label = label
        was_whole = self.line.hasFocus() and self.line.selectedText() == self.line.text()
        self.line.setText(label)
        self.line.setCursorPosition(0)
        if was_whole:
            # The label came after the editor was opened to be typed over.
            self.line.selectAll()
        self.line.setToolTip(self.tip(self._picked))

    def tip(self, picked: Any) -> str:
        """What is stored, for those who want to know."""
        return say(NEW_ROW) if is_temporary(picked) else f"{self._column} {picked}"


def ask_label(
    target: TableHandle, columns: Sequence[str], values: Sequence[Any], take: Callable[[str], None]
) -> Callable[[], None]:
    """Ask for the label of the row that a reference leads to; answers a cancel callable.

    Args:
        target: The table that it leads to; its schema is known.
        columns: The columns of it that the reference holds.
        values: What the reference holds.
        take: Gets the label; not called when there is no such row.
    """
    schema = target.schema
    assert schema is not None
    tests = [f"{column_text(column)} == wanted.key{at}" for at, column in enumerate(columns)]
    parameters = {f"wanted.key{at}": value for at, value in enumerate(values)}
    query = Query(filter=" and ".join(tests), parameters=parameters, columns=_columns(schema, ()))

    def take_row(answer: Any) -> None:
        if not isinstance(answer, Exception) and len(answer):
            take(label_text(schema, answer.row(0)))

    return target.fetch(query, 0, 1, take_row)


def label_query(schema: Schema, text: str, also: tuple[str, ...]) -> Query:
    """Rows of whose label columns each typed word is somewhere in one; by label."""
    texts = [name for name in schema.label if (column := schema.column(name)) and column.type in ("text", "longtext")]
    parts, parameters = [], {}
    for index, word in enumerate(text.split()):
        name = f"typed.word{index}"
        any_of = [f"({column_text(column)} contains {name})" for column in texts]
        if word.isdigit() and len(schema.key) == 1 and (key := schema.column(schema.key[0])) and key.type == "integer":
            any_of.append(f"({column_text(key.name)} == typed.number{index})")
            parameters[f"typed.number{index}"] = int(word)
        if any_of:
            parts.append(f"({' or '.join(any_of)})")
            if texts:
                parameters[name] = word
    order = tuple(Sort(name) for name in schema.label)
    return Query(filter=" and ".join(parts), parameters=parameters, sort=order, columns=_columns(schema, also))


def label_text(schema: Schema, row: dict[str, Any]) -> str:
    """The row's label from its label columns, else its key."""
    for names in (schema.label, schema.key):
        if text := " ".join(str(row[name]) for name in names if row.get(name) not in (None, "")):
            return text
    return ""


def _columns(schema: Schema, also: tuple[str, ...]) -> tuple[str, ...]:
    known = [name for name in (*schema.key, *schema.label, *also) if schema.column(name) is not None]
    return tuple(dict.fromkeys(known))


def column_text(column: str) -> str:
    """A column's name as an expression writes it."""
    import keyword

    if column.isidentifier() and not keyword.iskeyword(column) and column not in ("true", "false", "null"):
        return column
    escaped = column.replace("\\", "\\\\").replace('"', '\\"')
    return f'col("{escaped}")'
