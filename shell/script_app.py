"""What an app's script gets as its first argument: the window's tables, rows and messages, and nothing of Qt.

Scripts run on the window's thread; they are meant to be short. ``app.table("orders").commit([...])`` is the
table contract of :mod:`kernel.tables.contract`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.tables.contract import Table

if TYPE_CHECKING:
    from shell.app import OpenedApp
    from shell.window import Window


class ScriptApp:
    """One window, as scripts see it."""

    def __init__(self, app: OpenedApp, window: Window) -> None:
        self._app = app
        self._window = window

    @property
    def name(self) -> str:
        """The app's name."""
        return self._app.info.name

    def table(self, name: str) -> Table:
        """The table behind a declared name, without the declared filter.

        Raises:
            EspalierError: the layout declares no such table; its source cannot be opened.
        """
        for declaration in self._window.layout_tree.tables:
            if declaration.name == name:
                source, _, table = declaration.source.rpartition("/")
                return self._app.source(source).table(table)
        from kernel.nearest import did_you_mean

        known = [declaration.name for declaration in self._window.layout_tree.tables]
        raise EspalierError(f"the layout declares no table {name}", hint=did_you_mean(name, known))

    def read(self, name: str) -> Any:
        """The value of a name that layouts can read: ``orders_view.current.id``, ``find.text``."""
        return self._window.scope.read(name)

    def key(self, view: str) -> tuple[Any, ...] | None:
        """The key of the current row of the view with that id; None without a row."""
        found = self._window.context.views.get(view) if self._window.context else None
        return found.current_key if found is not None else None

    def report(self, level: str, text: str, detail: str = "") -> None:
        """Show a message; ``level`` is info, success, warning or error."""
        self._window.messages.report(level, text, detail)

    def run(self, command: str, **arguments: Any) -> None:
        """Run a command of the window."""
        self._window.registry.run(command, **arguments)
