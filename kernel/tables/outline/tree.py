"""A table whose rows refer to rows of the same table, as a list of a tree's rows of which some are open.

Keys and references of all rows are read once and kept (about 200 bytes a row); the rows themselves are read by pages.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from kernel.tables.block import Block
from kernel.tables.change import Key
from kernel.tables.contract import Table
from kernel.tables.error import TableError
from kernel.tables.outline.forest import Forest
from kernel.tables.outline.outlined import Outlined, check
from kernel.tables.outline.row import OUTLINE, Opened, TreeRow
from kernel.tables.query import Query
from kernel.tables.schema import Reference
from kernel.words import mark

#: Rows of a tree at most, rows read at once, and tries when they change meanwhile.
MOST, _PAGE, _TRIES = 300_000, 10_000, 3


class Branching(NamedTuple):
    """What makes the tree, and what is open.

    Attributes:
        via: The reference of the table to itself.
        opened: Of the keys of rows; all of them count as one level.
        base: The filter that rows must pass to be in the tree at all; the rest of a query's filter keeps the rows that
            pass with all that they stand under.
    """

    via: str
    opened: Opened = Opened()
    base: str = ""


class _Known(NamedTuple):
    """What was read for a query."""

    asked: Any
    keys: list[Key]
    numbers: dict[Key, int]
    forest: Forest
    matches: set[int] | None
    among: set[int] | None


class _Shown(NamedTuple):
    opened: Opened
    rows: list[int]
    depths: list[int]
    places: dict[int, int]


class TreeTable(Outlined):
    """See the module.

    Args:
        table: The table itself.
        branching: How it is shown; replaced whole.
    """

    def __init__(self, table: Table, branching: Branching) -> None:
        super().__init__(table)
        self.branching = branching
        self._known: _Known | None = None
        self._shown: _Shown | None = None

    def size(self, query: Query) -> int:
        """Rows at the top and rows under open ones."""
        return len(self._look(query)[1].rows)

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """Rows of the list, with a :class:`TreeRow` each in the column :data:`OUTLINE`."""
        for _ in range(_TRIES):
            known, shown = self._look(query)
            start = max(start, 0)
            rows, depths = shown.rows[start : max(stop, start)], shown.depths[start : max(stop, start)]
            block = self._rows(query, [known.keys[row] for row in rows], start)
            if block is not None:
                pairs = zip(rows, depths, strict=True)
                block.columns[OUTLINE] = [_tree_row(known, shown.opened, row, depth) for row, depth in pairs]
                return block
            self.forget()
        raise TableError(
            mark(f"{self.schema.name} changes faster than its rows can be read"),
            hint=mark("try again in a moment"),
        )

    def locate(self, query: Query, key: Key) -> int | None:
        """Where a row stands; None where it is not shown."""
        known, shown = self._look(query)
        row = known.numbers.get(tuple(key))
        return None if row is None else shown.places.get(row)

    def ancestors(self, query: Query, key: Key) -> list[Key]:
        """The keys of the rows that a row stands under, the nearest first."""
        known, _ = self._look(query)
        row = known.numbers.get(tuple(key))
        return [] if row is None else [known.keys[one] for one in known.forest.ancestors(row)]

    def below(self, query: Query, key: Key) -> list[Key]:
        """The keys of all rows that must be open for everything under a row to be shown."""
        known, _ = self._look(query)
        row = known.numbers.get(tuple(key))
        return [] if row is None else [known.keys[one] for one in known.forest.below(row)]

    def _rows(self, query: Query, keys: list[Key], start: int) -> Block | None:
        asked = msgspec.structs.replace(query, filter="", sort=(), keys=tuple(keys))
        if not keys:
            asked = msgspec.structs.replace(asked, keys=None)
        found = self.table.fetch(asked, 0, len(keys))
        places = {tuple(key): at for at, key in enumerate(found.keys)}
        if len(places) < len(keys):
            return None
        order = [places[key] for key in keys]
        columns = {name: [values[at] for at in order] for name, values in found.columns.items()}
        return Block(start, columns, list(keys), [found.versions[at] for at in order])

    # -- the tree -------------------------------------------------------------------------------------------------

    def _look(self, query: Query) -> tuple[_Known, _Shown]:
        with self.alone():
            branching = self.branching
            asked = (msgspec.structs.replace(query, columns=None), branching.via, branching.base, self.age)
            known = self._known
            if known is None or known.asked != asked:
                self._shown = None
                known = self._known = self._read(query, branching, asked)
            if self._shown is None or self._shown.opened != branching.opened:
                self._shown = _lay(known, branching.opened)
            return known, self._shown

    def _read(self, query: Query, branching: Branching, asked: Any) -> _Known:
        reference = tree_reference(self.table, branching.via)
        via, name = reference.via[0], reference.columns[0]
        all_rows = msgspec.structs.replace(query, filter=branching.base, columns=tuple(dict.fromkeys((via, name))))
        keys: list[Key] = []
        names: list[Any] = []
        parents: list[Any] = []
        for block in self._pages(all_rows):
            keys += map(tuple, block.keys)
            names += block.columns[name]
            parents += block.columns[via]
        forest, numbers = Forest(names, parents), {key: row for row, key in enumerate(keys)}
        matches = among = None
        if query.filter != branching.base:
            passing = msgspec.structs.replace(query, sort=(), columns=(name,))
            found = (numbers.get(tuple(key)) for block in self._pages(passing) for key in block.keys)
            matches = {row for row in found if row is not None}
            among = forest.with_ancestors(sorted(matches))
        return _Known(asked, keys, numbers, forest, matches, among)

    def _pages(self, query: Query) -> Any:
        if self.table.prepare(query, lambda _part: None) > MOST:
            raise TableError(mark(f"{self.schema.name} has more than {MOST:,} rows, too many for a tree"),
                             hint=mark("show it as a grid, or filter the table where it is declared"))
        start = 0
        while True:
            block = self.table.fetch(query, start, start + _PAGE)
            yield block
            start += len(block)
            if len(block) < _PAGE:
                return
            check()


def _lay(known: _Known, opened: Opened) -> _Shown:
    keys = known.keys
    rows, depths = known.forest.shown(lambda row: opened.has(keys[row], 0), known.among)
    return _Shown(opened, rows, depths, {row: place for place, row in enumerate(rows)})


def _tree_row(known: _Known, opened: Opened, row: int, depth: int) -> TreeRow:
    below = known.forest.children.get(row, ())
    count = len(below) if known.among is None else sum(child in known.among for child in below)
    is_match = known.matches is None or row in known.matches
    is_open = bool(count) and opened.has(known.keys[row], 0)
    return TreeRow(depth, count, is_open, is_match, row in known.forest.circles)


def tree_reference(table: Table, via: str) -> Reference:
    """The reference of the table to itself that is called so.

    Raises:
        TableError: there is none.
    """
    schema = table.schema
    reference = schema.reference(via)
    if reference is None or reference.table != schema.name or len(reference.via) != 1:
        known = [one.name for one in schema.references if one.table == schema.name and len(one.via) == 1]
        hint = f"known: {', '.join(known)}" if known else f"{schema.name} has no reference to itself"
        raise TableError(mark(f"{via} does not refer to {schema.name} itself"), hint=hint)
    return reference
