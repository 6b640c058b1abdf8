"""What is wrong with style rules as a whole: rules that match nothing, classes nearly named, texts hard to read."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kernel.nearest import did_you_mean
from layouts.kinds.kind import Kind
from layouts.node import Formula, Layout, Node, StyleRule, Template
from layouts.project import Project
from layouts.style.contrast import ratio, wanted_ratio
from layouts.style.matching import (
    COLUMN,
    INHERITED,
    KEEPING,
    PAINTED,
    SCHEMES,
    look_of,
    matches,
    rank,
    said_by,
    without_own,
)
from layouts.style.painted_contrast import tell_painted
from layouts.style.reach import reach_of
from layouts.style.rule import is_styled
from layouts.style.token import read_tokens

#: What was told already: rule, colours, scheme and states.
_Told = set[tuple[object, ...]]
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")
#: Kinds that show texts → their colour and ground where no rule says another; an empty ground is the container's.
_PLAIN = {
    "label": ("text", ""), "group": ("text", ""), "link": ("link", ""), "button": ("text", "fill"),
    "menu": ("text", "fill"), "message": ("text", "info-soft"), "field": ("text", "surface"),
    "input": ("text", "surface"), "search": ("text", "surface"), "tabs": ("muted", ""),
}  # fmt: skip
_BUTTONS = {"primary": ("on-accent", "accent"), "danger": ("on-danger", "danger"), "quiet": ("text", "")}


class Classes(NamedTuple):
    """The classes of a node.

    Attributes:
        always: Those that it has.
        maybe: Those that an expression may give it besides.
        is_open: Whether an expression may give it any.
    """

    always: frozenset[str]
    maybe: frozenset[str]
    is_open: bool


class _Around(NamedTuple):
    """What a container gives to the texts in it: its ground, their colour, type and weight, each with its rule."""

    ground: str
    ground_rule: StyleRule | None
    values: dict[str, tuple[str, StyleRule]]


def check_styles(layout: Layout, kinds: Mapping[str, Kind], project: Project) -> None:
    """Report what is wrong; problems go to ``project.problems``."""
    if not layout.styles:
        return
    walked = [pair for window in layout.windows for pair in _walk(window)]
    nodes = [(node, kind) for node, kind in walked if is_styled(kinds.get(node.kind))]
    found = [(node, classes_of(node)) for node, _ in nodes]
    kinds_of = {id(node): kind for node, kind in nodes}
    _tell_unmatched(layout.styles, found, kinds_of, project)
    _tell_near_classes(layout.styles, found, project)
    told: _Told = set()
    for window, scheme in itertools.product(layout.windows, SCHEMES):
        _look_for_contrast(window, _Around("window", None, {}), layout.styles, scheme, project, told)


def classes_of(node: Node) -> Classes:
    """The classes that a node has, and those that it may have."""
    value = node.get("class", "")
    if not isinstance(value, Template):
        return Classes(frozenset(str(value).split()), frozenset(), False)
    written = "".join(part if isinstance(part, str) else "\0" for part in value.parts).split()
    maybe: set[str] = set()
    is_open = any("\0" in one and one != "\0" for one in written)
    for part in value.parts:
        if isinstance(part, Formula):
            texts = [one or other for one, other in _QUOTED.findall(part.text)]
            maybe.update(word for text in texts for word in text.split())
            is_open = is_open or not texts
    return Classes(frozenset(one for one in written if "\0" not in one), frozenset(maybe), is_open)


def _walk(node: Node, around: str = "") -> Iterator[tuple[Node, str]]:
    """The node and all in it, each with what ``reach`` calls its kind."""
    yield node, f"cards {COLUMN}" if node.kind == COLUMN and around == "cards" else node.kind
    for child in node.children:
        yield from _walk(child, node.kind)


def _may_match(rule: StyleRule, node: Node, classes: Classes) -> bool:
    if classes.is_open:
        return matches(rule, node.kind, node.id, frozenset(rule.classes))
    return matches(rule, node.kind, node.id, classes.always | classes.maybe)


def _tell_unmatched(
    rules: Sequence[StyleRule], found: list[tuple[Node, Classes]], kinds_of: Mapping[int, str], project: Project
) -> None:
    used = sorted({name for _, classes in found for name in (*classes.always, *classes.maybe)})
    for rule in rules:
        whom = [node for node, classes in found if _may_match(rule, node, classes)]
        if not whom:
            missing = next((name for name in rule.classes if name not in used), "")
            hint = did_you_mean(missing, used) if missing else ""
            project.report(rule.where, "this rule matches no widget", hint, "warning")
        else:
            _tell_idle(rule, sorted({kinds_of[id(node)] for node in whom}), project)


def _tell_idle(rule: StyleRule, kinds: list[str], project: Project) -> None:
    """Tell what of a rule can change nothing of the kinds that it matches; of kinds that it names, of each of them."""
    works = {kind: reach_of(kind).of(rule.states) for kind in kinds}
    state = f" while {' '.join(rule.states)}" if rule.states else ""
    for kind, names in works.items():
        if not reach_of(kind).always:
            if rule.kinds or len(kinds) == 1:
                project.report(rule.where, f"{kind} draws itself and takes no style rule", "", "warning")
            continue
        idle = [name for name in rule.values if name not in names]
        if not rule.kinds:
            idle = [name for name in idle if not any(name in others for others in works.values())]
        if idle:
            known = ", ".join(sorted(names)) or "nothing"
            said = f"{kind} takes no {' and no '.join(idle)} from style rules{state}"
            project.report(rule.where, said, f"it takes {known}{state}", "warning")


def _tell_near_classes(rules: Sequence[StyleRule], found: list[tuple[Node, Classes]], project: Project) -> None:
    """A class that no rule has, but one nearly: it is written wrong as a rule."""
    known = sorted({name for rule in rules for name in rule.classes})
    for node, classes in found:
        if node.kind == COLUMN and "{" in str(node.get("class")):
            hint = "for some of its rows write style when=… in the view"
            said = "the class of a column holds for all its rows and is no expression"
            project.report(node.where, said, hint, "warning")
            continue
        for name in sorted((classes.always | classes.maybe) - set(known)):
            hint = did_you_mean(name, known)
            if hint:
                project.report(node.where, f"no rule is for the class {name}", hint, "warning")


def _look_for_contrast(
    node: Node, around: _Around, rules: Sequence[StyleRule], scheme: str, project: Project, told: _Told
) -> None:
    classes = classes_of(node)
    inner = around
    for given in dict.fromkeys((classes.always | classes.maybe, classes.always)):
        matched = sorted((rule for rule in rules if matches(rule, node.kind, node.id, given)), key=rank)
        inner = _tell_contrast(node, matched, around, scheme, project, told)
        if node.kind in PAINTED:
            tell_painted(node, matched, rules, scheme, project, told)
    for child in node.children:
        _look_for_contrast(child, inner, rules, scheme, project, told)


def _tell_contrast(
    node: Node, matched: list[StyleRule], around: _Around, scheme: str, project: Project, told: _Told
) -> _Around:
    """Tell texts of one node that are hard to read in one scheme; answers what it gives to those in it."""
    look = without_own(look_of(matched, scheme), node)
    plain = _plain(node)
    kinds_of_state: list[tuple[tuple[str, ...], dict[str, str]]] = [((), {})]
    kinds_of_state += [(names, held) for names, held in look.states if "disabled" not in names]
    values = {name: (value, _rule_of(matched, name, value)) for name, value in look.values.items()}
    said = said_by(node)
    given = around.values.items() if node.kind not in _OWN_COLORS else ()
    values = {**{name: one for name, one in given if name not in said}, **values}
    for names, held in kinds_of_state if plain else ():
        now = {**values, **{name: (value, _rule_of(matched, name, value)) for name, value in held.items()}}
        color, color_rule = now.get("color", (plain[0], None))
        ground, ground_rule = now.get("ground", (plain[1] or around.ground, None if plain[1] else around.ground_rule))
        rule = color_rule or ground_rule
        if rule is None:
            continue
        found = ratio(*(read_tokens()["colors"][scheme][token] for token in (color, ground)))
        wanted = wanted_ratio(now.get("type", ("", None))[0] or str(node.get("style", "body")),
                              now.get("weight", ("", None))[0])  # fmt: skip
        key = (rule.where, color, ground, scheme, names)
        if found < wanted and key not in told:
            told.add(key)
            state = f" ({', '.join(names)})" if names else ""
            project.report(
                rule.where,
                f"{color} on {ground} is hard to read in the {scheme} scheme{state}: contrast {found:.1f}:1",
                f"at least {wanted:g}:1; seen at {node.kind} {node.where}",
                "warning",
            )
    ground, ground_rule = values.get("ground", (plain[1] if plain and plain[1] else around.ground, around.ground_rule))
    given_on = around.values if node.kind in KEEPING else values
    inherited = {name: given_on[name] for name in INHERITED if name in given_on}
    return _Around(ground, ground_rule, inherited)


#: Kinds that have a ground or a colour of their own, so that a container's colour does not go on to them.
_OWN_COLORS = ("button", "menu", "field", "input", "search", "message", "link")


def _plain(node: Node) -> tuple[str, str] | None:
    if node.kind == "button":
        return _BUTTONS.get(str(node.get("emphasis", "")), _PLAIN["button"])
    if node.kind == "message":
        return ("text", f"{node.get('level', 'info')}-soft") if isinstance(node.get("level", ""), str) else None
    if node.kind == "label" and isinstance(node.get("tone", "normal"), str):
        tone = str(node.get("tone", "normal"))
        return ("text" if tone == "normal" else tone, "")
    return _PLAIN.get(node.kind)


def _rule_of(matched: list[StyleRule], name: str, value: str) -> StyleRule:
    return next(rule for rule in reversed(matched) if rule.values.get(name) == value)
