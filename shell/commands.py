"""The command registry of one window: what can be done there, whether it may be done now, and doing it.

Running a command (``running``) never raises: what goes wrong becomes a message for the person. No Qt here, so that
tests and scripts can use it without a window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.words import say, say_again
from layouts.node import Formula, Template
from shell.command import Argument, Command
from shell.keymap import Keymap
from widgets.context import Reporter
from widgets.scope import Scope

if TYPE_CHECKING:
    from shell.running import Run

Asker = Callable[[str, Command, Callable[[], None]], None]
ArgumentAsker = Callable[[Command, list[Argument], dict[str, Any], Callable[[dict[str, Any]], None]], None]

#: How often a number before a key repeats a command at most.
_MOST_TIMES = 1_000


class Registry:
    """Commands by id; implements :class:`widgets.context.CommandRunner`.

    Args:
        scope: Names that ``when`` and title templates read.
        reporter: Gets the messages about failures.
        window: Given to callables that ask for a ``window``.

    Attributes:
        ask: Asks a question, then calls back; without one, a command with a question does not run.
        ask_arguments: Asks for the arguments that are missing, then calls back with all of them.
        load_keymap: Reads the keymap when a key is first needed.
        load_more: Answers further commands, those of plugins; asked when one is met that is not there, or for all.
        views: Answers the kinds of views that have the focus, the innermost first.
        on_keymap: Called when another keymap is in force.
        on_run: Called with the id of each command that is run (the palette's ranking).
        after_run: Each told what was run, of what no other command runs.
        last_run, last_change: What was run last, and what changed rows last; None for nothing yet.
        depth: How many commands run within one another now.
    """

    def __init__(self, scope: Scope, reporter: Reporter, window: Any = None) -> None:
        self._scope = scope
        self._reporter = reporter
        self.window = window
        self._commands: dict[str, Command] = {}
        #: Command → who watches it, by number.
        self._watchers: dict[str, dict[int, Callable[[bool], None]]] = {}
        self._next = 0
        self._conditions: dict[str, Callable[[], bool]] = {}
        self.ask: Asker | None = None
        self.ask_arguments: ArgumentAsker | None = None
        self.load_keymap: Callable[[], Keymap] = Keymap
        self._keymap: Keymap | None = None
        self.load_more: Callable[[], Iterable[Command]] | None = None
        self._drop_more: Disposer = lambda: None
        self.views: Callable[[], list[str]] = list
        self.on_keymap: Callable[[], None] = lambda: None
        self.waits_to_show_keys = False
        self.on_run: Callable[[str], None] | None = None
        self.after_run: list[Callable[[Run], None]] = []
        self.last_run: Run | None = None
        self.last_change: Run | None = None
        self.depth = 0

    @property
    def keymap(self) -> Keymap:
        """The keys in force; read at first use."""
        if self._keymap is None:
            self._keymap = self.load_keymap()
            self.on_keymap()
        return self._keymap

    @property
    def has_keymap(self) -> bool:
        """Whether the keymap was read already."""
        return self._keymap is not None

    @keymap.setter
    def keymap(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self.on_keymap()

    # What there is

    def register(self, commands: Iterable[Command]) -> Disposer:
        """Add commands; a known id is covered until the disposer is called, then it is back."""
        added = list(commands)
        covered = {command.id: self._commands.get(command.id) for command in added}
        disposers = [self._add(command) for command in added]

        def dispose() -> None:
            for disposer in disposers:
                disposer()
            for command in added:
                if self._commands.get(command.id) is command:
                    before = covered[command.id]
                    self._commands.pop(command.id)
                    if before is not None:
                        self._commands[command.id] = before
                self._conditions.pop(command.id, None)

        return dispose

    def _add(self, command: Command) -> Disposer:
        self._commands[command.id] = command
        self._conditions.pop(command.id, None)
        names = condition_names(command.when)
        if not names:
            self._tell(command.id)
            return lambda: None
        dispose = self._scope.watch(names, lambda: self._tell(command.id))
        self._tell(command.id)
        return dispose

    def __iter__(self):
        self._take_more()
        return iter(list(self._commands.values()))

    def get(self, command: str) -> Command | None:
        """The record of that id, or None."""
        if command not in self._commands and self.load_more is not None:
            self._take_more()
        return self._commands.get(command)

    def _take_more(self) -> None:
        load, self.load_more = self.load_more, None
        if load is not None:
            self._drop_more = self.register(load())

    def renew_more(self, load: Callable[[], Iterable[Command]]) -> None:
        """Let go of the further commands; ``load`` answers those that are there now."""
        self._drop_more()
        self._drop_more, self.load_more = lambda: None, load

    def title(self, command: str) -> str:
        """The title, its expressions filled in; the id when there is no such command."""
        found = self.get(_id_of(command))
        return self.fill(found.title) if found else command

    def icon(self, command: str) -> str:
        """The icon's name, empty when there is none."""
        found = self.get(_id_of(command))
        return found.icon if found else ""

    def doc(self, command: str) -> str:
        """The sentence about it, empty when there is none."""
        found = self.get(_id_of(command))
        return found.doc if found else ""

    def key(self, command: str) -> str:
        """Its keys in the platform's form, empty when none is bound, and before :meth:`show_keys` when that waits."""
        if self.waits_to_show_keys:
            return ""
        from shell.key import format_keys

        keys = self.keymap.keys_of(command)
        return format_keys(keys) if keys else ""

    def fill(self, text: str | Template) -> str:
        """A text with its expressions filled in."""
        if isinstance(text, str):
            return text
        parts = (part if isinstance(part, str) else _shown(self._evaluate(part.text)) for part in text.parts)
        return "".join(parts).strip()

    # Whether it may run

    def is_enabled(self, command: str) -> bool:
        """Whether the command is there and may run now."""
        return not self.reason(command)

    def reason(self, command: str) -> str:
        """Why it cannot run now; empty when it can."""
        found = self.get(_id_of(command))
        if found is None:
            return say("There is no such command")
        if found.blocked and (reason := found.blocked()):
            return reason
        return "" if self._condition(found)() else say("Not available now")

    def watch(self, command: str, listener: Callable[[bool], None]) -> Disposer:
        """Tell the listener now, and on every change, whether the command may run."""
        token = self._next
        self._next += 1
        watchers = self._watchers.setdefault(_id_of(command), {})
        watchers[token] = listener
        listener(self.is_enabled(command))

        def dispose() -> None:
            watchers.pop(token, None)

        return dispose

    def show_keys(self) -> None:
        """Let buttons and menus tell their keys, which reads the keymap; windows wait with it for the first paint."""
        self.waits_to_show_keys = False
        self.refresh()

    def refresh(self) -> None:
        """Ask every ``blocked`` again: a table's schema came, a file was opened."""
        for command in list(self._watchers):
            self._tell(command)

    def _tell(self, command: str) -> None:
        for listener in list(self._watchers.get(command, {}).values()):
            listener(self.is_enabled(command))

    def _condition(self, command: Command) -> Callable[[], bool]:
        if not command.when:
            return _always
        if command.id not in self._conditions:
            self._conditions[command.id] = lambda: bool(self._evaluate(command.when))
        return self._conditions[command.id]

    def _evaluate(self, text: str) -> Any:
        try:
            return expression(text).evaluate(self._scope.read)
        except EspalierError as error:
            reason = say_again(error.message)
            said = say("“{text}” cannot be evaluated: {message}", text=text, message=reason)
            self._reporter.report("error", said, str(error))
            return None

    # Doing it

    def run(self, command: str, **arguments: Any) -> None:
        """Run a command by id, or by a line with arguments (``theme.set dark``); failures become messages."""
        from shell.running import Caller, NotNowError, perform

        def take(answer: Any) -> None:
            self._take_answer(command, answer)

        try:
            perform(self, command, arguments, Caller(self.ask, self.ask_arguments, self.fail, take))
        except NotNowError as error:
            self._reporter.report("info", say_again(error.message))
        except Exception as error:  # the person is told; Qt never sees an exception
            self.fail(command, error)

    def run_counted(self, command: str, count: int) -> None:
        """Run a command so many times: one that takes a ``count`` is given it, others are repeated; 0 is no count."""
        from shell.running import takes_count

        if count and takes_count(self.get(_id_of(command))):
            self.run(command, count=count)
            return
        for _ in range(min(max(count, 1), _MOST_TIMES)):
            self.run(command)
            if count > 1 and not self.is_enabled(command):
                return

    def _take_answer(self, command: str, answer: Any) -> None:
        """Tell the person what a command has answered, now or when it comes."""
        from shell.command import Later

        if isinstance(answer, Later):
            answer.then(lambda late: self._take_answer(command, late))
        elif isinstance(answer, Exception):
            self.fail(command, answer)
        elif isinstance(answer, str) and answer:
            self._reporter.report("info", answer)

    def run_line(self, line: str, fail: Callable[[Exception], None]) -> bool:
        """See :meth:`widgets.context.CommandRunner.run_line`."""
        from PySide6.QtCore import QTimer

        from shell.line.run import is_command, run_commands

        if not is_command(self.window, line):
            return False
        QTimer.singleShot(0, self.window, lambda: run_commands(self.window, line, fail))
        return True

    def complete_line(self, line: str) -> list[str]:
        """See :meth:`widgets.context.CommandRunner.complete_line`."""
        from shell.line.offer import completed

        return completed(line, self.window)

    def show_pending(self, typed: str, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """See :meth:`widgets.context.CommandRunner.show_pending`."""
        from shell.pending import show_own

        show_own(self.window, typed, title, rows)

    def act(self, action: str) -> None:
        """Run a command with its arguments, or a function of the app's scripts; failures become messages."""
        from layouts.action import is_function

        if not is_function(action):
            self.run(action)
            return
        try:
            self.window.session.run_script(action.strip(), self.window, command=action.strip())
        except Exception as error:  # the person is told; Qt never sees an exception
            self.fail(action, error)

    def fail(self, command: str, error: Exception) -> None:
        """Tell the person that a command could not be run."""
        from shell.failure import describe

        text, detail = describe(error)
        name = _id_of(command)
        self._reporter.report("error", f"{self.title(name)}: {text}" if self.get(name) else text, detail)


def _id_of(line: str) -> str:
    """The command's id at the beginning of a line; never raises, whatever follows."""
    return line.strip().partition(" ")[0]


def _always() -> bool:
    return True


_EXPRESSIONS: dict[str, Any] = {}


def expression(text: str) -> Any:
    """The parsed expression of a ``when`` or a template; each text is parsed once.

    Raises:
        ExpressionError: it is none.
    """
    if text not in _EXPRESSIONS:
        from kernel.expression import parse

        _EXPRESSIONS[text] = parse(text)
    return _EXPRESSIONS[text]


def condition_names(when: str | Formula) -> tuple[str, ...]:
    """The names that a condition reads."""
    if not when:
        return ()
    return tuple(expression(when).names) if isinstance(when, str) else when.names


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
