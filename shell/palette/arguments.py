"""Asks for a command's missing arguments one by one in the palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.words import say
from shell.command import Argument
from shell.palette.item import Item
from shell.palette.panel import Palette


def ask_arguments(
    palette: Palette,
    title: str,
    missing: list[Argument],
    known: dict[str, Any],
    go: Callable[[dict[str, Any]], None],
) -> None:
    """Ask for each missing argument, then call ``go`` with all; closing the palette gives the command up."""
    if not missing:
        palette.close_card()
        go(known)
        return
    argument, rest = missing[0], missing[1:]
    question = f"{title} — {argument.title}"

    def take(value: Any) -> None:
        ask_arguments(palette, title, rest, {**known, argument.name: value}, go)

    def answer(text: str) -> str:
        if not text.strip() and argument.type != "text":
            return say("{title} is missing", title=argument.title)
        try:
            value = argument.parse(text)
        except ValueError as error:
            return str(error)
        take(value)
        return ""

    if argument.choices:
        names = {True: say("Yes"), False: say("No")} if argument.type == "boolean" else {}
        items = [
            Item(f"choice {choice}", names.get(choice, str(choice)), lambda value=choice: take(value), argument.title)
            for choice in argument.choices
        ]
        palette.choose(question, items)
    else:
        palette.ask(question, answer)
