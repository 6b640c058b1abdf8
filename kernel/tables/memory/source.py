"""A source of tables in memory, made from schemas and rows."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from kernel.nearest import did_you_mean
from kernel.tables.change import Committed, Part
from kernel.tables.contract import Check
from kernel.tables.error import SourceError, UnknownTableError
from kernel.tables.listener import Listeners
from kernel.tables.memory.table import MemoryTable
from kernel.tables.schema import Schema


class MemorySource:
    """Tables in memory.

    Args:
        tables: Pairs of a schema and its rows (mappings column → value; columns left out are null). A schema
            without a key gets the hidden key ``rowid``.
    """

    def __init__(self, tables: Iterable[tuple[Schema, Iterable[Mapping[str, Any]]]] = ()) -> None:
        self.lock = threading.RLock()
        self.listeners = Listeners()
        self._is_closed = False
        self._tables: dict[str, MemoryTable] = {}
        #: Commit's id → what it was and its answer; the newest ones.
        self.answers: OrderedDict[str, tuple[tuple[Part, ...], tuple[Committed, ...]]] = OrderedDict()
        for schema, rows in tables:
            self.add(schema, rows)

    def add(self, schema: Schema, rows: Iterable[Mapping[str, Any]] = ()) -> MemoryTable:
        """Add a table.

        Raises:
            ConstraintError: two rows have one key, or a row lacks a required value.
        """
        if not schema.key:
            schema = msgspec.structs.replace(schema, key=("rowid",))
        table = MemoryTable(self, schema, rows)
        self._tables[schema.name] = table
        return table

    def table_names(self) -> list[str]:
        """See :class:`kernel.tables.contract.Source`."""
        self.check_open()
        return list(self._tables)

    def table(self, name: str) -> MemoryTable:
        """See :class:`kernel.tables.contract.Source`."""
        self.check_open()
        if name not in self._tables:
            raise UnknownTableError(f"there is no table {name}", hint=did_you_mean(name, self._tables))
        return self._tables[name]

    def find(self, name: str) -> MemoryTable | None:
        """The table of that name or None."""
        return self._tables.get(name)

    def schema_of(self, name: str) -> Schema | None:
        """The schema of the table of that name, or None."""
        table = self._tables.get(name)
        return table and table.schema

    def all_tables(self) -> list[MemoryTable]:
        """All tables in order."""
        return list(self._tables.values())

    def commit(self, parts: Sequence[Part], *, id: str = "", check: Check | None = None) -> tuple[Committed, ...]:
        """See :meth:`kernel.tables.contract.Source.commit`."""
        from kernel.tables.memory.commit import commit

        with self.lock:
            self.check_open()
            done, is_new = commit(self, parts, id, check)
        for one in done if is_new else ():
            for change in (one.change, *self.listeners.referring(one.change, self.schema_of)):
                self.listeners.notify(change)
        return done

    def check_open(self) -> None:
        """Raise SourceError when the source is closed."""
        if self._is_closed:
            raise SourceError("the source is closed")

    def close(self) -> None:
        """See :class:`kernel.tables.contract.Source`."""
        self._is_closed = True
        self.listeners.clear()

    def describe(self, problem: Exception) -> str:
        """A problem with this source in one sentence."""
        return str(problem)
