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
from shell.argument_value import AT_HAND, Asked, schema_at_hand
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


def offers(line: str, cursor: int, window: Window, renew: Callable[[], Any] | None = None) -> Offers:
    """What may stand at the cursor of a line.

    Args:
        line, cursor: What is typed, and where.
        window: Where the line would run.
        renew: Called once there is more to offer; None where nobody waits.
    """
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
        items = _values(Asked(window, wanted[named], known, value, renew))
        return Offers(here.end - len(value), items, command, named)
    if at < 0:
        return Offers(here.begin, (), command)
    if wanted[at].type == "rest":
        begin = _rest_begin(words, len(known), here)
        return _in_expression(Asked(window, wanted[at], known, line[begin:cursor]), begin, command, at)
    names = tuple(Item(f"{one.name}=", "word", argument_text(one)) for one in wanted if one.name not in known)
    items = _values(Asked(window, wanted[at], known, here.text, renew))
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


def _values(asked: Asked) -> tuple[Item, ...]:
    argument = asked.argument
    is_path = argument.type == "text" and argument.name in _PATHS and argument.listed is None
    if argument.type == "folder" or is_path:
        return tuple(_paths(asked))
    find = AT_HAND.get(argument.type) or AT_HAND.get(_NAMED.get(argument.name, ""))
    if argument.listed is not None:
        from shell.listed_value import remembered as find
    kind = _KINDS.get(argument.type, "value")
    items = [Item(quoted(one.text), kind, one.detail or one.doc) for one in find(asked)] if find is not None else []
    return _ranked(asked.text, items)


def _paths(asked: Asked) -> Iterable[Item]:
    """What is in the folder that is being typed."""
    folder, _, begin = asked.text.rpartition("/")
    place = Path(os.path.expanduser(f"{folder}/" if folder or asked.text.startswith("/") else "~"))
    try:
        entries = sorted(place.iterdir(), key=lambda entry: (not entry.is_dir(), entry.name.lower()))
    except OSError:
        return []
    head = f"{folder}/" if "/" in asked.text else ""
    fitting = [entry for entry in entries if entry.name.startswith(begin) and (begin or entry.name[:1] != ".")]
    found = [f"{head}{entry.name}{'/' if entry.is_dir() else ''}" for entry in fitting[:MOST]]
    return [Item(quoted(path), "word") for path in found]


#: Names of plain texts that are paths, and those that stand for another type.
_PATHS, _NAMED = frozenset(("file", "path")), {"table": "table"}
#: An argument's type → the kind of what is offered, for its sign in the list.
_KINDS = {"table": "table", "column": "column", "command": "command", "file": "word", "option": "word"}


def _in_expression(asked: Asked, begin: int, command: Command, at: int) -> Offers:
    """The offers of the expression line, where the rest of the line is one."""
    schema = schema_at_hand(asked) if asked.argument.name == "expression" else None
    if schema is None:
        return Offers(begin, (), command, at)
    found = complete(asked.text, len(asked.text), schema, lambda _table: None)
    return Offers(begin + found.start, found.items if found.partial else (), command, at)
