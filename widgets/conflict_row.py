"""One row that both sides changed: a line for each column with what was before, theirs, mine, and what is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from kernel.tables.change import is_temporary
from kernel.tables.merge import MINE, THEIRS, Decision
from kernel.tables.schema import Schema
from kernel.words import say
from widgets.context import Context
from widgets.editor.editor import FieldEditor, Subject
from widgets.editor.table import editor_name, make_editor
from widgets.format import column_writer
from widgets.handle import TableHandle
from widgets.theme import Theme

#: Width of a value's button, and of what was before, at least and at most: pixels at 100 %.
_VALUE, _BEFORE = (90, 180), (56, 120)
#: What a line needs for its title, its editor and the gaps, in pixels at 100 %.
_OTHERS = 280
#: Stands for a value that nobody knows any more.
UNKNOWN: Any = object()


class Difference(NamedTuple):
    """One column that both sides changed; ``base`` is what the person saw when they began."""

    subject: Subject
    theirs: Any
    mine: Any
    base: Any = UNKNOWN


class Question(NamedTuple):
    """What is asked about one row.

    Attributes:
        name: What the row is called; empty where the card's own text says it.
        differences: Its columns. None of a row that the person deleted and somebody else changed: it goes or stays.
        changed: What somebody else changed in such a row, as far as it was seen.
    """

    name: str
    differences: tuple[Difference, ...]
    changed: tuple[Difference, ...] = ()


class _Choice(NamedTuple):
    theirs: QPushButton
    mine: QPushButton
    editor: FieldEditor | None
    difference: Difference | None


class ConflictRow(QWidget):
    """The columns of one question; ``changed`` when the person chose or typed.

    Args:
        theme: Colours and spaces.
        question: What is asked.
        parent: Where it stands.
        room: Pixels from left to right.

    Attributes:
        editors: Column → what is saved.
    """

    changed = Signal()

    def __init__(self, theme: Theme, question: Question, parent: QWidget, room: int) -> None:
        super().__init__(parent)
        self._theme, self._question, self._room = theme, question, room
        self._value = max(_VALUE[0], min(_VALUE[1], (room - _OTHERS) * 2 // 5))
        self._before_width = max(_BEFORE[0], min(_BEFORE[1], (room - _OTHERS) // 5))
        self.editors: dict[str, FieldEditor] = {}
        self._choices: list[_Choice] = []
        self.setObjectName("conflict-columns")
        self.setStyleSheet(_sheet(theme))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, theme.space("normal"), 0)
        grid.setHorizontalSpacing(theme.space("wide"))
        grid.setVerticalSpacing(theme.space("normal"))
        if question.differences:
            self._add_columns(grid)
        else:
            self._add_delete(grid)

    @property
    def is_delete(self) -> bool:
        """Whether it is asked if the row goes or stays."""
        return not self._question.differences

    @property
    def first(self) -> QPushButton | None:
        """Where the keys begin."""
        if not self._choices:
            return None
        return self._choices[0].theirs if self.is_delete else self._choices[0].mine

    def choose_all(self, side: int) -> None:
        """Take one side in every column."""
        for choice in self._choices:
            self._choose(choice, side)

    def decision(self) -> Decision:
        """What is chosen now."""
        if not self._question.differences:
            return MINE if self._choices[0].mine.isChecked() else THEIRS
        return {name: editor.value() for name, editor in self.editors.items()}

    def show_decision(self, decision: Decision) -> None:
        """Show what was chosen before."""
        for choice in self._choices:
            if not isinstance(decision, dict):
                self._choose(choice, decision)
                continue
            difference = choice.difference
            value = decision[difference.subject.column.name]
            sides = {MINE: difference.mine, THEIRS: difference.theirs}
            side = next((side for side, known in sides.items() if known == value), None)
            if side is not None:
                self._choose(choice, side)
            else:
                choice.editor.set_value(value)
                self._unmark(choice)

    def problem(self) -> tuple[FieldEditor, str] | None:
        """The first editor whose input is no value, and why."""
        return next(((editor, text) for editor in self.editors.values() if (text := editor.is_valid())), None)

    # -- lines ----------------------------------------------------------------------------------------------------

    def _add_columns(self, grid: QGridLayout) -> None:
        has_base = any(one.base is not UNKNOWN for one in self._question.differences)
        heads = (say("Column"), say("Before") if has_base else "", say("Theirs"), say("Mine"), say("What is saved"))
        self._add_heads(grid, heads)
        for number, difference in enumerate(self._question.differences, 1):
            self._add_column(grid, number, difference)
        grid.setColumnStretch(len(heads) - 1, 1)
        grid.setRowStretch(len(self._question.differences) + 1, 1)

    def _add_heads(self, grid: QGridLayout, heads: Sequence[str]) -> None:
        for place, head in enumerate(heads):
            if head:
                label = QLabel(head, self)
                label.setObjectName("conflict-head")
                label.setFont(self._theme.font("caption"))
                grid.addWidget(label, 0, place)

    def _add_column(self, grid: QGridLayout, number: int, difference: Difference) -> None:
        subject = difference.subject
        title = QLabel(subject.title, self)
        title.setWordWrap(True)
        theirs = self._button("theirs", difference.theirs, subject)
        mine = self._button("mine", difference.mine, subject)
        editor = make_editor(editor_name(subject.column, subject.reference), subject, self)
        editor.setAccessibleName(say("{title}: what is saved", title=subject.title))
        self.editors[subject.column.name] = editor
        choice = _Choice(theirs, mine, editor, difference)
        self._connect(choice)
        editor.edited.connect(lambda: (self._unmark(choice), self.changed.emit()))
        parts: list[QWidget | None] = [title, None, theirs, mine, editor]
        if difference.base is not UNKNOWN:
            parts[1] = self._before(difference.base, subject)
        for place, part in enumerate(parts):
            if part is not None:
                grid.addWidget(part, number, place, Qt.AlignmentFlag.AlignVCenter)

    def _add_delete(self, grid: QGridLayout) -> None:
        """The row as a whole: it goes, or it stays as somebody else left it."""
        changed = self._question.changed
        if changed:
            self._add_heads(grid, (say("Column"), say("Before"), say("Now")))
        for number, difference in enumerate(changed, 1):
            title = QLabel(difference.subject.title, self)
            before = self._before(difference.base, difference.subject)
            now = self._text("now", difference.theirs, difference.subject, self._room - _OTHERS)
            for place, part in enumerate((title, before, now)):
                grid.addWidget(part, number, place, Qt.AlignmentFlag.AlignVCenter)
        stays, goes = QPushButton(say("Keep the row"), self), QPushButton(say("Delete it all the same"), self)
        line = QHBoxLayout()
        line.setContentsMargins(0, self._theme.space("normal") if changed else 0, 0, 0)
        line.setSpacing(self._theme.space("normal"))
        for button in (stays, goes):
            button.setObjectName("conflict-value")
            button.setCheckable(True)
            button.setAccessibleName(f"{self._question.name}: {button.text()}")
            line.addWidget(button)
        line.addStretch(1)
        grid.addLayout(line, len(changed) + 1, 0, 1, 4)
        grid.setColumnStretch(3, 1)
        grid.setRowStretch(len(changed) + 2, 1)
        self._connect(_Choice(stays, goes, None, None))

    def _connect(self, choice: _Choice) -> None:
        self._choices.append(choice)
        for side, button in ((THEIRS, choice.theirs), (MINE, choice.mine)):
            button.clicked.connect(lambda _on=False, side=side: (self._choose(choice, side), self.changed.emit()))

    def _before(self, value: Any, subject: Subject) -> QLabel:
        return self._text("before", value, subject, self._before_width)

    def _text(self, side: str, value: Any, subject: Subject, width: int) -> QLabel:
        """A value that cannot be chosen."""
        label = QLabel(self)
        label.setObjectName(f"conflict-{side}")

        def say(text: str) -> None:
            label.setText(_cut(self._theme, text, width))
            label.setToolTip(text)
            label.setAccessibleName(f"{subject.title}, {side}: {text}")

        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFixedWidth(width)
        _say_value(value, subject, say, label)
        return label

    def _button(self, side: str, value: Any, subject: Subject) -> QPushButton:
        button = QPushButton(self)

        def say(text: str) -> None:
            button.setText(_cut(self._theme, text, self._value - 28).replace("&", "&&"))
            button.setToolTip(text)
            button.setAccessibleName(f"{subject.title}, {side}: {text}")

        button.setObjectName("conflict-value")
        button.setCheckable(True)
        button.setFixedWidth(self._value)
        _say_value(value, subject, say, button)
        return button

    def _choose(self, choice: _Choice, side: int) -> None:
        if choice.editor is not None and choice.difference is not None:
            choice.editor.set_value(choice.difference.mine if side == MINE else choice.difference.theirs)
        choice.theirs.setChecked(side == THEIRS)
        choice.mine.setChecked(side == MINE)

    def _unmark(self, choice: _Choice) -> None:
        choice.theirs.setChecked(False)
        choice.mine.setChecked(False)


def differences_of(
    columns: Sequence[str], theirs: dict[str, Any], mine: dict[str, Any], schema: Schema, context: Context,
    handle: TableHandle | None = None, subjects: Sequence[Subject] = (), base: dict[str, Any] | None = None,
) -> tuple[Difference, ...]:  # fmt: skip
    """What both sides have, with the labels and formats that the fields of a form, or a grid's columns, use."""
    known = {subject.column.name: subject for subject in subjects}
    found = []
    for name in columns:
        column = schema.column(name)
        if column is not None:
            reference = schema.reference(name) if handle is not None else None
            subject = known.get(name) or Subject(column, context, handle, reference, lines=1)
            if subject.reference is not None and len(subject.reference.via) > 1:
                # Each of its columns is decided alone.
                subject = subject._replace(reference=None)
            before = (base or {}).get(name, UNKNOWN)
            found.append(Difference(subject, theirs.get(name), mine.get(name), before))
    return tuple(found)


