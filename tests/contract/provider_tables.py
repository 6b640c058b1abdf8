"""Tables of the contract as a plugin would make them."""

from __future__ import annotations

import msgspec

from kernel.tables.local.source import LocalSource
from kernel.tables.provider import ProviderScan, TableProvider


class ListProvider(TableProvider):
    """Rows of a list, read only; of unknown count unless ``is_counted``."""

    def __init__(self, schema, rows, is_counted=False, is_numbered=False):
        key = ("rowid",) if is_numbered else schema.key
        self.schema = msgspec.structs.replace(schema, key=key, is_editable=False)
        self._rows = rows
        self._is_counted = is_counted

    def rows(self, start, stop):
        return self._rows[start:stop]

    def count(self):
        return len(self._rows) if self._is_counted else None


class FindingProvider(ListProvider):
    """Finds a row by its key, and answers rows as plain sequences."""

    def rows(self, start, stop):
        return [[row.get(column.name) for column in self.schema.columns] for row in self._rows[start:stop]]

    def find(self, key):
        return next((place for place, row in enumerate(self._rows) if (row["id"],) == key), None)


def provided(tables, kind=ListProvider, **how):
    """A source of the tables."""
    return LocalSource({schema.name: ProviderScan(kind(schema, rows, **how)) for schema, rows in tables})
