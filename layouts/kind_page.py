"""Writes docs/reference/kinds.md from the kind table: ``python -m layouts.kind_page``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from layouts.construct import CONSTRUCTS
from layouts.kinds.common import COMMON
from layouts.kinds.kind import PROPERTY_TYPES, Kind, Property
from layouts.kinds.table import BUILT_IN

#: The generated page.
PAGE_PATH = Path(__file__).parent.parent / "docs" / "reference" / "kinds.md"

_HEAD = """# Widget kinds

<!-- Written by `python -m layouts.kind_page` from layouts/kinds and layouts/construct.py; changes here are lost. -->

A layout is [KDL 2](https://kdl.dev): nodes with arguments, properties and children. `espalier check FILE` tells every
problem of a layout with its line and column, `espalier tree FILE` shows the tree that it makes.
"""


def page(kinds: Mapping[str, Kind] = BUILT_IN) -> str:
    """The whole reference page."""
    parts = [_HEAD, "## Properties of every widget\n", _table(COMMON), "## Kinds\n"]
    parts += [_section(kind) for kind in kinds.values()]
    parts.append("## Words around the widgets\n")
    parts += [_section(kind) for kind in CONSTRUCTS.values()]
    parts.append("## Types of properties\n")
    types = {name: doc.partition(" →")[0] for name, doc in PROPERTY_TYPES.items()}
    parts.append("\n".join(f"- **{name}**: {doc}" for name, doc in types.items()) + "\n")
    return "\n".join(parts)


def _section(kind: Kind) -> str:
    lines = [f"### {kind.name}\n", f"{kind.doc}\n"]
    if kind.example:
        lines.append(f"```kdl\n{kind.example}\n```\n")
    places = []
    if kind.children:
        places.append("holds " + ", ".join("any widget" if child == "*" else f"`{child}`" for child in kind.children))
    if kind.parents:
        places.append("stands in " + ", ".join(f"`{parent}`" for parent in kind.parents))
    if places:
        text = "; ".join(places)
        lines.append(f"{text[0].upper()}{text[1:]}.\n")
    if kind.properties:
        lines.append(_table(kind.properties))
    if kind.events:
        lines.append("\n".join(f"- on `{event.name}`: {event.doc}" for event in kind.events) + "\n")
    if kind.keys:
        lines.append("\n".join(f"- {keys}: {what}" for keys, what in kind.keys) + "\n")
    return "\n".join(lines)


def _table(properties: tuple[Property, ...]) -> str:
    rows = ["| property | type | default | |", "|---|---|---|---|"]
    rows += [
        f"| {_name(row)} | {_type(row)} | {_default(row)} | {row.doc.replace('|', chr(92) + '|')} |"
        for row in properties
    ]
    return "\n".join(rows) + "\n"


def _name(row: Property) -> str:
    place = {0: "", -1: " (all arguments)"}.get(row.argument, f" (argument {row.argument})")
    return f"`{row.name}`{place}"


def _type(row: Property) -> str:
    return " ".join(f"`{choice}`" for choice in row.choices) or row.type


def _default(row: Property) -> str:
    if row.is_required:
        return "required"
    if row.default in (None, ""):
        return ""
    if isinstance(row.default, bool):
        return "`#true`" if row.default else "`#false`"
    return f"`{row.default}`"


def main() -> None:
    """Write the page."""
    PAGE_PATH.parent.mkdir(parents=True, exist_ok=True)
    PAGE_PATH.write_text(page(), encoding="utf-8")
    print(PAGE_PATH)


if __name__ == "__main__":
    main()
