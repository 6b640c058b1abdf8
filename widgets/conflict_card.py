"""Two versions of a row side by side, column by column: the person takes theirs, keeps their own, or writes a third.

The card decides nothing by itself; closing it leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from kernel.tables.schema import Schema
from widgets.context import Context
from widgets.editor.editor import FieldEditor, Subject
from widgets.editor.table import editor_name, make_editor
from widgets.format import writer
from widgets.handle import TableHandle
from widgets.overlay import Overlay
from widgets.theme import Theme

#: Width of the card, height of its columns, width of a value's button: pixels at 100 %.
_WIDTH, _HEIGHT, _VALUE = 780, 360, 190


class Difference(NamedTuple):
    """One column that both sides changed."""

    subject: Subject
    theirs: Any
    mine: Any


class ConflictCard(Overlay):
    """Asks about the columns of one row.

    Args:
        window: The window to cover.
        theme: Colours and spaces.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window, theme, _WIDTH, "Changed by somebody else meanwhile")
        self.editors: dict[str, FieldEditor] = {}
        self._choices: list[tuple[QPushButton, QPushButton, FieldEditor, Difference]] = []
        self._take: Callable[[dict[str, Any]], None] = lambda values: None
        self.title, self.text, self.problem = QLabel(self.card), QLabel(self.card), QLabel(self.card)
        self.body = QScrollArea(self.card)
        self._lay_out()

    def _lay_out(self) -> None:
        page, normal = self.theme.space("page"), self.theme.space("normal")
        self.title.setFont(self.theme.font("heading"))
        self.text.setWordWrap(True)
        self.problem.setWordWrap(True)
        self.problem.setStyleSheet(f"color: {self.theme.color('error').name()}")
        self.problem.hide()
        self.body.setWidgetResizable(True)
        self.body.setFrameShape(QScrollArea.Shape.NoFrame)
        self.body.viewport().setAutoFillBackground(False)
        self.body.setStyleSheet("QScrollArea { background: transparent }")
        self.body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box, row = QVBoxLayout(), QHBoxLayout()
        box.setContentsMargins(page, page, page, page)
        box.setSpacing(normal)
        for part in (self.title, self.text, self.body, self.problem):
            box.addWidget(part)
        row.setSpacing(normal)
        self.all_theirs, self.all_mine = QPushButton("All theirs", self.card), QPushButton("All mine", self.card)
        self.cancel, self.save = QPushButton("Decide later", self.card), QPushButton("Save", self.card)
        self.all_theirs.clicked.connect(lambda: self._choose_all(0))
        self.all_mine.clicked.connect(lambda: self._choose_all(1))
        self.cancel.clicked.connect(self.close_card)
        self.save.clicked.connect(self._accept)
        self.save.setProperty("emphasis", "primary")
        for button in (self.all_theirs, self.all_mine):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.cancel, self.save):
            row.addWidget(button)
        box.addSpacing(normal)
        box.addLayout(row)
        self.column.addLayout(box)

    def ask(
        self, title: str, text: str, differences: Sequence[Difference], take: Callable[[dict[str, Any]], None]
    ) -> None:
        """Show the columns; ``take(column → value)`` is called when the person saves."""
        self._take = take
        self.title.setText(title)
        self.text.setText(text)
        self.problem.hide()
        self.editors, self._choices = {}, []
        inner = QWidget(self.body)
        inner.setObjectName("conflict-columns")
        inner.setStyleSheet(_sheet(self.theme))
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, self.theme.space("normal"), 0)
        grid.setHorizontalSpacing(self.theme.space("wide"))
        grid.setVerticalSpacing(self.theme.space("normal"))
        for place, head in enumerate(("Column", "Theirs", "Mine", "What is saved")):
            label = QLabel(head, inner)
            label.setObjectName("conflict-head")
            label.setFont(self.theme.font("caption"))
            grid.addWidget(label, 0, place)
        for number, difference in enumerate(differences, 1):
            self._add_row(inner, grid, number, difference)
        grid.setColumnStretch(3, 1)
        grid.setRowStretch(len(differences) + 1, 1)
        self.body.setWidget(inner)
        self.body.setFixedHeight(min(inner.sizeHint().height() + 4, _HEIGHT))
        self._choose_all(1)
        self.open(self._choices[0][1] if self._choices else self.save)

    def _add_row(self, inner: QWidget, grid: QGridLayout, number: int, difference: Difference) -> None:
        subject = difference.subject
        label = QLabel(subject.title, inner)
        label.setWordWrap(True)
        write = writer(subject.column.type, subject.format)
        theirs, mine = (self._button(inner, side, subject.title, _text(write, value))
                        for side, value in (("theirs", difference.theirs), ("mine", difference.mine)))  # fmt: skip
        editor = make_editor(editor_name(subject.column, subject.reference), subject, inner)
        editor.setAccessibleName(f"{subject.title}: what is saved")
        self.editors[subject.column.name] = editor
        choice = (theirs, mine, editor, difference)
        self._choices.append(choice)
        theirs.clicked.connect(lambda: self._choose(choice, 0))
        mine.clicked.connect(lambda: self._choose(choice, 1))
        editor.edited.connect(lambda: self._unmark(choice))
        for place, part in enumerate((label, theirs, mine, editor)):
            grid.addWidget(part, number, place, Qt.AlignmentFlag.AlignVCenter)

    def _button(self, parent: QWidget, side: str, title: str, text: str) -> QPushButton:
        metrics = QFontMetrics(self.theme.font("body"))
        button = QPushButton(parent)
        button.setObjectName("conflict-value")
        button.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, _VALUE - 28).replace("&", "&&"))
        button.setCheckable(True)
        button.setFixedWidth(_VALUE)
        button.setToolTip(text)
        button.setAccessibleName(f"{title}, {side}: {text}")
        return button

    def _choose_all(self, side: int) -> None:
        for choice in self._choices:
            self._choose(choice, side)

    def _choose(self, choice: tuple[QPushButton, QPushButton, FieldEditor, Difference], side: int) -> None:
        theirs, mine, editor, difference = choice
        editor.set_value(difference.mine if side else difference.theirs)
        theirs.setChecked(not side)
        mine.setChecked(bool(side))

    def _unmark(self, choice: tuple[QPushButton, QPushButton, FieldEditor, Difference]) -> None:
        for button in choice[:2]:
            button.setChecked(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return saves; on a button it presses that."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            focus.click() if isinstance(focus, QPushButton) and focus is not self.save else self._accept()
            event.accept()
            return
        super().keyPressEvent(event)

    def _accept(self) -> None:
        problems = [(editor, editor.is_valid()) for editor in self.editors.values() if editor.is_valid()]
        if problems:
            editor, message = problems[0]
            self.problem.setText(f"{editor.subject.title}: {message}")
            self.problem.show()
            editor.setFocus()
            return
        values = {name: editor.value() for name, editor in self.editors.items()}
        self.close_card()
        self._take(values)


def differences_of(
    columns: Sequence[str], theirs: dict[str, Any], mine: dict[str, Any], schema: Schema, context: Context,
    handle: TableHandle | None = None, subjects: Sequence[Subject] = (),
) -> list[Difference]:  # fmt: skip
    """What both sides have, with the labels and formats that the fields of a form use."""
    known = {subject.column.name: subject for subject in subjects}
    found = []
    for name in columns:
        column = schema.column(name)
        if column is not None:
            reference = schema.reference(name) if handle is not None else None
            subject = known.get(name) or Subject(column, context, handle, reference, lines=1)
            found.append(Difference(subject, theirs.get(name), mine.get(name)))
    return found


def _sheet(theme: Theme) -> str:
    """Values look like values, and the chosen one like a selected row."""
    color = {name: theme.color(name).name() for name in ("line", "accent", "selection", "selection-text", "muted")}
    return (
        "#conflict-columns { background: transparent }"
        f"#conflict-head {{ color: {color['muted']} }}"
        f"#conflict-value {{ text-align: left; border: 1px solid {color['line']}; padding: 0 10px }}"
        f"#conflict-value:checked {{ background: {color['selection']}; color: {color['selection-text']};"
        f" border: 1px solid {color['accent']} }}"
        f"#conflict-value:focus {{ border: 2px solid {color['accent']}; padding: 0 9px }}"
    )


def _text(write: Callable[[Any], str], value: Any) -> str:
    return "empty" if value is None or value == "" else write(value).replace("\n", " ⏎ ")
