"""What an app's script gets as its first argument: the app's tables, the window's rows and messages, nothing of Qt.

Scripts run on a thread of their own (:mod:`shell.script_runner`): a table call may wait for its server, the window
does not. What they read of the window is as it was when their command was run; what they tell it reaches it in
order, and the log when the window is closed by then. ``app.table("orders").commit([...])`` is the table contract
of :mod:`kernel.tables.contract`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.tables.contract import Table
from layouts.source_name import split_source

if TYPE_CHECKING:
    from shell.window import Window


class ScriptApp:
    """One window, as scripts see it. Made on the GUI thread, used on any.

    Args:
        window: Where the command was run.
        deliver: Calls a callable on the GUI thread, later.
    """

    def __init__(self, window: Window, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._window = window
        self._deliver = deliver
        self._app = window.app
        self._places = window.session.places
        self._tables = {declaration.name: declaration.source for declaration in window.layout_tree.tables}
        self._scope = window.scope.copy()
        views = window.context.views if window.context else {}
        #: The watch that ran the script, and what counts how often it comes round.
        self._circles = window.context.root.circles if window.context else None
        self._watch = self._circles.acting if self._circles is not None else None
        self._keys = {name: view.current_key for name, view in views.items()}

    @property
    def name(self) -> str:
        """The app's name."""
        return self._app.info.name

    @property
    def data(self) -> Path:
        """A directory for data of the app that stay, the app's and the person's alone; gone with the app.

        Raises:
            EspalierError: it cannot be made.
        """
        return self._places.data(self._app.info.key)

    @property
    def temporary(self) -> Path:
        """A directory for what is needed for a while; removed when the process ends.

        Raises:
            EspalierError: it cannot be made.
        """
        return self._places.temporary(self._app.info.key)

    def library(self, name: str) -> Any:
        """A native library of the app, as ``ctypes`` has it, by its name in app.toml.

        Raises:
            EspalierError: the app brings none of that name.
        """
        from kernel.library.load import find

        found = find(name)
        if found is None:
            raise EspalierError(f"the app brings no library {name}", hint="describe it in app.toml: [libraries.NAME]")
        return found

    def table(self, name: str) -> Table:
        """The table behind a declared name, without the declared filter.

        Raises:
            EspalierError: the layout declares no such table; its source cannot be opened.
        """
        if name not in self._tables:
            from kernel.nearest import did_you_mean

            raise EspalierError(f"the layout declares no table {name}", hint=did_you_mean(name, self._tables))
        source, table = split_source(self._tables[name], self._app.info.sources)
        found = self._app.source(source).table(table)
        if self._watch is None:
            return found
        from shell.watched_table import WatchedTable

        return WatchedTable(found, lambda columns: self._note_written(f"{name}.{column}" for column in columns))

    def read(self, name: str) -> Any:
        """The value of a name that layouts can read when the command was run: ``orders_view.current.id``."""
        return self._scope.read(name)

    def key(self, view: str) -> tuple[Any, ...] | None:
        """The key of the row that was current in the view with that id; None without a row."""
        return self._keys.get(view)

    def report(self, level: str, text: str, detail: str = "") -> None:
        """Show a message; ``level`` is info, success, warning or error."""
        self._tell(level, text, detail)

    def run(self, command: str, **arguments: Any) -> None:
        """Let the window run a command, once the commands and messages before are through; answers at once."""
        self._deliver(lambda: self._run(command, arguments))

    def _run(self, command: str, arguments: dict[str, Any]) -> None:
        if not self._is_open():
            return
        if self._watch is None:
            self._window.registry.run(command, **arguments)
        else:
            self._circles.note_script(self._watch, ())
            with self._circles.going_on(self._watch):
                self._window.registry.run(command, **arguments)

    def _note_written(self, names: Iterable[str]) -> None:
        """Say that the watch which ran the script comes round by what it writes."""
        found = tuple(names)
        self._deliver(lambda: self._circles.note_script(self._watch, found))

    def tell_failure(self, title: str, error: Exception) -> None:
        """Show why the command with that title failed."""
        from shell.failure import describe

        text, detail = describe(error)
        self._tell("error", f"{title}: {text}", detail)

    def _tell(self, level: str, text: str, detail: str) -> None:
        if self._is_open():
            self._deliver(lambda: self._show(level, text, detail))
        else:
            self._window.desk.log(level, text, detail)

    def _show(self, level: str, text: str, detail: str) -> None:
        if self._is_open():
            self._window.messages.report(level, text, detail)
        else:
            self._window.desk.log(level, text, detail)

    def _is_open(self) -> bool:
        return self._window in self._window.desk.windows
