"""Which properties of style rules work where: what rules can change of each kind of widget, and in which states.

Kinds that paint themselves have only what their painting asks for (see :mod:`widgets.grid.look_rules`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from layouts.style.matching import HEADING, PROPERTIES

_TEXT = frozenset({"color", "type", "weight"})
_BORDER = frozenset({"border", "border_width"})
_BOX = _BORDER | {"ground", "radius"}
_INK = frozenset({"color", "ground"})
_ALL = frozenset(PROPERTIES) - {"align"}


class Reach(NamedTuple):
    """What rules can change of a kind.

    Attributes:
        always: Properties that work without a state.
        states: For a kind that paints itself: its states → the properties that work in them. None: Qt knows the states,
            and the same properties work in all of them.
    """

    always: frozenset[str]
    states: Mapping[tuple[str, ...], frozenset[str]] | None = None

    def of(self, states: tuple[str, ...]) -> frozenset[str]:
        """What works in these states."""
        if self.states is None:
            return frozenset() if HEADING in states else self.always
        return self.states.get(states, frozenset()) if states else self.always


_ROWS = {("selected",): _INK, ("focus", "selected"): _INK, ("hover",): _INK}
_HEADINGS = {(HEADING,): _INK | _TEXT, ("hover", HEADING): frozenset({"color"})}
_GRID = Reach(_TEXT | _BORDER | {"ground"}, _ROWS | _HEADINGS)
_NOTHING = Reach(frozenset(), {})
#: Kinds that paint themselves, and the columns of some of them → what rules change; ``cards show`` is one of cards.
DRAWN: dict[str, Reach] = {
    "grid": _GRID,
    "tree": _GRID,
    "pivot": _GRID,
    "list": Reach(_GRID.always, _ROWS | {(HEADING,): _INK | _TEXT}),
    "cards": Reach(_GRID.always | {"radius"}, _ROWS | {(HEADING,): _INK | _TEXT}),
    "chart": Reach(_BOX | {"color"}, {}),
    "show": Reach(frozenset({"color", "ground", "weight", "align"}), {}),
    "cards show": Reach(frozenset({"color"}), {}),
}
_SEVERAL = {
    "label": Reach(_TEXT | _BOX | {"padding"}),
    "button": Reach(_TEXT | _BOX | {"padding"}),
    "menu": Reach(_TEXT | _BOX | {"padding"}),
    "search": Reach(_TEXT | _BOX | {"padding"}),
    "link": Reach(_TEXT),
    "message": Reach(_TEXT),
    **dict.fromkeys(("record", "image", "progress", "separator", "spacer"), _NOTHING),
}
_OTHERS = Reach(_ALL)


def reach_of(kind: str) -> Reach:
    """What rules can change of a kind of widget."""
    return DRAWN.get(kind) or _SEVERAL.get(kind) or _OTHERS
