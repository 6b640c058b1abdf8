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
#: Entries below this share of the best one's score are noise; so many whose letters are scattered stand below others.
_WEAKEST, _MOST_SCATTERED = 0.15, 3
#: Used items that stand on top without a query, and the lines of one section below them.
_USED, _MOST_OF_SECTION, _FADED = 6, 200, 0.05


class Found(NamedTuple):
    """An item with the matched letters of its title; ``heading`` starts a section above it.

    It fits closely when its letters stand together or begin words.
    """

    item: Item
    positions: tuple[int, ...] = ()
    heading: str = ""
    is_close: bool = True


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
    fitting = fit(query, item)
    if fitting is None:
        return None
    score = fitting.score + bonus + min(use, _USE_LIMIT) * _USE_BONUS
    is_close = fitting.is_close and (fitting.is_title or not item.reason)
    return score, place, Found(item, fitting.positions, is_close=is_close)


def in_order(scored: Iterable[Scored]) -> list[Found]:
    """The best first, equal ones by their place; what fits far worse than the best is left out.

    Few whose letters are scattered follow, then those that cannot be used now.
    """
    found = sorted(scored, key=lambda one: (-one[0], one[1]))
    enough = found[0][0] * _WEAKEST if found else 0
    close = [one for score, _, one in found if score >= enough and one.is_close and not one.item.reason]
    scattered = [one for _, _, one in found if not one.is_close and not one.item.reason]
    off = [one for _, _, one in found if one.is_close and one.item.reason]
    return [*close, *scattered[: _MOST_SCATTERED if close else None], *off]


class Fitting(NamedTuple):
    """How well an item fits, higher is better; which letters of its title are the query's, and whether they are close.

    Letters are close that stand together or begin words. Not all of them need be of the title.
    """

    score: float
    positions: tuple[int, ...]
    is_close: bool
    is_title: bool = False


def fit(query: str, item: Item) -> Fitting | None:
    """The score by title; else, lower, by section or detail and title together, or by the item's id."""
    query = query.replace("_", " ")  # a table's own name finds its page
    if found := match(query, item.title):
        return Fitting(*found, _is_close(found.positions, item.title), is_title=True)
    for whole in texts_of(item)[1:-1]:
        if found := match(query, whole):
            shift = len(whole) - len(item.title)
            positions = tuple(at - shift for at in found.positions if at >= shift)
            return Fitting(found.score - _DOC_PENALTY, positions, _is_close(found.positions, whole))
    if found := match(query, item.id):
        return Fitting(found.score - _DOC_PENALTY, (), _is_close(found.positions, item.id))
    return None


def texts_of(item: Item) -> list[str]:
    """What an item is found by: its title, behind its section, behind its detail, and its id."""
    return [item.title, *(f"{before} {item.title}" for before in (item.section, item.detail) if before), item.id]


def _is_close(places: tuple[int, ...], text: str) -> bool:
    """Whether at most a quarter of the letters stand apart, within words."""
    if len(places) <= 2 or places[-1] - places[0] == len(places) - 1:
        return True
    steps = zip(places, places[1:], strict=False)
    apart = [at for before, at in steps if at != before + 1 and text[at - 1].isalnum() and not text[at].isupper()]
    return len(apart) <= len(places) // 4


def by_section(items: list[Item], weight: Callable[[str], float], others: Iterable[Item] = ()) -> list[Found]:
    """The items that can be used, by section; above them those that were used most and last, also of the others."""
    known = [item for item in (*items, *others) if weight(item.id) > _FADED and not item.reason]
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
