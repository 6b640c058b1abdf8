"""Tests of long texts, which are folded piece by piece, answer what the whole text would."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.expression import operation

#: Letters that fold to others, to two or three, and to parts of each other.
LETTERS = st.sampled_from("aAsSßẞſfiﬁﬃΣςİi\u0307ŉn é\u212ak")
WHOLE = {
    "contains": lambda text, part: part in text,
    "matches": lambda text, part: all(word in text for word in part.split()),
    "startswith": str.startswith,
    "endswith": str.endswith,
}


@pytest.mark.parametrize("word", WHOLE)
@given(
    text=st.one_of(st.text(LETTERS, max_size=30), st.text(max_size=30), st.binary(max_size=30)),
    places=st.tuples(st.integers(0, 30), st.integers(0, 8)),
    other=st.one_of(st.none(), st.text(LETTERS, max_size=6)),
    piece=st.integers(1, 9),
)
def test_a_long_text_is_folded_piece_by_piece(word, text, places, other, piece):
    small = (text.decode("ascii", "replace") if isinstance(text, bytes) else text).casefold()
    part = small[places[0] : places[0] + places[1]] if other is None else other
    wanted = not part or WHOLE[word](small, part.casefold())
    with mock.patch.object(operation, "_PIECE", piece):
        assert operation.COMPARISONS[word](text, part) is wanted


@pytest.mark.parametrize("word", ["contains", "matches"])
def test_no_more_than_a_piece_is_folded_at_once(monkeypatch, word):
    folded, fold = [], operation._small

    def noted(text):
        folded.append(len(text))
        return fold(text)

    monkeypatch.setattr(operation, "_small", noted)
    assert not operation.COMPARISONS[word]("É" * 200_000, "x")
    assert sum(folded) == 200_000 and max(folded) <= 1 << 15
