"""What the surroundings of a layout know: tables, commands, icons. What is None is not checked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from kernel.tables.schema import Schema
from layouts.source_name import beside


class Offer:
    """What there is; read when something is required.

    Args:
        read: Answers the shell's version, and plugin → version.
        permissions: Answers what the app asks for; None where nobody knows the app.
    """

    def __init__(
        self,
        read: Callable[[], tuple[str, Mapping[str, str]]],
        permissions: Callable[[], Collection[str]] | None = None,
    ) -> None:
        self._read, self._permissions = read, permissions
        self._found: tuple[str, Mapping[str, str]] | None = None

    def version(self, subject: str) -> str | None:
        """The version of what is called so (``plugin chart``); empty where it has none, None where it is missing."""
        word, _, name = subject.partition(" ")
        if word == "interface":
            from layouts.plugin_manifest import API_VERSION

            return str(API_VERSION)
        if word == "permission":
            return "" if self._permissions is None or name in self._permissions() else None
        if self._found is None:
            self._found = self._read()
        shell, plugins = self._found
        return shell if word == "shell" else plugins.get(name)


class Known(NamedTuple):
    """Names that a layout may use without declaring them.

    Attributes:
        schemas: ``table`` or ``source/table``, as a layout's ``source`` writes it → its schema.
        commands: Ids of the shell's and plugins' commands.
        icons: Icon names; None takes those of resources/icons.toml when something is checked.
        list_files: Answers the layouts that a layout may take, for near misses.
        offer: What a widget may require.
    """

    schemas: Mapping[str, Schema] | None = None
    commands: frozenset[str] | None = None
    icons: frozenset[str] | None = None
    list_files: Callable[[], Iterable[str]] | None = None
    offer: Offer | None = None


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
