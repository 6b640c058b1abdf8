"""The commits of a repository in git's order, walked only as far as somebody looks."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pygit2
from pygit2.enums import SortMode

from plugins.git.repository import Repository

#: Bytes of a SHA-1; of repositories with SHA-256 libgit2 opens none yet.
_WIDTH = 20


class History:
    """Commits reachable from the heads, newest first, as ``git log`` lists them (``git help log``, "Commit Ordering").

    Args:
        repository: Where.
        heads: Ids to start from.
    """

    def __init__(self, repository: Repository, heads: Sequence[str]) -> None:
        self._repository = repository
        self._heads = tuple(heads)
        self._lock = threading.Lock()
        self._ids = bytearray()
        self._places: dict[bytes, int] = {}
        self._walk: Iterator[Any] | None = None
        #: Whether the first commit of all has been reached.
        self.is_whole = not heads
        #: Why the walk ended early: an object that is damaged or missing; empty while all is well.
        self.trouble = ""

    def __len__(self) -> int:
        """How many commits are known by now."""
        return len(self._ids) // _WIDTH

    def reach(self, stop: int) -> int:
        """Walk until ``stop`` commits are known, or to the end.

        Returns:
            How many are known.
        """
        with self._lock:
            missing = stop - len(self)
            if missing > 0 and not self.is_whole:
                self._extend(missing)
            return len(self)

    def id(self, position: int) -> str:
        """The id of a commit that is known."""
        return bytes(self._ids[position * _WIDTH : (position + 1) * _WIDTH]).hex()

    def ids(self, start: int, stop: int) -> list[str]:
        """Ids of commits, walked to when need be; fewer at the end."""
        known = self.reach(stop)
        return [self.id(position) for position in range(start, min(stop, known))]

    def find(self, identity: str) -> int | None:
        """Where a commit stands; the whole history is walked for one that is not in it."""
        try:
            raw = bytes.fromhex(identity)
        except ValueError:
            return None
        while True:
            with self._lock:
                place = self._places.get(raw)
            if place is not None or self.is_whole:
                return place
            self.reach(len(self) + 4096)

    def _extend(self, missing: int) -> None:
        # The walk has a repository of its own, and the lock lets one thread walk at a time.
        if self._walk is None:
            self._walk = self._begin()
        places, ids, known = self._places, self._ids, len(self)
        try:
            for commit in self._walk:
                raw = commit.id.raw
                places[raw] = known
                ids += raw
                known += 1
                missing -= 1
                if not missing:
                    return
        except (pygit2.GitError, KeyError, ValueError) as error:
            self.trouble = str(error)
        self.is_whole = True

    def _begin(self) -> Iterator[Any]:
        repository = pygit2.Repository(str(self._repository.folder))
        # libgit2 puts each head before the ones told earlier and sorts only what follows, so the newest comes last.
        heads = sorted(self._heads, key=lambda head: repository[head].commit_time)
        walk = repository.walk(heads[0], SortMode.NONE)
        for head in heads[1:]:
            walk.push(head)
        return walk
