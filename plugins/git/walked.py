"""Commits in git's order, walked one after the other: what is known of them so far, in columns."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import pygit2
from pygit2.enums import ObjectType

from plugins.api import TableError

#: Bytes of a SHA-1; of repositories with SHA-256 libgit2 opens none yet.
WIDTH = 20
#: Rows after which the graph's lanes are put in order anew, so that they can be drawn from there.
BLOCK = 512


class Links(Protocol):
    """What lanes are drawn from; a commit has a number that stays, and so have those that nobody has come to yet."""

    def links(self, start: int, stop: int) -> Sequence[tuple[int, Sequence[int]]]:
        """Numbers of the rows' commits and of their parents; the rows are known."""

    def awaited(self, row: int) -> Sequence[int]:
        """Numbers that rows above ``row``, the first one of a block, lead to and that come there or later.

        The one that was met last comes first, which is the line that goes on.
        """


class Walked:
    """Commits reachable from the heads; about 150 bytes each, and 40 once all are known.

    Each is read once: libgit2's own walk reads it twice, and keeps 800 bytes of it.

    Args:
        folder: The repository's.
        heads: Ids to start from, in the order in which a log meets them.
        check: Raises an exception for an id that is not to be read.

    Attributes:
        is_whole: Whether the first commit of all has been reached.
        trouble: Why the walk ended early: an object that is damaged or missing; empty while all is well.
    """

    def __init__(self, folder: Path, heads: Sequence[str], check: Callable[[str], None] = lambda _: None) -> None:
        self._folder, self._heads, self._check = folder, heads, check
        self._repository: Any = None
        #: Commits that are next, the newest first, of equally new ones the first that was met.
        self._next: list[tuple[int, int, Any]] = []
        self._seen: set[bytes] = set()
        #: Heads that are still to come, though they were met.
        self._first = {bytes.fromhex(head) for head in heads}
        self._ids = bytearray()
        self._numbers, self._parents, self._ends = array("i"), array("i"), array("q", [0])
        #: Id of a commit that is still to come → its number, the last row that leads to it, and which parent it is.
        self._pending: dict[bytes, tuple[int, int, int]] = {}
        self._met = 0
        self._awaited: list[array[int]] = [array("i")]
        self.is_whole = not heads
        self.trouble = ""

    def __len__(self) -> int:
        return len(self._ends) - 1

    def id(self, position: int) -> str:
        """A commit's id."""
        return bytes(self._ids[position * WIDTH : (position + 1) * WIDTH]).hex()

    def find(self, identity: bytes) -> int | None:
        """Where a commit stands among those that are known."""
        at = self._ids.find(identity)
        while at >= 0 and at % WIDTH:
            at = self._ids.find(identity, at + 1)
        return at // WIDTH if at >= 0 else None

    def links(self, start: int, stop: int) -> Sequence[tuple[int, Sequence[int]]]:
        """See :class:`Links`."""
        ends = self._ends
        return [(self._numbers[row], self._parents[ends[row] : ends[row + 1]]) for row in range(start, stop)]

    def awaited(self, row: int) -> Sequence[int]:
        """See :class:`Links`."""
        return self._awaited[row // BLOCK]

    def extend(self, count: int) -> None:
        """Walk on by so many commits, or to the end; one thread at a time."""
        try:
            if self._repository is None:
                self._begin()
            while self._next and count:
                _, _, commit = heapq.heappop(self._next)
                parents = [parent.raw for parent in commit.parent_ids]
                self._take(commit.id.raw, parents)
                count -= 1
                for parent in parents:
                    if parent not in self._seen:
                        self._meet(parent)
        except (pygit2.GitError, KeyError, ValueError, TableError) as error:
            self.trouble = str(error)
            self._next.clear()
        if not self._next:
            self.is_whole = True
            self._seen, self._pending = set(), {}

    def _begin(self) -> None:
        pygit2.settings.cache_object_limit(ObjectType.COMMIT, 0)
        self._repository = pygit2.Repository(str(self._folder))
        for head in self._heads:
            self._meet(bytes.fromhex(head))

    def _meet(self, identity: bytes) -> None:
        self._seen.add(identity)
        self._check(identity.hex())
        commit = self._repository[pygit2.Oid(identity)]
        heapq.heappush(self._next, (-commit.commit_time, len(self._seen), commit))

    def _take(self, identity: bytes, parents: Sequence[bytes]) -> None:
        row, pending = len(self), self._pending
        awaited = pending.pop(identity, None)
        self._first.discard(identity)
        self._numbers.append(self._new() if awaited is None else awaited[0])
        for slot, parent in enumerate(parents):
            known = pending.get(parent)
            if known is None and parent in self._seen and parent not in self._first:
                continue  # it is newer than its child, and stands above
            number = self._new() if known is None else known[0]
            pending[parent] = number, row, slot
            self._parents.append(number)
        self._ids += identity
        if (row + 1) % BLOCK == 0:
            waiting = sorted(pending.values(), key=lambda one: (-one[1], one[2]))
            self._awaited.append(array("i", [number for number, _, _ in waiting]))
        # NOTE: this makes the row known, to other threads too.
        self._ends.append(len(self._parents))

    def _new(self) -> int:
        self._met += 1
        return self._met


def met(repository: Any, heads: Sequence[str]) -> list[str]:
    """Heads in the order in which a log meets them: the newest first, else as they are told."""
    return sorted(heads, key=lambda head: -repository[head].commit_time)
