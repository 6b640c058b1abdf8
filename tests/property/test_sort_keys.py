"""Ranks of rows by their keys are the order of values, however far one key goes along with another."""

from __future__ import annotations

from decimal import Decimal
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.tables import order
from kernel.tables.local.keys import Keys
from kernel.tables.order import order_key

STEMS = st.builds(lambda letter, count: letter * count, st.sampled_from("aé\0"), st.sampled_from([6, 7, 8, 15, 23]))
TEXTS = st.builds(lambda stem, end: stem + end, STEMS, st.sampled_from(["", "b", "\0", "\0b", "é", "bc"]))
ODD = (10, 11, 110, 2**63 - 1, 0.1, -0.0, Decimal("0.1"), Decimal("1E+9"))
NUMBERS = st.one_of(st.integers(), st.sampled_from(ODD))


@pytest.mark.parametrize("kind", ["text", "integer", "decimal", "real"])
@given(values=st.lists(st.one_of(st.none(), TEXTS, NUMBERS), max_size=12), cut=st.integers(0, 12))
def test_ranks(kind, values, cut):
    keys = Keys(kind)
    keys.extend(values[:cut])
    keys.extend(values[cut:])
    ranks = keys.ranks().tolist()
    wanted = [order_key(value) for value in values]
    for one, rank in zip(wanted, ranks, strict=True):
        assert [other < one for other in wanted] == [other < rank for other in ranks]


@given(text=st.text(st.one_of(st.characters(), st.sampled_from("ΣςﬁßİÉe\u0301")), max_size=40), piece=st.integers(1, 9))
def test_the_key_of_a_long_text_is_made_piece_by_piece(text, piece):
    whole = order.text_key(text)
    with mock.patch.object(order, "_PIECE", piece):
        assert order.text_key(text) == whole
