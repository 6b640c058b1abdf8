"""Column widths for a room: nothing cut that could fit, nothing empty that could be used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.grid.fit import Wish, fit_widths

NUMBER = Wish(100, 60, 60, False)
TEXT = Wish(200, 150, 96, True)


@pytest.mark.parametrize(
    ("room", "widths"),
    [
        (300, [100, 200]),  # as wanted
        (500, [100, 400]),  # the text takes what is left over
        (210, [60, 150]),  # what each needs
        (160, [60, 100]),  # the text gives way
        (156, [60, 96]),  # at the least
        (100, [60, 96]),  # it does not fit: it scrolls, and no text takes more than its share
    ],
)
def test_a_number_and_a_text(room: int, widths: list[int]) -> None:
    assert fit_widths([NUMBER, TEXT], room) == widths


def test_a_column_that_is_cut_grows_before_the_others_do() -> None:
    assert fit_widths([Wish(100, 180, 96, True), Wish(100, 40, 40, False)], 280) == [180, 100]


def test_columns_of_the_persons_own_widths_stay() -> None:
    pinned = Wish(120, 120, 120, False)
    assert fit_widths([pinned, TEXT], 500) == [120, 380]
    assert fit_widths([pinned, pinned], 500) == [120, 120]


wishes = st.builds(
    lambda wanted, needed, least, is_flexible: Wish(wanted, needed, min(least, wanted), is_flexible),
    st.integers(32, 400), st.integers(32, 400), st.integers(32, 120), st.booleans(),
)  # fmt: skip


@given(st.lists(wishes, min_size=1, max_size=12), st.integers(0, 3000))
def test_the_room_is_filled_when_a_text_is_there_and_never_overrun_when_all_fits(found: list[Wish], room: int) -> None:
    widths = fit_widths(found, room)
    assert all(width >= min(wish.least, wish.wanted) for width, wish in zip(widths, found, strict=True))
    if sum(wish.wanted for wish in found) <= room:
        assert sum(widths) <= room
        if any(wish.is_flexible for wish in found):
            assert sum(widths) == room
