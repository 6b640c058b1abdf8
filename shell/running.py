"""Running one command: its arguments are put together, what is missing is asked for, its question is asked.

Imported when the first command runs. Errors are raised here, or told through ``Registry.fail`` when a question was
answered in between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.error import EspalierError
from shell.command import Argument, Command, parameters, resolve

if TYPE_CHECKING:
    from shell.commands import Registry


class Running(NamedTuple):
    """One command on its way."""

    registry: Registry
    command: Command
    function: Callable[..., Any]
    takes_window: bool

    def ask_missing(self, missing: list[Argument], arguments: dict[str, Any]) -> None:
        """Ask for the arguments that are missing, then for the command's own question.

        Raises:
            EspalierError: nobody can answer here.
        """
        if not missing:
            self.confirm(arguments)
        elif self.registry.ask_arguments:
            self.registry.ask_arguments(self.command, missing, arguments, self.confirm)
        else:
            raise EspalierError(f"{self.command.id} needs {', '.join(argument.name for argument in missing)}")

    def confirm(self, arguments: dict[str, Any]) -> None:
        """Ask the command's question, if it has one, then call it; raises as :meth:`ask_missing`."""
        if not self.command.confirm:
            self.call(arguments)
        elif self.registry.ask:
            text = self.registry.fill(self.command.confirm)
            self.registry.ask(text, self.command, lambda: self.call(arguments))
        else:
            raise EspalierError(f"{self.command.id} asks a question, and nobody can answer here")

    def call(self, arguments: dict[str, Any]) -> None:
        """Call it; failures become messages, since a question may have been answered in between."""
        registry, given = self.registry, {"window": self.registry.window} if self.takes_window else {}
        try:
            self.function(**given, **arguments)
        except Exception as error:  # the person is told; Qt never sees an exception
            registry.fail(self.command.id, error)
            return
        if registry.on_run:
            registry.on_run(self.command.id)


def start(registry: Registry, command: Command, positional: list[str], named: dict[str, Any]) -> None:
    """Run a command with what is known of its arguments.

    Raises:
        EspalierError: an argument is wrong, or nobody can answer what must be asked.
    """
    function = resolve(command.run)
    takes_window, wanted = parameters(function)
    by_name = {argument.name: argument for argument in wanted}
    free = [argument.name for argument in wanted if argument.name not in named]
    arguments = {**named, **dict(zip(free, positional, strict=False))}
    if unknown := sorted(set(arguments) - set(by_name)):
        hint = f"it takes {', '.join(by_name) or 'none'}"
        raise EspalierError(f"{command.id} takes no argument “{unknown[0]}”", hint=hint)
    arguments = {name: _typed(by_name[name], value) for name, value in arguments.items()}
    missing = [argument for argument in wanted if argument.is_required and argument.name not in arguments]
    Running(registry, command, function, takes_window).ask_missing(missing, arguments)


def takes_count(command: Command | None) -> bool:
    """Whether a command has an argument ``count`` that says how often."""
    if command is None:
        return False
    return any(argument.name == "count" for argument in parameters(resolve(command.run))[1])


def _typed(argument: Argument, value: Any) -> Any:
    if not isinstance(value, str) or argument.type == "text":
        return value
    try:
        return argument.parse(value)
    except ValueError as error:
        raise EspalierError(f"{argument.name}: {error}") from error
