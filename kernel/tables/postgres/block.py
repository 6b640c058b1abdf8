"""Rows of a SELECT → a block: values decoded, large blobs left where they are, keys and versions beside.

A row's version is ``xmin``, the number of the transaction that wrote it: it costs nothing to read, changes with every
update whatever the columns, and stays when the table is vacuumed or the server restarted. Numbers come round again
after four thousand million transactions; an edit is not open for so long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from kernel.tables.block import LARGE_BLOB, Block, LargeBlob
from kernel.tables.interrupt import current
from kernel.tables.postgres.connection import Connection
from kernel.tables.postgres.name import quote
from kernel.tables.postgres.plan import Column, Plan, Reader

#: Rows that come from the server at once while they are looked through.
CHUNK = 1000


class Selection:
    """What a SELECT reads, and in which places."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.sql: list[str] = []
        self.parameters: list[Any] = []
        self._places: dict[str, int] = {}

    def add(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """The place of that SQL's value; the same SQL is read once."""
        if sql not in self._places or parameters:
            self._places[sql] = len(self.sql)
            self.sql.append(sql)
            self.parameters += parameters
        return self._places[sql]

    def add_columns(self, columns: Iterable[Column]) -> list[int]:
        """The places of columns."""
        return [self.add(column.codec.read.format(column.sql)) for column in columns]

    def add_reader(self, reader: Reader) -> Callable[[Sequence[Any]], Any]:
        """Row that was read → the reader's value."""
        places = self.add_columns(reader.columns)
        value = reader.value
        if len(places) == 1:
            place = places[0]
            return lambda row: value((row[place],))
        return lambda row: value([row[place] for place in places])

    def statement(self, tail: str) -> str:
        """The whole SELECT; the plan's joins are those needed by now."""
        return f"SELECT {', '.join(self.sql) or '1'} {self.plan.source_sql}{tail}"

    def key(self) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
        """Row that was read → its key."""
        columns = self.plan.key_columns()
        places = self.add_columns(columns)
        decoders = [column.codec.decode for column in columns]
        return lambda row: tuple(decode(row[place]) for decode, place in zip(decoders, places, strict=True))


def _version_sql(plan: Plan) -> str:
    """A row's version; who may read some columns only may not read ``xmin``, and gets a hash of what they hold."""
    if plan.shape.relation.is_whole:
        return "t0.xmin::text"
    return f"md5(ROW({', '.join(f't0.{quote(name)}' for name in plan.shape.codecs)})::text)"


def tests_of(selection: Selection, rest: Sequence[Reader]) -> Callable[[Sequence[Any]], bool]:
    """Row that was read → whether it stands the tests that are done here."""
    tests = [selection.add_reader(reader) for reader in rest]
    if len(tests) == 1:
        return tests[0]
    return lambda row: all(test(row) for test in tests)


def stream(connection: Connection, sql: str, parameters: Sequence[Any]) -> Iterator[Any]:
    """The rows of a statement as they come; looks now and then whether anybody still waits."""
    interrupt = current()
    with connection.cursor() as cursor:
        for index, row in enumerate(cursor.stream(sql, parameters, size=CHUNK)):
            if interrupt is not None and not index % 100:
                interrupt.check()
            yield row


class BlockReader:
    """Makes blocks of a plan's rows: ``selection`` is what to read, :meth:`block` takes the rows."""

    def __init__(self, plan: Plan) -> None:
        schema, query = plan.shape.schema, plan.query
        self.selection = Selection(plan)
        self._is_editable = schema.is_editable
        names = [column.name for column in schema.columns] if query.columns is None else query.columns
        whole = set(query.columns or ()) if query.keys is not None else set()
        self._columns: list[tuple[str, Callable[[Sequence[Any]], Any]]] = []
        for name in names:
            is_large = name in plan.shape.blobs and name not in whole
            self._columns.append((name, self._blob(name) if is_large
                                  else self.selection.add_reader(plan.column_reader(name))))
        self.key = self.selection.key()
        self._version = self.selection.add(_version_sql(plan)) if self._is_editable else -1

    def block(self, rows: Sequence[Any], start: int) -> Block:
        """The rows as a block."""
        columns = {name: [value(row) for row in rows] for name, value in self._columns}
        versions = [row[self._version] for row in rows] if self._is_editable else [""] * len(rows)
        return Block(start, columns, [self.key(row) for row in rows], versions)

    def _blob(self, name: str) -> Callable[[Sequence[Any]], Any]:
        column = f"t0.{quote(name)}"
        place = self.selection.add(f"CASE WHEN octet_length({column}) <= {LARGE_BLOB} THEN {column} END")
        size = self.selection.add(f"octet_length({column})")
        return lambda row: LargeBlob(row[size]) if (row[size] or 0) > LARGE_BLOB else row[place]


def read_rows(connection: Connection, plan: Plan, start: int, stop: int) -> Block | None:
    """Rows of the query's order read by position; None when a part of the order is to be made here."""
    reader = BlockReader(plan)
    where, bound, rest = plan.condition()
    terms, own = plan.order()
    if own:
        return None
    test = tests_of(reader.selection, rest) if rest else None
    order = f" ORDER BY {', '.join(term.sql for term in terms)}" if terms else ""
    parameters = [*reader.selection.parameters, *bound, *(one for term in terms for one in term.parameters)]
    if test is None:
        sql = reader.selection.statement(f"{where}{order} LIMIT {stop - start} OFFSET {start}")
        return reader.block(connection.execute(sql, parameters).fetchall(), start)
    found: list[Any] = []
    for row in stream(connection, reader.selection.statement(where + order), parameters):
        if test(row):
            found.append(row)
            if len(found) >= stop:
                break
    return reader.block(found[start:stop], start)
