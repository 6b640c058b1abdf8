"""A person's own arrangement of a grid's columns, laid over what the layout says. Plain data; no Qt here.

Columns are called by ids that survive a change of the layout (see :func:`column_ids`): what the layout lost is
forgotten when it is laid over, what the layout gained stands at its place in the layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

#: Widths that are kept, in pixels.
NARROWEST, WIDEST = 24, 4000


class Overlay(msgspec.Struct, omit_defaults=True):
    """What a person changed.

    Attributes:
        order: Ids in the person's order; empty: the layout's.
        hidden: Ids of the columns that are not shown.
        widths: Id → pixels, for columns that the person gave a width.
        frozen: Leading columns of the order that stay in sight, hidden ones counted; None: the layout's.
        summaries: Id → aggregate of the summary row; empty where the person wants none.
        has_filters: Whether the filter row is shown; None: as the layout says.
        sort: What the rows are ordered by, each with whether it descends; empty: as the layout says.
    """

    order: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    widths: dict[str, int] = {}
    frozen: int | None = None
    summaries: dict[str, str] = {}
    has_filters: bool | None = None
    sort: tuple[tuple[str, bool], ...] = ()

    def arranged(self, ids: Sequence[str]) -> list[str]:
        """The layout's ids in the person's order, hidden ones among them."""
        known = set(ids)
        placed = [name for name in dict.fromkeys(self.order) if name in known]
        have = set(placed)
        for index, name in enumerate(ids):
            if name not in have:
                before = ids[index - 1] if index else None
                placed.insert(placed.index(before) + 1 if before is not None else 0, name)
                have.add(name)
        return placed

    def shown(self, ids: Sequence[str]) -> list[str]:
        """The layout's ids that are shown, in order; never none, for a grid without columns helps nobody."""
        hidden = set(self.hidden)
        return [name for name in self.arranged(ids) if name not in hidden] or self.arranged(ids)[:1]

    def frozen_count(self, ids: Sequence[str], default: int = 0) -> int:
        """How many of the shown columns stay in sight."""
        if self.frozen is None:
            return min(max(default, 0), len(self.shown(ids)))
        leading = set(self.arranged(ids)[: self.frozen])
        return sum(name in leading for name in self.shown(ids))


def column_ids(bases: Iterable[str]) -> list[str]:
    """An id for each column: its path or formula, with a number from the second of its like on."""
    ids: list[str] = []
    seen: dict[str, int] = {}
    for base in bases:
        seen[base] = seen.get(base, 0) + 1
        ids.append(base if seen[base] == 1 else f"{base}#{seen[base]}")
    return ids


def read_overlay(value: Any) -> Overlay:
    """The overlay that was remembered; an empty one for what cannot be read as one."""
    try:
        overlay = msgspec.convert(value, Overlay)
    except msgspec.ValidationError:
        return Overlay()
    overlay.widths = {name: min(max(width, NARROWEST), WIDEST) for name, width in overlay.widths.items()}
    return overlay


def write_overlay(overlay: Overlay) -> dict[str, Any] | None:
    """What to remember of it; None when the person changed nothing."""
    return msgspec.to_builtins(overlay) or None
