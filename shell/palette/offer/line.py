"""What is typed behind a colon: a line as the command line takes it, and the commands that begin like it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from kernel.words import say
from plugins.palette import PaletteAsked as Asked
from plugins.palette import PaletteItem as Item

if TYPE_CHECKING:
    from shell.window import Window

#: Commands that are offered for the beginning of one.
_OFFERED = 30


def line(window: Window, asked: Asked) -> Iterator[Item]:
    """The line itself, and the commands that begin like it."""
    registry, text = window.registry, asked.text
    if not text:
        return
    head, _, rest = text.partition(" ")
    command = registry.get(head)
    run = partial(_run, window, text)
    if command is None:
        title = say("Go to {number}", number=text) if text.isdecimal() else text
        yield Item("line typed", title, run, say("As typed"), "play")
    else:
        yield Item(f"line {head}", text, run, registry.fill(command.title), command.icon or "play",
                   registry.key(head), command.doc, registry.reason(head))  # fmt: skip
    if rest:
        return
    found = sorted(one.id for one in registry if one.id.startswith(head) and one.id != head)
    for name in found[:_OFFERED]:
        yield Item(f"line {name}", name, partial(registry.run, name), registry.title(name), registry.icon(name),
                   registry.key(name), registry.doc(name), registry.reason(name))  # fmt: skip


def _run(window: Window, text: str) -> None:
    from shell.line.run import run_typed

    run_typed(window, text, partial(window.registry.fail, text))
