"""A query as SQL: joins for its paths, the condition, the order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from kernel.expression import Expression
from kernel.expression.operation import truth
from kernel.expression.sql import Constant, Field
from kernel.tables.computed import Computed
from kernel.tables.error import TableError
from kernel.tables.interrupt import current
from kernel.tables.path import find_path, label_text, need_path, unknown_column
from kernel.tables.query import Query, Sort
from kernel.tables.sqlite.codec import Codec
from kernel.tables.sqlite.connection import Connection
from kernel.tables.sqlite.introspect import Shape
from kernel.tables.sqlite.known import Used
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.sort_key import sort_key
from kernel.tables.sqlite.words import add_key, is_plain, order_terms

ShapeOf = Callable[[str], Shape | None]
#: Values that one statement may bind (SQLite's own limit is 32,766).
MOST_PARAMETERS = 32_000
#: Columns that one callback may read (SQLite passes up to 127 arguments, two a column).
MOST_ARGUMENTS = 60


class Term(NamedTuple):
    """What a path stands for in SQL: one column, or a label's columns."""

    columns: tuple[tuple[str, Codec], ...]
    is_label: bool
    table: str
    names: tuple[str, ...]

    def value(self, stored: Sequence[Any]) -> Any:
        """The path's value from its stored columns."""
        values = [codec.decode(one) for (_, codec), one in zip(self.columns, stored, strict=True)]
        return label_text(values) if self.is_label else values[0]


