"""What a new row holds from the beginning: the values without which the filters would not show it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from kernel.error import EspalierError
from kernel.expression import parse
from kernel.tables.check import fit, problem_of
from kernel.tables.schema import Column, Schema
from kernel.words import mark, say
from widgets.filter import NOTHING

#: What is said where rows belong to another one, and there is none.
NO_MASTER = mark("These rows belong to another one, and none is chosen there. Choose it first")

#: What is said of rows that are not edited where they are.
READ_ONLY = mark("These rows are only shown here; they are not edited in this list")

Filters = list[tuple[str, dict[str, Any]]]


def asked_values(view: Any) -> dict[str, Any]:
    """What the filters of a view ask of a new row by now: column → value."""
    filters = [(view.handle.filter_text, view.handle.parameters), (view.rows.filter_text, view.rows.parameters)]
    given = linked_values(view.handle.schema, filters)
    return {**view.outline.given(), **given} if view.outline is not None else given


def why_not_add(view: Any) -> str:
    """Why the person cannot add a row to a view; empty when that is open."""
    schema = view.handle.schema
    if schema is None or not view.can_edit():
        return (schema.read_only_reason if schema is not None else "") or say(READ_ONLY)
    return view.why_not("add") or (say(NO_MASTER) if lacks_master(view) else "")


def lacks_master(view: Any) -> bool:
    """Whether the view waits for the current row of another one, to which a new row would belong."""
    return NOTHING in (view.handle.filter_text, view.filter.text)


def linked_values(schema: Schema, filters: Filters) -> dict[str, Any]:
    """What a new row must hold to pass the filters: columns that they compare with ``==`` to a value.

    Args:
        schema: The table's.
        filters: Expression text and the values of its outer names.
    """
    values: dict[str, Any] = {}
    for text, parameters in filters:
        for name, value, is_outer in _asked(text, parameters):
            column = None if name in parameters else schema.column(name)
            if column is not None and (is_outer or _may_stand(column, value)):
                values[name] = value if is_outer else fit(column, value)
    return values


def _may_stand(column: Column, value: Any) -> bool:
    """Whether a value that a filter names is one for new rows: two rows cannot have the same key."""
    is_open = not (column.is_key or column.is_generated or column.read_only_reason)
    return value is not None and is_open and not problem_of(column, fit(column, value))


def _asked(text: str, parameters: dict[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    """(name, value, whether an outer name holds it) for all that must hold wherever the filter does."""
    waiting = [parse(text).tree] if text.strip() else []
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            waiting += node.values
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield from _of_comparison(node, parameters)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and _path(node.operand):
            yield _path(node.operand), False, False
        elif _path(node):
            yield _path(node), True, False


def _of_comparison(node: ast.Compare, parameters: dict[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    left, right = node.left, node.comparators[0]
    if isinstance(node.ops[0], ast.In):
        values = _values(right, parameters)
        if _path(left) and values is not None and len(values) == 1:
            yield _path(left), values[0], False
    elif isinstance(node.ops[0], ast.Eq):
        for one, other in ((left, right), (right, left)):
            if _path(one) and _path(other) in parameters:
                yield _path(one), parameters[_path(other)], True
            elif _path(one) and (found := _constant(other)) is not None:
                yield _path(one), found, False


def _values(node: ast.expr, parameters: dict[str, Any]) -> list[Any] | None:
    """The values of a list that is written out, or that an outer name holds."""
    if isinstance(node, ast.List | ast.Tuple):
        return [_constant(one) for one in node.elts]
    found = parameters.get(_path(node))
    return found if isinstance(found, list) else None


def _constant(node: ast.expr) -> Any:
    """What an expression without names comes to, None for every other one."""
    if _path(node):
        return {"true": True, "false": False}.get(_path(node))
    try:
        expression = parse(ast.unparse(node))
        return None if expression.names else expression.evaluate(lambda _name: None)
    except EspalierError:
        return None


def _path(node: ast.expr) -> str:
    """The name that a part of an expression is, or empty."""
    return getattr(node, "path", "") or (node.id if isinstance(node, ast.Name) else "")
