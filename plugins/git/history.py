"""The commits of a repository in git's order: the first ones walked, further ones known at once where git wrote them.

Memory for a million commits: 20 MB and the mapped file where there is one, 40 MB where they are walked.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pygit2

from plugins.git.repository import Repository
from plugins.git.walked import WIDTH, Walked, met

if TYPE_CHECKING:
    from plugins.git.ordered import Ordered

#: So many commits are walked before git's files are asked for: it is quicker, and needs no numpy.
_FIRST = 4096
#: Commits that are walked in one go, between which others may ask.
_STEP = 4096


class History:
    """Commits reachable from the heads, newest first, as ``git log`` lists them (``git help log``, "Commit Ordering").

    Args:
        repository: Where.
        heads: Ids to start from.

    Attributes:
        rows: What is known of them.
    """

    def __init__(self, repository: Repository, heads: Sequence[str]) -> None:
        self._repository = repository
        self._heads = met(repository.open(), heads)
        self._lock = threading.Lock()
        self._can_order = True
        self.rows: Walked | Ordered = Walked(repository.folder, self._heads, repository.whole.check)

    @property
    def is_whole(self) -> bool:
        """Whether the first commit of all has been reached."""
        return self.rows.is_whole

    @property
    def trouble(self) -> str:
        """Why the history ends early; empty while all is well."""
        return self.rows.trouble

    def __len__(self) -> int:
        """How many commits are known by now."""
        return len(self.rows)

    def reach(self, stop: int) -> int:
        """Have ``stop`` commits known, or all.

        Returns:
            How many are known.
        """
        while len(self) < stop and not self.is_whole:
            with self._lock:
                missing = stop - len(self)
                if missing > 0 and not self.is_whole and not (stop > _FIRST and self._order()):
                    assert isinstance(self.rows, Walked)
                    self.rows.extend(min(missing, _STEP))
        return len(self)

    def id(self, position: int) -> str:
        """The id of a commit that is known."""
        return self.rows.id(position)

    def ids(self, start: int, stop: int) -> list[str]:
        """Ids of commits, reached when need be; fewer at the end."""
        known = self.reach(stop)
        return [self.id(position) for position in range(start, min(stop, known))]

    def find(self, identity: str) -> int | None:
        """Where a commit stands; the whole history is looked through for one that is not in it."""
        try:
            raw = bytes.fromhex(identity)
        except ValueError:
            return None
        seen = -1
        while len(raw) == WIDTH and len(self) > seen:
            seen, is_whole = len(self), self.is_whole
            place = self.rows.find(raw)
            if place is not None or is_whole:
                return place
            self.reach(seen + _STEP)
        return None

    def _order(self) -> bool:
        """Know all commits at once from what git wrote; False where that cannot be."""
        if not self._can_order:
            return False
        self._can_order = False
        try:
            ordered = self._ordered()
        except (OSError, ValueError, KeyError, pygit2.GitError):
            return False  # no such file, or one that is not to be relied on: the commits themselves are walked
        if ordered is None or any(ordered.id(row) != self.id(row) for row in range(len(self))):
            return False
        self.rows = ordered
        return True

    def _ordered(self) -> Ordered | None:
        repository, common = self._repository.open(), self._repository.common
        # What cuts a history off is not in the files (git help commit-graph).
        if any((common / name).exists() for name in ("shallow", "info/grafts")):
            return None
        from plugins.git.commit_graph import CommitGraph
        from plugins.git.ordered import Ordered

        return Ordered(CommitGraph(common / "objects"), repository, self._heads)
