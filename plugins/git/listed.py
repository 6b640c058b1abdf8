"""What tables of a repository derive from: those that are made whole (status, branches), and those of one file."""

from __future__ import annotations

from typing import Any

from plugins.api import ListedRows
from plugins.git.keyed import KeyedRows
from plugins.git.repository import Repository


class RepositoryRows(ListedRows):
    """Derive, set ``schema``, give :meth:`listed`; rows are made again once a reference or :meth:`stamp` is another."""

    def __init__(self, repository: Repository) -> None:
        super().__init__()
        self._repository = repository

    def stamp(self) -> Any:
        """See :class:`ListedRows`."""
        return self._repository.references_stamp()


class FileRows(KeyedRows):
    """Rows of one file; derive, set ``schema``, give :meth:`rows_of`."""

    column = "file"

    def __init__(self, repository: Repository) -> None:
        super().__init__()
        self._repository = repository

    def stamp(self) -> Any:
        """New commits may say something else."""
        return self._repository.references_stamp()

    def find(self, key: tuple[Any, ...]) -> int | None:
        """Where a row of the file stands."""
        return self.place_of(key[0], lambda row: row[1] == key[1])
