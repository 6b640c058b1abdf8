"""What is asked of a table. Plain data, travels on the wire."""

from __future__ import annotations

from typing import Any

import msgspec


class Sort(msgspec.Struct, frozen=True):
    """One sort key: a column path; NULLs come first when ascending, last when descending."""

    column: str
    is_descending: bool = False


class Aggregate(msgspec.Struct, frozen=True):
    """One aggregate: ``function`` is count, sum, average, minimum or maximum of the expression ``of``.

    ``of`` is empty for a plain count of rows. The value stands in the block's column ``name``.
    """

    function: str
    of: str = ""
    name: str = ""


class Query(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which rows, in which order, with which columns.

    Attributes:
        filter: Expression text (see :mod:`kernel.expression`) over the table's columns and paths through
            references (``customer.city``); a row whose value is null or false is left out.
        parameters: Values of the other names in ``filter``, by their whole dotted path (``"find.text"``).
            A name is looked up among the columns first, then here; a name in neither is an error.
        sort: Sort keys, most important first; ties follow the key, so an order is always total.
        columns: Column paths wanted: a column's name, a path through references (``customer.city``) or a
            reference's label (``customer:label``); None means every column of the table itself.
        keys: Only the rows with these keys.
        group: Group keys (paths or expressions); with it a block has a row per group, in the groups'
            order, whose columns are the group texts themselves and the aggregates' names.
        aggregates: Wanted with ``group``, or alone for one row over everything.
        computed: Name → expression text: further columns of this query, usable by name wherever a column is
            (``columns``, ``sort``, ``filter``, ``group``, ``aggregates``, and in each other without a cycle). A
            name of the table's own goes first.
    """

    filter: str = ""
    parameters: dict[str, Any] = {}
    sort: tuple[Sort, ...] = ()
    columns: tuple[str, ...] | None = None
    keys: tuple[tuple[Any, ...], ...] | None = None
    group: tuple[str, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    computed: dict[str, str] = {}


def parse_sort(text: str) -> tuple[Sort, ...]:
    """Sort keys from ``"-placed, customer:label"``; a leading minus means descending."""
    keys = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(Sort(key.removeprefix("-").strip(), key.startswith("-")) for key in keys)
