"""What a chart shows: labels and values, asked from a table as one grouped query. No drawing here."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from plugins.api import Aggregate, Block, EspalierError, Query, say, text_of

#: More groups than these are not drawn.
LIMIT = 20_000
_VALUE = re.compile(r"\s*(?P<function>count|sum|average|minimum|maximum)\s*(\((?P<of>.*)\))?\s*")


class ChartError(EspalierError):
    """A chart's properties make no query."""


class Points(NamedTuple):
    """One label, position and value per group, in the groups' order; ``exact`` are the values as they are told, and
    ``keys`` those of the groups."""

    labels: list[str]
    positions: list[float]
    values: list[float]
    exact: Sequence[Any] = ()
    keys: Sequence[Any] = ()

    def describe(self, write: Any) -> str:
        """A sentence or two for people who do not see the chart."""
        if not self.values:
            return say("No points")
        high = max(range(len(self.values)), key=self.values.__getitem__)
        low = min(range(len(self.values)), key=self.values.__getitem__)
        return say(
            "{count} points from {first} to {last}. Highest: {high}, {most}. Lowest: {low}, {least}.",
            count=len(self.values), first=self.labels[0], last=self.labels[-1], high=self.labels[high],
            most=write(self.exact[high]), low=self.labels[low], least=write(self.exact[low]),
        )  # fmt: skip


def make_query(group: str, value: str, filter_text: str, parameters: dict[str, Any]) -> Query:
    """The grouped query.

    Raises:
        ChartError: ``value`` is no aggregate, or there is no ``group``.
    """
    match = _VALUE.fullmatch(value or "count")
    if match is None or (match["function"] != "count" and not match["of"]):
        raise ChartError(f"{value!r} is no value for a chart", hint="write count, or sum(total)")
    if not group:
        raise ChartError("the chart has no group", hint='write group="month(placed)"')
    aggregate = Aggregate(match["function"], (match["of"] or "").strip(), "value")
    return Query(filter=filter_text, parameters=parameters, group=(group,), aggregates=(aggregate,))


def read_points(block: Block, group: str) -> Points:
    """The points of an answer; numbers stand at their own position, everything else side by side.

    Raises:
        ChartError: a value is no number that can be drawn.
    """
    keys = block.columns[group] if group in block.columns else next(iter(block.columns.values()))
    exact = [0 if value is None else value for value in block.columns["value"]]
    values = [_drawn(value) for value in exact]
    is_number = all(isinstance(key, (int, float)) and not isinstance(key, bool) for key in keys)
    positions = [float(key) for key in keys] if is_number else [float(index) for index in range(len(keys))]
    return Points([text_of(key) or "(none)" for key in keys], positions, values, exact, list(keys))


def _drawn(value: Any) -> float:
    """Where a value stands; only there a float will do for it."""
    try:
        place = float(value) if isinstance(value, int | float | Decimal) else math.nan
    except OverflowError:
        place = math.inf
    if not math.isfinite(place):
        raise ChartError(f"{text_of(value)[:40]} is no number that can be drawn", hint="count rows, or sum numbers")
    return place
