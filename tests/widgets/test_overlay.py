"""A person's arrangement of columns laid over layouts that change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.grid.overlay import Overlay, column_ids, read_overlay, write_overlay

NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)


def test_new_columns_stand_where_the_layout_has_them() -> None:
    overlay = Overlay(order=("c", "a", "b"))
    assert overlay.arranged(["a", "new", "b", "c", "last"]) == ["c", "last", "a", "new", "b"]
    assert overlay.arranged(["first", "a", "b"]) == ["first", "a", "b"]


def test_the_same_column_twice_has_two_ids() -> None:
    assert column_ids(["total", "=a", "total", "total"]) == ["total", "=a", "total#2", "total#3"]


def test_frozen_columns_are_counted_as_they_are_shown() -> None:
    overlay = Overlay(order=("a", "b", "c"), hidden=("b",), frozen=2)
    assert overlay.frozen_count(["a", "b", "c"]) == 1
    assert Overlay().frozen_count(["a", "b"], default=5) == 2


def test_one_column_is_always_shown() -> None:
    assert Overlay(hidden=("a", "b")).shown(["a", "b"]) == ["a"]


def test_what_cannot_be_read_is_left_out() -> None:
    assert read_overlay({"order": 5}) == Overlay() == read_overlay("nonsense")
    assert read_overlay({"widths": {"a": 10**9, "b": -4}}).widths == {"a": 4000, "b": 24}
    assert write_overlay(Overlay()) is None


@given(NAMES, NAMES, NAMES, st.integers(0, 9))
def test_every_column_of_the_layout_is_there_once(order, hidden, layout, frozen) -> None:
    overlay = Overlay(tuple(order), tuple(hidden), frozen=frozen)
    assert sorted(overlay.arranged(layout)) == sorted(layout)
    assert [name for name in overlay.arranged(layout) if name in order] == [name for name in order if name in layout]
    assert set(layout) - set(hidden) <= set(overlay.shown(layout))
    assert 0 <= overlay.frozen_count(layout) <= len(overlay.shown(layout))
    assert read_overlay(write_overlay(overlay) or {}) == overlay
