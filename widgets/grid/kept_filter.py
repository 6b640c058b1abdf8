"""A person's filters of a grid as they are kept by name: one expression, and the values chosen for columns.

Kept as plain data that JSON can hold. A filter from before values were kept is its expression alone.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.words import say, say_count
from widgets.grid.expression_band import OWNER, band
from widgets.grid.kept_value import pack, unpack
from widgets.grid.value_filter import Choice, choice_of, filter_by, value_owner

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: Chosen values that are named; of more their number is said.
_NAMED = 3


class KeptFilter(NamedTuple):
    """One filter: an expression, perhaps empty, and column id → chosen values."""

    text: str
    choices: dict[str, Choice]

    def __bool__(self) -> bool:
        return bool(self.text or self.choices)


def in_force(grid: Grid) -> KeptFilter:
    """What the person filters by now."""
    values = {value_owner(column): column for column in grid.arrangement.all}
    chosen = {column.id: choice_of(grid, column) for owner, column in values.items() if owner in grid.filters.parts}
    own = grid.filters.parts.get(OWNER)
    others = [part.text for owner, part in grid.filters.parts.items() if owner not in values and owner != OWNER]
    texts = ([own.text] if own else []) + others
    return KeptFilter(texts[0] if len(texts) == 1 else " and ".join(f"({text})" for text in texts), chosen)


def use(grid: Grid, kept: KeptFilter) -> None:
    """Filter by it and by nothing else; columns that are gone filter nothing."""
    from widgets.grid.filter_action import clear

    clear(grid)
    if kept.text or grid.bands.get("expression") is not None:
        band(grid).set_text(kept.text)
    for column in grid.arrangement.all:
        if column.id in kept.choices:
            filter_by(grid, column, kept.choices[column.id])


def words(grid: Grid, kept: KeptFilter) -> str:
    """What it says, in one line."""
    columns = {column.id: column for column in grid.arrangement.all}
    said = [_said(columns[name], choice) for name, choice in kept.choices.items() if name in columns]
    return "; ".join([*([kept.text] if kept.text else []), *said])


def _said(column: GridColumn, choice: Choice) -> str:
    count = len(choice.values)
    texts = [column.write(value) if value is not None else say("(empty)") for value in choice.values]
    which = ", ".join(texts)
    if column.reference is not None or count > _NAMED:
        which = say_count("{count:,} value", "{count:,} values", count)
    return (
        f"{column.label}: {which}"
        if choice.is_only
        else say("{label}: all but {which}", label=column.label, which=which)
    )


def packed(kept: KeptFilter) -> Any:
    """As plain data."""
    if not kept.choices:
        return kept.text
    values = {
        name: {"only": choice.is_only, "values": [pack(value) for value in choice.values]}
        for name, choice in kept.choices.items()
    }
    return {"text": kept.text, "values": values}


def unpacked(data: Any) -> KeptFilter | None:
    """From plain data; None for what is none."""
    if isinstance(data, str):
        return KeptFilter(data, {})
    text, values = (data.get("text"), data.get("values")) if isinstance(data, dict) else (None, None)
    if not isinstance(text, str) or not isinstance(values, dict):
        return None
    choices = {}
    for name, one in values.items():
        if not isinstance(one, dict) or not isinstance(one.get("values"), list):
            return None
        with contextlib.suppress(ValueError):
            choices[str(name)] = Choice(tuple(map(unpack, one["values"])), one.get("only") is True)
    return KeptFilter(text, choices)
