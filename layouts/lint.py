"""Looks at a whole checked layout for what no single node shows: circles of views, keys that clash, missing names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kernel.error import Where
from layouts.kinds.kind import Kind
from layouts.node import Formula, Layout, Node
from layouts.project import Project
from layouts.style.check import check_styles

_MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")
#: Kinds whose lines have underlined letters of their own, and such a letter.
_MENUS, _MNEMONIC = ("menu", "context-menu"), re.compile(r"&(\w)")


def lint(layout: Layout, kinds: Mapping[str, Kind], project: Project) -> None:
    """Report what is wrong; problems go to ``project.problems``."""
    nodes = _all_nodes(layout.windows)
    _tell_circles(layout, nodes, project)
    _tell_clashes(layout, nodes, kinds, project)
    for window in layout.windows:
        _tell_mnemonics([node for node in _reached(window) if node.kind == "menu"], project)
    for node in nodes:
        if node.kind in _MENUS:
            _tell_mnemonics(node.children, project)
    _tell_nameless(nodes, kinds, project)
    _tell_lone_tabs(nodes, project)
    check_styles(layout, kinds, project)


def _all_nodes(nodes: list[Node]) -> list[Node]:
    """The nodes and all below them, in their order."""
    found, waiting = [], nodes[::-1]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if node.children:
            waiting += node.children[::-1]
    return found


def _tell_circles(layout: Layout, nodes: list[Node], project: Project) -> None:
    """Views whose rows depend on each other's current row would never come to rest."""
    tables = {table.name: table for table in layout.tables}
    needs: dict[str, dict[str, Where]] = {}
    for node in nodes:
        table = tables.get(str(node.get("table", "")))
        if not node.id or table is None:
            continue
        found = needs.setdefault(node.id, {})
        for formula, where in ((node.get("filter"), node.where), (table.filter, table.where)):
            for name in formula.names if isinstance(formula, Formula) else ():
                head, dot, _ = name.partition(".current")
                if dot:
                    found.setdefault(head, where)
    told: set[frozenset[str]] = set()
    for start in needs:
        path = _circle(start, needs)
        if path and frozenset(path) not in told:
            told.add(frozenset(path))
            where = needs[path[0]][path[1] if len(path) > 1 else path[0]]
            chain = " → ".join([*path, path[0]])
            if len(path) == 1:
                message = f"the rows of {path[0]} depend on its own current row"
            else:
                message = f"the rows of these views depend on each other's current row: {chain}"
            project.report(where, message, "take one of the filters away")


def _circle(start: str, needs: dict[str, dict[str, Where]]) -> list[str]:
    """The way from a view back to itself; empty when there is none."""
    waiting = [[start]]
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        for name in needs.get(path[-1], {}):
            if name == start:
                return path
            if name not in seen:
                seen.add(name)
                waiting.append([*path, name])
    return []


def _tell_clashes(layout: Layout, nodes: list[Node], kinds: Mapping[str, Kind], project: Project) -> None:
    """One key for two things: only one of them would happen."""
    keys: dict[tuple[str, ...], tuple[str, Where]] = {}
    given = [(command.key, f"the command {command.id}", command.where) for command in layout.commands if command.key]
    names = {kind.name: [row.name for row in kind.properties if row.type == "key"] for kind in kinds.values()}
    for node in nodes:
        for name in names.get(node.kind, ()):
            if node.get(name):
                given.append((str(node.get(name)), f"{node.kind} {node.id}".strip(), node.where))
    for key, what, where in given:
        steps = key_steps(key)
        for length in range(1, len(steps) + 1):
            other = keys.get(steps[:length])
            if other is not None:
                message = f"{key} is the key of {other[0]} and of {what}"
                if length < len(steps):
                    message = f"{key} of {what} cannot be reached: {' '.join(steps[:length])} is the key of {other[0]}"
                project.report(where, message, f"the other is at {other[1]}")
                break
        else:
            longer = next((other for known, other in keys.items() if known[: len(steps)] == steps), None)
            if longer is not None:
                message = f"{key} of {what} hides a longer key of {longer[0]}"
                project.report(where, message, f"the other is at {longer[1]}")
            keys[steps] = (what, where)


def key_steps(text: str) -> tuple[str, ...]:
    """A key or sequence of keys in one spelling: modifiers in one order, letters small."""
    return tuple(_step(part) for part in text.split())


def _step(text: str) -> str:
    *modifiers, key = text.split("+") if text != "+" and not text.endswith("++") else [*text[:-2].split("+"), "+"]
    held = {one.capitalize() for one in modifiers if one}
    return "+".join([*(one for one in _MODIFIERS if one in held), key.lower()])


def _reached(node: Node) -> Iterator[Node]:
    """What Alt and a letter reach: all but what stands in a menu."""
    yield node
    for child in node.children if node.kind not in _MENUS else ():
        yield from _reached(child)


def _tell_mnemonics(nodes: list[Node], project: Project) -> None:
    """One underlined letter for two of them: it would only go from one to the other."""
    known: dict[str, Node] = {}
    for node in nodes:
        text = node.get("text")
        found = _MNEMONIC.search(text.replace("&&", "")) if isinstance(text, str) else None
        if found is None:
            continue
        other = known.setdefault(found[1].casefold(), node)
        if other is not node:
            message = f"the letter {found[1]} of “{text}” is that of “{other.get('text')}” too"
            project.report(node.where, message, f"the other is at {other.where}", "warning")


def _tell_nameless(nodes: list[Node], kinds: Mapping[str, Kind], project: Project) -> None:
    """A control that a screen reader could not call by anything."""
    for node in nodes:
        kind = kinds.get(node.kind)
        if kind is None or not kind.named_by or any(node.get(name) for name in (*kind.named_by, "name")):
            continue
        if node.kind == "button" and node.get("command"):
            continue
        names = " or ".join(f"{name}=…" for name in kind.named_by)
        project.report(node.where, f"{node.kind} has no name for a screen reader", f"write {names}", "warning")


def _tell_lone_tabs(nodes: list[Node], project: Project) -> None:
    """A dock that shall stand behind another one, where there is none before it on its side."""
    for node in nodes:
        sides: set[object] = set()
        for dock in node.of_kind("dock"):
            side = dock.get("side", "start")
            if dock.get("tabbed") is True and side not in sides:
                hint = "put it behind a dock with the same side, or take tabbed away"
                project.report(dock.where, f"there is no dock before this one at side={side}", hint, "warning")
            sides.add(side)
