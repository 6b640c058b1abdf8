"""A window as commands of plugins get it; see :class:`plugins.workplace.Workplace`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shell.focus import around

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from shell.window import Window
    from widgets.handle import TableHandle
    from widgets.theme import Theme


class WindowWorkplace:
    """See :class:`plugins.workplace.Workplace`.

    Args:
        window: The window.
    """

    def __init__(self, window: Window) -> None:
        self._window = window

    @property
    def theme(self) -> Theme:
        """The looks in force."""
        return self._window.theme

    @property
    def window(self) -> QWidget:
        """The window itself."""
        return self._window

    @property
    def tables(self) -> dict[str, TableHandle]:
        """The tables of the page; a copy."""
        context = self._window.context
        return dict(context.tables) if context is not None else {}

    def message(self, level: str, text: str, detail: str = "") -> None:
        """Tell the person something."""
        self._window.messages.report(level, text, detail)

    def ask(self, question: str, answer: str, then: Callable[[], None], *, is_danger: bool = False) -> None:
        """Ask a question, then call back."""
        self._window.cards.question().ask(question, answer, then, is_danger=is_danger)

    def open(self, target: str) -> None:
        """Open an app, a file or a folder."""
        self._window.registry.run("app.open", name=target)

    def run(self, command: str, **arguments: Any) -> None:
        """Run a command by its id."""
        self._window.registry.run(command, **arguments)

    def view(self, kind: str = "") -> QWidget | None:
        """The view of a kind that is meant, or the innermost one around the focus."""
        if kind:
            return self._window.nearest_view(kind)
        return next(around(self._window.focusWidget(), self._window), None)

    def option(self, name: str) -> Any:
        """The value of an option."""
        return self._window.session.config[name]
