"""Parquet and Arrow files, read by DuckDB: pages by row number, orders sorted there where they are memory's.

DuckDB sorts numbers, moments and bytes as :mod:`kernel.tables.order` does; texts go by the bytes of small letters,
and those beyond ASCII by their key, which is worked out here.
"""

from __future__ import annotations

import contextlib
import datetime
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from kernel.tables.change import Change, Committed, Key
from kernel.tables.contract import Estimate
from kernel.tables.error import ReadOnlyError, SourceError, UnavailableError
from kernel.tables.files.arrow_message import is_compressed
from kernel.tables.files.grouping import GROUPED, measure_of, read_groups
from kernel.tables.files.place import stamp_of
from kernel.tables.files.shape import made_schema
from kernel.tables.interrupt import current
from kernel.tables.local.scan import Clause, Conjunct, Measure, Pushdown, RowGroups, Rows
from kernel.tables.local.work import check_interrupt
from kernel.tables.order import text_key
from kernel.tables.query import Query
from kernel.tables.schema import Schema
from kernel.words import mark

#: Rows of one stretch.
_STRETCH = 8192
_SETTINGS = ("SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false", "SET threads = 2",
             "SET memory_limit = '1GB'", "SET preserve_insertion_order = true")
#: DuckDB's type, up to a bracket → (column type, how it is selected).
_TYPES = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
                     "UBIGINT", "UHUGEINT"), ("integer", "{0}")),
    "DECIMAL": ("decimal", "{0}"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), ("real", "CAST({0} AS DOUBLE)")),
    "BOOLEAN": ("boolean", "{0}"),
    "DATE": ("date", "{0}"),
    "TIME": ("time", "{0}"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"),
                    ("datetime", "CAST({0} AS TIMESTAMP)")),
    "VARCHAR": ("text", "{0}"),
    "BLOB": ("blob", "{0}"),
}
_OTHER = ("text", "CAST({0} AS VARCHAR)")
_COMPARED = {"Eq": "IS NOT DISTINCT FROM", "NotEq": "IS DISTINCT FROM", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">="}
#: Whole numbers that are exact as floats.
_EXACT = 2**53
_VALUES: dict[str, tuple[type, ...]] = {
    "integer": (int,), "decimal": (int, Decimal), "real": (int, float), "boolean": (bool,), "text": (str,),
    "date": (datetime.date,), "datetime": (datetime.datetime,),
}  # fmt: skip