class Plan:
    """Builds the statements of one query on one connection.

    Args:
        connection: Where callbacks are registered; the caller alone uses it.
        shape: The table's.
        shape_of: Any table's shape by name.
        encoding: The file's text encoding.
        parameters: The query's, for expressions.
        plain: What is known of columns by (table, column): whether all of their texts are ASCII.
        computed: The query's computed columns.
    """

    def __init__(self, connection: Connection, shape: Shape, shape_of: ShapeOf, encoding: str,
                 parameters: Mapping[str, Any], plain: dict[tuple[str, str], bool] | None = None,
                 computed: Mapping[str, str] | None = None) -> None:
        self.shape = shape
        self._connection = connection
        self._shape_of = shape_of
        self._encoding = encoding
        self._parameters = parameters
        self._plain = {} if plain is None else plain
        self._computed = Computed(computed or {}, self._is_path)
        self._used: set[Used] = {(shape.schema.name, name) for name in shape.schema.key}
        self._is_stored = _is_stored(shape)
        self._joins: dict[tuple[Any, ...], str] = {}
        self._joined_sql: list[str] = []

    def _is_path(self, name: str) -> bool:
        return find_path(self.shape.schema, name, self._schema_of) is not None

    def _schema_of(self, name: str) -> Any:
        shape = self._shape_of(name)
        return shape and shape.schema

    @property
    def source_sql(self) -> str:
        """FROM with the joins needed so far."""
        return f"FROM {self.table_sql} AS t0{''.join(self._joined_sql)}"

    @property
    def table_sql(self) -> str:
        """The table's name in SQL."""
        return quote(self.shape.schema.name)

    def computed(self, name: str) -> tuple[list[tuple[str, Codec]], Callable[[Sequence[Any]], Any]] | None:
        """The columns that the computed column of that name reads, and its value; None when there is none so called."""
        expression = self._computed.find(name)
        return None if expression is None else self.evaluator(expression)

    def sorted_term(self, sort: Sort) -> Term | None:
        """What a sort key stands for; None for a computed column."""
        return None if self._computed.find(sort.column) else self.term(sort.column)

    def term(self, path: str) -> Term:
        """What a path stands for, joined as needed.

        Raises:
            UnknownColumnError: it leads nowhere.
        """
        found = need_path(self.shape.schema, path, self._schema_of)
        alias, shape = "t0", self.shape
        way: tuple[Any, ...] = ()
        for step in found.steps:
            way = (*way, step.name)
            target = self._shape_of(step.table)
            if target is None:
                raise unknown_column(self.shape.schema, path)
            if way not in self._joins:
                self._joins[way] = f"t{len(self._joins) + 1}"
                pairs = zip(step.columns, step.via, strict=True)
                name = self._joins[way]
                on = " AND ".join(f"{name}.{quote(theirs)} = {alias}.{quote(ours)}" for theirs, ours in pairs)
                self._joined_sql.append(f" LEFT JOIN {quote(step.table)} AS {name} ON {on}")
            self._used.update((shape.schema.name, column) for column in step.via)
            self._used.update((step.table, column) for column in step.columns)
            self._is_stored &= _is_stored(target)
            alias, shape = self._joins[way], target
        self._used.update((shape.schema.name, column.name) for column in found.columns)
        return Term(tuple((f"{alias}.{quote(column.name)}", shape.codecs[column.name]) for column in found.columns),
                    found.is_label, shape.schema.name, tuple(column.name for column in found.columns))

    def used(self) -> frozenset[Used] | None:
        """The columns read so far, with the keys; None when they may change without being written themselves."""
        return frozenset(self._used) if self._is_stored else None

    def condition(self, query: Query) -> tuple[str, list[Any]]:
        """The WHERE of a query with a leading blank, empty when there is none, and its parameters."""
        parts: list[str] = []
        parameters: list[Any] = []
        if query.filter.strip():
            sql, parameters = self._computed.expression(query.filter).to_sql(self._resolve, self._call)
            parts.append(sql)
        if query.keys is not None:
            sql, bound = self._key_condition(query.keys)
            parts.append(sql)
            parameters = [*parameters, *bound]
        if len(parameters) > MOST_PARAMETERS:
            raise TableError("the query names too many values or keys", hint="ask in several parts")
        return (f" WHERE {' AND '.join(parts)}" if parts else ""), parameters

    def filter(self, query: Query) -> Expression:
        """The filter of a query, computed columns put in."""
        return self._computed.expression(query.filter)

    def order(self, query: Query) -> str:
        """The ORDER BY of a query with a leading blank: its sort keys, then the row's key.

        Texts of a column that are all ASCII are ordered by ``COLLATE NOCASE``; an index declared so (``CREATE INDEX …
        (name COLLATE NOCASE)``) spares the sorting of large tables, a plain one cannot, as its order is another.
        """
        terms = []
        for sort in query.sort:
            direction = " DESC" if sort.is_descending else ""
            term = self.sorted_term(sort)
            if term is None:
                terms.append(f"{self._called(*self.evaluator(self._computed.find(sort.column)), sort_key)}{direction}")
                continue
            for (sql, codec), name in zip(term.columns, term.names, strict=True):
                if codec.is_worded and not self._is_plain(term.table, name):
                    add_key(self._connection, self._encoding)
                    terms += [f"{one}{direction}" for one in order_terms(sql)]
                else:
                    terms.append(f"{sql}{codec.order}{direction}")
        terms += [f"{sql} COLLATE BINARY" if self._is_text(name) else sql for name, sql in self.key_columns()]
        if self.shape.rowid and self.shape.schema.key != ("rowid",):
            terms.append(f"t0.{self.shape.rowid}")
        return f" ORDER BY {', '.join(terms)}" if terms else ""

    def key_columns(self) -> list[tuple[str, str]]:
        """(name, SQL) of the row's key."""
        return [(name, f"t0.{quote(name)}" if self.shape.schema.column(name) else f"t0.{self.shape.rowid}")
                for name in self.shape.schema.key]

    def key_before(self, key: Sequence[Any]) -> tuple[str, list[Any]]:
        """The condition that a row's key comes before ``key``."""
        names = [f"{sql} COLLATE BINARY" if self._is_text(name) else sql for name, sql in self.key_columns()]
        return f"({', '.join(names)}) < ({', '.join('?' * len(key))})", self.stored_key(key)

    def stored_key(self, key: Sequence[Any]) -> list[Any]:
        """A key as it is stored.

        Raises:
            TableError: it has the wrong number of parts.
        """
        names = self.shape.schema.key
        if len(key) != len(names):
            raise TableError(f"a key of {self.shape.schema.name} has {len(names)} parts, not {len(key)}")
        stored = [self.shape.codecs[name].to_stored(value) for name, value in zip(names, key, strict=True)]
        return [value if _is_storable(value) else None for value in stored]

    def reader(self, text: str) -> tuple[list[tuple[str, Codec]], Callable[[Sequence[Any]], Any]]:
        """The columns that an expression or path reads, and what makes its value of their stored values."""
        if find_path(self.shape.schema, text, self._schema_of):
            term = self.term(text)
            return list(term.columns), term.value
        return self.evaluator(self._computed.expression(text))

    def column(self, text: str) -> tuple[str, Codec] | None:
        """SQL and codec of the one column that a path leads to; None for labels and expressions."""
        found = find_path(self.shape.schema, text, self._schema_of)
        return self.term(text).columns[0] if found and not found.is_label else None

    def _is_plain(self, table: str, column: str) -> bool:
        if (table, column) not in self._plain:
            self._plain[table, column] = is_plain(self._connection, table, column)
        return self._plain[table, column]

    def _is_text(self, name: str) -> bool:
        return bool(self.shape.codecs[name].order)

    def _key_condition(self, keys: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
        columns = [sql for _, sql in self.key_columns()]
        stored = [self.stored_key(key) for key in keys]
        if len(columns) == 1 and all(type(one[0]) is int for one in stored):
            stored = [[one] for one in dict.fromkeys(one[0] for one in stored)]
        else:
            stored = list({tuple(map(repr, one)): one for one in stored}.values())
        if not stored or not columns:
            return "0", []
        whole = [one for one in stored if None not in one]
        parts = [f"({' AND '.join(f'{column} IS ?' for column in columns)})" for one in stored if None in one]
        bound = [value for one in stored if None in one for value in one]
        if whole:
            row = f"({', '.join('?' * len(columns))})"
            names = ", ".join(columns)
            parts.append(f"({names}) IN (VALUES {', '.join([row] * len(whole))})")
            bound += [value for one in whole for value in one]
        return f"({' OR '.join(parts)})", bound

    def _resolve(self, name: str) -> Field | Constant:
        if find_path(self.shape.schema, name, self._schema_of) is not None:
            term = self.term(name)
            (sql, codec), *more = term.columns
            is_plain = not more and (not term.is_label or codec.field(sql).group == "text")
            return codec.field(sql) if is_plain else Field(sql)
        if name in self._parameters:
            return Constant(self._parameters[name])
        raise unknown_column(self.shape.schema, name)

    def evaluator(self, expression: Expression) -> tuple[list[tuple[str, Codec]], Callable[[Sequence[Any]], Any]]:
        """The columns that an expression reads, and what makes its value of their stored values."""
        columns: list[tuple[str, Codec]] = []
        places: dict[str, tuple[Term, slice]] = {}
        for name in expression.names:
            if isinstance(self._resolve(name), Field):
                term = self.term(name)
                places[name] = term, slice(len(columns), len(columns) + len(term.columns))
                columns += term.columns

        def value(stored: Sequence[Any]) -> Any:
            def read(name: str) -> Any:
                if name not in places:
                    return self._parameters[name]
                term, place = places[name]
                return term.value(stored[place])

            return expression.evaluate(read)

        return columns, value

    def _call(self, part: Expression) -> tuple[str, list[Any]]:
        """SQL that calls the part's closure with the columns it reads."""
        return self._called(*self.evaluator(part), lambda value: int(truth(value))), []

    def _called(self, columns: list[tuple[str, Codec]], evaluate: Callable[[Sequence[Any]], Any],
                answer: Callable[[Any], Any]) -> str:
        """SQL of ``answer`` of what is worked out from columns; texts travel as bytes, for some are broken."""
        if len(columns) > MOST_ARGUMENTS:
            raise TableError(f"a part of the query reads more than {MOST_ARGUMENTS} columns")
        encoding = self._encoding
        interrupt = current()

        def callback(*arguments: Any) -> Any:
            if interrupt is not None:
                interrupt.check()
            stored = [_text(value, encoding) if is_text else value
                      for value, is_text in zip(arguments[::2], arguments[1::2], strict=True)]
            return answer(evaluate(stored))

        name = f"espalier_part_{self._connection.callbacks}"
        self._connection.callbacks += 1
        self._connection.create_function(name, len(columns) * 2, callback)
        arguments = [f"CASE typeof({sql}) WHEN 'text' THEN CAST({sql} AS BLOB) ELSE {sql} END, typeof({sql}) = 'text'"
                     for sql, _ in columns]
        return f"{name}({', '.join(arguments)})"


def _is_stored(shape: Shape) -> bool:
    """Whether the values of all columns change only by being written: no view, nothing generated."""
    return shape.schema.is_editable and not any(column.is_generated for column in shape.schema.columns)


def _is_storable(value: Any) -> bool:
    """Whether any row can hold the value: a whole number of 64 bits, a text of whole characters."""
    if isinstance(value, str):
        return value.isascii() or value.encode(errors="replace").decode() == value
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def _text(stored: bytes, encoding: str) -> str | bytes:
    try:
        return (stored or b"").decode(encoding)
    except UnicodeDecodeError:
        return stored
