"""What the palette offers: items from providers, filtered and put in order for a query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from kernel.words import say
from shell.palette.match import match, nearest

_USE_BONUS, _USE_LIMIT = 3.0, 6.0
_DOC_PENALTY = 14.0
_DISABLED_PENALTY = 30.0
#: Entries below this share of the best one's score are noise.
_WEAKEST = 0.15


class Item(NamedTuple):
    """One line of the palette; ``reason`` tells why it cannot be used now, empty when it can."""

    id: str
    title: str
    run: Callable[[], None]
    section: str = "Commands"
    icon: str = ""
    key: str = ""
    doc: str = ""
    reason: str = ""


class Found(NamedTuple):
    """An item with the matched letters of its title; ``heading`` starts a section above it."""

    item: Item
    positions: tuple[int, ...] = ()
    heading: str = ""


Provider = Callable[[], Iterable[Item]]


def find(query: str, items: list[Item], weight: Callable[[str], float]) -> list[Found]:
    """The items that fit the query, best first; without one all of them by section, the used ones on top."""
    if not query.strip():
        return _by_section(items, weight)
    query = query.replace("_", " ")  # a table's own name finds its page
    found: list[tuple[float, int, Found]] = []
    for index, item in enumerate(items):
        scored = _fit(query, item)
        if scored is None:
            continue
        score, positions = scored
        score += min(weight(item.id), _USE_LIMIT) * _USE_BONUS - (_DISABLED_PENALTY if item.reason else 0)
        found.append((-score, index, Found(item, positions)))
    if not found:
        titles = [item.title for item in items]
        return [Found(items[index]) for index, _ in nearest(query, titles)]
    found.sort(key=lambda entry: entry[:2])
    enough = -found[0][0] * _WEAKEST
    return [entry for negative, _, entry in found if -negative >= enough or entry.item.reason]


def _fit(query: str, item: Item) -> tuple[float, tuple[int, ...]] | None:
    """The score by title; else, lower, by section and title together or by the command's id."""
    if found := match(query, item.title):
        return found
    whole = f"{item.section} {item.title}"
    if found := match(query, whole):
        shift = len(item.section) + 1
        return found.score - _DOC_PENALTY, tuple(at - shift for at in found.positions if at >= shift)
    if found := match(query, item.id):
        return found.score - _DOC_PENALTY, ()
    return None


def _by_section(items: list[Item], weight: Callable[[str], float]) -> list[Found]:
    known = [item for item in items if weight(item.id) > 0.05 and not item.reason]
    used = sorted(known, key=lambda item: -weight(item.id))[:5]
    found = [Found(item, heading=say("Used lately") if index == 0 else "") for index, item in enumerate(used)]
    shown = {item.id for item in used}
    sections: dict[str, list[Item]] = {}
    for item in items:
        if item.id not in shown and not item.reason:
            sections.setdefault(item.section, []).append(item)
    for section, members in sections.items():
        found += [Found(item, heading=section if index == 0 else "") for index, item in enumerate(members)]
    return found
