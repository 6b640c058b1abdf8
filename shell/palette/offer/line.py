"""What is typed behind a colon: a line to go to, or a command with its arguments."""

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
    text = asked.text
    if not text:
        return
    view = window.active_view()
    takes = getattr(view, "run_line", None)
    if text.isdecimal() and takes is not None:
        yield Item("line number", say("Go to line {line}", line=text), partial(takes, text), "", "arrow-right")
        return
    head, _, rest = text.partition(" ")
    command = window.registry.get(head)
    if command is not None:
        title = window.registry.fill(command.title)
        yield Item(f"line {head}", text, partial(window.registry.run, text), title, command.icon or "play",
                   window.registry.key(head), command.doc, window.registry.reason(head))  # fmt: skip
    if rest:
        return
    found = sorted(one.id for one in window.registry if one.id.startswith(head) and one.id != head)
    for name in found[:_OFFERED]:
        yield Item(f"line {name}", name, partial(window.registry.run, name), window.registry.title(name),
                   window.registry.icon(name), window.registry.key(name), window.registry.doc(name),
                   window.registry.reason(name))  # fmt: skip
