"""The shapes of a file's tables, read when first needed and again when the schema has changed."""

from __future__ import annotations

import sqlite3

from kernel.nearest import did_you_mean
from kernel.tables.error import UnknownTableError
from kernel.tables.sqlite.introspect import Listed, Shape, list_tables, read_shape


class Shapes:
    """Shapes as one version of the schema has them; ``connection`` is only used while it is handed in."""

    def __init__(self, version: int) -> None:
        self.version = version
        self._shapes: dict[str, Shape] = {}
        self._listed: dict[str, Listed] | None = None
        self.connection: sqlite3.Connection

    def names(self) -> list[str]:
        """All tables and views."""
        return list(self._list())

    def find(self, name: str) -> Shape | None:
        """A table's shape, or None when there is none."""
        if name not in self._shapes:
            listed = self._list().get(name)
            if listed is None:
                return None
            self._shapes[name] = read_shape(self.connection, listed, self._list())
        return self._shapes[name]

    def need(self, name: str) -> Shape:
        """A table's shape.

        Raises:
            UnknownTableError: with the nearest right name.
        """
        shape = self.find(name)
        if shape is None:
            raise UnknownTableError(f"there is no table {name}", hint=did_you_mean(name, self._list()))
        return shape

    def _list(self) -> dict[str, Listed]:
        if self._listed is None:
            self._listed = list_tables(self.connection)
        return self._listed
