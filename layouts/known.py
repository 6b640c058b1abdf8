"""What the surroundings of a layout know: tables, commands, icons. What is None is not checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from kernel.tables.schema import Schema
from layouts.source_name import beside


class Known(NamedTuple):
    """Names that a layout may use without declaring them.

    Attributes:
        schemas: ``table`` or ``source/table``, as a layout's ``source`` writes it → its schema.
        commands: Ids of the shell's and plugins' commands.
        icons: Icon names; None takes those of resources/icons.toml when something is checked.
        list_files: Answers the layouts that a layout may take, for near misses.
    """

    schemas: Mapping[str, Schema] | None = None
    commands: frozenset[str] | None = None
    icons: frozenset[str] | None = None
    list_files: Callable[[], Iterable[str]] | None = None


def find_path(schemas: Mapping[str, Schema], source: str, path: str) -> bool | None:
    """Whether the path leads to a column of the table; None when a table on the way is not known."""
    schema = schemas.get(source)
    if schema is None:
        return None
    if schema.column(path) or path == "rowid":
        return True
    head, separator, rest = path.partition(".")
    if not separator and ":" in path:
        head, _, rest = path.partition(":")
        return schema.reference(head) is not None and rest == "label"
    reference = schema.reference(head)
    if reference is None:
        return False
    return find_path(schemas, beside(source, schema, reference.table), rest) if separator else True


def paths_of(schema: Schema) -> list[str]:
    """Names that may begin a path: columns and references."""
    return [*(column.name for column in schema.columns), *(reference.name for reference in schema.references)]
