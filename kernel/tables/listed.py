"""Tables of a plugin that are short enough to be made whole."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Delete, TableChange, Update
from kernel.tables.error import ConflictError, InterruptedCallError
from kernel.tables.interrupt import current
from kernel.tables.local.work import Aside, holding
from kernel.tables.provider import TableProvider
from kernel.words import say


class ListedRows(TableProvider):
    """A table whose rows are made in one go: derive, set ``schema``, give :meth:`listed` and :meth:`stamp`."""

    def __init__(self) -> None:
        self._listed_lock = threading.Lock()
        self._listed_at: Any = None
        #: What is made at the moment, and for which stamp.
        self._listed_making: tuple[Any, Aside] | None = None
        self._listed_rows: Sequence[Sequence[Any]] = ()
        self._listed_places: dict[tuple[Any, ...], int] = {}

    def listed(self) -> Sequence[Sequence[Any]]:
        """All rows, in the schema's order of columns."""
        raise NotImplementedError

    def stamp(self) -> Any:
        """Another value once rows may be others, and never None; cheap. The rows are made again then."""
        raise NotImplementedError

    def version(self) -> Any:
        """See :class:`TableProvider`."""
        return self.stamp()

    def count(self) -> int:
        """See :class:`TableProvider`."""
        return len(self._current())

    def rows(self, start: int, stop: int) -> Sequence[Sequence[Any]]:
        """See :class:`TableProvider`."""
        return self._current()[start:stop]

    def find(self, key: tuple[Any, ...]) -> int | None:
        """See :class:`TableProvider`."""
        self._current()
        return self._listed_places.get(tuple(key))

    def row(self, change: Update | Delete) -> dict[str, Any]:
        """The row that a change means, by column.

        Raises:
            ConflictError: it is gone.
        """
        names = [column.name for column in self.schema.columns]
        rows = self._current()
        place = self._listed_places.get(tuple(change.key))
        if place is None or place >= len(rows):
            none = Block(0, {name: [] for name in names}, [], [])
            raise ConflictError(say("{name} is not there any more", name=" ".join(map(str, change.key))), current=none)
        return dict(zip(names, rows[place], strict=True))

    def everything(self, changes: Sequence[Change]) -> Committed:
        """The answer of a commit after which any row may be another; the key of a new row is not known yet."""
        keys = tuple(tuple(one.key) if isinstance(one, Update | Delete) else ("",) for one in changes)
        return Committed(keys, TableChange(self.schema.name, is_everything=True))

    def _current(self) -> Sequence[Sequence[Any]]:
        with holding(self._listed_lock):
            stamp = self.stamp()
            if stamp != self._listed_at:
                rows = self._listed_rows = self._made(stamp)
                keys = [[column.name for column in self.schema.columns].index(name) for name in self.schema.key]
                self._listed_places = {tuple(row[key] for key in keys): place for place, row in enumerate(rows)}
                self._listed_at = stamp
            return self._listed_rows

    def _made(self, stamp: Any) -> Sequence[Sequence[Any]]:
        """All rows. Who gives up leaves them to who asks next, so that they are never made twice at a time."""
        if current() is None and self._listed_making is None:
            return self.listed()
        if self._listed_making is not None and self._listed_making[0] != stamp:
            self._listed_making[1].wait()
            self._listed_making = None
        if self._listed_making is None:
            self._listed_making = stamp, Aside(self.listed)
        try:
            rows = self._listed_making[1].result()
        except InterruptedCallError:
            raise
        except Exception:
            self._listed_making = None
            raise
        self._listed_making = None
        return rows
