"""The order of ``git log``, worked out for all commits at once (git help log, "Commit Ordering").

Git takes the newest of the commits that it has met so far, and of equally new ones the first it met. So a commit comes
at its own time, or later, when all that lead to it are older than itself; only those of the same time are looked at
one by one.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from plugins.git.commit_graph import Edges

#: Steps by which times are corrected before it is quicker to go commit by commit.
_MOST_ROUNDS = 32
_NEVER = np.iinfo(np.int64).max
#: Of a whole number that is not below zero.
_BITS = 63


def log_order(times: Any, edges: Edges, heads: Sequence[int]) -> Any:
    """Numbers of the commits that the heads reach, in order.

    Args:
        times: By number.
        edges: Links to parents.
        heads: Numbers, in the order in which they are met.

    Raises:
        ValueError: the links lead in circles.
    """
    is_in = _reached(len(times), edges, heads)
    kept = is_in[edges.child]
    edges = Edges(*(column[kept] for column in edges))
    turns = _turns(times, edges, heads)
    if turns is None:
        return one_by_one(times, edges, heads)
    numbers = np.flatnonzero(is_in)
    order = numbers[rising(-turns[numbers])]
    _settle_ties(order, turns, times, edges, heads)
    return order


def rising(values: Any) -> Any:
    """Places of whole numbers in rising order, equal ones as they stand.

    Where value and place fit into one number, those are sorted: a tenth of the time of numpy's stable order.
    """
    if not len(values):
        return np.empty(0, np.int64)
    low, bits = int(values.min()), len(values).bit_length()
    if (int(values.max()) - low).bit_length() + bits > _BITS:
        return np.argsort(values, kind="stable")
    packed = (values.astype(np.int64) - low) << bits
    packed |= np.arange(len(values))
    packed.sort()
    return packed & ((1 << bits) - 1)


def one_by_one(times: Any, edges: Edges, heads: Sequence[int]) -> Any:
    """The same, as git does it."""
    parents, starts = _by_child(len(times), edges)
    below, ends, newest = parents.tolist(), starts.tolist(), (-times).tolist()
    seen = bytearray(len(times))
    heap: list[tuple[int, int, int]] = []
    found: list[int] = []
    met = 0

    def meet(numbers: Sequence[int]) -> None:
        nonlocal met
        for number in numbers:
            if not seen[number]:
                seen[number] = 1
                met += 1
                heapq.heappush(heap, (newest[number], met, number))

    meet(heads)
    while heap:
        _, _, number = heapq.heappop(heap)
        found.append(number)
        meet(below[ends[number] : ends[number + 1]])
    return np.array(found, np.int64)


def _by_child(count: int, edges: Edges) -> tuple[Any, Any]:
    """Parents in the order of their children and slots, and where those of each child begin."""
    order = rising(edges.child)
    return edges.parent[order], np.searchsorted(edges.child[order], np.arange(count + 1))


def _reached(count: int, edges: Edges, heads: Sequence[int]) -> Any:
    """Which commits the heads reach: all but those that nothing leads to, taken away one after the other."""
    children = np.bincount(edges.parent, minlength=count)
    is_in = np.ones(count, bool)
    is_head = np.zeros(count, bool)
    is_head[list(heads)] = True
    loose = np.flatnonzero((children == 0) & ~is_head).tolist()
    if not loose:
        return is_in
    parents, starts = _by_child(count, edges)
    while loose:
        number = loose.pop()
        is_in[number] = False
        for parent in parents[starts[number] : starts[number + 1]].tolist():
            children[parent] -= 1
            if not children[parent] and not is_head[parent]:
                loose.append(parent)
    return is_in


def _turns(times: Any, edges: Edges, heads: Sequence[int]) -> Any:
    """When each commit comes: at its time, or at that of the first that leads to it, if that one is older.

    None when too many commits are older than their parents.
    """
    turns = times.copy()
    for _ in range(_MOST_ROUNDS):
        met = np.full(len(times), np.iinfo(np.int64).min)
        np.maximum.at(met, edges.parent, turns[edges.child])
        met[list(heads)] = _NEVER
        late = np.unique(edges.parent[turns[edges.parent] > met[edges.parent]])
        if not len(late):
            return turns
        turns[late] = met[late]
    return None


def _settle_ties(order: Any, turns: Any, times: Any, edges: Edges, heads: Sequence[int]) -> None:
    """Put commits of the same turn into the order in which git meets them."""
    ordered = turns[order]
    is_tied = np.zeros(len(order) + 1, bool)
    is_tied[1:-1] = ordered[1:] == ordered[:-1]
    starts = np.flatnonzero(~is_tied[:-1] & is_tied[1:])
    if not len(starts):
        return
    ends = np.flatnonzero(is_tied[:-1] & ~is_tied[1:]) + 1
    place = np.empty(len(turns), np.int64)
    place[order] = np.arange(len(order))
    tied = np.zeros(len(turns), bool)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        tied[order[start:end]] = True
    above, below = _links_of(tied, edges)
    met_first = {head: (-1, at) for at, head in reversed(list(enumerate(heads)))}
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        members = order[start:end].tolist()
        order[start:end] = _met(members, place, times, above, below, met_first, start)
        place[order[start:end]] = np.arange(start, end)


_Links = dict[int, list[tuple[int, int]]]


def _links_of(tied: Any, edges: Edges) -> tuple[_Links, _Links]:
    """Parent → its (children, slots); child → its (slots, parents); of commits that share their turn."""
    above: _Links = defaultdict(list)
    below: _Links = defaultdict(list)
    kept = tied[edges.parent]
    for child, slot, parent in zip(*(column[kept].tolist() for column in edges), strict=True):
        above[parent].append((child, slot))
        below[child].append((slot, parent))
    return above, below


def _met(members: Sequence[int], place: Any, times: Any, above: _Links, below: _Links,
         met_first: dict[int, tuple[int, int]], start: int) -> list[int]:
    """The members of one turn in their order, when all turns before are in theirs."""
    begun: list[tuple[tuple[int, int], int]] = []
    waiting = set(members)
    for number in members:
        links = [(int(place[child]), slot) for child, slot in above[number] if place[child] < start]
        if number in met_first:
            links.append(met_first[number])
        if links:
            begun.append((min(links), number))
            waiting.discard(number)
    heap = [(-int(times[number]), turn, number) for turn, (_, number) in enumerate(sorted(begun))]
    heapq.heapify(heap)
    found: list[int] = []
    count = len(heap)
    while heap:
        _, _, number = heapq.heappop(heap)
        found.append(number)
        for _, parent in sorted(below[number]):
            if parent in waiting:
                waiting.discard(parent)
                heapq.heappush(heap, (-int(times[parent]), count, parent))
                count += 1
    if waiting:
        raise ValueError("the links lead in circles")
    return found
