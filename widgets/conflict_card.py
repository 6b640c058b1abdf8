"""Rows that two people changed, side by side: the person takes theirs, keeps their own, or writes a third value.

Several rows are gone through one by one. The card decides nothing by itself, and closing it leaves everything as it
was; what a row's columns look like is in ``conflict_row``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from kernel.tables.merge import MINE, THEIRS, Decision
from kernel.words import mark, say, say_count
from widgets.conflict_row import ConflictRow, Difference, Question
from widgets.editor.editor import FieldEditor
from widgets.overlay import Overlay
from widgets.theme import Theme

#: Width of the card, height of its columns: pixels at 100 %.
_WIDTH, _HEIGHT = 860, 360
#: What the rest of the card needs above and below the columns, in pixels.
_OTHERS = 330
#: What the sides are called for all rows that are left: of their columns, where each goes or stays.
_SIDES = {
    False: (mark("Theirs for all {left:,} left"), mark("Mine for all {left:,} left")),
    True: (mark("Keep all {left:,} left"), mark("Delete all {left:,} left")),
}
#: Keys that walk.
_KEYS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class ConflictCard(Overlay):
    """Asks about rows.

    Args:
        window: The window to cover.
        theme: Colours and spaces.

    Attributes:
        decisions: For each row what was decided, None where nothing was yet.
        is_saved: Whether the person saved; known before the card tells that it closed.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window, theme, _WIDTH, say("Changed by somebody else meanwhile"))
        self.decisions: list[Decision | None] = []
        self.is_saved = False
        self._at, self._is_touched = 0, False
        self._question_of: Callable[[int], Question] = lambda _at: Question("", ())
        self._take: Callable[[list[Decision]], None] = lambda _decisions: None
        self._row: ConflictRow | None = None
        self.title, self.text, self.problem = QLabel(self.card), QLabel(self.card), QLabel(self.card)
        self.name = QLabel(self.card)
        self.body = QScrollArea(self.card)
        self._lay_out()

    @property
    def editors(self) -> dict[str, FieldEditor]:
        """Column → what is saved of the row that is shown."""
        return self._row.editors if self._row is not None else {}

    @property
    def left(self) -> int:
        """How many rows are not decided yet."""
        return sum(decision is None for decision in self.decisions)

    def ask(
        self, title: str, text: str, differences: Sequence[Difference], take: Callable[[dict[str, Any]], None]
    ) -> None:
        """Ask about one row; ``take(column → value)`` is called when the person saves."""
        def take_one(decisions: list[Decision]) -> None:
            decision = decisions[0]
            assert isinstance(decision, dict)
            take(decision)

        self.ask_rows(title, text, 1, lambda _at: Question("", tuple(differences)), take_one)

    def ask_rows(
        self,
        title: str,
        text: str,
        count: int,
        question_of: Callable[[int], Question],
        take: Callable[[list[Decision]], None],
    ) -> None:
        """Ask about rows, one after the other.

        Args:
            title, text: What is asked, and why.
            count: How many rows; with none the person is only told, and goes on or not.
            question_of: What is asked about the n-th.
            take: Gets the decisions, one for each row, when the person saves.
        """
        self._question_of, self._take = question_of, take
        self.decisions, self.is_saved = [None] * count, False
        self.title.setText(title)
        self.text.setText(text)
        for part in (self.previous, self.next, self.place, self.rest_theirs, self.rest_mine):
            part.setVisible(count > 1)
        for part in (self.all_theirs, self.all_mine, self.body):
            part.setVisible(count > 0)
        self.open(self.save)
        self._show(0)

    # -- parts ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        page, normal = self.theme.space("page"), self.theme.space("normal")
        self.title.setFont(self.theme.font("heading"))
        self.name.setFont(self.theme.font("strong"))
        for label in (self.text, self.name, self.problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setStyleSheet(f"color: {self.theme.color('error').name()}")
        self.problem.hide()
        self.body.setWidgetResizable(True)
        self.body.setFrameShape(QScrollArea.Shape.NoFrame)
        self.body.viewport().setAutoFillBackground(False)
        self.body.setStyleSheet("QScrollArea { background: transparent }")
        self.body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box = QVBoxLayout()
        box.setContentsMargins(page, page, page, page)
        box.setSpacing(normal)
        box.addLayout(self._make_head())
        box.addWidget(self.text)
        box.addLayout(self._make_line())
        for part in (self.body, self.problem):
            box.addWidget(part)
        box.addSpacing(normal)
        box.addLayout(self._make_foot())
        self.column.addLayout(box)

    def _make_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.theme.space("normal"))
        self.place = QLabel(self.card)
        self.place.setStyleSheet(f"color: {self.theme.color('muted').name()}")
        self.previous, self.next = QPushButton(self.card), QPushButton(self.card)
        for button, icon, title, step in ((self.previous, "chevron-left", say("Previous row (PageUp)"), -1),
                                          (self.next, "chevron-right", say("Next row (PageDown)"), 1)):  # fmt: skip
            button.setIcon(self.theme.icon(icon))
            button.setToolTip(title)
            button.setAccessibleName(title)
            button.clicked.connect(lambda _on=False, step=step: self._walk(step))
        row.addWidget(self.title)
        row.addStretch(1)
        for part in (self.place, self.previous, self.next):
            row.addWidget(part)
        return row

    def _make_line(self) -> QHBoxLayout:
        """The row's name, and a side for all its columns."""
        row = QHBoxLayout()
        row.setSpacing(self.theme.space("normal"))
        self.all_theirs, self.all_mine = (
            QPushButton(say("All theirs"), self.card),
            QPushButton(say("All mine"), self.card),
        )
        self.all_theirs.clicked.connect(lambda: self._choose_all(THEIRS))
        self.all_mine.clicked.connect(lambda: self._choose_all(MINE))
        row.addWidget(self.name)
        row.addStretch(1)
        for button in (self.all_theirs, self.all_mine):
            row.addWidget(button)
        return row

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.theme.space("normal"))
        self.rest_theirs, self.rest_mine = QPushButton(self.card), QPushButton(self.card)
        self.cancel, self.save = QPushButton(say("Decide later"), self.card), QPushButton(say("Save"), self.card)
        self.rest_theirs.clicked.connect(lambda: self._decide_rest(THEIRS))
        self.rest_mine.clicked.connect(lambda: self._decide_rest(MINE))
        self.cancel.clicked.connect(self.close_card)
        self.save.clicked.connect(self._accept)
        self.save.setProperty("emphasis", "primary")
        for button in (self.rest_theirs, self.rest_mine):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.cancel, self.save):
            row.addWidget(button)
        return row

    # -- walking --------------------------------------------------------------------------------------------------

    def _show(self, at: int) -> None:
        """Show the n-th row as it was decided, else with the person's own values."""
        self._at = at
        self.problem.hide()
        self._row = None
        self.name.hide()
        room = self.card.width() - 2 * self.theme.space("page")
        self.text.setMinimumHeight(self.text.heightForWidth(room))  # the card asks for no height by its width
        if self.decisions:
            question, decision = self._question_of(at), self.decisions[at]
            self._row = ConflictRow(self.theme, question, self.body, room)
            self._row.changed.connect(self._touch)
            # A single row that goes or stays: to choose is to answer.
            is_answer = self._row.is_delete and len(self.decisions) == 1
            if is_answer:
                self._row.changed.connect(self._accept)
            else:
                self._row.show_decision(MINE if decision is None else decision)
            self.save.setVisible(not is_answer)
            for part in (self.all_theirs, self.all_mine):
                part.setVisible(not self._row.is_delete)
            self.body.setWidget(self._row)
            self.body.setFixedHeight(self.room_for(min(self._row.sizeHint().height() + 4, _HEIGHT), _OTHERS))
            self.name.setText(question.name)
            self.name.setVisible(bool(question.name))
        self._is_touched = False
        self._say_place()
        self.fit()
        focus = self._row.first if self._row is not None else None
        (focus or self.save).setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_place(self) -> None:
        count, left = len(self.decisions), self.left
        state = say_count("{count:,} left", "{count:,} left", left) if left else say("all decided")
        self.place.setText(f"{say('Row {row:,} of {count:,}', row=self._at + 1, count=count)} · {state}")
        is_last = left == 0 or (left == 1 and self.decisions[self._at] is None)
        self.save.setText(say("Save") if is_last else say("Next"))
        sides = _SIDES[self._row is not None and self._row.is_delete]
        for button, text in zip((self.rest_theirs, self.rest_mine), sides, strict=True):
            button.setText(say(text, left=left))
            button.setEnabled(left > 0)

    def _touch(self) -> None:
        self._is_touched = True

    def _walk(self, step: int) -> None:
        """Go on to the next row or back; what was chosen here stays chosen."""
        if self._is_touched and not self._decide():
            return
        self._show((self._at + step) % len(self.decisions))

    def _choose_all(self, side: int) -> None:
        if self._row is not None:
            self._row.choose_all(side)
            self._touch()

    def _decide_rest(self, side: int) -> None:
        """Take one side in all rows that are not decided yet, this one among them."""
        self.decisions = [side if decision is None else decision for decision in self.decisions]
        self._show(self._at)
        self.save.setFocus(Qt.FocusReason.OtherFocusReason)

    def _decide(self) -> bool:
        """Take what is chosen for this row; False when an editor holds no value."""
        if self._row is None:
            return True
        if problem := self._row.problem():
            editor, message = problem
            self.problem.setText(f"{editor.subject.title}: {message}")
            self.problem.show()
            self.fit()
            editor.setFocus()
            return False
        self.decisions[self._at] = self._row.decision()
        return True

    def _accept(self) -> None:
        """Save when everything is decided, else go on to what is not."""
        if not self._decide():
            return
        order = [(self._at + step) % len(self.decisions) for step in range(1, len(self.decisions))]
        following = next((at for at in order if self.decisions[at] is None), None)
        if following is not None:
            self._show(following)
            return
        decisions = [decision for decision in self.decisions if decision is not None]
        self.is_saved = True
        self.close_card()
        self._take(decisions)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return saves or goes on, on a button it presses that; PageUp and PageDown walk."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            focus.click() if isinstance(focus, QPushButton) and focus is not self.save else self._accept()
        elif key in _KEYS and len(self.decisions) > 1:
            self._walk(_KEYS[key])
        else:
            super().keyPressEvent(event)
            return
        event.accept()
