"""Running one command: its arguments are put together, what is missing is asked for, its question is asked.

Imported when the first command runs. Errors are raised here, or told to the caller when a question was answered in
between. Who calls is the window's person as a rule; ``espalier do`` and the command line ask and tell in another way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.error import EspalierError
from kernel.words import say
from shell.builtin import COMMAND_IDS as BUILT_IN_IDS
from shell.command import Argument, Command, LineError, parameters, resolve

if TYPE_CHECKING:
    from shell.commands import ArgumentAsker, Asker, Registry


#: Beginnings of the ids of commands that are no work of their own: they lead to others, or repeat them.
UNNOTED = ("command.", "edit.repeat", "help.", "hint.", "line.", "macro.", "menu.", "message.", "palette.")
#: Built-in commands that change rows: what ``edit.repeat`` does again. Those of apps and plugins all count as such.
CHANGES: frozenset[str] = frozenset({
    "row.add", "row.delete", "row.duplicate", "row.set", "row.revert", "edit.clear", "edit.cut", "edit.paste",
    "cursor.delete", "edit.fill-down", "edit.fill-right", "edit.fill-series",
})  # fmt: skip


#: Types of values that have no “=” in them.
MEASURED = ("integer", "number", "boolean", "choice", "date", "color")


class Run(NamedTuple):
    """A command that was run, and the arguments that it was given beside those of its record."""

    command: Command
    arguments: dict[str, Any]

    @property
    def line(self) -> str:
        """The line that does it again."""
        from shell.line.words import line_of

        _, wanted = parameters(resolve(self.command.run))
        order = [argument.name for argument in wanted if argument.name not in self.command.arguments]
        return line_of(self.command.id, self.arguments, order)


class NotNowError(EspalierError):
    """The command may not run now; the message says why."""


class Caller(NamedTuple):
    """Who has a command run.

    Attributes:
        ask: Asks a command's question, then calls back; None where nobody can answer.
        ask_arguments: Asks for the arguments that are missing, then calls back with all; None as before.
        fail: Told (command, error) of what went wrong.
        done: Told what the command's function answered.
    """

    ask: Asker | None
    ask_arguments: ArgumentAsker | None
    fail: Callable[[str, Exception], None]
    done: Callable[[Any], None] = lambda _answer: None


class Running(NamedTuple):
    """One command on its way."""

    registry: Registry
    command: Command
    function: Callable[..., Any]
    takes_window: bool
    caller: Caller

    def ask_missing(self, missing: list[Argument], arguments: dict[str, Any]) -> None:
        """Ask for the arguments that are missing, then for the command's own question.

        Raises:
            EspalierError: nobody can answer here.
        """
        if not missing:
            self.confirm(arguments)
        elif self.caller.ask_arguments:
            self.caller.ask_arguments(self.command, missing, arguments, self.confirm)
        else:
            raise LineError(f"{self.command.id} needs {', '.join(argument.name for argument in missing)}")

    def confirm(self, arguments: dict[str, Any]) -> None:
        """Ask the command's question, if it has one, then call it; raises as :meth:`ask_missing`."""
        if not self.command.confirm:
            self.call(arguments)
        elif self.caller.ask:
            text = self.registry.fill(self.command.confirm)
            self.caller.ask(text, self.command, lambda: self.call(arguments))
        else:
            raise EspalierError(f"{self.command.id} asks a question, and nobody can answer here")

    def call(self, arguments: dict[str, Any]) -> None:
        """Call it; failures are told, since a question may have been answered in between."""
        registry, given = self.registry, {"window": self.registry.window} if self.takes_window else {}
        registry.depth += 1
        try:
            answer = self.function(**given, **arguments)
        except Exception as error:  # whoever called is told; Qt never sees an exception
            self.caller.fail(self.command.id, error)
            return
        finally:
            registry.depth -= 1
        self._note(arguments)
        self.caller.done(answer)

    def _note(self, arguments: dict[str, Any]) -> None:
        """Let those know who count, record or repeat; what a command runs within itself is a part of it."""
        registry = self.registry
        if registry.on_run:
            registry.on_run(self.command.id)
        if registry.depth or self.command.id.startswith(UNNOTED):
            return
        run = Run(self.command, {name: value for name, value in arguments.items()
                                 if name not in self.command.arguments})  # fmt: skip
        registry.last_run = run
        if self.command.id in CHANGES or self.command.id not in BUILT_IN_IDS:
            registry.last_change = run
        for listener in list(registry.after_run):
            listener(run)


