"""What the engine asks of whatever is around the text: the screen, the clipboard, files, messages. The plain one here
has nothing around; the editor's is in ``bound``."""

from __future__ import annotations

from plugins.scintilla.modal.text import Place


class Surroundings:
    """A text with nothing around it."""

    def __init__(self) -> None:
        self.clipboard = ""
        self.messages: list[str] = []

    def lines_in_sight(self) -> tuple[int, int]:
        """First and last line that are on the screen."""
        return 0, 22

    def page(self) -> int:
        """Lines of the screen."""
        return 23

    def show_line(self, line: int, part: float) -> None:
        """Scroll until a line stands at that part of the screen: 0 its top, 0.5 its middle, 1 its bottom."""

    def scroll(self, lines: int) -> None:
        """Scroll down, or up where it is negative."""

    def clip(self) -> str:
        """What the clipboard has."""
        return self.clipboard

    def set_clip(self, text: str) -> None:
        """Give the clipboard another text."""
        self.clipboard = text

    def say(self, text: str) -> None:
        """Tell the person something."""
        self.messages.append(text)

    def comment(self) -> tuple[str, str, str]:
        """How comments are written: the mark of a line, and begin and end of one of any length."""
        return "#", "", ""

    def opens(self) -> tuple[str, ...]:
        """Ends of lines behind which the next one stands deeper."""
        return "{", "(", "[", ":"

    def name(self) -> str:
        """The file's name."""
        return ""

    def run(self, command: str, argument: str = "") -> bool:
        """Do what is the window's: save, close, fold; whether it is known."""
        return False

    def run_line(self, line: str) -> bool:
        """Hand a line that is no ex command to whoever is around; whether it is known there."""
        return False

    def complete_line(self, line: str) -> list[str]:
        """What a line may become for whoever is around."""
        return []

    def set_option(self, name: str, value: object) -> None:
        """A setting of the text's looks is another."""

    def spans(self, names: tuple[str, ...], place: Place) -> list[tuple[Place, Place]]:
        """Nodes of the syntax around a place, the innermost first; nothing where the language is not known."""
        return []

    def mark_found(self, pattern: object | None, current: tuple[Place, Place] | None = None) -> None:
        """Show where the search fits; None shows nothing."""