class ColumnarScan:
    """Rows of a relation of DuckDB; derive and say which.

    Args:
        path: The file.
        name: Of the table.
        told: Its description.
    """

    is_endless = False

    def __init__(self, path: Path, name: str, told: Mapping[str, Any]) -> None:
        self._path = path
        self._name = name
        self._told = told
        self._lock = threading.Lock()
        self._connection = duckdb.connect()
        for setting in _SETTINGS:
            self._connection.execute(setting)
        self._stamp: Any = None
        self._known: tuple[Schema, dict[str, str], int] | None = None

    def _relation(self) -> tuple[str, str]:
        """SQL of the relation, and of a row's number in it, from 0; made anew when the file has changed."""
        raise NotImplementedError

    @property
    def schema(self) -> Schema:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return self._now()[0]

    @property
    def pushdown(self) -> Pushdown:
        """See :class:`kernel.tables.local.scan.Scan`."""
        columns = [column for column in self.schema.columns if column.type != "time"]
        compared = {column.name: frozenset(_COMPARED) for column in columns if column.type in _VALUES}
        groups = {column.name: GROUPED[column.type] for column in columns if column.type in GROUPED}
        return Pushdown(compared, frozenset(column.name for column in columns), groups)

    def stamp(self) -> Any:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return stamp_of(self._path)

    def estimate(self) -> Estimate:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return Estimate(self._now()[2])

    def measure(self) -> float:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return 1.0

    def stretches(self, columns: Sequence[str], clauses: Sequence[Clause]) -> Iterator[Rows]:
        """See :class:`kernel.tables.local.scan.Scan`."""
        count = self._now()[2]
        tests, values = self._tests(clauses)
        for start in range(0, count, _STRETCH):
            stop = min(start + _STRETCH, count)
            positions, read = self._select(columns, " AND ".join([self._between(start, stop), *tests]), values)
            yield Rows(positions, read, stop / count)

    def page(self, start: int, stop: int, columns: Sequence[str]) -> Rows:
        """See :class:`kernel.tables.local.scan.Scan`."""
        stop = max(min(stop, self._now()[2]), start)
        if not columns:
            return Rows(range(start, stop), {})
        return Rows(*self._select(columns, self._between(start, stop)))

    def at(self, positions: Sequence[int], columns: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        """See :class:`kernel.tables.local.scan.Scan`."""
        if not positions or not columns:
            return {name: [] for name in columns}
        found, read = self._select(columns, f"{self._relation()[1]} IN ({', '.join(map(str, positions))})")
        places = {position: place for place, position in enumerate(found)}
        if any(position not in places for position in positions):
            raise UnavailableError(
                mark(f"{self._path.name} has become shorter while it was read"),
                hint=mark("load it again"),
            )
        chosen = [places[position] for position in positions]
        return {name: [values[place] for place in chosen] for name, values in read.items()}

    def find(self, key: Key) -> int | None:
        """See :class:`kernel.tables.local.scan.Scan`; never asked."""
        raise NotImplementedError

    def decides(self, conjunct: Conjunct) -> bool:
        """See :class:`kernel.tables.local.scan.Scan`."""
        column = self.schema.column(conjunct.column)
        return column is not None and conjunct.operator in _COMPARED and is_same(column.type, conjunct.value)

    def order(self, clauses: Sequence[Clause], sort: Sequence[tuple[str, bool]]) -> Sequence[int]:
        """See :class:`kernel.tables.local.scan.Scan`."""
        schema, selected, _ = self._now()
        relation, number = self._relation()
        tests, values = self._tests(clauses)
        with self._cursor() as cursor:
            terms, joins = [], []
            for name, is_descending in sort:
                column = schema.column(name)
                sql = selected[name]
                if column is not None and column.type in ("text", "longtext"):
                    sql = self._text_order(cursor, sql, relation, joins)
                terms.append(f"{sql} {'DESC NULLS LAST' if is_descending else 'ASC NULLS FIRST'}")
            where = f" WHERE {' AND '.join(tests)}" if tests else ""
            query = f"SELECT {number} AS n FROM {relation} AS t{''.join(joins)}{where} ORDER BY {', '.join(terms)}, n"
            return cursor.execute(query, values).fetchnumpy()["n"]

    def groups(self, columns: Sequence[str], clauses: Sequence[Clause], measures: Sequence[Measure],
               most: int) -> RowGroups | None:
        """See :class:`kernel.tables.local.scan.Scan`."""
        schema, selected, _ = self._now()
        relation, number = self._relation()
        tests, values = self._tests(clauses)
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        made = [measure_of(one.function, column and column.type, selected.get(one.column, ""))
                for one in measures for column in [schema.column(one.column)]]
        try:
            with self._cursor() as cursor:
                return read_groups(cursor, relation, number, where, values, {name: selected[name] for name in columns},
                                   made, most)
        except SourceError:  # a sum is too large for DuckDB, or too much is held: it is worked out here
            return None

    def positions(self, query: Query) -> Sequence[int] | None:
        """See :class:`kernel.tables.local.scan.Scan`; never asked."""
        return None

    def commit(self, changes: Sequence[Change]) -> Committed:
        """See :class:`kernel.tables.local.scan.Scan`; always refused."""
        raise ReadOnlyError(self.schema.read_only_reason)

    def close(self) -> None:
        """See :class:`kernel.tables.local.scan.Scan`."""
        with self._lock:
            self._connection.close()

    def _text_order(self, cursor: Any, sql: str, relation: str, joins: list[str]) -> str:
        """What to sort a text column by: the key of each text beyond ASCII is put beside it."""
        found = cursor.execute(f"SELECT DISTINCT {sql} FROM {relation} AS t WHERE strlen({sql}) <> length({sql})")
        texts = [row[0] for row in found.fetchall()]
        plain = f"encode(lower({sql}))"
        if not texts:
            return plain
        name = f"keys{len(joins)}"
        keys = [text_key(text) for text in texts]
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT unnest(?::VARCHAR[]) AS text, "
                       "unnest(?::BLOB[]) AS key", [texts, keys])
        joins.append(f" LEFT JOIN {name} ON {name}.text = {sql}")
        return f"coalesce({name}.key, {plain})"

    def _tests(self, clauses: Sequence[Clause]) -> tuple[list[str], list[Any]]:
        """SQL that holds in every row that passes, and its values; decides alone where all is ``exact_filters``."""
        tests, values = [], []
        for clause in clauses:
            parts = [self._test(conjunct) for conjunct in clause]
            if None not in parts:
                tests.append(f"({' OR '.join(sql for sql, _ in parts)})")
                values += [value for _, value in parts]
        return tests, values

    def _test(self, conjunct: Conjunct) -> tuple[str, Any] | None:
        schema, selected, _ = self._now()
        column, value = schema.column(conjunct.column), conjunct.value
        if column is None:
            return None
        sql = selected[conjunct.column]
        if self.decides(conjunct):
            return f"coalesce({sql} {_COMPARED[conjunct.operator]} ?, false)", value
        is_word = conjunct.operator in ("contains", "startswith", "endswith") and column.type in ("text", "longtext")
        if is_word and isinstance(value, str) and value and value.isascii():
            return f"coalesce(contains(lower({sql}), ?) OR strlen({sql}) <> length({sql}), false)", value.lower()
        return None

    def _select(self, columns: Sequence[str], where: str,
                values: Sequence[Any] = ()) -> tuple[list[int], dict[str, list[Any]]]:
        """(row numbers, column → values) of the rows for which ``where`` holds, by number.

        Numbers stand in ``where`` as they are: of values that are bound DuckDB does not know which rows to leave alone.
        """
        selected = self._now()[1]
        relation, number = self._relation()
        wanted = ", ".join([number, *(selected[name] for name in columns)])
        with self._cursor() as cursor:
            rows = cursor.execute(f"SELECT {wanted} FROM {relation} AS t WHERE {where} ORDER BY 1", values).fetchall()
        read = list(zip(*rows, strict=True)) if rows else [()] * (len(columns) + 1)
        fitting = {column.name for column in self.schema.columns if column.type in ("real", "blob")}
        return list(read[0]), {name: list(map(_fitting, one)) if name in fitting else list(one)
                               for name, one in zip(columns, read[1:], strict=True)}

    def _between(self, start: int, stop: int) -> str:
        number = self._relation()[1]
        return f"{number} >= {start} AND {number} < {stop}"

    def _now(self) -> tuple[Schema, dict[str, str], int]:
        """(schema, column → SQL, count) of the file as it is now."""
        stamp = stamp_of(self._path)
        with self._lock:
            known = self._known if self._stamp == stamp else None
        if known is not None:
            return known
        relation, _ = self._relation()
        with self._cursor() as cursor:
            described = cursor.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
            count = cursor.execute(f"SELECT count(*) FROM {relation}").fetchone()[0]
        types = {name: _type(declared) for name, declared, *_ in described}
        types.pop("file_row_number", None)
        selected = {name: sql.format(f't."{name.replace(chr(34), chr(34) * 2)}"') for name, (_, sql) in types.items()}
        told = {**self._told, "types": {}}
        schema = made_schema(self._name, {name: type_ for name, (type_, _) in types.items()}, {}, told)
        with self._lock:
            self._stamp, self._known = stamp, (schema, selected, count)
            return self._known

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[Any]:
        """A cursor for this thread, stopped when nobody waits any more; DuckDB's errors in words."""
        interrupt = current()
        try:
            cursor = self._connection.cursor()
            try:
                with interrupt.stopping(cursor.interrupt) if interrupt else contextlib.nullcontext():
                    yield cursor
            finally:
                cursor.close()
        except duckdb.Error as error:
            check_interrupt()
            stamp_of(self._path)
            first = str(error).splitlines()[0].partition("Error: ")[2] or str(error)
            raise SourceError(mark(f"{self._path.name} cannot be read: {first}")) from error