def perform(registry: Registry, line: str, arguments: dict[str, Any], caller: Caller) -> None:
    """Run a command by a line with arguments (``theme.set dark``).

    Args:
        registry: Has it.
        line: Its id, and what may follow.
        arguments: Values beside those of the line.
        caller: Asks and is told.

    Raises:
        LineError: the line is not understood.
        NotNowError: the command may not run now.
        EspalierError: nobody can answer what must be asked.
    """
    name, _, rest = line.strip().partition(" ")
    command = registry.get(name)
    if command is None:
        raise unknown(registry, name)
    if reason := registry.reason(name):
        raise NotNowError(f"{registry.fill(command.title)}: {reason[:1].lower()}{reason[1:]}")
    function = resolve(command.run)
    takes_window, wanted = parameters(function)
    given = {**command.arguments, **_of_line(command, wanted, rest, {*command.arguments, *arguments}), **arguments}
    by_name = {argument.name: argument for argument in wanted}
    if surplus := sorted(set(given) - set(by_name)):
        raise _takes(command, wanted, surplus[0])
    typed = {name: _typed(by_name[name], value) for name, value in given.items()}
    missing = [argument for argument in wanted if argument.is_required and argument.name not in typed]
    Running(registry, command, function, takes_window, caller).ask_missing(missing, typed)


def unknown(registry: Registry, name: str) -> LineError:
    """That there is no such command, and which one may be meant."""
    from kernel.nearest import did_you_mean

    near = did_you_mean(name, [command.id for command in registry])
    return LineError(say("There is no command “{name}”", name=name), hint=near)


def _of_line(command: Command, wanted: list[Argument], rest: str, given: set[str]) -> dict[str, Any]:
    """The arguments that stand behind a command's id.

    Args:
        command, wanted: What runs, and the arguments that it takes.
        rest: The line behind the id.
        given: Names of arguments that it has already, by its record or the caller.
    """
    from shell.line.words import closed_words

    if not rest.strip():
        return {}
    names = {argument.name for argument in wanted}
    found: dict[str, Any] = {}
    for word in closed_words(rest):
        name, equals, value = word.text.partition("=")
        if equals and name in names:
            found[name] = value
            continue
        free = [argument for argument in wanted if argument.name not in found and argument.name not in given]
        if not free:
            if equals and name.isidentifier():
                raise _takes(command, wanted, name)
            raise LineError(
                say("{command} takes no more than {names}: “{word}” is left", command=command.id,
                    names=", ".join(argument.name for argument in wanted) or say("nothing"), word=word.text)
            )  # fmt: skip
        if free[0].type == "rest":
            found[free[0].name] = _rest(rest[word.begin :])
            break
        if equals and name.isidentifier() and free[0].type in MEASURED:
            raise _takes(command, wanted, name)
        found[free[0].name] = word.text
    return found


def _rest(text: str) -> str:
    """All that is left of a line; of one quoted word, what it says."""
    from shell.line.words import words_of

    words = words_of(text)
    return words[0].text if len(words) == 1 else text.strip()


def _takes(command: Command, wanted: list[Argument], name: str) -> LineError:
    hint = f"it takes {', '.join(argument.name for argument in wanted) or 'none'}"
    return LineError(f"{command.id} takes no argument “{name}”", hint=hint)


def takes_count(command: Command | None) -> bool:
    """Whether a command has an argument ``count`` that says how often."""
    if command is None:
        return False
    return any(argument.name == "count" for argument in parameters(resolve(command.run))[1])


def _typed(argument: Argument, value: Any) -> Any:
    if not isinstance(value, str) or argument.type in ("text", "rest"):
        return value
    try:
        return argument.parse(value)
    except ValueError as error:
        raise LineError(f"{argument.name}: {error}") from error
