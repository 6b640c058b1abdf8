"""The commands of a window with their arguments, as ``espalier do --list`` prints them and the command line shows them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shell.command import Argument, Command, parameters, resolve

if TYPE_CHECKING:
    from shell.window import Window


def arguments_of(command: Command) -> list[Argument]:
    """What the command takes from who runs it: what its record gives already is left out."""
    _, wanted = parameters(resolve(command.run))
    return [argument for argument in wanted if argument.name not in command.arguments]


def signature(command: Command) -> str:
    """Its id and arguments: ``table.sort TABLE COLUMN [asc|desc]``."""
    return " ".join([command.id, *map(argument_text, arguments_of(command))])


def argument_text(argument: Argument) -> str:
    """One argument: ``COLUMN``, ``[asc|desc]``; ``…`` behind what takes the rest of the line."""
    if argument.choices:
        names = ("yes", "no") if argument.type == "boolean" else argument.choices
        text = "|".join(map(str, names))
        text = f"{argument.name}={text}" if argument.type == "boolean" else text
    else:
        text = argument.name.upper() + ("…" if argument.type == "rest" else "")
    return text if argument.is_required else f"[{text}]"


def listing(window: Window, begin: str = "", *, is_json: bool = False) -> str:
    """A line for each command whose id begins so, in the order of their ids; as JSON one list."""
    found = sorted((command for command in window.registry if command.id.startswith(begin)), key=lambda one: one.id)
    if is_json:
        return json.dumps([_record(command, window) for command in found], ensure_ascii=False, indent=1)
    rows = [(signature(command), window.registry.fill(command.title)) for command in found]
    width = min(max((len(text) for text, _ in rows), default=0), 48)
    return "\n".join(f"{text:<{width}}  {title}" for text, title in rows) or f"no command begins with {begin}"


def _record(command: Command, window: Window) -> dict[str, Any]:
    return {
        "id": command.id,
        "title": window.registry.fill(command.title),
        "doc": command.doc,
        "why_not": window.registry.reason(command.id),
        "arguments": [
            {
                "name": argument.name, "type": argument.type, "required": argument.is_required,
                "choices": list(argument.choices),
            }
            for argument in arguments_of(command)
        ],
    }  # fmt: skip
