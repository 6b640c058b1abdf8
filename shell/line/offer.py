"""What may stand at a place of a command's line: the commands, then the values of each argument by its type.

Everything here is at hand: nothing is read that may wait. Offers are those of the expression line
(:class:`kernel.expression.completion.Item`), so that both are shown alike.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.expression.completion import Item, complete
from shell.command import Argument, Command
from shell.do.listing import argument_text, arguments_of
from shell.line.words import LineWord, quoted, words_of
from shell.palette.match import match

if TYPE_CHECKING:
    from shell.window import Window

#: What is offered at most.
MOST = 60


class Offers(NamedTuple):
    """What is offered at the cursor.

    Attributes:
        start: Where the text begins that an offer replaces; it ends at the cursor.
        items: The best first.
        command: The command that the line runs, as far as it is known.
        argument: The argument that the cursor is in; -1 at the command itself, or behind the last one.
    """

    start: int
    items: tuple[Item, ...] = ()
    command: Command | None = None
    argument: int = -1


class Given(NamedTuple):
    """The place of an argument.

    Attributes:
        window: Where the line would run.
        argument: What is wanted.
        known: The arguments before it, as texts.
        text: What stands there up to the cursor.
    """

    window: Window
    argument: Argument
    known: dict[str, str]
    text: str


def offers(line: str, cursor: int, window: Window) -> Offers:
    """What may stand at the cursor of a line."""
    words = words_of(line[:cursor])
    is_new = not words or words[-1].end < cursor
    here = LineWord("", cursor, cursor) if is_new else words.pop()
    if not words:
        return Offers(here.begin, _ranked(here.text, _commands(window)), window.registry.get(line.strip()))
    command = window.registry.get(words[0].text)
    if command is None:
        return Offers(here.begin)
    wanted = arguments_of(command)
    at, known = place_of(wanted, [word.text for word in words[1:]])
    name, equals, value = here.text.partition("=")
    named = next((index for index, one in enumerate(wanted) if one.name == name), -1) if equals else -1
    if named >= 0:
        items = _values(Given(window, wanted[named], known, value))
        return Offers(here.end - len(value), items, command, named)
    if at < 0:
        return Offers(here.begin, (), command)
    if wanted[at].type == "rest":
        begin = _rest_begin(words, len(known), here)
        return _in_expression(Given(window, wanted[at], known, line[begin:cursor]), begin, command, at)
    names = tuple(Item(f"{one.name}=", "word", argument_text(one)) for one in wanted if one.name not in known)
    items = _values(Given(window, wanted[at], known, here.text))
    if here.text and not items:
        items = tuple(item for item in names if item.text.startswith(here.text))
    return Offers(here.begin, items, command, at)


def completed(line: str, window: Window) -> list[str]:
    """What a line may become at its end, the best first."""
    found = offers(line, len(line), window)
    return [line[: found.start] + item.text for item in found.items]


def place_of(wanted: list[Argument], words: list[str]) -> tuple[int, dict[str, str]]:
    """Which argument comes after these words (-1 behind the last), and what is known of the others."""
    known: dict[str, str] = {}
    names = {argument.name for argument in wanted}
    for word in words:
        name, equals, value = word.partition("=")
        free = next((argument for argument in wanted if argument.name not in known), None)
        if equals and name in names:
            known[name] = value
        elif free is not None and free.type != "rest":
            known[free.name] = word
    return next((index for index, one in enumerate(wanted) if one.name not in known), -1), known


def _rest_begin(words: list[LineWord], known: int, here: LineWord) -> int:
    """Where the rest of the line begins, behind the command and the arguments before it."""
    return words[known + 1].begin if len(words) > known + 1 else here.begin


def _commands(window: Window) -> Iterable[Item]:
    registry = window.registry
    return (Item(command.id, "command", registry.fill(command.title)) for command in registry)


def _ranked(text: str, items: Iterable[Item]) -> tuple[Item, ...]:
    """The items that fit, the best first; ids count before what they mean."""
    if not text:
        return tuple(sorted(items))[:MOST]
    found: list[tuple[float, Item]] = []
    for item in items:
        fit = match(text, item.text)
        if fit is not None:
            found.append((fit.score + 4 * item.text.startswith(text), item))
        elif (meant := match(text, item.doc)) is not None:
            found.append((meant.score - 60, item))
    found.sort(key=lambda pair: (-pair[0], len(pair[1].text), pair[1].text))
    return tuple(item for _, item in found[:MOST])


# -- values of arguments ------------------------------------------------------------------------------------------


def _values(given: Given) -> tuple[Item, ...]:
    argument = given.argument
    find = VALUES.get(argument.type) or NAMED.get(argument.name, _nothing)
    items = [item._replace(text=quoted(item.text)) for item in find(given)]
    return tuple(items) if find is _paths else _ranked(given.text, items)


def _nothing(_given: Given) -> Iterable[Item]:
    return ()


def _choices(given: Given) -> Iterable[Item]:
    return (Item(str(choice), "value") for choice in given.argument.choices)


def _booleans(_given: Given) -> Iterable[Item]:
    return (Item("yes", "value"), Item("no", "value"))


def _tables(given: Given) -> Iterable[Item]:
    from shell.action.table import names_of
    from shell.focus import ROW_KINDS, built, kind_of

    kinds: dict[str, str] = {}
    for view in built(given.window, ROW_KINDS):
        for name in names_of(view):
            kinds.setdefault(name, kind_of(view))
    return (Item(name, "table", kind) for name, kind in kinds.items())


def _columns(given: Given) -> Iterable[Item]:
    schema = _schema(given)
    return (Item(column.name, "column", column.label or column.type) for column in schema.columns) if schema else ()


def _schema(given: Given) -> Any:
    """The schema of the table that was named before; None when there is none, or it is not known."""
    from kernel.error import EspalierError
    from shell.action.table import list_of

    try:
        return list_of(given.window, given.known.get("table", "")).handle.schema
    except EspalierError:
        return None


def _command_ids(given: Given) -> Iterable[Item]:
    return _commands(given.window)


def _options(given: Given) -> Iterable[Item]:
    return (Item(name, "word", option.doc) for name, option in given.window.session.config.complete().items())


def _paths(given: Given) -> Iterable[Item]:
    """What is in the folder that is being typed."""
    folder, _, begin = given.text.rpartition("/")
    place = Path(os.path.expanduser(f"{folder}/" if folder or given.text.startswith("/") else "~"))
    try:
        entries = sorted(place.iterdir(), key=lambda entry: (not entry.is_dir(), entry.name.lower()))
    except OSError:
        return []
    head = f"{folder}/" if "/" in given.text else ""
    fitting = [entry for entry in entries if entry.name.startswith(begin) and (begin or entry.name[:1] != ".")]
    return [Item(f"{head}{entry.name}{'/' if entry.is_dir() else ''}", "word") for entry in fitting[:MOST]]


def _macros(given: Given) -> Iterable[Item]:
    from shell.action.macro import macros

    return [Item(name, "value", "; ".join(lines)) for name, lines in macros(given.window).items()]


def _workspaces(given: Given) -> Iterable[Item]:
    from shell.action.workspace import workspaces

    return [Item(name, "value") for name in workspaces(given.window)]


def _files(given: Given) -> Iterable[Item]:
    """The files of the app."""
    list_files = getattr(given.window.app, "list_files", None)
    return (Item(path, "word") for path in (list_files() if list_files is not None else ()))


#: An argument's type → what may be given for it.
VALUES: dict[str, Callable[[Given], Iterable[Item]]] = {
    "choice": _choices, "boolean": _booleans, "table": _tables, "column": _columns, "file": _files,
    "folder": _paths, "command": _command_ids, "option": _options, "workspace": _workspaces, "macro": _macros,
}  # fmt: skip
#: The same by the names of arguments that are plain texts.
NAMED: dict[str, Callable[[Given], Iterable[Item]]] = {
    "table": _tables, "file": _paths, "path": _paths,
}


def _in_expression(given: Given, begin: int, command: Command, at: int) -> Offers:
    """The offers of the expression line, where the rest of the line is one."""
    schema = _schema(given) if given.argument.name == "expression" else None
    if schema is None:
        return Offers(begin, (), command, at)
    found = complete(given.text, len(given.text), schema, lambda _table: None)
    return Offers(begin + found.start, found.items if found.partial else (), command, at)
