"""All that is known of a command, as rows for a card. No Qt here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kernel.words import say
from shell.command import Argument, Command, parameters, resolve
from shell.fact import Fact
from shell.key import format_keys
from shell.key_explanation import LAYER_TITLES

if TYPE_CHECKING:
    from shell.commands import Registry


def command_facts(registry: Registry, command: Command) -> Iterator[Fact]:
    """Id, keys in every layer, arguments, and whether it can run now."""
    yield Fact(say("Id"), command.id)
    bound = [one for one in registry.keymap if one.command.partition(" ")[0] == command.id]
    for one in bound:
        within = [say("in “{view}”", view=one.view)] if one.view else []
        within += [say("mode “{mode}”", mode=one.mode)] if one.mode else []
        line = one.command if one.command != command.id else ""
        note = " · ".join(filter(None, (line, say(LAYER_TITLES[one.layer]), *within)))
        yield Fact(say("Key"), format_keys(one.keys), note)
    if not bound:
        yield Fact(say("Key"), say("none"), tone="muted")
    for argument in parameters(resolve(command.run))[1]:
        if argument.name not in command.arguments:
            yield Fact(say("Argument"), argument.name, _about(argument))
    if command.when:
        yield Fact(say("When"), str(command.when))
    reason = registry.reason(command.id)
    yield Fact(say("Now"), reason or say("can run"), tone="warning" if reason else "success")


def _about(argument: Argument) -> str:
    kind = say(" or ").join(map(str, argument.choices)) if argument.choices else argument.type
    if argument.is_required:
        return kind
    default = say("nothing") if argument.default in ("", None) else argument.default
    return f"{kind}, {say('{value} when left out', value=default)}"
