"""What both cards are made of: a title, labelled fields, a bar for the work that goes on, and two buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kernel.tables.contract import Report
from kernel.tables.error import InterruptedCallError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.words import say
from widgets.context import Context
from widgets.handle import TableHandle, explained
from widgets.handle_worker import Worker
from widgets.overlay import Overlay
from widgets.theme.tint import tint

#: How often the bar follows the work, in ms, and its steps.
_FOLLOW_MS, _STEPS = 100, 1000


class ExchangeCard(Overlay):
    """One piece of work at a time, done on a thread of its own; Escape and Cancel stop it first, then close the card.

    Args:
        window: The window to cover.
        context: Theme, reporter and what is remembered.
        width: In pixels at 100 %.
        title, action: Heading, and what the button reads that starts the work.
    """

    def __init__(self, window: QWidget, context: Context, width: int, title: str, action: str) -> None:
        super().__init__(window, context.theme, width, title)
        self.context = context
        self.handle: TableHandle | None = None
        self._worker: Worker | None = None
        self._interrupt = Interrupt()
        self._part = 0.0
        self._here: QWidget | None = None
        self._done: Callable[[Any], None] | None = None
        page = self.theme.space("page")
        self.body = QVBoxLayout()
        self.body.setContentsMargins(page, page, page, page)
        self.body.setSpacing(self.theme.space("wide"))
        self.column.addLayout(self.body)
        self.heading = self._label(title, "heading")
        self.body.addWidget(self.heading)
        self.fields = QGridLayout()
        self.fields.setHorizontalSpacing(self.theme.space("wide"))
        self.fields.setVerticalSpacing(self.theme.space("normal"))
        self.fields.setColumnStretch(1, 1)
        self.body.addLayout(self.fields)
        self.message = self._label("", "body")
        self.message.setWordWrap(True)
        self.message.hide()
        self.bar = QProgressBar(self.card)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName(title)
        self.bar.hide()
        self.cancel, self.go = QPushButton(say("Cancel"), self.card), QPushButton(action, self.card)
        self.go.setProperty("emphasis", "primary")
        self.cancel.clicked.connect(self.give_up)
        self.go.clicked.connect(self.start)
        self._following = QTimer(self)
        self._following.setInterval(_FOLLOW_MS)
        self._following.timeout.connect(self._follow)

    # -- what a card adds -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin the work."""
        raise NotImplementedError

    def add_field(self, name: str, widget: QWidget) -> QLabel:
        """A line with a label; answers the label."""
        label = self._label(name, "body")
        label.setBuddy(widget)
        widget.setAccessibleName(name)
        row = self.fields.rowCount()
        self.fields.addWidget(label, row, 0)
        self.fields.addWidget(widget, row, 1)
        return label

    def end_body(self) -> None:
        """Add message, bar and buttons below what the card added."""
        row = QHBoxLayout()
        row.setSpacing(self.theme.space("normal"))
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.go)
        self.body.addWidget(self.message)
        self.body.addWidget(self.bar)
        self.body.addLayout(row)

    def path_line(self, button: str, choose: Callable[[], None]) -> tuple[QLineEdit, QWidget]:
        """A line for a path with a button that opens the system's dialog: (the line, both in one widget)."""
        both = QWidget(self.card)
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.theme.space("normal"))
        line, opener = QLineEdit(both), QPushButton(button, both)
        opener.clicked.connect(choose)
        row.addWidget(line, 1)
        row.addWidget(opener)
        both.setFocusProxy(line)
        return line, both

    def tell(self, text: str, level: str = "error") -> None:
        """Say something on the card; an empty text takes it away."""
        self.message.setText(text)
        self.message.setVisible(bool(text))
        tint(self.message, self.theme, "color: ${error}" if level == "error" else "color: ${muted}")
        self.fit()

    # -- work -----------------------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """Whether work goes on."""
        return self._done is not None

    def take(self, handle: TableHandle) -> None:
        """Work with another table."""
        self.handle = handle

    def run(self, work: Callable[[Any, Report], Any], done: Callable[[Any], None]) -> None:
        """Run ``work(table, report)`` beside the window; ``done`` gets its answer or exception, unless it was stopped.

        The answer of work that ended before it heard of the stop counts: what is written is never called undone.
        """
        assert self.handle is not None
        if self._worker is None:
            self._worker = worker = Worker("exchange")
            self.destroyed.connect(lambda: worker.stop())
        self._part, self._done = 0.0, done
        self._interrupt = interrupt = Interrupt()
        table, report = self.handle.table, self._report

        def whole() -> Any:
            with interruptible(interrupt):
                return work(table(), report)

        self.tell("")
        self.bar.setValue(0)
        self.bar.show()
        self._set_busy(True)
        self._following.start()
        self._worker.submit(whole, self._finish)
        self.fit()

    def open(self, focus: QWidget | None = None) -> None:
        """See :class:`Overlay`; once it is shown its parts are dressed and say how high they are."""
        super().open(focus)
        self.fit()

    def give_up(self) -> None:
        """Stop the work; without any, close."""
        if not self.is_busy:
            self.close_card()
            return
        self._interrupt.set()
        self.cancel.setText(say("Stopping…"))
        self.cancel.setEnabled(False)

    def close_card(self) -> None:
        """See :class:`Overlay`; work that goes on is stopped before."""
        if self.is_busy:
            self.give_up()
            return
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
        super().close_card()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stops, then closes; Return starts."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.go.isEnabled():
            self.go.click()
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: Any) -> None:
        """A click beside the card does not take away what was filled in."""
        event.accept()

    def _report(self, part: float) -> None:
        self._part = part  # on the worker's thread; the timer reads it

    def _follow(self) -> None:
        self.bar.setValue(round(self._part * _STEPS))

    def _finish(self, answer: Any) -> None:
        done = self._done
        self._end()
        if isinstance(answer, InterruptedCallError):
            self.tell(say("It was stopped; nothing was changed."), "info")
        elif done is not None:
            done(explained(answer) if isinstance(answer, Exception) else answer)

    def _end(self) -> None:
        self._done = None
        self._following.stop()
        self.bar.hide()
        self._set_busy(False)
        self.fit()

    def _set_busy(self, is_busy: bool) -> None:
        self.cancel.setText(say("Stop") if is_busy else say("Cancel"))
        self.cancel.setEnabled(True)
        if is_busy:
            self._here = self.window().focusWidget()
            self.cancel.setFocus()  # what is disabled must not keep the focus
        self.go.setEnabled(not is_busy)
        for index in range(self.fields.count()):
            widget = self.fields.itemAt(index).widget()
            if widget is not None:
                widget.setEnabled(not is_busy)
        if not is_busy and self._here is not None and self.card.isAncestorOf(self._here):
            self._here.setFocus()

    def _label(self, text: str, font: str) -> QLabel:
        label = QLabel(text, self.card)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(self.theme.font(font))
        return label
