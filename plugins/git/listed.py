"""Tables of a repository that are short enough to be made whole: status, branches, files, stashes."""

from __future__ import annotations

from typing import Any

from plugins.api import ListedRows
from plugins.git.repository import Repository


class RepositoryRows(ListedRows):
    """Derive, set ``schema``, give :meth:`listed`; rows are made again once a reference or :meth:`stamp` is another."""

    def __init__(self, repository: Repository) -> None:
        super().__init__()
        self._repository = repository

    def stamp(self) -> Any:
        """See :class:`ListedRows`."""
        return self._repository.references_stamp()
