"""Reading the groups of an outline: one question for each depth, whatever number of groups is open in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from kernel.tables.block import Block
from kernel.tables.contract import Table
from kernel.tables.error import TableError
from kernel.tables.outline.condition import group_filter, joined
from kernel.tables.outline.layout import Level
from kernel.tables.outline.outlined import check
from kernel.tables.outline.row import Path
from kernel.tables.query import Aggregate, Query, Sort
from kernel.words import mark

#: Groups read at once, which is what a server gives at most, and most of them that are held.
PAGE, MOST = 20_000, 500_000
#: Of so many open groups at most the inner ones are asked for by a condition; of more, all are read at once.
_FEW = 50
COUNT = "\0count"


class GroupBy(NamedTuple):
    """One group key: what is grouped by (a path or an expression), and the path of what its values are called."""

    text: str
    label: str = ""


def level_sort(by: GroupBy, sort: Sequence[Sort], aggregates: Sequence[Aggregate]) -> tuple[Sort, ...]:
    """The order of the groups of a key: by the first sort key that says anything of groups, then by what they say.

    A sort by the key itself turns the groups; one by a column with an aggregate orders them by that figure.
    """
    own = {by.text, by.label} - {""}
    figures: dict[str, str] = {}
    for aggregate in aggregates:
        figures.setdefault(aggregate.of, aggregate.name)
    for key in sort:
        if key.column in own:
            return (Sort(by.label or by.text, key.is_descending), Sort(by.text, key.is_descending))
        if key.column in figures:
            return (Sort(figures[key.column], key.is_descending), Sort(by.label or by.text))
    return (Sort(by.label or by.text),)


def read_levels(table: Table, query: Query, keys: Sequence[GroupBy], aggregates: Sequence[Aggregate],
                paths: Sequence[Path]) -> dict[Path, Level]:  # fmt: skip
    """The levels of paths of one length; a path without groups (any more) has an empty one.

    Args:
        table: The table.
        query: Its filter, parameters, computed columns and sort count.
        keys: All group keys.
        aggregates: With names; figures of each group.
        paths: Groups of one depth, or just the empty path.

    Raises:
        TableError: there are more groups than can be shown.
    """
    depth = len(paths[0])
    by, above = keys[depth], [key.text for key in keys[:depth]]
    group = tuple(dict.fromkeys([*above, by.text, *([by.label] if by.label else [])]))
    text, parameters = group_filter(table.schema, above, paths) if 0 < len(paths) <= _FEW else ("", {})
    asked = msgspec.structs.replace(
        query, filter=joined(query.filter, text), parameters={**query.parameters, **parameters}, columns=None,
        keys=None, group=group, aggregates=(Aggregate("count", "", COUNT), *aggregates),
        sort=level_sort(by, query.sort, aggregates),
    )  # fmt: skip
    levels = {path: Level([], [], [], {one.name: [] for one in aggregates}) for path in paths}
    for block in group_pages(table, asked):
        _distribute(block.columns, levels, above, by)
    return levels


def group_pages(table: Table, asked: Query) -> Iterable[Block]:
    """All groups of a query, page by page.

    Raises:
        TableError: there are more than can be held.
    """
    start = 0
    while True:
        block = table.fetch(asked, start, start + PAGE)
        start += len(block)
        if start > MOST:
            raise TableError(mark(f"there are more than {MOST:,} groups"), hint=mark("group by something coarser"))
        check()
        yield block
        if len(block) < PAGE:
            return


def _distribute(columns: dict[str, list[Any]], levels: dict[Path, Level], above: list[str], by: GroupBy) -> None:
    values, counts = columns[by.text], columns[COUNT]
    labels = columns[by.label] if by.label else values
    if not above:
        level = levels[()]
        level.values += values
        level.labels += labels
        level.counts += counts
        for name, figures in level.figures.items():
            figures += columns[name]
        return
    for at, path in enumerate(zip(*(columns[text] for text in above), strict=True)):
        level = levels.get(path)
        if level is not None:
            level.values.append(values[at])
            level.labels.append(labels[at])
            level.counts.append(counts[at])
            for name, figures in level.figures.items():
                figures.append(columns[name][at])
