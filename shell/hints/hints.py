"""Hints of one window: labels on everything that can be chosen, keys that choose one, what is then done.

The focus stays where it is: keys are taken before any widget hears of them, as long as labels are shown. Letters are a
label's; capital letters, and all letters behind ``/``, look for a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from kernel.words import say, say_count
from shell.hints.action import ACTIONS, BY_ID, Action
from shell.hints.collect import Found, Owner, Walk
from shell.hints.letters import extend, letters_of, share
from shell.hints.shown import Shown, Word
from shell.mode import HINT
from widgets.outside import is_inside

if TYPE_CHECKING:
    from collections.abc import Callable

    from shell.window import Window

_CONTROL = Qt.KeyboardModifier.ControlModifier
_ENDING = (
    QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.WindowDeactivate, QEvent.Type.Close, QEvent.Type.Hide
)  # fmt: skip
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


def _nothing() -> None:
    """No mode is entered."""
#: Labels of which a screen reader is told what they stand on.
_FEW = 5


class Hints(QObject):
    """One window's hints; made once and kept.

    Attributes:
        action: What is done with the target that is chosen.
        found: Each target with its label, as they are shown.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._shown = Shown(window, window.theme)
        #: The same over windows of its parts; and all of the windows.
        self._more: dict[QWidget, Shown] = {}
        self._tops: list[QWidget] = [window]
        self.action: Action = ACTIONS[0]
        self._letters = ""
        self._all: list[Found] = []
        self.found: list[tuple[Found, str]] = []
        self._typed = self._sought = ""
        self._is_seeking = self._has_looked = self._is_fresh = False
        self._filtered: list[QObject] = []
        self._owners: list[Owner] = []
        self._leave_mode: Callable[[], None] = _nothing
        #: Counts up at each showing, so that answers to an earlier one are let go of.
        self._turn = 0

    @property
    def is_shown(self) -> bool:
        """Whether labels are on the screen."""
        return bool(self._filtered)

    @property
    def typed(self) -> str:
        """The letters of labels that are typed."""
        return self._typed

    @property
    def sought(self) -> str:
        """The text that is looked for."""
        return self._sought

    # Coming and going

    def show(self, action: str) -> None:
        """Label what is in sight; once more leaves."""
        self.end()
        self.action = BY_ID[action]
        self._letters = letters_of(str(self._window.session.config["hints.letters"]))
        self._collect()
        self._take_keys()
        self._leave_mode = self._window.keys.modes.enter(HINT, self.end)

    def end(self) -> None:
        """Take the labels away."""
        self._turn += 1
        filtered, self._filtered = self._filtered, []
        for thing in filtered:
            if isValid(thing):
                thing.removeEventFilter(self)
        leave, self._leave_mode = self._leave_mode, _nothing
        leave()
        self._shown.hide()
        self._show_over([])
        self._all, self.found, self._owners = [], [], []
        self._typed = self._sought = ""
        self._is_seeking = False

    def _collect(self) -> None:
        """Read what is in sight and label it; who answers later joins in under labels that were kept for it."""
        self._turn += 1
        self._typed = self._sought = ""
        self._is_seeking, self._has_looked, self._is_fresh = False, False, True
        self._show_over(other_tops(self._window))
        walks, turn = [Walk(top) for top in self._tops], self._turn
        here, told_later = self._focus(), [one for walk in walks for one in walk.later]
        later = sorted(told_later, key=lambda one: here is None or not one.owner.isAncestorOf(here))
        is_late_first = bool(later) and here is not None and later[0].owner.isAncestorOf(here)
        begin, first, heads = share(len(later), self._letters, is_late_first=is_late_first)
        self._all, self.found, self._owners = [], [], [owner for walk in walks for owner in walk.owners]
        self._join([one for walk in walks for one in walk.found], begin, first)
        for one, head in zip(later, heads, strict=True):
            one.then(lambda found, head=head: self._take_late(turn, found, head))
        self._show()

    def _take_late(self, turn: int, found: list[Found], head: str) -> None:
        if turn != self._turn or not found:
            return
        # While a text is looked for, labels are those of what was found; the others are among all for the next look.
        letters = self._letters[:-1] if not head else self._letters
        if self._has_looked:
            self._all += found
            self._look()
        else:
            self._join(found, head, letters)
        self._show()

    def _join(self, found: list[Found], head: str, first: str) -> None:
        """Label more targets, the nearest to the person first."""
        ranked = self._ranked(found)
        self._all += ranked
        self.found += zip(ranked, extend(head, len(ranked), first, self._letters), strict=True)

    def _ranked(self, found: list[Found]) -> list[Found]:
        focus = self._focus()
        home = focus.window() if focus is not None else self._window
        here = _place_of(home, focus)
        x, y, is_alone = here.x(), here.y(), len(self._tops) == 1

        def distance(one: Found) -> tuple[bool, int]:
            left, top, right, bottom = one.box
            far = (left + right - 2 * x) ** 2 + (top + bottom - 2 * y) ** 2
            return not is_alone and one.owner.window() is not home, far

        return sorted(found, key=distance)

    def _focus(self) -> QWidget | None:
        """What has the focus, in the window or in one of its parts' own windows."""
        focus = QApplication.focusWidget()
        return focus if focus is not None and is_inside(self._window, focus) else self._window.focusWidget()

    def _show_over(self, others: list[QWidget]) -> None:
        """Have labels over these windows too."""
        for shown in self._more.values():
            if isValid(shown):
                shown.hide()
                shown.deleteLater()
        self._more = {top: Shown(top, self._window.theme) for top in others}
        self._tops = [self._window, *others]

    # Keys

    def _take_keys(self) -> None:
        things = [part for top in self._tops for part in (top.windowHandle(), top)]
        for thing in (*things, QGuiApplication.focusObject()):
            if thing is not None and thing not in self._filtered:
                self._filtered.append(thing)
                thing.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Keys are taken; what moves the screen ends the labels, or has them read anew before it is painted."""
        kind = event.type()
        if kind in _KEYS:
            return self._take_key(kind, event)
        if kind in _ENDING:
            self.end()
        elif kind == QEvent.Type.UpdateRequest and self._is_fresh:
            self._is_fresh = False  # what was just read is painted first, and looked at again behind it
            QTimer.singleShot(0, self, self._refresh)
        elif kind in (QEvent.Type.UpdateRequest, QEvent.Type.Resize) and self._has_moved():
            QTimer.singleShot(0, self, self._refresh)
        return False

    def _take_key(self, kind: QEvent.Type, event: QEvent) -> bool:
        if self._window.keys.dispatcher.is_eating:
            return False
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self.press(Qt.Key(event.key()), event.modifiers(), event.text())
        return True

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str) -> None:
        """One key while labels are shown."""
        if key == Qt.Key.Key_Escape:
            self.end()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            step = -1 if key == Qt.Key.Key_Backtab else 1
            self._choose_action(ACTIONS[(ACTIONS.index(self.action) + step) % len(ACTIONS)])
        elif modifiers & _CONTROL:
            name = chr(key) if key < 0x100 else ""
            self._choose_action(next((one for one in ACTIONS if one.key == name), self.action))
        elif key == Qt.Key.Key_Backspace:
            self._take_back()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take_first()
        elif text and text.isprintable():
            self._take_text(text)

    def _choose_action(self, action: Action) -> None:
        self.action = action
        self._show()

    def _take_text(self, text: str) -> None:
        if self._is_seeking or text.isupper():
            self._sought, self._typed = self._sought + text.lower(), ""
            self._look()
        elif text == "/":
            self._is_seeking, self._typed = True, ""
        elif any(label.startswith(self._typed + text) for _, label in self.found):
            self._typed += text
            chosen = next((one for one, label in self.found if label == self._typed), None)
            if chosen is not None:
                self._do(chosen)
                return
        self._show()

    def _take_back(self) -> None:
        if self._typed:
            self._typed = self._typed[:-1]
        elif self._sought:
            self._sought = self._sought[:-1]
            self._look()
        elif self._is_seeking:
            self._is_seeking = False
        else:
            self.end()
            return
        self._show()

    def _take_first(self) -> None:
        """Return: what alone is left; of several it ends the text that is looked for."""
        if len(self.found) == 1:
            self._do(self.found[0][0])
        elif self._is_seeking:
            self._is_seeking = False
            self._show()

    def _look(self) -> None:
        """Label those that say what is looked for."""
        self._has_looked = True
        ranked = self._ranked([one for one in self._all if self._sought in one.target.said().lower()])
        self.found = list(zip(ranked, extend("", len(ranked), self._letters, self._letters), strict=True))

    def _do(self, found: Found) -> None:
        action, window = self.action, self._window
        self.end()
        if not isValid(found.owner):
            return
        try:
            action.run(window, found)
        except Exception as error:  # the person is told; Qt never sees an exception
            window.registry.fail(f"hint.{action.id}", error)

    # What is seen

    def _show(self) -> None:
        typed = self._typed
        seen = [(one, label) for one, label in self.found if label.startswith(typed)]
        words, is_alone = list(self._words()), not self._more
        here = [(one.box, label) for one, label in seen if is_alone or one.owner.window() is self._window]
        self._shown.put(here, len(typed), words)
        for top, shown in self._more.items():
            shown.put([(one.box, label) for one, label in seen if one.owner.window() is top], len(typed), [])
        self._shown.setAccessibleName(" ".join(word.text for word in words))
        self._announce(seen)

    def _announce(self, seen: list[tuple[Found, str]]) -> None:
        """Tell screen readers how many labels there are, and of a few what they stand on."""
        from PySide6.QtGui import QAccessible

        from shell.messages import announce

        if not QAccessible.isActive():
            return
        said = say_count("{count} label", "{count} labels", len(seen))
        few = [f"{label}: {_text_of(one)}" for one, label in seen] if len(seen) <= _FEW else []
        announce(self._shown, "; ".join([f"{say(self.action.title)}, {said}", *few]))

    def _words(self) -> Any:
        if self._is_seeking or self._sought:
            yield Word(f"/{self._sought}{'▏' if self._is_seeking else ''}")
            if not self.found:
                yield Word(say("nothing says so"))
        for action in ACTIONS:
            yield Word(f"{say(action.title)}  Ctrl+{action.key}", action is self.action)
        if not self._is_seeking and not self._sought:
            yield Word(f"/ {say('Look for')}")
        yield Word(f"Esc {say('Leave')}")

    # What moves

    def _has_moved(self) -> bool:
        return any(owner.has_moved() for owner in self._owners)

    def _refresh(self) -> None:
        if self.is_shown and self._has_moved():
            self._collect()


def other_tops(window: QWidget) -> list[QWidget]:
    """The windows of its own parts: docks and pages that were taken out."""
    kinds = (Qt.WindowType.Window, Qt.WindowType.Tool)
    tops = (top for top in QApplication.topLevelWidgets() if top is not window and top.windowType() in kinds)
    return [top for top in tops if top.isVisible() and is_inside(window, top)]


def _place_of(window: QWidget, focus: QWidget | None) -> QPoint:
    """The middle of the caret or of what has the focus, else of the window."""
    if focus is None or focus is window or not focus.isVisible():
        return window.rect().center()
    is_text = focus.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    caret = focus.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle) if is_text else None
    rect = caret if isinstance(caret, QRect) and caret.isValid() else focus.rect()
    return focus.mapTo(window, rect.center())


def _text_of(found: Found) -> str:
    text = found.target.text
    return text() if callable(text) else text
