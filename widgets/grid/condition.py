"""Which condition a grid's rows are in, and what is said in their place when there are none, or over them.

Offline and failures come before emptiness; while rows are being read nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.expression.error import ExpressionError
from kernel.tables.path import unknown_column
from kernel.words import say, say_error
from widgets.grid.column import missing_columns
from widgets.grid.state import StateView

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.strip import Strip


class Condition:
    """Shows a grid's state view.

    Attributes:
        view: What covers the rows.
        strip: What is said over rows that are not right, None before anything was.
        empty_text: What the layout wants said when there are no rows.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        empty = grid.node.get("empty", "")
        self.empty_text = empty if isinstance(empty, str) else ""
        #: Why the rows could not be read, until they are.
        self._failure: Exception | None = None
        #: The filter of the rows that came last, and its parameters.
        self._last_good: tuple[str, dict[str, Any]] | None = None
        self.view = StateView(grid.viewport(), grid.context.theme)
        self.view.retry.connect(self._retry)
        self.strip: Strip | None = None

    def take_failure(self, error: Exception) -> None:
        """The rows could not be read."""
        if self._grid.rows.cache.count is None or self._grid.handle.state == "ready":
            self._failure = error
            self.show()

    def take_rows(self) -> None:
        """The rows have been read."""
        rows, self._failure = self._grid.rows, None
        self._last_good = rows.filter_text, rows.parameters

    def _is_wrong_filter(self, problem: Exception) -> bool:
        """Whether the filter is no expression, and the one before was another."""
        good = self._last_good
        return isinstance(problem, ExpressionError) and good is not None and good[0] != self._grid.rows.filter_text

    def _act(self) -> None:
        """What the strip's button says."""
        if self._failure is None or not self._is_wrong_filter(self._failure):
            self._retry()
        elif self._last_good is not None:
            self._failure = None
            self._grid.rows.set_filter(*self._last_good)

    def _retry(self) -> None:
        grid, self._failure = self._grid, None
        self.view.hide()
        grid.handle.retry()
        grid.rows.is_loading = True
        grid.rows.reload()

    def place(self) -> None:
        """Cover the rows, wherever they are now."""
        self.view.setGeometry(self._grid.viewport().rect())
        if self.strip is not None:
            self.strip.place()

    def show(self) -> None:
        """Say what is to be said now, or nothing."""
        grid, handle, tell = self._grid, self._grid.handle, self.view.say
        self.place()
        has_rows = grid.row_count() > 0
        problem = self._failure or (handle.error if handle.state in ("error", "offline") else None)
        self._show_strip(problem if has_rows and handle.state != "offline" else None)
        if problem is not None and not has_rows:
            if handle.state == "offline":
                hint = say("These rows have not been read before. They appear when the server is back.")
                tell("offline", say("Offline"), hint, can_retry=True)
            else:
                tell("error", say("The rows cannot be shown"), say_error(problem), tone="error", can_retry=True)
        elif has_rows or grid.is_waiting() or grid.rows.is_loading or grid.rows.cache.count is None:
            self.view.hide()
        elif grid.filters.parts:
            tell("filter", say("No row passes the filters"), say("Alt+Shift+F clears them."))
        elif grid.rows.filter_text and self._is_searching():
            tell("search", say("Nothing found"), self.empty_text or say("No row fits the search."))
        else:
            is_open = grid.can_edit() and not grid.why_not("add")
            tell("empty", self.empty_text or say("No rows yet"), say("Ctrl+Insert adds one.") if is_open else "")
        grid.viewport().update()

    def _show_strip(self, problem: Exception | None) -> None:
        grid, schema = self._grid, self._grid.handle.schema
        missing = missing_columns(grid.node, schema) if schema is not None else []
        if problem is not None and self._is_wrong_filter(problem):
            self._say(say("This filter cannot be used, so these are the rows from before"), problem, tone="error",
                      button=say("Take the filter back"))
        elif problem is not None:
            self._say(say("These rows may be old, for they cannot be read again"), problem, tone="error")
        elif missing and schema is not None:
            self._say(say("A column cannot be shown"), unknown_column(schema, missing[0]), tone="warning")
        elif self.strip is not None:
            self.strip.hide()

    def _say(self, text: str, problem: Exception, *, tone: str, button: str = "") -> None:
        if self.strip is None:
            from widgets.grid.strip import Strip

            self.strip = Strip(self._grid)
            self.strip.retry.connect(self._act)
        self.strip.button.setText(button or say("Try again"))
        self.strip.say(f"{text}: {say_error(problem)}", tone=tone, can_retry=tone == "error")

    def _is_searching(self) -> bool:
        grid = self._grid
        return any(name.endswith(".text") and grid.context.scope.read(name) for name in grid.outer_names())
