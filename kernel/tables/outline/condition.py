"""The condition that a row belongs to a group: exact for every value that a group can have, null among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kernel.tables.outline.row import Path
from kernel.tables.quick_filter import name_text
from kernel.tables.schema import Schema


def value_text(schema: Schema, text: str) -> str:
    """What an expression calls a group key: a column's name may be no plain word, a formula is put in brackets."""
    return name_text(text) if schema.column(text) is not None else f"({text})"


def group_filter(schema: Schema, keys: Sequence[str], paths: Iterable[Path]) -> tuple[str, dict[str, Any]]:
    """Filter text and parameters that let through the rows of these groups and no others.

    Args:
        schema: The table's.
        keys: The group keys, as in ``Query.group``; a path may be shorter.
        paths: The groups; those that differ in their last value alone share a list.

    Returns:
        ``("((status) in group_value.p0)", {"group_value.p0": ["open", None]})``; an empty text for an empty path.
    """
    beside: dict[Path, list[Any]] = {}
    for path in paths:
        if not path:
            return "", {}
        beside.setdefault(path[:-1], []).append(path[-1])
    parameters: dict[str, Any] = {}
    texts = []
    for above, last in beside.items():
        parts = []
        for text, values in zip(keys, [*([value] for value in above), last], strict=False):
            name = f"group_value.p{len(parameters)}"
            # A list takes null like any other value, and a list is how each source tests it exactly.
            parts.append(f"{value_text(schema, text)} in {name}")
            parameters[name] = values
        texts.append("(" + " and ".join(parts) + ")")
    return " or ".join(texts), parameters


def joined(filter_text: str, more: str) -> str:
    """Both filters at once."""
    return f"({filter_text}) and ({more})" if filter_text and more else filter_text or more
