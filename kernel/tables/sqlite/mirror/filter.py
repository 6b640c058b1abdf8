"""Filters over mirrored columns: an expression is asked once for each value of a column, not for each row.

``and``, ``or`` and ``not`` join what was found; each of their parts must read one column that repeats its values, or
look for a text in an ASCII column.
"""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from kernel.expression.operation import truth
from kernel.expression.rebuilt import rebuilt
from kernel.tables.query import Query
from kernel.tables.sqlite.coding import Few, Whole
from kernel.tables.sqlite.mirror.column import STRETCH, Column
from kernel.tables.sqlite.mirror.find import PlanOf, Wanted, columns
from kernel.tables.sqlite.mirror.text import TextColumn
from kernel.tables.sqlite.search import own_column_read, sought_text
from kernel.tables.sqlite.stop import check_interrupt

if TYPE_CHECKING:
    from kernel.tables.sqlite.connection import Connections, Reader

#: Values of a column for each of which an expression is asked.
MOST_VALUES = 10_000
#: Values asked between two looks whether to stop.
_STEP = 500


def matching(connections: Connections, reader: Reader, plan_of: PlanOf, query: Query, count: int) -> np.ndarray | None:
    """For each row in the table's order whether it passes the filter; None when the mirror does not know."""
    return _Filter(connections, reader, plan_of, count).of(plan_of(reader).filter(query).tree)


def values_of(column: Column, wanted: Wanted) -> list[Any] | None:
    """The stored values that the numbers of a column stand for; None when they are too many or not told by it."""
    coding = column.coding
    if isinstance(coding, Few):
        return coding.texts
    if not isinstance(coding, Whole) or column.size > MOST_VALUES or wanted.codec is None:
        return None
    if not coding.digits:
        return [None, *range(column.least, column.least + column.size - 1)]
    if coding.digits != wanted.codec.scale:
        return None
    return [None, *(units / 10**coding.digits for units in range(column.least, column.least + column.size - 1))]


class _Filter:
    def __init__(self, connections: Connections, reader: Reader, plan_of: PlanOf, count: int) -> None:
        self._plan_of = plan_of
        self._plan = plan_of(reader)
        self._count = count
        self._columns = functools.partial(columns, connections, reader, plan_of)

    def of(self, node: ast.expr) -> np.ndarray | None:
        if isinstance(node, ast.BoolOp):
            parts = [self.of(value) for value in node.values]
            join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
            return None if any(part is None for part in parts) else functools.reduce(join, parts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            part = self.of(node.operand)
            return None if part is None else ~part
        return self._leaf(node)

    def _leaf(self, node: ast.expr) -> np.ndarray | None:
        read, value = self._plan.evaluator(rebuilt(node))
        if not read:
            return np.full(self._count, truth(value(())))
        column = own_column_read(self._plan, read)
        if column is None:
            return None
        wanted = Wanted(*column)
        text = sought_text(self._plan, node, column[1])
        if text is not None:
            found = self._columns([wanted._replace(is_text=True)])
            return found[0].containing(text) if found and isinstance(found[0], TextColumn) else None
        found = self._columns([wanted])
        values = values_of(found[0], wanted) if found and isinstance(found[0], Column) else None
        if values is None or len(values) > MOST_VALUES:
            return None
        answers = np.empty(len(values), bool)
        for index, stored in enumerate(values):
            if index % _STEP == 0:
                check_interrupt()
            answers[index] = truth(value((stored,)))
        mask = np.empty(self._count, bool)
        for start in range(0, self._count, STRETCH):
            check_interrupt()
            mask[start : start + STRETCH] = answers[found[0].numbers(start, start + STRETCH)]
        return mask
