"""A short tour of the keys: a card with a few of them, and on to the next by Return. Nobody is shown it unasked.

What it tells is a table; the keys are those that are in force, so that every keymap has its own tour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from kernel.words import mark, say
from shell.fact import Fact
from shell.fact_card import FactCard

if TYPE_CHECKING:
    from shell.window import Window


class Step(NamedTuple):
    """One card: its heading, a sentence, and the commands whose keys it shows."""

    title: str
    text: str
    commands: tuple[str, ...]


STEPS: tuple[Step, ...] = (
    Step(mark("One key for everything"),
         mark("The palette finds commands, apps, tables, rows, files and settings by a few letters of their names. "
              "The keys of what you choose stand beside it."),
         ("palette.open", "focus.search", "menu.open")),
    Step(mark("Go where you look"),
         mark("Type a label to choose what it stands on, or go by direction and back to where you were."),
         ("hint.show", "focus.next-pane", "focus.right", "place.back", "mark.set", "mark.go")),
    Step(mark("Work on rows"),
         mark("Type into a cell to change it. What was written is undone, too."),
         ("row.add", "row.save", "row.delete", "edit.undo", "edit.redo")),
    Step(mark("Views and tabs"),
         mark("See one view alone, or twice; keep all windows as they stand under a name."),
         ("view.zoom", "view.split", "view.close", "tab.next", "tab.close", "workspace.save")),
    Step(mark("Say it in a line"),
         mark("Every command can be typed with its arguments, repeated, and recorded as a macro."),
         ("line.open", "command.repeat", "macro.record", "macro.play")),
    Step(mark("When you wonder"),
         mark("After the first key of a longer one a card shows what may follow. Escape always gives up."),
         ("help.describe-key", "help.keys", "help.key-tester")),
    Step(mark("Make them yours"),
         mark("Every key can be another one; keymaps with modes are there for people of Vim."),
         ("keys.edit-own", "keys.use-map", "help.tour")),
)  # fmt: skip
_ON = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_PageDown)
_BACK = (Qt.Key.Key_Backspace, Qt.Key.Key_Left, Qt.Key.Key_PageUp)


class Tour(FactCard):
    """The tour of one window; Return goes on, Backspace back, Escape ends it.

    Attributes:
        step: The place of the card that is shown, from 0.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window, say("Tour of the keys"))
        self._window, self.step = window, 0

    def begin(self) -> None:
        """Show the first card."""
        self._turn(0)
        self.open()

    def _turn(self, step: int) -> None:
        self.step, registry = step, self._window.registry
        shown = STEPS[step]
        facts = []
        for name in shown.commands:
            command = registry.get(name)
            if command is not None:
                key = registry.key(name) or say("by the palette")
                facts.append(Fact(key, registry.title(name), say(command.doc)))
        foot = say("Enter: on · Backspace: back · Esc: end")
        if step == len(STEPS) - 1:
            foot = say("Enter: done · Backspace: back · Esc: end")
        place = say("{step} of {count}", step=step + 1, count=len(STEPS))
        self.tell(f"{say(shown.title)} · {place}", say(shown.text), facts, foot)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """On, back, or what every card does."""
        if event.key() in _ON and self.step + 1 < len(STEPS):
            self._turn(self.step + 1)
        elif event.key() in _ON:
            self.close_card()
        elif event.key() in _BACK:
            self._turn(max(self.step - 1, 0))
        else:
            super().keyPressEvent(event)
            return
        event.accept()


def show_tour(window: Window) -> None:
    """Show the window's tour, made when it is first wanted."""
    made = window.cards.made
    if "tour" not in made:
        made["tour"] = Tour(window)
    made["tour"].begin()
