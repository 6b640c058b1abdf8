"""Texts of views that paint themselves and are hard to read by style rules: rows, headings, columns, selected rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from layouts.node import Node, StyleRule
from layouts.project import Project
from layouts.style.contrast import ratio, wanted_ratio
from layouts.style.matching import COLUMN, HEADING, Look, look_of, matches, rank
from layouts.style.token import read_tokens

#: What is painted: its states → text and ground without rules, and whether the view's own colour goes on to it.
_PARTS: dict[tuple[str, ...], tuple[str, str, bool]] = {
    (): ("text", "surface", True),
    ("hover",): ("text", "hover", True),
    ("selected",): ("selection-text", "selection", False),
    ("focus", "selected"): ("selection-text", "selection", False),
    (HEADING,): ("muted", "sunken", False),
    ("hover", HEADING): ("text", "sunken", False),
}
#: States → those whose values they take where they have none.
_FROM = {("focus", "selected"): ("selected",), ("hover", HEADING): (HEADING,)}
#: Kinds with quieter texts beside their titles.
_QUIET = ("list", "cards", "chart")
_EMPHASES = ("muted", "success", "warning", "error")


class _Pair(NamedTuple):
    """A text on a ground: tokens, the step and weight of its type, its states, and the place of the rule."""

    color: str
    ground: str
    step: str
    weight: str
    states: tuple[str, ...]
    rule: StyleRule | None
    what: Node


def tell_painted(
    node: Node, matched: list[StyleRule], rules: Sequence[StyleRule], scheme: str, project: Project, told: set[tuple]
) -> None:
    """Report the pairs of colours of one view that are hard to read in one scheme."""
    look = look_of(matched, scheme)
    pairs = [*_parts(node, look, matched, scheme), *_columns(node, look, matched, rules, scheme)]
    colors = read_tokens()["colors"][scheme]
    for pair in pairs:
        found, wanted = ratio(colors[pair.color], colors[pair.ground]), wanted_ratio(pair.step, pair.weight)
        if pair.rule is None or found >= wanted:
            continue
        key = (pair.rule.where, pair.color, pair.ground, scheme, pair.states)
        if key in told:
            continue
        told.add(key)
        state = f" ({', '.join(pair.states)})" if pair.states else ""
        project.report(
            pair.rule.where,
            f"{pair.color} on {pair.ground} is hard to read in the {scheme} scheme{state}: contrast {found:.1f}:1",
            f"at least {wanted:g}:1; seen at {pair.what.kind} {pair.what.where}",
            "warning",
        )


def _parts(node: Node, look: Look, matched: list[StyleRule], scheme: str) -> Iterator[_Pair]:
    base = look.values
    states = dict(look.states)
    for part, (text, plain, takes_color) in _PARTS.items():
        if part == ("hover",) and "ground" in base and "ground" not in states.get(part, {}):
            continue  # it follows the view's
        own = {**states.get(_FROM.get(part, ("?",)), {}), **(states.get(part, {}) if part else base)}
        color = own.get("color") or (takes_color and base.get("color")) or text
        ground = own.get("ground", plain)
        is_heading = HEADING in part
        step = own.get("type") or base.get("type") or ("strong" if is_heading else "body")
        weight = own.get("weight") or ("" if is_heading else base.get("weight", ""))
        rule = _rule_of(matched, scheme, "color", color) or _rule_of(matched, scheme, "ground", ground)
        yield _Pair(color, ground, step, weight, part, rule, node)
        if not part and "color" in base and "ground" not in base and ("selected",) not in states:
            yield _Pair(color, "selection-quiet", step, weight, part, rule, node)
        if not part and "ground" in base:
            quiet = [base.get("color", "muted")] if node.kind in _QUIET else []
            tones = [child.get("emphasis") for child in node.of_kind("style") if child.get("emphasis") in _EMPHASES]
            for tone in dict.fromkeys([*quiet, *tones]):
                yield _Pair(tone, ground, step, weight, part, rule, node)


def _columns(
    node: Node, look: Look, around: list[StyleRule], rules: Sequence[StyleRule], scheme: str
) -> Iterator[_Pair]:
    """The columns of a view, plain and in its selected row."""
    selected = dict(look.states).get(("selected",), {}).get("ground", "selection")
    for show in node.of_kind(COLUMN):
        classes = frozenset(str(show.get("class") or "").split())
        matched = sorted((rule for rule in rules if matches(rule, COLUMN, "", classes)), key=rank)
        own = look_of(matched, scheme).values
        color, ground = own.get("color", look.values.get("color", "text")), own.get("ground", look.values.get("ground"))
        rule = _rule_of([*around, *matched], scheme, "color", color) or _rule_of(matched, scheme, "ground", ground)
        if "color" in own or "ground" in own:
            weight = own.get("weight", "")
            yield _Pair(color, ground or "surface", look.values.get("type", "body"), weight, (), rule, show)
            if "color" in own:
                yield _Pair(color, selected, look.values.get("type", "body"), weight, ("selected",), rule, show)


def _rule_of(matched: list[StyleRule], scheme: str, name: str, value: str | None) -> StyleRule | None:
    fitting = (rule for rule in reversed(matched) if rule.scheme in ("", scheme) and rule.values.get(name) == value)
    return next(fitting, None)
