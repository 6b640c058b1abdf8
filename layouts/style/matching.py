"""Which style rules match a widget, and which of their values hold: precedence as in CSS, in one place.

Of several values for a property that holds the one of the rule that names the widget most closely: an id before
classes and states, these before a kind; among equals the one that is written later. What the widget itself says
(``tone``, ``style``, ``gap``, ``padding``) goes before every rule. Colour, type and weight of a container go on to
the texts in it that have none of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from layouts.node import Node, StyleRule

#: Not a state, but a part: the headings of rows.
HEADING = "heading"
STATES = ("hover", "focus", "disabled", "selected", "invalid", HEADING)
SCHEMES = ("light", "dark")
DENSITIES = ("compact", "normal", "roomy")
CONDITIONS = (*STATES, *SCHEMES, *DENSITIES)
PROPERTIES = ("color", "ground", "border", "border_width", "radius", "padding", "gap", "type", "weight", "align")
#: What texts have from the containers around them.
INHERITED = ("color", "type", "weight")
#: Containers whose colour, type and weight are for their own titles alone.
KEEPING = frozenset({"tabs"})
#: A rule's property → the widget's own one that goes before it.
OWN = {"color": "tone", "type": "style", "gap": "gap", "padding": "padding", "align": "align"}
#: The kind of a grid's columns.
COLUMN = "show"
#: Kinds that show pictures and lines alone, or draw what rules do not reach.
UNSTYLED = frozenset({"record", "image", "progress", "separator", "spacer"})
#: Kinds that paint themselves: they are told what rules say, and have no style sheet but for a border.
PAINTED = frozenset({"grid", "tree", "list", "cards", "pivot", "chart"})


class Look(NamedTuple):
    """The values of one widget.

    Attributes:
        values: What always holds.
        states: What holds in states, in the order in which one goes before the other: (states, values).
    """

    values: dict[str, str]
    states: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.states)


def split_conditions(names: Iterable[str]) -> tuple[tuple[str, ...], str | None, str | None]:
    """States, scheme and density; "" where none is named, None where two of them never hold together."""
    given = dict.fromkeys(names)
    schemes = [name for name in given if name in SCHEMES]
    densities = [name for name in given if name in DENSITIES]
    scheme, density = (None if len(group) > 1 else "".join(group) for group in (schemes, densities))
    return tuple(name for name in STATES if name in given), scheme, density


def matches(rule: StyleRule, kind: str, identifier: str, classes: frozenset[str]) -> bool:
    """Whether a rule is for such a widget, whatever its state."""
    return (
        (not rule.kinds or kind in rule.kinds)
        and (not rule.id or rule.id == identifier)
        and classes.issuperset(rule.classes)
    )


def rank(rule: StyleRule) -> tuple[int, int, int]:
    """How closely a rule names its widgets."""
    return (bool(rule.id), len(rule.classes) + len(rule.states), bool(rule.kinds))


def look_of(rules: Sequence[StyleRule], scheme: str, density: str = "normal") -> Look:
    """The values of a widget that all these rules match, in their order."""
    values: dict[str, str] = {}
    states: list[tuple[tuple[str, ...], dict[str, str]]] = []
    for rule in sorted(rules, key=rank):
        if rule.scheme not in ("", scheme) or rule.density not in ("", density):
            continue
        if rule.states:
            states.append((rule.states, dict(rule.values)))
            continue
        values.update(rule.values)
        for _, held in states:
            for name in rule.values:
                held.pop(name, None)
    return Look(values, tuple((names, held) for names, held in states if held))


def said_by(node: Node) -> set[str]:
    """The properties that the widget says itself."""
    return {name for name, own in OWN.items() if own in node.properties}


def without_own(look: Look, node: Node) -> Look:
    """The look without what the widget itself says."""
    said = said_by(node)
    if not said:
        return look
    states = ((names, _without(held, said)) for names, held in look.states)
    return Look(_without(look.values, said), tuple((names, held) for names, held in states if held))


def _without(values: dict[str, str], names: set[str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if name not in names}
