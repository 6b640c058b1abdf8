"""Asks for a command's missing arguments one by one in the palette, completing each by its type; one may go back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from shell.command import NAMED, Argument, Command, parameters, resolve
from shell.palette.completion import Wanted, completions
from shell.palette.step import Step

if TYPE_CHECKING:
    from shell.window import Window

#: The state's name of what was given last: command → argument → text.
_GIVEN, _KEPT = "palette.given", 60


class Arguments:
    """The arguments of one command on their way.

    Args:
        window: Where it runs.
        command: The command.
        missing: What is asked for, in order.
        known: The other arguments.
        go: Gets all of them; closing the palette before that gives the command up.
    """

    def __init__(
        self, window: Window, command: Command, missing: list[Argument], known: dict[str, Any],
        go: Callable[[dict[str, Any]], None],
    ) -> None:  # fmt: skip
        self._window, self._command, self._missing, self._known, self._go = window, command, missing, known, go
        self._given: list[_Given] = []
        self._title = window.registry.fill(command.title).rstrip("…")

    def ask(self, text: str = "") -> None:
        """Ask for the next one, or go on with the command when all are there; ``text`` is typed already."""
        palette = self._window.cards.palette()
        at = len(self._given)
        if at == len(self._missing):
            palette.close_card()
            self._keep()
            self._go({**self._known, **{one.argument.name: one.value for one in self._given}})
            return
        argument = self._missing[at]
        known = {**self._known, **{one.argument.name: one.value for one in self._given}}
        wanted = Wanted(self._window, argument, known, self._take, self.ask, self._last(argument))
        told = {name: value for name, value in self._known.items() if name not in self._command.arguments}
        given = [(Argument(name).title, str(value)) for name, value in told.items()]
        given += [(one.argument.title, one.shown) for one in self._given]
        is_named = argument.type in NAMED
        palette.ask_step(
            Step(self._title, argument.title, completions(wanted), tuple(given), self._back, text, is_named)
        )

    def _take(self, value: Any, shown: str) -> None:
        self._given.append(_Given(self._missing[len(self._given)], value, shown))
        self.ask()

    def _back(self) -> None:
        """To the argument before, with what was given for it; from the first one to all commands."""
        if self._given:
            self.ask(self._given.pop().shown)
        else:
            self._window.cards.palette().open_with("")

    # What was given last time

    def _last(self, argument: Argument) -> str:
        kept = self._window.state.recall(_GIVEN, {})
        found = kept.get(self._command.id) if isinstance(kept, dict) else None
        last = found.get(argument.name, "") if isinstance(found, dict) else ""
        return last if isinstance(last, str) else ""

    def _keep(self) -> None:
        kept = self._window.state.recall(_GIVEN, {})
        kept = {name: row for name, row in kept.items() if name != self._command.id} if isinstance(kept, dict) else {}
        kept[self._command.id] = {one.argument.name: one.shown for one in self._given}
        self._window.state.remember(_GIVEN, dict(list(kept.items())[-_KEPT:]))


def ask_all(window: Window, name: str) -> bool:
    """Ask for everything that a command may be given, defaults included, then run it; False when it takes nothing."""
    command = window.registry.get(name)
    if command is None:
        return False
    wanted = [one for one in parameters(resolve(command.run))[1] if one.name not in command.arguments]
    if not wanted:
        return False
    Arguments(window, command, wanted, {}, lambda given: window.registry.run(name, **given)).ask()
    return True


class _Given(NamedTuple):
    """One argument that was given, and how people read its value."""

    argument: Argument
    value: Any
    shown: str
