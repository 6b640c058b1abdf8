"""What a plugin's command without a view, and its agent, get: the window around them, as far as plugins need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from widgets.handle import TableHandle
    from widgets.theme import Theme


class Workplace(Protocol):
    """A window of an app.

    Attributes:
        theme: Colours, spaces, fonts and icons; ``theme.changed`` is its signal.
        tables: Table name of the page that is shown → its handle.
        window: Itself, for cards over it.
    """

    theme: Theme
    tables: Mapping[str, TableHandle]
    window: QWidget

    def message(self, level: str, text: str, detail: str = "") -> None:
        """Tell the person something; ``level`` is info, success, warning or error."""

    def ask(self, question: str, answer: str, then: Callable[[], None], *, is_danger: bool = False) -> None:
        """Ask a question; ``then`` is called when the person presses the button that reads ``answer``."""

    def open(self, target: str) -> None:
        """Open an app (``shop``, ``shop@home``), a file or a folder in a window; failures become messages."""

    def run(self, command: str, **arguments: Any) -> None:
        """Run a command by its id; failures become messages."""

    def view(self, kind: str = "") -> QWidget | None:
        """The view of a kind that the person means: the one around the focus, else the one there last, else the first.

        Without a kind it is the innermost view around the focus.
        """

    def option(self, name: str) -> Any:
        """The value of an option, as :func:`plugins.options.option`."""
