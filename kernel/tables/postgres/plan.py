"""A query as SQL: joins for its paths, the condition, the order; and what of it is left to be done here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from kernel.expression import Expression
from kernel.expression.rebuilt import rebuilt
from kernel.tables.computed import Computed
from kernel.tables.error import TableError
from kernel.tables.path import find_path, label_text, need_path, unknown_column
from kernel.tables.postgres.codec import Codec
from kernel.tables.postgres.fold import MOST_LETTERS, order_terms
from kernel.tables.postgres.introspect import Shape
from kernel.tables.postgres.name import quote
from kernel.tables.postgres.shapes import Shapes
from kernel.tables.postgres.translate import Translator, parts_of
from kernel.tables.postgres.value import LocalError, Value
from kernel.tables.query import Query
from kernel.tables.schema import Schema

#: Table and column → the characters beyond ASCII in it.
Letters = Callable[[Shape, str], frozenset[str]]


class Column(NamedTuple):
    """A column somewhere along a path: its SQL, codec, and where it comes from."""

    sql: str
    codec: Codec
    shape: Shape
    name: str


class Reader(NamedTuple):
    """What makes a value of the columns that it reads, as :attr:`Codec.read` selects them."""

    columns: tuple[Column, ...]
    value: Callable[[Sequence[Any]], Any]


class Term(NamedTuple):
    """One term of an ORDER BY."""

    sql: str
    parameters: tuple[Any, ...] = ()


class Plan:
    """Builds the statements of one query.

    Args:
        shapes: All tables'.
        shape: The table's.
        query: The query.
        letters: Tells the characters in a column of texts, for sorting.
        is_pushed: Whether to leave as much as possible to PostgreSQL; else only plain columns are.
    """

    def __init__(self, shapes: Shapes, shape: Shape, query: Query, letters: Letters, is_pushed: bool = True) -> None:
        self.shape = shape
        self.query = query
        self.tables = {shape.relation.oid}
        self._shapes = shapes
        self._letters = letters
        self._is_pushed = is_pushed and shapes.is_unicode
        self._joins: dict[tuple[str, ...], str] = {}
        self._joined_sql: list[str] = []
        self._translator = Translator(self._resolve)
        self._computed = Computed(query.computed, self._is_path)

    @property
    def source_sql(self) -> str:
        """FROM with the joins needed so far."""
        return f"FROM {self.shape.relation.sql} AS t0{''.join(self._joined_sql)}"

    def schema_of(self, name: str) -> Schema | None:
        """The schema of the table of that name."""
        shape = self._shapes.find(name)
        return shape and shape.schema

    def condition(self) -> tuple[str, list[Any], list[Reader]]:
        """The WHERE with a leading blank, its parameters, and the tests that are left to be done here.

        Raises:
            UnknownColumnError, ExpressionError: see the contract.
        """
        tests: list[str] = []
        parameters: list[Any] = []
        rest: list[Reader] = []
        if self.query.filter.strip():
            expression = self._computed.expression(self.query.filter)
            self._check_names(expression)
            for part in parts_of(expression):
                try:
                    test = self._translator.condition(part) if self._is_pushed else _refuse()
                    tests.append(test.sql)
                    parameters += test.parameters
                except LocalError:
                    rest.append(self._expression_reader(rebuilt(part)))
        if self.query.keys is not None:
            sql, bound = self._among(self.query.keys)
            tests.append(sql)
            parameters += bound
        return (f" WHERE {' AND '.join(tests)}" if tests else ""), parameters, rest

    def order(self) -> tuple[list[Term], list[tuple[Reader, bool]]]:
        """The terms of the ORDER BY, or what to sort by here (reader, is descending) when SQL cannot: one is empty.

        The key follows, so that an order is always total; without a key all columns do.
        """
        terms: list[Term] = []
        try:
            for sort in self.query.sort:
                terms += self._sort_terms(sort.column, sort.is_descending)
        except LocalError:
            return [], [(reader, sort.is_descending) for sort in self.query.sort
                        for reader in self._sort_readers(sort.column)]
        return terms + self.ties(), []

    def ties(self) -> list[Term]:
        """What orders rows whose sort keys are equal."""
        if self.shape.schema.key:
            return [Term(self.shape.codecs[name].order.format(f"t0.{quote(name)}")) for name in self.shape.schema.key]
        return [Term(f"{codec.order.format(f't0.{quote(name)}')} NULLS FIRST")
                for name, codec in self.shape.codecs.items()]

    def key_columns(self) -> list[Column]:
        """The columns of the row's key."""
        return [self._column("t0", self.shape, name) for name in self.shape.schema.key]

    def reader(self, text: str) -> Reader:
        """What makes the value of a column path, a computed column or an expression.

        Raises:
            UnknownColumnError: it leads nowhere.
        """
        if self._is_path(text):
            return self._path_reader(text)
        expression = self._computed.expression(text)
        self._check_names(expression)
        return self._expression_reader(expression)

    def column_reader(self, path: str) -> Reader:
        """What makes the value of a column that is asked for: a path or a computed column.

        Raises:
            UnknownColumnError: it leads nowhere.
        """
        expression = self._computed.find(path)
        if expression is None:
            need_path(self.shape.schema, path, self.schema_of)
            return self._path_reader(path)
        self._check_names(expression)
        return self._expression_reader(expression)

    def value(self, text: str) -> Value | None:
        """A column path or expression in SQL, None when it has none."""
        expression = self._computed.expression(text)
        self._check_names(expression)
        if not self._is_pushed:
            return None
        try:
            return self._translator.value(expression.tree)
        except LocalError:
            return None

    def before(self, key: Sequence[Any]) -> tuple[str, list[Any]]:
        """The condition that a row's key comes before ``key``."""
        columns = self.key_columns()
        names = ", ".join(column.codec.order.format(column.sql) for column in columns)
        values = ", ".join(column.codec.order.format(f"%s::{column.codec.cast}") for column in columns)
        return f"({names}) < ({values})", self.key_parameters(key)

    def key_parameters(self, key: Sequence[Any]) -> list[Any]:
        """A key as it is sent.

        Raises:
            TableError: it has the wrong number of parts.
        """
        columns = self.key_columns()
        if len(key) != len(columns):
            raise TableError(f"a key of {self.shape.schema.name} has {len(columns)} parts, not {len(key)}")
        return [column.codec.key_parameter(value) for column, value in zip(columns, key, strict=True)]

    def _among(self, keys: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
        sent = [one for one in map(self.key_parameters, keys) if None not in one]
        if not sent or not self.shape.schema.key:
            return "FALSE", []
        return among(self.key_columns(), sent)

    def _is_path(self, name: str) -> bool:
        return find_path(self.shape.schema, name, self.schema_of) is not None

    def _check_names(self, expression: Expression) -> None:
        for name in expression.names:
            if not self._is_path(name) and name not in self.query.parameters:
                raise unknown_column(self.shape.schema, name)

    def _column(self, alias: str, shape: Shape, name: str) -> Column:
        return Column(f"{alias}.{quote(name)}", shape.codecs[name], shape, name)

    def _columns(self, path: str) -> tuple[tuple[Column, ...], bool]:
        """The columns that a path leads to, joined as needed, and whether they make a label."""
        found = need_path(self.shape.schema, path, self.schema_of)
        alias, shape = "t0", self.shape
        way: tuple[str, ...] = ()
        for step in found.steps:
            way = (*way, step.name)
            target = self._shapes.need(step.table)
            if way not in self._joins:
                self._joins[way] = f"t{len(self._joins) + 1}"
                name = self._joins[way]
                on = " AND ".join(f"{name}.{quote(theirs)} = {alias}.{quote(ours)}"
                                  for theirs, ours in zip(step.columns, step.via, strict=True))
                self._joined_sql.append(f" LEFT JOIN {target.relation.sql} AS {name} ON {on}")
                self.tables.add(target.relation.oid)
            alias, shape = self._joins[way], target
        return tuple(self._column(alias, shape, column.name) for column in found.columns), found.is_label

    def _path_reader(self, path: str) -> Reader:
        columns, is_label = self._columns(path)
        decoders = [column.codec.decode for column in columns]
        if not is_label:
            return Reader(columns, lambda read: decoders[0](read[0]))
        return Reader(columns, lambda read: label_text(
            [decode(value) for decode, value in zip(decoders, read, strict=True)]))

    def _expression_reader(self, expression: Expression) -> Reader:
        columns: list[Column] = []
        readers: dict[str, tuple[Reader, slice]] = {}
        for name in expression.names:
            if self._is_path(name):
                reader = self._path_reader(name)
                readers[name] = reader, slice(len(columns), len(columns) + len(reader.columns))
                columns += reader.columns
        parameters = self.query.parameters

        def value(read: Sequence[Any]) -> Any:
            def of_name(name: str) -> Any:
                if name not in readers:
                    return parameters[name]
                reader, place = readers[name]
                return reader.value(read[place])

            return expression.evaluate(of_name)

        return Reader(tuple(columns), value)

    def _resolve(self, name: str) -> Value | tuple[Any]:
        if not self._is_path(name):
            return (self.query.parameters[name],)
        columns, is_label = self._columns(name)
        (sql, codec, _, _), *more = columns
        if more or (is_label and codec.kind != "text"):
            return Value("label", sql)
        return Value(codec.kind, codec.sql.format(sql), (), codec.whole, codec.scale, True)

    def _sort_readers(self, name: str) -> list[Reader]:
        """What reads a path or a computed column to sort by; the columns of a label go one after the other."""
        if self._computed.find(name) is not None:
            return [self.column_reader(name)]
        columns, _ = self._columns(name)
        return [Reader((column,), lambda read, decode=column.codec.decode: decode(read[0])) for column in columns]

    def _sort_terms(self, name: str, is_descending: bool) -> list[Term]:
        ending = " DESC NULLS LAST" if is_descending else " NULLS FIRST"
        if self._computed.find(name) is not None:
            value = self.value(name)
            if value is None or value.kind in ("text", "label", "null"):
                raise LocalError
            return [Term(value.sql + ending, value.parameters)]
        terms = []
        for column in self._columns(name)[0]:
            sql = column.codec.sql.format(column.sql)
            if column.codec.kind != "text":
                terms.append(Term(sql + _ending(column, ending)))
                continue
            letters = self._letters(column.shape, column.name) if self._shapes.is_unicode else ""
            if not self._shapes.is_unicode or len(letters) > MOST_LETTERS:
                raise LocalError
            terms += [Term(text + _ending(column, ending), bound) for text, bound in order_terms(sql, letters)]
        return terms


def among(columns: Sequence[Column], keys: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """The condition that a row's key is one of ``keys``, in as many parameters as a key has parts."""
    lists = [list(part) for part in zip(*keys, strict=True)]
    if len(columns) == 1:
        return f"{columns[0].sql} = ANY({_array(columns[0])})", lists
    names = ", ".join(column.sql for column in columns)
    return f"({names}) IN (SELECT * FROM unnest({', '.join(map(_array, columns))}))", lists


def _array(column: Column) -> str:
    return f"%s::{column.codec.cast}[]"


def _ending(column: Column, ending: str) -> str:
    """Without nulls an index of the column serves the order as it is."""
    own = column.shape.schema.column(column.name)
    is_never_null = column.sql.startswith("t0.") and own is not None and (own.is_required or own.is_key)
    return (" DESC" if "DESC" in ending else "") if is_never_null else ending


def _refuse() -> Any:
    raise LocalError
