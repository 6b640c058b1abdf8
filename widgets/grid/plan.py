"""What writing many cells of a grid comes to: the changes, and the cells that do not fit. Nothing is written here.

Built on a thread that may wait; rows are read by their places, in pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.tables.change import Change, Insert, Key, Update
from kernel.tables.clip_text import ClipCell
from kernel.tables.interrupt import current
from kernel.tables.query import Query
from kernel.tables.schema import title_of
from kernel.words import say
from widgets.grid.cell_read import KEPT, CellReader, Value
from widgets.grid.lookup_map import Candidates, LookupMap
from widgets.listing.ranges import Span
from widgets.listing.span import read_spans

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn

#: Rows of which the texts are kept to be shown.
SHOWN = 2000
#: Rows of new ones between two looks whether the work was given up.
_STRIDE = 500

CellOf = Callable[[int, int], ClipCell | Value | None]
RowCheck = Callable[[Callable[[str], Any]], dict[str, str]]


class Wanted(NamedTuple):
    """Cells to write.

    Attributes:
        spans: The rows that are there, by their places.
        columns: The columns.
        cell: (n-th row, n-th column) → what to write; None leaves the cell alone.
        added: New rows behind those.
        missed: Columns that were given beyond the last one.
    """

    spans: list[Span]
    columns: list[GridColumn]
    cell: CellOf
    added: int = 0
    missed: int = 0


class PlanRow(NamedTuple):
    """A row to be shown: its place (from 1, or 0 for a new row), column path → text, and → what is wrong.

    ``change`` is the index of its change, -1 when it has none.
    """

    place: int
    texts: dict[str, str]
    problems: dict[str, str]
    change: int = -1


class Plan:
    """The outcome.

    Attributes:
        changes: What fits.
        cells: How many cells the changes write.
        added: How many of them are new rows.
        wrong: How many cells do not fit.
        rows: Rows to show: those with a problem first, others as long as there is room.
        missed: Columns of what was given that are beyond the last column.
        seen: For each change what stood in its columns when it was planned, in the order of its values.
    """

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.cells = self.added = self.wrong = self.total = self.missed = 0
        self.rows: list[PlanRow] = []
        self.seen: list[tuple[Any, ...]] = []
        self._at: dict[Key, int] = {}
        #: The index of a change → the place of its row.
        self.places: list[int] = []

    def note(self, row: PlanRow) -> None:
        """Keep a row to be shown, where there is room."""
        self.wrong += len(row.problems)
        self.total += 1
        if (row.problems or len(self.rows) < SHOWN // 2) and len(self.rows) < SHOWN:
            self.rows.append(row)

    def update(self, key: Key, version: str, values: dict[str, Any], seen: tuple[Any, ...], place: int) -> int:
        """Write values of a row, in whose columns ``seen`` stands now; its index."""
        self.cells += len(values)
        if key in self._at:
            at = self._at[key]
            before = self.changes[at]
            known = {**dict(zip(values, seen, strict=True)), **self.seen_of(at)}
            self.changes[at] = Update(key, version, {**before.values, **values})
            self.seen[at] = tuple(known[path] for path in self.changes[at].values)
            return at
        self.seen.append(seen)
        self._at[key] = len(self.changes)
        self.changes.append(Update(key, version, values))
        self.places.append(place)
        return len(self.changes) - 1

    def insert(self, values: dict[str, Any]) -> int:
        """Write a new row; its index."""
        self.cells += len(values)
        self.added += 1
        self.changes.append(Insert(values))
        self.seen.append(())
        self.places.append(0)
        return len(self.changes) - 1

    def seen_of(self, at: int) -> dict[str, Any]:
        """What stood in the columns of a change when it was planned."""
        return dict(zip(self.changes[at].values, self.seen[at], strict=False))

    def only(self, chosen: list[tuple[int, Change]]) -> Plan:
        """A plan of these places and changes alone."""
        left = Plan()
        left.changes = [change for _, change in chosen]
        left.places = [self.places[at] for at, _ in chosen]
        left.seen = [tuple(map(self.seen_of(at).get, change.values)) for at, change in chosen]
        left.cells = sum(len(change.values) for change in left.changes)
        left.added = sum(isinstance(change, Insert) for change in left.changes)
        left.total, left.wrong, left.missed = self.total, self.wrong, self.missed
        return left


class Planner:
    """Makes plans for one grid; made on the GUI thread, used on another.

    Args:
        query: The grid's.
        is_open: Whether a column can be edited here.
        lookups: Column path → the table that its reference leads to, opened when it is called.
        given: What a new row takes from the filters.
        checks: What is wrong with a whole row: column path (or empty) → message.
        expected: Place → key of the rows that the person saw.
        closed: Columns that cannot be edited.
    """

    def __init__(self, query: Query, is_open: Callable[[GridColumn], bool],
                 lookups: dict[str, Callable[[], Any]], given: dict[str, Any], checks: RowCheck | None,
                 expected: dict[int, Key], closed: frozenset[str] = frozenset()) -> None:  # fmt: skip
        self._query, self._is_open, self._lookups = query, is_open, lookups
        self._given, self._checks, self._expected, self._closed = given, checks, expected, closed

    def build(self, table: Any, wanted: list[Wanted], report: Callable[[float], None]) -> Plan:
        """The plan for all that is wanted.

        Raises:
            TableError: the rows cannot be read, or moved meanwhile.
        """
        plan = Plan()
        for number, part in enumerate(wanted):
            def told(done: float, number: int = number) -> None:
                report((number + done) / len(wanted))

            self._build_part(plan, table, part, told)
            plan.missed = max(plan.missed, part.missed)
        return plan

    def _build_part(self, plan: Plan, table: Any, part: Wanted, report: Callable[[float], None]) -> None:
        readers = [self._reader(part, at) for at in range(len(part.columns))]
        count = -1
        for block in read_spans(table, self._query, part.spans, self._expected, report):
            for index in range(len(block)):
                count += 1
                read = {path: values[index] for path, values in block.columns.items()}.get
                place = block.start + index
                values, texts, problems = self._row(part, readers, count, read)
                change = -1
                if values:
                    seen = tuple(map(read, values))
                    change = plan.update(tuple(block.keys[index]), block.versions[index], values, seen, place)
                plan.note(PlanRow(place + 1, texts, problems, change))
        for extra in range(part.added):
            if extra % _STRIDE == 0:
                report(extra / part.added)
            values, texts, problems = self._row(part, readers, count + 1 + extra, self._given.get, self._given)
            is_good = not problems and bool(values)
            change = plan.insert({**self._given, **values}) if is_good else -1
            plan.note(PlanRow(0, texts, problems, change))

    def _row(self, part: Wanted, readers: list[CellReader], count: int, read: Callable[[str], Any],
             given: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:  # fmt: skip
        values: dict[str, Any] = {}
        texts: dict[str, str] = {}
        problems: dict[str, str] = {}
        for at, reader in enumerate(readers):
            cell = part.cell(count, at)
            if cell is None:
                continue
            path = reader.column.path
            texts[path] = cell.text if isinstance(cell, ClipCell) else reader.column.write(cell.value)
            present = read(path)
            try:
                value = reader.read(cell, present, reader.column.shown_value(read))
                if isinstance(value, Candidates):
                    values.update(self._whole(value, {one.column.path for one in readers}, values, read))
                    continue
                if isinstance(cell, Value) and cell.others:
                    values.update(self._beside(cell, reader.column, {one.column.path for one in readers}, read))
            except ValueError as error:
                problems[path] = str(error)
                continue
            if value is KEPT or (given is not None and value is None):
                continue
            if given is not None or value != present or type(value) is not type(present):
                values[path] = value
        if self._checks is not None and (values or given is not None):
            # What is given as text and fits, over what is stored.
            found = self._checks(lambda path: values[path] if path in values else read(path))
            problems.update({path: message for path, message in found.items() if path not in problems})
            values = {} if found else values
        return values, texts, problems

    def _whole(self, found: Candidates, given: set[str], values: dict[str, Any],
               read: Callable[[str], Any]) -> dict[str, Any]:  # fmt: skip
        """What a reference of several columns comes to: columns that are given too, and closed ones, stay."""
        present = {name: values[name] if name in values else read(name) for name in found.via}
        chosen = found.chosen(present, [name for name in found.via[:-1] if name in given or name in self._closed])
        return {name: value for name, value in chosen.items() if value != read(name)}

    def _beside(self, cell: Value, column: GridColumn, given: set[str], read: Callable[[str], Any]) -> dict[str, Any]:
        """What the other columns of a reference come to by a cell that brings them; columns that are given too stay."""
        changed = {name: value for name, value in cell.others if name not in given and value != read(name)}
        if closed := self._closed.intersection(changed):
            text = say("{label}: {column} cannot be edited, and beside it this is another row",
                       label=column.label, column=", ".join(map(title_of, sorted(closed))))  # fmt: skip
            raise ValueError(text)
        return changed

    def _reader(self, part: Wanted, at: int) -> CellReader:
        column = part.columns[at]
        lookup, is_open = None, self._is_open(column)
        if is_open and column.path in self._lookups and column.labelled is not None:
            lookup = LookupMap(self._lookups[column.path](), column.labelled, column.label)
            lookup.prepare(_texts(part, at), _check_interrupt)
        return CellReader(column, is_open, lookup)


def _texts(part: Wanted, at: int) -> Iterator[str]:
    rows = sum(bottom - top + 1 for top, bottom in part.spans) + part.added
    for count in range(rows):
        cell = part.cell(count, at)
        if isinstance(cell, ClipCell):
            yield cell.text


def _check_interrupt() -> None:
    if (interrupt := current()) is not None:
        interrupt.check()
