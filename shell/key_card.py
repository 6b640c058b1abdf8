"""The key tester: each key that is pressed, its name, what it is bound to in each layer, and why it wins or not.

While it is open no key does anything else; Escape twice closes it. To describe a single key it closes after that one,
at Escape or Return.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from kernel.words import say
from shell.fact import Fact
from shell.fact_card import FactCard
from shell.key import Chord, Keys, chord_of, format_keys
from shell.key_explanation import LAYER_TITLES, Verdict, explain, own_keys, title_of
from shell.keymap import NORMAL

if TYPE_CHECKING:
    from shell.window import Window

_ESCAPE = Chord("Escape")
#: How many keys of before are told.
_MOST_EARLIER = 5


class KeyCard(FactCard):
    """See the module.

    Attributes:
        keys: The sequence that was pressed last.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window, say("Key tester"))
        self._window = window
        self._context: tuple[list[str], tuple[str, ...]] = ([], ())
        self._is_typing = self._is_single = self._is_done = self._is_first = False
        self.keys: Keys = ()
        self._earlier: list[Keys] = []

    def begin(self, *, is_single: bool) -> None:
        """Open it for the place that has the focus now.

        Args:
            is_single: Whether one key is described, after which keys close it.
        """
        window = self._window
        if self.isHidden():
            self._context = window.keys.context()
            self._is_typing = window.keys.takes_text()
        self._is_single, self._is_done, self.keys, self._earlier = is_single, False, (), []
        head = say("Press the key to describe") if is_single else say("Press any keys")
        self.tell(head, self._said_place(), [], self._foot())
        self.open()

    def _said_place(self) -> str:
        views, modes = self._context
        where = say("In “{view}”", view=views[0]) if views else say("In the window")
        if modes:
            where = f"{where}, {say('mode “{mode}”', mode=' + '.join(modes))}"
        return f"{where}. {say('Letters are typed here.')}" if self._is_typing else f"{where}."

    def _foot(self) -> str:
        return say("Esc closes") if self._is_single and self._is_done else say("Esc twice closes")

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Every key is looked at here, those too that would be a command's or lead out of the card."""
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._press(event)
            return True
        return super().event(event)

    def _press(self, event: QKeyEvent) -> None:
        chord = chord_of(event.key(), event.modifiers().value, event.text())
        if chord is None:
            if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta):
                self.tell(say("This key has no name"), say("Qt calls it {code}", code=hex(event.key())), [],
                          self._foot())  # fmt: skip
            return
        is_closing = chord == _ESCAPE and self.keys[-1:] == (_ESCAPE,)
        if is_closing or (self._is_done and chord in (_ESCAPE, Chord("Return"))):
            self.close_card()
            return
        self._is_first = self._goes_first(event)
        self.take(chord)

    def _goes_first(self, event: QKeyEvent) -> bool:
        """Whether what had the focus takes the key before the window is asked."""
        if self.before is None or NORMAL in self._context[1]:
            return False
        asked = QKeyEvent(QEvent.Type.ShortcutOverride, event.key(), event.modifiers(), event.text())
        asked.ignore()
        self.before.event(asked)  # to it alone: sent, it would climb to the window, which would run the command
        return asked.isAccepted()

    def take(self, chord: Chord) -> None:
        """Tell of a key that continues the ones before, or begins anew."""
        keymap = self._window.registry.keymap
        is_going_on = bool(self.keys) and keymap.look_up(self.keys, *self._context).is_partial
        if self.keys and not is_going_on:
            self._earlier = [self.keys, *self._earlier][:_MOST_EARLIER]
        self.keys = (*self.keys, chord) if is_going_on else (chord,)
        is_partial = keymap.look_up(self.keys, *self._context).is_partial
        self._is_done = self._is_single and not is_partial
        self.tell(format_keys(self.keys), self._sentence(is_partial), list(self._facts(is_partial)), self._foot())

    def _sentence(self, is_partial: bool) -> str:
        if is_partial:
            count = len(self._window.registry.keymap.continuations(self.keys, *self._context))
            return say("Begins longer keys ({count}); press the next one.", count=count)
        winner = self._window.registry.keymap.look_up(self.keys, *self._context).binding
        if self._is_typing and self.keys[0].is_typed:
            return say("Types a letter here.")
        if winner is not None:
            return title_of(self._window.registry, winner)
        return say("Bound to nothing here; what has the focus may use it.")

    def _facts(self, is_partial: bool) -> Iterator[Fact]:
        yield Fact(say("In keys.toml"), " ".join(map(str, self.keys)))
        yield Fact(say("Where"), self._said_place())
        for name in self._context[0]:
            kind = self._window.kinds.get(name)
            if kind is not None and (text := own_keys(kind.keys, self.keys)):
                note = say("goes before all others") if self._is_first else say("counts where no other wins")
                yield Fact(say("“{view}” itself", view=name), text, note, "success" if self._is_first else "muted")
        for verdict in explain(self._window.registry, self.keys, *self._context):
            yield self._fact(verdict)
        if is_partial:
            for one in self._window.registry.keymap.continuations(self.keys, *self._context)[:8]:
                yield Fact(format_keys(one.keys), title_of(self._window.registry, one))
        if self._earlier:
            yield Fact(say("Before"), ",  ".join(map(format_keys, self._earlier)))

    def _fact(self, verdict: Verdict) -> Fact:
        one = verdict.binding
        title = title_of(self._window.registry, one)
        is_own = one.layer in ("app", "user") and str(one.where)
        place = str(one.where) if is_own else say(one.group)
        about = f"{one.command or say('freed')} · {place} · {verdict.reason}"
        return Fact(say(LAYER_TITLES[one.layer]), title, about, "success" if verdict.wins else "muted")
