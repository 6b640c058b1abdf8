"""A reference of several columns: one row is chosen by its label, all of its columns are set at once.

The editor stands in the last of the columns; its value is that column's, :meth:`CompoundLookup.others` has the rest.
"""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtWidgets import QWidget

from kernel.tables.query import Query
from kernel.tables.schema import Schema
from widgets.editor.editor import Subject
from widgets.editor.lookup import LookupEditor, column_text, label_query


class CompoundLookup(LookupEditor):
    """Keys are tuples here, in the order of the reference's columns."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        assert subject.reference is not None
        self._via, self._columns = subject.reference.via, subject.reference.columns
        self._own = self._via.index(subject.column.name)
        self._column = self._columns[self._own]
        #: Column of this table → its value.
        self._present: dict[str, Any] = {}
        self._fixed: dict[str, Any] = {}
        self._chosen: tuple[Any, ...] | None = None

    # -- values ---------------------------------------------------------------------------------------------------

    def set_others(self, present: dict[str, Any], fixed: dict[str, Any]) -> None:
        """Tell the values of the other columns, before the own one is set.

        Args:
            present: Column → value.
            fixed: Those that choosing must not change: only rows with these values are offered.
        """
        self._present, self._fixed = dict(present), dict(fixed)

    def others(self) -> dict[str, Any]:
        """What the other columns hold by what was chosen; empty while nothing was."""
        if not self._is_touched or self._chosen is None:
            return {}
        return {via: value for via, value in zip(self._via, self._chosen, strict=True) if via != self._via[self._own]}

    def show_value(self, value: Any) -> None:
        """See :meth:`LookupEditor.show_value`; without the other columns there is no row."""
        self._chosen = None
        super().show_value(value)
        self._picked = self._whole(value)

    def _whole(self, value: Any) -> tuple[Any, ...]:
        return tuple(value if at == self._own else self._present.get(via) for at, via in enumerate(self._via))

    def read(self) -> Any:
        """The own column's part of the row that was picked."""
        self._chosen = super().read()
        return None if self._chosen is None else self._chosen[self._own]

    # -- the table ------------------------------------------------------------------------------------------------

    def query_for(self, schema: Schema, text: str) -> Query:
        """The rows to choose from: those whose fixed columns are as they are here."""
        query = label_query(schema, text, self._columns)
        parts, parameters = [query.filter] if query.filter else [], dict(query.parameters)
        for at, (via, column) in enumerate(zip(self._via, self._columns, strict=True)):
            if self._fixed.get(via) is not None:
                parts.append(f"{column_text(column)} == fixed.value{at}")
                parameters[f"fixed.value{at}"] = self._fixed[via]
        return msgspec.structs.replace(query, filter=" and ".join(parts), parameters=parameters)

    def keys_of(self, answer: Any) -> list[tuple[Any, ...]]:
        """The whole key of each row found."""
        return list(zip(*(answer.columns[column] for column in self._columns), strict=True))

    def key_to_ask(self, value: Any) -> tuple[tuple[str, ...], tuple[Any, ...]]:
        """All of its columns."""
        return self._columns, self._whole(value)

    def tip(self, picked: Any) -> str:
        """All that is stored."""
        return ", ".join(f"{column} {value}" for column, value in zip(self._columns, picked, strict=True))
