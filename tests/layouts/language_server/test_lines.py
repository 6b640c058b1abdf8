"""Places of a text in the units of the protocol."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.error import Where
from layouts.language_server.lines import Lines

TEXT = "a🌿b\r\nüx\u2028y\n\rlast"


@pytest.mark.parametrize(
    ("encoding", "offset", "place"),
    [
        ("utf-16", 2, (0, 3)),
        ("utf-8", 2, (0, 5)),
        ("utf-32", 2, (0, 2)),
        ("utf-16", 8, (1, 3)),  # a line separator ends no line of an editor
        ("utf-8", 6, (1, 2)),
        ("utf-16", 10, (2, 0)),
        ("utf-16", 11, (3, 0)),
    ],
)
def test_places(encoding: str, offset: int, place: tuple[int, int]) -> None:
    lines = Lines(TEXT, encoding)
    assert lines.place(offset) == place
    assert lines.offset(*place) == offset


def test_places_beyond_a_line_mean_its_end() -> None:
    lines = Lines(TEXT)
    assert lines.offset(0, 99) == 3
    assert lines.offset(99, 0) == len(TEXT)
    assert lines.offset_of(Where("", 1, 99)) == 3
    assert lines.offset_of(Where("", 2, 2)) == 6


@given(st.text(alphabet="a🌿ü\n\r\u2028", max_size=12), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_every_place_leads_back(text: str, encoding: str) -> None:
    lines = Lines(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":  # within a line's end there is no place
            assert lines.offset(*lines.place(offset)) == offset
