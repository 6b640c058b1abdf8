"""What comes up over a window when it is asked for: palette, questions, the menu, the keys that may follow.

Each is made when it is first needed and kept; opening a window costs nothing for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from shell.command import Argument, Command
from shell.key import Keys

if TYPE_CHECKING:
    from shell.palette.panel import Palette
    from shell.question import Question
    from shell.window import Window


class Cards:
    """One window's palette, question, menu and pending keys.

    Attributes:
        made: What was made already, by its name.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self.made: dict[str, Any] = {}

    def palette(self) -> Palette:
        """The palette."""
        if "palette" not in self.made:
            from shell.palette.arguments import ask_all
            from shell.palette.panel import Palette
            from shell.palette.provider import providers
            from shell.palette.ranking import Ranking

            window = self._window
            made = Palette(window, window.theme, lambda: providers(window), Ranking(window.state))
            made.ask_more = lambda name: ask_all(window, name)
            self.made["palette"] = made
            window.disposers.add(self.forget_found)
        return self.made["palette"]

    def forget(self) -> None:
        """Let go of what speaks another language than the one in force; each is made anew when it is wanted."""
        for name in ("palette", "question"):
            if (card := self.made.pop(name, None)) is not None:
                card.hide()
                card.deleteLater()

    def forget_found(self) -> None:
        """Have the palette ask anew for all that it finds: plugins have gone or come, or the window closes."""
        if (palette := self.made.get("palette")) is not None:
            palette.search.forget()
            palette.preview.stop()

    def question(self) -> Question:
        """The card that asks questions."""
        if "question" not in self.made:
            from shell.question import Question

            self.made["question"] = Question(self._window, self._window.theme)
        return self.made["question"]

    def show_problems(self, title: str, problems: list[Any]) -> None:
        """What is wrong with a newer layout, over the last good widgets; nothing is hidden, the focus stays."""
        if "problems" not in self.made:
            from shell.live.problem_panel import ProblemPanel

            self.made["problems"] = ProblemPanel(self._window, self._window.theme)
        self.made["problems"].tell(title, problems)

    def note_newer_layout(self) -> None:
        """A layout without problems is shown: those of another are told no more, the inspector looks at this one."""
        if "problems" in self.made:
            self.made["problems"].hide()
        if "inspector" in self.made:
            self.made["inspector"].look_again()

    def open_palette(self) -> None:
        """Let the person look for a command."""
        self.palette().open_with()

    def open_menu(self, button: QWidget) -> None:
        """Open the window's menu below a button."""
        from shell.menu import open_menu

        open_menu(self._window, button)

    def ask(self, text: str, command: Command, go: Callable[[], None]) -> None:
        """Ask a command's question, then go on; see :class:`shell.commands.Registry`."""
        is_danger = command.id.endswith(".delete") or ".delete-" in command.id
        self.question().ask(text, self._window.registry.fill(command.title), go, is_danger=is_danger)

    def ask_arguments(
        self, command: Command, missing: list[Argument], known: dict[str, Any], go: Callable[[dict[str, Any]], None]
    ) -> None:
        """Ask for a command's missing arguments, then go on with all of them."""
        from shell.palette.arguments import Arguments

        Arguments(self._window, command, missing, known, go).ask()

    def show_pending(self, count: int, keys: Keys) -> None:
        """Show the count, and which keys may follow the ones pressed."""
        from shell.pending import show_pending

        show_pending(self._window, count, keys)