def _say_value(value: Any, subject: Subject, say: Callable[[str], None], where: QWidget) -> None:
    """Say a value as its column writes it; a reference by the label of its row, as soon as that is known and while
    ``where`` is there."""
    if value is None or value == "":
        say("empty")
        return
    write = column_writer(subject.column, subject.format)
    say("new row" if is_temporary(value) else write(value).replace("\n", " ⏎ "))
    reference, handle = subject.reference, subject.handle
    if reference is None or handle is None or len(reference.columns) > 1:
        return
    from widgets.editor.lookup import ask_label

    # NOTE: not cancelled by the widget's end: Qt tells that also when Python's own end has begun.
    target = subject.context.open_table(handle, reference.table)
    if target.schema is not None:
        ask_label(target, reference.columns, (value,), lambda label: say(label) if shiboken6.isValid(where) else None)


def _cut(theme: Theme, text: str, width: int) -> str:
    return QFontMetrics(theme.font("body")).elidedText(text, Qt.TextElideMode.ElideRight, width)


def _sheet(theme: Theme) -> str:
    """Values look like values, and the chosen one like a selected row."""
    color = {name: theme.color(name).name() for name in ("line", "accent", "selection", "selection-text", "muted")}
    return (
        "#conflict-columns { background: transparent }"
        f"#conflict-head, #conflict-before {{ color: {color['muted']} }}"
        f"#conflict-value {{ text-align: left; border: 1px solid {color['line']}; padding: 0 10px }}"
        f"#conflict-value:checked {{ background: {color['selection']}; color: {color['selection-text']};"
        f" border: 1px solid {color['accent']} }}"
        f"#conflict-value:focus {{ border: 2px solid {color['accent']}; padding: 0 9px }}"
    )
