"""The kind ``wizard``: a dialog of steps, of which one is shown; each is built when it is first come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kernel.disposer import Disposers
from kernel.words import say
from layouts.node import Node
from widgets.binding import bind, evaluate
from widgets.overlay import Overlay
from widgets.structure.dialog import Dialog, first_stop
from widgets.text import text_of
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgets.region import Part
    from widgets.theme import Theme


class _Card(Overlay):
    """A card whose keys turn the steps."""

    def __init__(self, window: QWidget, theme: Theme, width: int, name: str, turn: Callable[[int], None]) -> None:
        super().__init__(window, theme, width, name)
        self._turn = turn

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Return, where nothing in the step wanted it, and Ctrl+PageDown go on; Ctrl+PageUp goes back."""
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or (key == Qt.Key.Key_PageDown and is_control):
            self._turn(1)
            event.accept()
        elif key == Qt.Key.Key_PageUp and is_control:
            self._turn(-1)
            event.accept()
        else:
            super().keyPressEvent(event)


class Wizard(Dialog):
    """Known by its id as a dialog is; what its steps hold stays until it closes."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        #: Places of the steps that are built, in order; the parts of the card's region stand for them.
        self._built: list[int] = [0]
        self._at = 0
        self._watched = Disposers()
        self.place: Any = None
        self.note: Any = None
        self.back: Any = None
        self.next: Any = None

    def open(self) -> None:
        """Show its first step."""
        if self.card is None:
            self._at = next(iter(self._there()), 0)
            self._built = [self._at]
            super().open()

    def turn(self, way: int) -> None:
        """Go to the next step (1) or back (-1); past the last one it finishes."""
        ahead = [at for at in self._there() if (at > self._at if way > 0 else at < self._at)]
        if way < 0:
            if ahead:
                self._show(ahead[-1])
        elif self._is_right():
            if ahead:
                self._show(ahead[0])
            else:
                self._finish()

    # What is shown

    def _entered(self) -> QWidget:
        return self._widgets()[self._built.index(self._at)]

    def _steps(self) -> list[Node]:
        return self.node.of_kind("step")

    def _there(self) -> list[int]:
        """The places of the steps that are not passed over now."""
        context = self.region.context
        return [
            at for at, step in enumerate(self._steps())
            if step.get("when") is None or bool(evaluate(step.get("when"), context))
        ]  # fmt: skip

    def _nodes(self, node: Node) -> list[Node]:
        steps = node.of_kind("step")
        self._built = [at for at in self._built if at < len(steps)] or [0]
        return [Node("column", "", {}, steps[at].children, steps[at].where) for at in self._built if at < len(steps)]

    def _show(self, at: int) -> None:
        region = self._column.region
        if at not in self._built:
            place = sum(one < at for one in self._built)
            self._built.insert(place, at)
            step = self._steps()[at]
            region.insert(place, Node("column", "", {}, step.children, step.where))
        self._at = at
        self._show_current()
        (first_stop(self._entered()) or self.next).setFocus(Qt.FocusReason.TabFocusReason)

    def _widgets(self) -> list[QWidget]:
        return list(self._column.region.widgets())

    def _show_current(self) -> None:
        """Only the current step, and where it stands among those that are there."""
        for at, widget in zip(self._built, self._widgets(), strict=True):
            widget.setVisible(at == self._at)
        self.note.hide()
        self._show_place()

    def _show_place(self) -> None:
        if self.card is None or not self._steps():
            return
        there, context = self._there(), self.region.context
        number = sum(at <= self._at for at in there)
        title = text_of(evaluate(self._steps()[self._at].get("title", ""), context))
        text = say("Step {number} of {count}: {title}", number=max(number, 1), count=len(there), title=title)
        self.place.setText(text)
        self.back.setEnabled(any(at < self._at for at in there))
        is_last = not any(at > self._at for at in there)
        text = text_of(evaluate(self.node.get("finish_text") or say("Finish"), context)) if is_last else say("Next")
        self.next.setText(text.replace("&", "&&"))
        heading = self._heading.text()
        self.card.setAccessibleName(f"{heading}, {self.place.text()}" if heading else self.place.text())

    # Going on

    def _is_right(self) -> bool:
        """Whether the step may be left; what is wrong is said, and its forms are written."""
        step, context = self._steps()[self._at], self.region.context
        if step.get("valid") is not None and not evaluate(step.get("valid"), context):
            self._say(text_of(evaluate(step.get("hint") or say("Something is missing here"), context)))
            return False
        forms = [one for one in self._entered().findChildren(QWidget) if hasattr(one, "check_row") and one.has_edits()]
        if not all([form.check_row() for form in forms]):
            self._say(say("Some fields need another value"))
            return False
        for form in forms:
            form.write_row()
        return True

    def _finish(self) -> None:
        from widgets.act import act

        for at, page in zip(list(self._built), self._widgets(), strict=True):
            wrong = [one for one in page.findChildren(QWidget) if hasattr(one, "check_row") and one.has_edits()]
            if not all([form.check_row() for form in wrong]):
                self._show(at)
                self._say(say("Some fields need another value"))
                return
        action = self.node.get("finish")
        if action:
            act(action, self.region.context)
        self.close_if_written()

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.show()
        if self.card is not None:
            self.card.fit()
        QAccessible.updateAccessibility(QAccessibleEvent(self.note, QAccessible.Event.Alert))

    # Putting it together

    def _make_card(self) -> Overlay:
        window, theme = self.region.host.widget.window(), self.region.context.theme
        return _Card(window, theme, self._width(), self.node.id, self.turn)

    def _add_below(self, box: QVBoxLayout) -> None:
        assert self.card is not None
        theme, card = self.region.context.theme, self.card.card
        self.place, self.note = QLabel(card), QLabel(card)
        self.place.setFont(theme.font("caption"))
        tint(self.place, theme, "color: ${muted}")
        tint(self.note, theme, "color: ${error}")
        for label in (self.place, self.note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.back, self.next = QPushButton(say("Back"), card), QPushButton(say("Next"), card)
        self.back.setProperty("emphasis", "quiet")
        self.next.setProperty("emphasis", "primary")
        self.back.clicked.connect(lambda: self.turn(-1))
        self.next.clicked.connect(lambda: self.turn(1))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        box.insertWidget(1, self.place)
        box.addWidget(self.note)
        box.addLayout(row)
        self._watch()
        self._show_current()

    def _take_patched(self) -> None:
        steps = self._steps()
        self._at = min(self._at, max(len(steps) - 1, 0))
        if self._at not in self._built:
            self._at = self._built[-1]
        self._watched()
        self._watch()
        self._show_current()

    def _watch(self) -> None:
        """Steps that come and go are counted at once."""
        for step in self._steps():
            if step.get("when") is not None:
                self._watched.add(bind(step.get("when"), self.region.context, lambda _value: self._show_place()))

    def _end(self) -> None:
        self._watched()

    def _width(self) -> int:
        width = self.node.get("width")
        return width if isinstance(width, int) else 560
