"""Labels of hints: none begins another, and no others would take fewer letters."""

from __future__ import annotations

import heapq
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.hints.letters import HOME_ROW, extend, labels, letters_of, share

LETTERS = st.integers(2, 20).map(lambda count: "asdfghjklqwertyuiopz"[:count])


def is_prefix_free(words: list[str]) -> bool:
    """Of sorted words, one that begins another stands right before one that it begins."""
    return not any(after.startswith(before) for before, after in pairwise(sorted(words)))


def least_letters(count: int, base: int) -> int:
    """The letters that so many labels take at least: Huffman's, whose words are of equal weight."""
    if count == 1:
        return 1
    heap = [(1, 0)] * count + [(0, 0)] * (-(count - 1) % (base - 1) if base > 2 else 0)
    heapq.heapify(heap)
    while len(heap) > 1:
        taken = [heapq.heappop(heap) for _ in range(base)]
        weight = sum(one[0] for one in taken)
        heapq.heappush(heap, (weight, sum(one[1] for one in taken) + weight))
    return heap[0][1]


@given(st.integers(1, 700), LETTERS)
def test_labels_are_the_shortest_of_which_none_begins_another(count: int, letters: str) -> None:
    made = labels(count, letters)
    assert len(made) == len(set(made)) == count
    assert is_prefix_free(made)
    assert sum(map(len, made)) == least_letters(count, len(letters))
    assert [*map(len, made)] == sorted(map(len, made)) and set("".join(made)) <= set(letters)


@given(
    st.integers(0, 200), st.lists(st.integers(1, 200), max_size=5),
    st.integers(3, 12).map(lambda count: "asdfghjklqwe"[:count]), st.booleans(),
)  # fmt: skip
def test_labels_that_come_later_change_none(now: int, later: list[int], letters: str, is_late_first: bool) -> None:
    begin, first, heads = share(len(later), letters, is_late_first=is_late_first and bool(later))
    made = extend(begin, now, first, letters)
    for head, count in zip(heads, later, strict=True):
        made += extend(head, count, letters if head else letters[:-1], letters)
    assert len(made) == now + sum(later)
    assert is_prefix_free(made)


@pytest.mark.parametrize(
    ("text", "letters"), [("asdf", "asdf"), ("AsA d", "asd"), ("a", HOME_ROW), ("", HOME_ROW), ("1;", HOME_ROW)]
)
def test_letters_of_the_option(text: str, letters: str) -> None:
    assert letters_of(text) == letters
