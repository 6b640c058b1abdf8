"""Commits in git's order where git wrote down all parents and times: the whole history at once, whatever its length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from plugins.git.commit_graph import CommitGraph, Edges
from plugins.git.log_order import log_order, rising

#: Commits newer than the files that are read one by one; beyond them walking is as good.
_MOST_NEW = 50_000


class Ordered:
    """All commits that the heads reach; about 20 bytes each, and the files themselves, mapped.

    Args:
        graph: What git wrote.
        repository: A :class:`pygit2.Repository`, for commits that are newer.
        heads: Ids, in the order in which a log meets them.

    Raises:
        ValueError: the files do not fit, or do not help; KeyError: an object is missing.
    """

    is_whole, trouble = True, ""

    def __init__(self, graph: CommitGraph, repository: Any, heads: Sequence[str]) -> None:
        self._graph = graph
        self._new: dict[bytes, int] = {}
        times, edges = self._with_new(repository, heads)
        numbers = [self._number(bytes.fromhex(head)) for head in heads]
        order = log_order(times, edges, [number for number in numbers if number is not None])
        self._order = order.astype(np.int32)
        self._new_ids = list(self._new)
        self._place = np.full(len(times), -1, np.int32)
        self._place[order] = np.arange(len(order), dtype=np.int32)
        self._child, self._parent = self._placed(edges)

    def _with_new(self, repository: Any, heads: Sequence[str]) -> tuple[Any, Edges]:
        """Times and links of the files, and of what is newer than they are."""
        times: list[int] = []
        links: list[tuple[int, int, bytes]] = []
        waiting = [bytes.fromhex(head) for head in heads]
        while waiting:
            identity = waiting.pop()
            if self._number(identity) is not None:
                continue
            number = self._new[identity] = len(self._graph) + len(self._new)
            if len(self._new) > _MOST_NEW:
                raise ValueError("too much is newer than the files")
            commit = repository[identity.hex()]
            times.append(commit.commit_time)
            for slot, parent in enumerate(commit.parent_ids):
                links.append((number, slot, parent.raw))
                waiting.append(parent.raw)
        rows = [(child, slot, self._number(parent)) for child, slot, parent in links]
        new = np.array(rows, np.int32).reshape(-1, 3).T
        edges = Edges(*(np.concatenate(pair) for pair in zip(self._graph.edges(), new, strict=True)))
        return np.concatenate([self._graph.times(), np.array(times, np.int64)]), edges

    def _number(self, identity: bytes) -> int | None:
        number = self._new.get(identity)
        return self._graph.find(identity) if number is None else number

    def _placed(self, edges: Edges) -> tuple[Any, Any]:
        """Rows of children, in order, and of their parents; without links that lead up, which nobody can draw."""
        child, parent = self._place[edges.child], self._place[edges.parent]
        kept = (child >= 0) & (child < parent)
        child, parent = child[kept], parent[kept]
        by_row = rising(child)  # links of one child stand in the order of its parents
        return child[by_row], parent[by_row]

    def __len__(self) -> int:
        return len(self._order)

    def id(self, position: int) -> str:
        """A commit's id."""
        number = int(self._order[position])
        known = len(self._graph)
        return (self._graph.id(number) if number < known else self._new_ids[number - known]).hex()

    def find(self, identity: bytes) -> int | None:
        """Where a commit stands."""
        number = self._number(identity)
        place = -1 if number is None else int(self._place[number])
        return place if place >= 0 else None

    def links(self, start: int, stop: int) -> Sequence[tuple[int, Sequence[int]]]:
        """See :class:`Links`; a commit's number is its row."""
        ends = np.searchsorted(self._child, np.arange(start, stop + 1)).tolist()
        parents = self._parent[ends[0] : ends[-1]].tolist()
        first = ends[0]
        return [(row, parents[ends[at] - first : ends[at + 1] - first]) for at, row in enumerate(range(start, stop))]

    def awaited(self, row: int) -> Sequence[int]:
        """See :class:`Links`."""
        end = int(np.searchsorted(self._child, row))
        waiting = np.flatnonzero(self._parent[:end] >= row)
        last_first = waiting[np.argsort(-self._child[waiting], kind="stable")]
        return list(dict.fromkeys(self._parent[last_first].tolist()))