class ParquetScan(ColumnarScan):
    """A Parquet file, read in place."""

    def _relation(self) -> tuple[str, str]:
        pattern = str(self._path.absolute())
        pattern = "".join(f"[{letter}]" if letter in "[*?" else letter for letter in pattern)  # a name is no pattern
        return f"read_parquet('{pattern.replace(chr(39), chr(39) * 2)}', file_row_number = true)", "t.file_row_number"


class ArrowScan(ColumnarScan):
    """An Arrow file or stream, copied into a table of DuckDB when it is opened and when it has changed."""

    def __init__(self, path: Path, name: str, told: Mapping[str, Any]) -> None:
        super().__init__(path, name, told)
        self._copied: Any = None

    def _relation(self) -> tuple[str, str]:
        stamp = stamp_of(self._path)
        if self._copied != stamp:
            self._copy()
            self._copied = stamp
        return "copied", "t.rowid"

    def _copy(self) -> None:
        import nanoarrow

        try:
            with self._path.open("rb") as file:
                begin = 8 if file.read(8) == b"ARROW1\0\0" else 0  # a file is a stream behind its mark
                file.seek(begin)
                if is_compressed(file):
                    raise SourceError(
                        mark(f"the columns of {self._path.name} are compressed, which cannot be read here"),
                        hint=mark(
                            "write it again with compression='uncompressed', as pandas, polars, pyarrow and R take it, "
                            "or as Parquet"
                        ),
                    )
                file.seek(begin)
                stream = nanoarrow.ArrayStream.from_readable(file)
                with self._cursor() as cursor:
                    cursor.register("stream", stream)
                    cursor.execute("CREATE OR REPLACE TABLE copied AS SELECT * FROM stream")
        except OSError as error:
            raise UnavailableError(mark(f"{self._path.name} cannot be read: {error.strerror}")) from error
        except (RuntimeError, ValueError, TypeError) as error:
            raise SourceError(mark(f"{self._path.name} is no whole Arrow file: {error}")) from error


def is_same(type_: str, value: Any) -> bool:
    """Whether DuckDB compares a column of that type with the value as the expression language does."""
    if value is None:
        return True
    if type(value) not in _VALUES.get(type_, ()):
        return False
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value) < 10**15 and int(value.as_tuple().exponent) > -10
    if isinstance(value, int):
        return abs(value) <= _EXACT if type_ == "real" else abs(value) < 10**15
    return not isinstance(value, datetime.datetime) or value.tzinfo is None


def _type(declared: str) -> tuple[str, str]:
    """(column type, how it is selected) of a type of DuckDB."""
    if declared.startswith("TIMESTAMPTZ") or declared == "TIMESTAMP WITH TIME ZONE":
        return "datetime", "make_timestamp(epoch_us(CAST({0} AS TIMESTAMPTZ)))"
    return _OTHER if declared.endswith("]") else _TYPES.get(declared.partition("(")[0], _OTHER)


def _fitting(value: Any) -> Any:
    """A value as blocks have it: what is not a number as a text, bytes as bytes."""
    if isinstance(value, float) and value != value:
        return "NaN"
    return bytes(value) if isinstance(value, bytearray | memoryview) else value
