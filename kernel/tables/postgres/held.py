"""The order of a query, read once and held: the keys of all its rows, so that a page is a handful of rows by key."""

from __future__ import annotations

import itertools
import sys
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from kernel.tables.block import Block
from kernel.tables.contract import Report
from kernel.tables.order import exact_key, sort_rows
from kernel.tables.postgres.block import BlockReader, Selection, stream, tests_of
from kernel.tables.postgres.connection import Connection, check_interrupt
from kernel.tables.postgres.plan import Plan, among

Key = tuple[Any, ...]
#: (Work, its SQL, that one's parameters) → what the work answers.
Waiting = Callable[[Callable[[], Any], str, Sequence[Any]], Any]
#: Rows between two reports.
_REPORTED = 20_000
#: What the server may use for sorting; its own setting is often 4 MB, and it sorts on the disk beyond.
_SORT_MEMORY = "128MB"
#: Rows whose numbers are read as one value, which PostgreSQL keeps below 1 GiB.
_MOST_JOINED = 50_000_000


class Held:
    """Keys in order; those of one whole number take eight bytes each."""

    def __init__(self, keys: Sequence[Any], is_plain: bool) -> None:
        self._keys = keys
        self._is_plain = is_plain

    def __len__(self) -> int:
        return len(self._keys)

    def part(self, start: int, stop: int) -> list[Key]:
        """The keys of some rows."""
        keys = self._keys[start:stop]
        return [(key,) for key in keys] if self._is_plain else list(keys)

    def index(self, key: Key) -> int | None:
        """The position of a key."""
        try:
            return self._keys.index(key[0] if self._is_plain else key)
        except (ValueError, TypeError, OverflowError):
            return None


def hold(connection: Connection, plan: Plan, count: int, waiting: Waiting, report: Report) -> Held:
    """Read the order of a query.

    Args:
        connection: A free one.
        plan: The query's, of a table with a key.
        count: How many rows there are about, for the report.
        waiting: Waits for the first that a statement answers, and reports meanwhile.
        report: Takes the part that is done.
    """
    where, bound, rest = plan.condition()
    terms, own = plan.order()
    order = f" ORDER BY {', '.join(term.sql for term in terms)}" if terms else ""
    parameters = [*bound, *(one for term in terms for one in term.parameters)]
    columns = plan.key_columns()
    is_plain = len(columns) == 1 and columns[0].codec.cast in ("smallint", "integer", "bigint")
    if is_plain and not rest and not own and count < _MOST_JOINED:
        sql = f"SELECT {columns[0].sql}::int8 AS k {plan.source_sql}{where}{order}"
        with connection.transaction():
            return Held(waiting(lambda: _numbers(connection, sql, parameters), sql, parameters), True)
    selection = Selection(plan)
    key = selection.key()
    test = tests_of(selection, rest)
    readers = [(selection.add_reader(reader), is_descending) for reader, is_descending in own]
    found: list[Any] = []
    statement = selection.statement(where + order)
    rows = stream(connection, statement, parameters)
    first = waiting(lambda: list(itertools.islice(rows, 1)), statement, parameters)
    progress = _Progress(count, report)
    for row in itertools.chain(first, rows):
        progress.step()
        if test(row):
            found.append((key(row), *(read(row) for read, _ in readers)))
    if own:
        check_interrupt()
        found.sort(key=lambda row: exact_key(row[0]))
        sort_rows(found, [(_item(place), is_descending) for place, (_, is_descending) in enumerate(readers, 1)])
    keys = [row[0] for row in found]
    return Held(array("q", (one[0] for one in keys)) if is_plain else keys, is_plain)


def read_held(connection: Connection, plan: Plan, held: Held, start: int, stop: int) -> Block | None:
    """Rows of a held order; None when one of them is gone."""
    keys = held.part(start, stop)
    reader = BlockReader(plan)
    selection = reader.selection
    condition, bound = among(plan.key_columns(), [plan.key_parameters(key) for key in keys]) if keys else ("FALSE", [])
    rows = connection.execute(selection.statement(f" WHERE {condition}"), [*selection.parameters, *bound]).fetchall()
    by_key = {reader.key(row): row for row in rows}
    if any(key not in by_key for key in keys):
        return None
    return reader.block([by_key[key] for key in keys], start)


class _Progress:
    """Counts rows, and reports the part that is done, at most once for some thousand rows."""

    def __init__(self, count: int, report: Report) -> None:
        self._count = max(count, 1)
        self._report = report
        self._done = 0

    def step(self, rows: int = 1) -> None:
        """So many rows more."""
        before = self._done // _REPORTED
        self._done += rows
        if self._done // _REPORTED > before:
            self._report(min(self._done / self._count, 1.0))


def _numbers(connection: Connection, sql: str, parameters: Sequence[Any]) -> array[int]:
    """The whole numbers of a statement's only column ``k``, eight bytes each, joined by the server into one value."""
    connection.execute(f"SET LOCAL work_mem = '{_SORT_MEMORY}'")
    joined = f"SELECT string_agg(int8send(o.k), ''::bytea) FROM ({sql}) AS o"
    found = connection.execute(joined, parameters, binary=True).fetchone()
    numbers = array("q")
    numbers.frombytes(found[0] or b"" if found else b"")
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _item(place: int) -> Any:
    return lambda row: row[place]
