"""A table as a list of group rows with the rows of the open groups between them.

It reads by group queries and by filters, so that the source does the work; positions are arithmetic (``layout``). It
passes for a table where rows are read by place: the methods below mean the mixed list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from kernel.tables.block import Block
from kernel.tables.change import Key
from kernel.tables.contract import Table
from kernel.tables.error import TableError
from kernel.tables.outline.condition import group_filter, joined, value_text
from kernel.tables.outline.layout import Level, Section, Slot
from kernel.tables.outline.level import GroupBy, read_levels
from kernel.tables.outline.outlined import Outlined, check
from kernel.tables.outline.row import OUTLINE, GroupRow, Opened, Path, group_key, path_of
from kernel.tables.query import Aggregate, Query, Sort
from kernel.words import mark

#: Runs of rows of different groups in one page that are read one by one; more are read at once.
_FEW = 3
#: From this row of a group on its rows are ordered before they are read, so that every page is cheap from then on.
_NEAR = 2_000
#: Groups that are opened one by one at most.
MOST_OPENED = 20_000
#: How often rows are read again when they changed while they were read.
_TRIES = 3


class Grouping(NamedTuple):
    """By what is grouped, which figures each group has, and what is open; replaced whole."""

    keys: tuple[GroupBy, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    opened: Opened = Opened()


class _Run(NamedTuple):
    """Rows ``first`` … ``last - 1`` of a group, which stand in a block from ``at`` on."""

    path: Path
    first: int
    last: int
    count: int
    at: int


class GroupedTable(Outlined):
    """See the module; used from any thread, ``grouping`` is set from one.

    Args:
        table: The table itself.
        grouping: How it is shown.
    """

    def __init__(self, table: Table, grouping: Grouping) -> None:
        super().__init__(table)
        self.grouping = grouping
        self._asked: Any = None
        self._levels: dict[Path, Level] = {}
        self._laid: tuple[Opened, Section] | None = None

    # -- the contract ---------------------------------------------------------------------------------------------

    def size(self, query: Query) -> int:
        """Group rows and rows of open groups."""
        return self.section(query).size

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """Rows of the mixed list; a group's row has no values but in the column :data:`OUTLINE`."""
        for _ in range(_TRIES):
            grouping = self.grouping
            section = self.section(query, grouping)
            block, is_whole = self._read(query, grouping, section, start, stop)
            if is_whole:
                return block
            self.forget()
        raise TableError(
            mark(f"{self.schema.name} changes faster than its groups can be read"),
            hint=mark("try again in a moment"),
        )

    def locate(self, query: Query, key: Key) -> int | None:
        """Where a group's row or a row stands; None where its group is closed."""
        section, path = self.section(query), path_of(key)
        if path is not None:
            return section.position(path)
        path = self.path_of_row(query, key)
        if path is None or not self._is_shown(path):
            return None
        asked, place = self._rows_of(query, self.grouping, [path]), section.position(path)
        if section.count(path) >= _NEAR:
            self.table.prepare(asked, lambda _part: None)
        inner = self.table.locate(asked, key)
        return None if inner is None or place is None else place + 1 + inner

    # -- groups ---------------------------------------------------------------------------------------------------

    def path_of_row(self, query: Query, key: Key) -> Path | None:
        """The group that the row with that key is in; None when there is no such row."""
        names, computed = self._key_columns(self.grouping)
        asked = Query(keys=(key,), columns=names, computed=computed, parameters=query.parameters)
        found = self.table.fetch(asked, 0, 1)
        return tuple(found.columns[name][0] for name in names) if len(found) else None

    def paths_below(self, query: Query, path: Path) -> list[Path]:
        """The groups that stand in a group, and those in them.

        Raises:
            TableError: there are more than can be opened at once.
        """
        grouping, found, paths = self.grouping, [], [path]
        with self.alone():
            for _ in range(len(path), len(grouping.keys)):
                levels = read_levels(self.table, query, grouping.keys, grouping.aggregates, paths) if paths else {}
                paths = [(*above, value) for above, level in levels.items() for value in level.values]
                found += paths
                if len(found) > MOST_OPENED:
                    raise TableError(
                        mark(f"more than {MOST_OPENED:,} groups stand below"),
                        hint=mark("open their level at once"),
                    )
        return found

    def section(self, query: Query, grouping: Grouping | None = None) -> Section:
        """The groups laid out, read first where they are not known."""
        with self.alone():
            return self._section(query, grouping or self.grouping)

    def _section(self, query: Query, grouping: Grouping) -> Section:
        asked = (msgspec.structs.replace(query, columns=None), grouping.keys, grouping.aggregates, self.age)
        if asked != self._asked:
            self._asked, self._levels, self._laid = None, {}, None
        if self._laid is None or self._laid[0] != grouping.opened:
            self._read_levels(query, grouping)
            self._laid = (grouping.opened, Section(self._levels.__getitem__, grouping.opened, len(grouping.keys)))
            self._asked = asked
        return self._laid[1]

    def _read_levels(self, query: Query, grouping: Grouping) -> None:
        paths: list[Path] = [()]
        for depth in range(len(grouping.keys)):
            wanted = [path for path in paths if path not in self._levels]
            if wanted:
                self._levels |= read_levels(self.table, query, grouping.keys, grouping.aggregates, wanted)
            if depth < len(grouping.keys) - 1:
                paths = list(self._open_under(paths, grouping.opened))
                if not paths:
                    return
            check()

    def _open_under(self, paths: list[Path], opened: Opened) -> Iterator[Path]:
        for path in paths:
            for value in self._levels[path].values:
                if opened.has((*path, value), len(path)):
                    yield (*path, value)

    def _is_shown(self, path: Path) -> bool:
        opened = self.grouping.opened
        return all(opened.has(path[: depth + 1], depth) for depth in range(len(path)))

    # -- rows -----------------------------------------------------------------------------------------------------

    def _read(self, query: Query, grouping: Grouping, section: Section, start: int, stop: int) -> tuple[Block, bool]:
        """The block, and whether all rows were where the groups say."""
        start, stop = max(start, 0), min(max(stop, start, 0), section.size)
        slots = [section.slot(position) for position in range(start, stop)]
        names = tuple(column.name for column in self.schema.columns) if query.columns is None else query.columns
        size = len(slots)
        block = Block(start, {name: [None] * size for name in names}, [()] * size, [""] * size)
        block.columns[OUTLINE] = [None] * size
        for at, slot in enumerate(slots):
            if slot.row < 0:
                block.keys[at] = group_key(slot.path)
                block.columns[OUTLINE][at] = _group_row(slot, grouping.opened)
        runs = list(_runs(slots))
        whole = [run for run in runs if run.first == 0 and run.last == run.count]
        if len(whole) > _FEW:
            is_whole = self._fill_several(query, grouping, block, whole)
            runs = [run for run in runs if run not in whole]
        else:
            is_whole = True
        for run in runs:
            is_whole = is_whole and self._fill(query, grouping, block, run)
        return block, is_whole

    def _rows_of(self, query: Query, grouping: Grouping, paths: Sequence[Path]) -> Query:
        """The rows of these groups; a sort by a key orders the groups and says nothing within one."""
        keys = grouping.keys
        text, parameters = group_filter(self.schema, [key.text for key in keys], paths)
        of_groups = {name for key in keys for name in key if name}
        sort: tuple[Sort, ...] = tuple(key for key in query.sort if key.column not in of_groups)
        return msgspec.structs.replace(
            query, filter=joined(query.filter, text), parameters={**query.parameters, **parameters}, sort=sort
        )

    def _fill(self, query: Query, grouping: Grouping, block: Block, run: _Run) -> bool:
        asked = self._rows_of(query, grouping, [run.path])
        if run.first >= _NEAR:
            self.table.prepare(asked, lambda _part: None)
        found = self.table.fetch(asked, run.first, run.last)
        for index in range(len(found)):
            _put(block, run.at + index, found, index)
        return len(found) == run.last - run.first

    def _fill_several(self, query: Query, grouping: Grouping, block: Block, runs: list[_Run]) -> bool:
        """Many small groups by one question: their rows come in the order that they have in each group."""
        names, computed = self._key_columns(grouping)
        asked = self._rows_of(query, grouping, [run.path for run in runs])
        columns = tuple(dict.fromkeys([*(name for name in block.columns if name != OUTLINE), *names]))
        asked = msgspec.structs.replace(asked, columns=columns, computed={**query.computed, **computed})
        found = self.table.fetch(asked, 0, sum(run.count for run in runs) + 1)
        places = {run.path: run.at for run in runs}
        ends = {run.path: run.at + run.count for run in runs}
        for index, path in enumerate(zip(*(found.columns[name] for name in names), strict=True)):
            at = places.get(path, -1)
            if not 0 <= at < ends.get(path, 0):
                return False
            _put(block, at, found, index)
            places[path] = at + 1
        return places == ends

    def _key_columns(self, grouping: Grouping) -> tuple[tuple[str, ...], dict[str, str]]:
        names = tuple(f"group_value_{at}" for at in range(len(grouping.keys)))
        texts = (value_text(self.schema, key.text) for key in grouping.keys)
        return names, dict(zip(names, texts, strict=True))


def _group_row(slot: Slot, opened: Opened) -> GroupRow:
    level, at = slot.level, slot.at
    figures = {name: values[at] for name, values in level.figures.items()}
    return GroupRow(slot.path, level.labels[at], level.counts[at], opened.has(slot.path, len(slot.path) - 1), figures)


def _runs(slots: list[Slot]) -> Iterator[_Run]:
    at = 0
    while at < len(slots):
        slot, end = slots[at], at + 1
        while end < len(slots) and slots[end].row >= 0 and slots[end].path == slot.path and slot.row >= 0:
            end += 1
        if slot.row >= 0:
            yield _Run(slot.path, slot.row, slot.row + end - at, slot.level.counts[slot.at], at)
        at = end


def _put(block: Block, at: int, found: Block, index: int) -> None:
    for name, values in block.columns.items():
        if name != OUTLINE:
            values[at] = found.columns[name][index]
    block.keys[at] = found.keys[index]
    block.versions[at] = found.versions[index]
