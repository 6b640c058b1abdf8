"""What style rules change in a view that paints itself: its colours by role, and its fonts.

Worked out once for a look, so that painting only asks for the colour of a role.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtGui import QColor, QFont

from layouts.style.matching import Look as Rules
from widgets.grid.look import ROLES, TINT_ALPHA

_HEADING, _HOVER, _SELECTED, _FOCUSED = ("heading",), ("hover",), ("selected",), ("focus", "selected")
#: Role → the values of rules that make its colour, the last one first of all; see ``look.ROLES`` for those without.
_RULED: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "rows": (((), "ground"),),
    "below": (((), "ground"),),
    "ink": (((), "color"),),
    "quiet": (((), "color"),),
    "dash": (((), "color"),),
    "edge": (((), "border"),),
    "hovered": ((_HOVER, "ground"),),
    "hovered-ink": (((), "color"), (_HOVER, "color")),
    "hovered-quiet": (((), "color"), (_HOVER, "color")),
    "selected": ((_SELECTED, "ground"), (_FOCUSED, "ground")),
    "selected-ink": ((_SELECTED, "color"), (_FOCUSED, "color")),
    "resting": ((_SELECTED, "ground"),),
    "resting-row-ink": (((), "color"), (_SELECTED, "color")),
    "resting-ink": (((), "color"), (_SELECTED, "color")),
    "resting-quiet": (((), "color"), (_SELECTED, "color")),
    "heading-ground": ((_HEADING, "ground"),),
    "heading": ((_HEADING, "color"),),
    "heading-lit": ((_HEADING, "color"), (("hover", "heading"), "color")),
}  # fmt: skip
#: Grounds of rows that follow the ground of the view: role, its state, and how much of the text's colour is in it.
_OVER = (("hovered", _HOVER, 0.08), ("resting", _SELECTED, 0.16))
#: How much of a ground that a rule names colours what is selected, of 255.
_GROUND_ALPHA = 150


class Drawn(NamedTuple):
    """What rules say of a view that paints itself.

    Attributes:
        look: Of the view.
        columns: Classes of its columns → what holds for those.
    """

    look: Rules = Rules({})
    columns: dict[frozenset[str], dict[str, str]] = {}

    def __bool__(self) -> bool:
        return bool(self.look or any(self.columns.values()))


def role_colors(theme: Any, drawn: Drawn) -> dict[str, QColor]:
    """Role or token of a column → its colour."""
    said = {(states, name): value for states, values in drawn.look.states for name, value in values.items()}
    said |= {((), name): value for name, value in drawn.look.values.items()}
    found = {}
    for role, places in _RULED.items():
        token = next((said[at] for at in reversed(places) if at in said), ROLES[role])
        found[role] = QColor(theme.color(token))
    if "ground" in drawn.look.values:
        # Over a ground of rules that of a theme's row would not do, unless rules say it as well.
        for role, state, share in _OVER:
            if (state, "ground") not in said:
                found[role] = _mixed(found["rows"], found["ink"], share)
    tokens = {values[name] for values in drawn.columns.values() for name in ("color", "ground") if name in values}
    return found | {token: QColor(theme.color(token)) for token in tokens}


def _mixed(ground: QColor, ink: QColor, share: float) -> QColor:
    parts = zip(ground.getRgb()[:3], ink.getRgb()[:3], strict=True)
    return QColor(*(round(one + (other - one) * share) for one, other in parts))


def selection_tint(theme: Any, drawn: Drawn) -> QColor:
    """What lies over cells and items that are selected together."""
    own = next((values["ground"] for states, values in reversed(drawn.look.states)
                if states in (_SELECTED, _FOCUSED) and "ground" in values), "")  # fmt: skip
    tint = QColor(theme.color(own or "accent"))
    tint.setAlpha(_GROUND_ALPHA if own else TINT_ALPHA)
    return tint


def fonts_of(theme: Any, drawn: Drawn) -> tuple[QFont, QFont, QFont]:
    """The font of rows, the strong one beside it, and that of headings."""
    values = drawn.look.values
    heading = next((held for states, held in drawn.look.states if states == _HEADING), {})
    font, strong = QFont(theme.font(values.get("type", "body"))), QFont(theme.font("strong"))
    if "type" in values:
        weight = strong.weight()
        strong = QFont(font)
        strong.setWeight(max(weight, font.weight()))
    top = QFont(theme.font(heading["type"])) if "type" in heading else QFont(strong)
    for one, weight in ((font, values.get("weight")), (top, heading.get("weight"))):
        if weight:
            one.setWeight(QFont.Weight(theme.tokens.length("weight", weight)))
    return font, strong, top
