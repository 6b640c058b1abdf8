"""Settings: each option with its value; choosing one asks for another value and keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from kernel.config.value import write_value
from kernel.words import say
from plugins.palette import PaletteItem as Item
from plugins.palette import PalettePreview as Preview

if TYPE_CHECKING:
    from kernel.config.option import Option
    from shell.window import Window


def options(window: Window) -> Iterator[Item]:
    """Every option, those of plugins included."""
    config = window.session.config
    for name, option in config.complete().items():
        value = config.text(name)
        yield Item(
            f"option {name}", name, partial(_ask, window, name), "", "settings", doc=option.doc,
            detail=value or say("empty"), preview=partial(_preview, option, value, config.origin(name)),
        )  # fmt: skip


def _ask(window: Window, name: str) -> None:
    window.registry.run("option.set", option=name)


def _preview(option: Option, value: str, origin: str) -> Preview:
    fields = [(say("Value"), value or say("empty")), (say("From"), origin),
              (say("Default"), write_value(option, option.default) or say("empty"))]  # fmt: skip
    if option.choices:
        fields.append((say("Choices"), ", ".join(option.choices)))
    limits = (("≥", option.minimum), ("≤", option.maximum))
    bounds = [f"{sign} {limit:g}" for sign, limit in limits if limit is not None]
    if bounds:
        fields.append((say("Bounds"), ", ".join(bounds)))
    if option.is_restart:
        fields.append((say("Counts"), say("after the next start")))
    return Preview(option.name, tuple(fields), option.doc)
