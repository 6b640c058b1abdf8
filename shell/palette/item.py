"""What fits a query among a few items, best first; many are looked through by ``index``. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from kernel.words import say
from plugins.palette import PaletteItem as Item
from plugins.palette import PalettePreview as Preview
from shell.palette.match import match, nearest

__all__ = ["Found", "Item", "Preview", "find", "fit", "in_order", "score_of"]

_USE_BONUS, _USE_LIMIT = 3.0, 6.0
_DOC_PENALTY = 14.0
_DISABLED_PENALTY = 30.0
#: Entries below this share of the best one's score are noise.
_WEAKEST = 0.15
#: Used items that stand on top without a query, and the lines of one section below them.
_USED, _MOST_OF_SECTION = 5, 200


class Found(NamedTuple):
    """An item with the matched letters of its title; ``heading`` starts a section above it."""

    item: Item
    positions: tuple[int, ...] = ()
    heading: str = ""


#: Score, higher is better; the item's place, which orders equal ones; what is shown.
Scored = tuple[float, int, Found]


def find(query: str, items: list[Item], weight: Callable[[str], float]) -> list[Found]:
    """The items that fit the query, best first; without one all of them by section, the used ones on top."""
    if not query.strip():
        return by_section(items, weight)
    scored = [one for place, item in enumerate(items) if (one := score_of(query, item, place, weight(item.id)))]
    if not scored:
        return [Found(items[place]) for place, _ in nearest(query, [item.title for item in items])]
    return in_order(scored)


def score_of(query: str, item: Item, place: int, use: float, bonus: float = 0.0) -> Scored | None:
    """How well an item fits, with what its use adds; None when it does not."""
    found = fit(query, item)
    if found is None:
        return None
    score = found[0] + bonus + min(use, _USE_LIMIT) * _USE_BONUS - (_DISABLED_PENALTY if item.reason else 0)
    return score, place, Found(item, found[1])


def in_order(scored: Iterable[Scored]) -> list[Found]:
    """The best first, equal ones by their place; what fits far worse than the best is left out."""
    found = sorted(scored, key=lambda one: (-one[0], one[1]))
    if not found:
        return []
    enough = found[0][0] * _WEAKEST
    return [one for score, _, one in found if score >= enough or one.item.reason]


def fit(query: str, item: Item) -> tuple[float, tuple[int, ...]] | None:
    """The score by title; else, lower, by section or detail and title together, or by the item's id."""
    query = query.replace("_", " ")  # a table's own name finds its page
    if found := match(query, item.title):
        return found
    for before in (item.section, item.detail):
        if before and (found := match(query, f"{before} {item.title}")):
            shift = len(before) + 1
            return found.score - _DOC_PENALTY, tuple(at - shift for at in found.positions if at >= shift)
    if found := match(query, item.id):
        return found.score - _DOC_PENALTY, ()
    return None


def by_section(items: list[Item], weight: Callable[[str], float]) -> list[Found]:
    """The items that can be used, by section; above them those that were used most and last."""
    known = [item for item in items if weight(item.id) > 0.05 and not item.reason]
    used = sorted(known, key=lambda item: -weight(item.id))[:_USED]
    found = [Found(item, heading=say("Used lately") if index == 0 else "") for index, item in enumerate(used)]
    shown = {item.id for item in used}
    sections: dict[str, list[Item]] = {}
    for item in items:
        if item.id not in shown and not item.reason:
            sections.setdefault(item.section, []).append(item)
    for section, members in sections.items():
        shown_of = members[:_MOST_OF_SECTION]
        found += [Found(item, heading=section if index == 0 else "") for index, item in enumerate(shown_of)]
    return found
