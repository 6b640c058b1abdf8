"""``espalier kinds [KIND]``: the widget kinds, or one of them in full."""

from __future__ import annotations

import argparse
import sys

from kernel.error import EspalierError
from kernel.nearest import did_you_mean
from layouts.kinds.common import COMMON
from layouts.kinds.kind import Kind, Property
from shell.kinds import all_kinds
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Print the table, or one kind; answers the exit code."""
    kinds = all_kinds(session.config)
    for problem in session.config.problems:
        print(f"espalier: {problem}", file=sys.stderr)
    if not arguments.kind:
        width = max(map(len, kinds))
        for kind in kinds.values():
            print(f"{kind.name:<{width}}  {kind.doc}")
        return 0
    kind = kinds.get(arguments.kind)
    if kind is None:
        hint = did_you_mean(arguments.kind, kinds) or "espalier kinds lists them"
        raise EspalierError(f"there is no widget kind {arguments.kind}", hint=hint)
    print(describe(kind))
    return 0


def describe(kind: Kind) -> str:
    """The whole reference of a kind as text."""
    parts = [f"{kind.name}: {kind.doc}"]
    for title, properties in (("properties", kind.properties), ("every widget has", COMMON if kind.loader else ())):
        if properties:
            parts += ["", f"{title}:", *map(_row, properties)]
    if kind.children:
        parts += ["", "inside: " + ", ".join("any widget" if child == "*" else child for child in kind.children)]
    if kind.parents:
        parts += ["", f"stands in: {', '.join(kind.parents)}"]
    if kind.keys:
        parts += ["", "keys:", *(f"  {keys:<24} {doc}" for keys, doc in kind.keys)]
    if kind.example:
        parts += ["", f"example: {kind.example}"]
    return "\n".join(parts)


def _row(one: Property) -> str:
    facts = [" | ".join(one.choices) if one.choices else one.type]
    if one.is_required:
        facts.append("required")
    elif one.default not in (None, ""):
        facts.append(f"default {str(one.default).lower() if isinstance(one.default, bool) else one.default}")
    return f"  {one.name:<12} {one.doc} [{'; '.join(facts)}]"
