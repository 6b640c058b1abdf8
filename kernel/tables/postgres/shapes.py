"""The shapes of a database's tables: read when first needed, and again when its schema has changed."""

from __future__ import annotations

from kernel.nearest import did_you_mean
from kernel.tables.error import UnknownTableError
from kernel.tables.postgres.connection import Connection, is_unicode_at
from kernel.tables.postgres.introspect import Relation, Shape, read_shape


class Shapes:
    """Shapes as one state of the schema has them; ``connection`` reads those that are not known yet."""

    def __init__(self, connection: Connection, relations: dict[str, Relation], known: dict[str, Shape]) -> None:
        self.relations = relations
        #: Whether the database holds texts as UTF-8; in others they are compared and ordered here.
        self.is_unicode = is_unicode_at(connection)
        self._connection = connection
        self._known = known

    def find(self, name: str) -> Shape | None:
        """A table's shape, or None when there is none."""
        if name not in self.relations:
            return None
        if name not in self._known:
            self._known[name] = read_shape(self._connection, name, self.relations)
        return self._known[name]

    def need(self, name: str) -> Shape:
        """A table's shape.

        Raises:
            UnknownTableError: with the nearest right name.
        """
        shape = self.find(name)
        if shape is None:
            raise UnknownTableError(f"there is no table {name}", hint=did_you_mean(name, self.relations))
        return shape
