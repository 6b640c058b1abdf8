"""What the parts of a record get around them: a scope of their own, the window's everything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from widgets.context import Context
from widgets.handle import TableHandle
from widgets.scope import Scope

#: What the parts call the row.
ROW = "record"


class Follower:
    """The window's commands, but what is activated within a record leads to the row that was chosen."""

    def __init__(self, commands: Any, follow: Callable[[], None]) -> None:
        self._commands, self._follow = commands, follow

    def run(self, command: str, **arguments: Any) -> None:
        """Run a command."""
        if command == "view.record":
            self._follow()
        else:
            self._commands.run(command, **arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._commands, name)


def inner(outer: Context, tables: dict[str, TableHandle], commands: Any = None) -> Context:
    """Surroundings for a part; the names that it publishes are not the window's."""
    return Context(
        scope=Scope(), commands=commands or outer.commands, reporter=outer.reporter, theme=outer.theme, tables=tables,
        open_table=outer.open_table, read_file=outer.read_file, remember=outer.remember, recall=outer.recall,
        list_tables=outer.list_tables,
    )  # fmt: skip
