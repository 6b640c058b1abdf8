"""Paths of columns: a column's name, a way through references (``customer.city``), a label (``customer:label``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from kernel.expression.operation import text_of
from kernel.nearest import nearest_names
from kernel.tables.error import UnknownColumnError
from kernel.tables.schema import Column, Reference, Schema

Lookup = Callable[[str], Schema | None]


class Path(NamedTuple):
    """Where a path leads: the references to follow, then the columns of the last table.

    ``columns`` holds one column, or a label's columns when ``is_label``.
    """

    steps: tuple[Reference, ...]
    columns: tuple[Column, ...]
    is_label: bool = False


def find_path(schema: Schema, path: str, lookup: Lookup) -> Path | None:
    """The path's way from a table of that schema, or None when it leads nowhere.

    Args:
        schema: Of the table to start from.
        path: The path's text.
        lookup: Table name → its schema, or None when there is no such table.
    """
    column = schema.column(path)
    if column is not None:
        return Path((), (column,))
    head, separator, tail = path.partition(".")
    if not separator:
        head, separator, tail = path.partition(":")
        if separator and tail != "label":
            return None
    reference = schema.reference(head)
    if reference is None:
        return None
    if not separator:
        column = schema.column(reference.via[0]) if len(reference.via) == 1 else None
        return Path((), (column,)) if column else None
    target = lookup(reference.table)
    if target is None:
        return None
    if separator == ":":
        columns = tuple(column for column in map(target.column, target.label or target.key) if column)
        return Path((reference,), columns, True)
    rest = find_path(target, tail, lookup)
    return rest and rest._replace(steps=(reference, *rest.steps))


def need_path(schema: Schema, path: str, lookup: Lookup) -> Path:
    """As :func:`find_path`.

    Raises:
        UnknownColumnError: it leads nowhere; the hint is the nearest name.
    """
    found = find_path(schema, path, lookup)
    if found is None:
        raise unknown_column(schema, path)
    return found


def unknown_column(schema: Schema, name: str) -> UnknownColumnError:
    """The error for a name that the table does not have, with the nearest one."""
    names = [column.name for column in schema.columns] + [reference.name for reference in schema.references]
    near = nearest_names(name.partition(".")[0], names, 1)
    hint = f"did you mean {near[0]}?" if near and near[0] != name else ""
    return UnknownColumnError(f"{schema.name} has no column {name}", hint=hint)


def label_text(values: list[Any]) -> str | None:
    """A row's label from the values of its label columns; None when all are null."""
    if all(value is None for value in values):
        return None
    return " ".join(text for text in map(text_of, values) if text)
