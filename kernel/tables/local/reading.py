"""What a query reads of each stretch of rows: paths, computed columns and expressions, column by column."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from kernel.expression import Expression
from kernel.tables.computed import Computed
from kernel.tables.local.condition import Condition
from kernel.tables.local.scan import Clause, Rows
from kernel.tables.local.work import check_interrupt
from kernel.tables.path import Path, find_path, label_text, need_path, unknown_column
from kernel.tables.query import Query

if TYPE_CHECKING:
    from kernel.tables.local.table import LocalTable

#: Rows → a value per row.
Reader = Callable[[Rows], Sequence[Any]]
#: Rows evaluated between two looks whether anybody still waits.
_LOOK = 200
#: Types of which two values that are equal are the same, and values of which an expression's answer is remembered.
_TELLING, _MOST_MADE = frozenset((int, str, bool, datetime.date)), 20_000


class Reading:
    """Builds the readers of one query; ``columns`` are those of the table itself that they read.

    Args:
        table: Whose rows are read.
        query: What is asked.
    """

    def __init__(self, table: LocalTable, query: Query) -> None:
        self.columns: dict[str, None] = {}
        self._table = table
        self._schema = table.schema
        self._query = query
        self._condition: Condition | None = None
        self._computed = Computed(query.computed, lambda name: self._find(name) is not None)

    def value(self, text: str) -> Reader:
        """The reader of an expression or a path."""
        return self._evaluated(self._computed.expression(text))

    def column(self, name: str) -> Reader:
        """The reader of a path or a computed column.

        Raises:
            UnknownColumnError: it is neither.
        """
        expression = self._computed.find(name)
        if expression is not None:
            return self._evaluated(expression)
        return self._path(need_path(self._schema, name, self._table.source.schema_of))

    def sort(self, name: str) -> list[Reader]:
        """The readers of what to sort by: a label's columns one after the other."""
        if self._computed.find(name) is not None:
            return [self.column(name)]
        found = need_path(self._schema, name, self._table.source.schema_of)
        return [self._path(Path(found.steps, (column,))) for column in found.columns]

    def own_column(self, name: str) -> str:
        """The table's own column that a sort key means, empty when it means more than one or another table's."""
        found = None if self._computed.find(name) else self._find(name)
        return found.columns[0].name if found and not found.steps and not found.is_label else ""

    def filter(self) -> Reader | None:
        """The reader of the filter, None when every row passes."""
        condition = self.condition()
        if condition is None or condition.left is True:
            return None
        return self._evaluated(condition.expression)

    def condition(self) -> Condition | None:
        """The filter apart from its rows, None when there is none.

        Raises:
            UnknownColumnError: a name in it is neither a column nor a parameter.
        """
        if not self._query.filter.strip():
            return None
        if self._condition is None:
            expression = self._computed.expression(self._query.filter)
            for name in expression.names:
                if self._find(name) is None and name not in self._query.parameters:
                    raise unknown_column(self._schema, name)
            self._condition = Condition(expression, self.own_column_of, lambda name: self._find(name) is None,
                                        self._query.parameters)
        return self._condition

    def clauses(self) -> tuple[list[Clause], bool]:
        """The filter's clauses for the scan, and whether they are the whole filter."""
        condition = self.condition()
        return ([], True) if condition is None else condition.clauses()

    def own_column_of(self, name: str) -> str:
        """The table's own column that a name in an expression means, or an empty text."""
        found = self._find(name) if name else None
        return found.columns[0].name if found and not found.steps and not found.is_label else ""

    def _find(self, name: str) -> Path | None:
        return find_path(self._schema, name, self._table.source.schema_of)

    def _path(self, found: Path) -> Reader:
        if not found.steps:
            name = found.columns[0].name
            self.columns[name] = None
            return lambda rows: rows.column(name)
        first, *rest = found.steps
        self.columns.update(dict.fromkeys(first.via))
        lookup = self._table.source.lookup(first.table, first.columns)
        names = tuple(column.name for column in found.columns)

        def read(rows: Rows) -> list[Any]:
            wanted = zip(*(rows.column(name) for name in first.via), strict=True)
            values = [lookup.values(key, tuple(rest), names) for key in wanted]
            return [None if one is None else label_text(list(one)) if found.is_label else one[0] for one in values]

        return read

    def _evaluated(self, expression: Expression) -> Reader:
        readers: dict[str, Reader] = {}
        known: dict[str, Any] = {}
        for name in expression.names:
            found = self._find(name)
            if found is not None:
                readers[name] = self._path(found)
            elif name in self._query.parameters:
                known[name] = self._query.parameters[name]
            else:
                raise unknown_column(self._schema, name)
        if list(readers) == [getattr(expression.tree, "path", "")]:
            return readers[expression.names[0]]
        if len(readers) == 1:
            return _Remembered(expression, *readers.popitem(), known)
        return lambda rows: _run(expression, {name: reader(rows) for name, reader in readers.items()}, known, len(rows))


def _run(expression: Expression, columns: dict[str, Sequence[Any]], known: dict[str, Any], count: int) -> list[Any]:
    values = []
    evaluate = expression.evaluate
    for place in range(count):
        if place % _LOOK == 0:
            check_interrupt()
        values.append(evaluate(
            lambda name, place=place: columns[name][place] if name in columns else known[name]))
    return values


class _Remembered:
    """Reads an expression over one column: what it makes of a value is worked out once.

    Args:
        expression: What is evaluated.
        name: What the column is called in it.
        reader: Reads the column.
        known: Values of the other names.
    """

    def __init__(self, expression: Expression, name: str, reader: Reader, known: dict[str, Any]) -> None:
        self._expression = expression
        self._name = name
        self._reader = reader
        self._values = known
        self._made: dict[type, dict[Any, Any]] = {}

    def __call__(self, rows: Rows) -> Sequence[Any]:
        """The expression's value for each row."""
        column = self._reader(rows)
        kinds = set(map(type, column)) - {type(None)}
        if len(kinds) != 1 or not kinds <= _TELLING:
            return _run(self._expression, {self._name: column}, self._values, len(column))
        made = self._made.setdefault(kinds.pop(), {})
        if len(made) > _MOST_MADE:
            made.clear()
        for place, value in enumerate(dict.fromkeys(column)):
            if place % _LOOK == 0:
                check_interrupt()
            if value not in made:
                made[value] = self._expression.evaluate({**self._values, self._name: value}.__getitem__)
        return [made[value] for value in column]
