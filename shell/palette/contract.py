"""What the palette asks for items: the record of a provider, and the ways in which one is asked. No Qt here.

A provider that reads widgets is asked on the GUI thread and must be quick; every other one is asked on a thread of its
own, may take its time, fail or be given up, and holds up neither typing nor the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from plugins.palette import Gather
from plugins.palette import PaletteAsked as Asked
from plugins.palette import PaletteItem as Item

__all__ = ["WAYS", "Asked", "Gather", "Provider", "nothing", "titled"]

#: How a provider is asked.
WAYS: dict[str, str] = {
    "here": "on the GUI thread, each time the palette opens; what it answers is looked through here",
    "once": "on a thread, each time the palette opens; what it answered before is used until then",
    "typed": "on the GUI thread, for each text; its items stand first, as they come, or with a bonus below 0 last",
    "live": "on a thread, for each text, given up when the text goes on; its items stand last, as they come",
}


class Provider(NamedTuple):
    """Where items come from.

    Attributes:
        name: A plain word.
        title: The heading of items that have none of their own.
        gather: Answers the items.
        prefix: A character; typed first, the providers that have it are looked through alone.
        doc: What they are, in a few words; for the list of prefixes.
        way: A key of :data:`WAYS`.
        is_general: Whether it is looked through without its prefix too.
        is_first: Whether its items are listed before anything is typed.
        is_early: Whether it is asked once the palette is open, and not when something is typed.
        bonus: Added to the score of its items; negative for what is looked for less often.
        begin: Called on the GUI thread before the first question of an opening; what it answers gathers then.
    """

    name: str
    title: str
    gather: Gather
    prefix: str = ""
    doc: str = ""
    way: str = "here"
    is_general: bool = True
    is_first: bool = True
    is_early: bool = True
    bonus: float = 0.0
    begin: Callable[[], Gather] | None = None


def nothing(_asked: Asked) -> Iterable[Item]:
    """The place of :attr:`Provider.gather` where that begins first."""
    return ()


def titled(provider: Provider, items: Iterable[Item]) -> list[Item]:
    """The items, those without a section under the provider's title."""
    return [item if item.section else item._replace(section=provider.title) for item in items]
