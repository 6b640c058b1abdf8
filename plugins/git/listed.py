"""Tables of a repository that are short enough to be made whole: status, branches, files, stashes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from plugins.api import TableProvider
from plugins.git.repository import Repository


class ListedRows(TableProvider):
    """Derive, set ``schema``, give :meth:`listed`; rows are made again once :meth:`stamp` is another."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._lock = threading.Lock()
        self._seen: Any = None
        self._rows: Sequence[Sequence[Any]] = ()
        self._places: dict[tuple[Any, ...], int] = {}

    def listed(self) -> Sequence[Sequence[Any]]:
        """All rows, in the schema's order of columns."""
        raise NotImplementedError

    def stamp(self) -> Any:
        """Another value once rows may be others; cheap."""
        return self._repository.references_stamp()

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
        return self._places.get(tuple(key))

    def _current(self) -> Sequence[Sequence[Any]]:
        with self._lock:
            stamp = self.stamp()
            if stamp != self._seen:
                self._rows = self.listed()
                keys = [[column.name for column in self.schema.columns].index(name) for name in self.schema.key]
                self._places = {tuple(row[key] for key in keys): place for place, row in enumerate(self._rows)}
                self._seen = stamp
            return self._rows
