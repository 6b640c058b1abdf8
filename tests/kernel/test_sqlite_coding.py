"""Parts of columns as whole numbers: the same texts and numbers again, and in the same order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.tables.order import text_key
from kernel.tables.sqlite import listed
from kernel.tables.sqlite.coding import Few, Many, MoreLettersError, Whole, WiderError, with_letters
from kernel.tables.sqlite.joined import BORDER, NULL, key_words_of, numbers_of, words_of
from kernel.tables.sqlite.listed import TextList, TooManyError
from kernel.tables.sqlite.part_row import MisfitError

LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1e\x1f"), max_size=15)
TEXTS = st.lists(LETTERS, min_size=1, max_size=30)


def _joined(texts) -> bytes:
    return BORDER.join(NULL if text is None else text.encode() for text in texts)


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_listed_texts_are_found_again(parts):
    known = TextList()
    for texts in parts:
        numbers = known.numbers(_joined(texts), len(texts)).tolist()
        assert [known.texts[number].decode() for number in numbers] == texts
    assert len(set(known.texts)) == len(known.texts)


def test_many_listed_texts_are_found_again(monkeypatch):
    known = TextList()
    for count in (10, 1000, 3000, 500):
        texts = [f"text {n * 7919 % count} of many" for n in range(4000)]
        assert [known.texts[number].decode() for number in known.numbers(_joined(texts), 4000)] == texts
    monkeypatch.setattr(listed, "MOST_TEXTS", 4000)
    with pytest.raises(TooManyError):
        known.numbers(_joined([f"{n}" for n in range(5000)]), 5000)


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), LETTERS), min_size=1, max_size=20))
def test_codes_of_texts_are_in_the_order_of_their_keys(texts):
    keys = [b"" if text is None else b"\1" + text_key(text) for text in texts]
    wanted = sorted(range(len(texts)), key=keys.__getitem__)
    few = Few("x", True)
    raw = few.codes(_joined(texts), len(texts))[0]
    assert few.size() and np.argsort(few.final(raw), kind="stable").tolist() == wanted
    assert [few.texts[number] for number in raw.tolist()] == texts
    try:
        many = Many("x", True, with_letters(None, key_words_of(_joined(texts), len(texts))))
        codes, nulls = many.codes(_joined(texts), len(texts))
    except MisfitError:
        return
    assert np.argsort(codes, kind="stable").tolist() == wanted and nulls == texts.count(None)


def test_letters_that_were_not_expected_are_told():
    many = Many("x", False, with_letters(None, words_of(b"ab\x1fb", 2)))
    for odd in (b"ac", b"abb", b"ab3456789"):
        with pytest.raises(MoreLettersError) as more:
            many.codes(b"ab\x1f" + odd, 2)
        wider = Many("x", False, with_letters(many.letters, more.value.words))
        codes = wider.codes(b"\x1e\x1fab\x1fb\x1f" + odd, 4)[0]
        assert codes[0] == 0 and (codes[2] > codes[1]) and (codes[3] > codes[1])


@pytest.mark.parametrize("joined", [b"a", b"a\x1fb\x1fc", b"a\0\x1fb", b"a" * 65 + b"\x1fb"],
                         ids=["one", "three", "zero", "long"])
def test_what_is_not_two_texts_is_refused(joined):
    with pytest.raises(MisfitError):
        words_of(joined, 2)
    with pytest.raises(MisfitError):
        key_words_of(joined + "é".encode(), 2)


def test_broken_texts_are_refused():
    for work in (lambda: key_words_of(b"a\x1f\xff", 2), lambda: TextList().numbers(b"a\x1f\xff", 2)):
        with pytest.raises(MisfitError):
            work()


@settings(deadline=None)
@given(st.lists(st.integers(-(4 * 10**7) + 1, 4 * 10**7 - 1), min_size=1), st.sampled_from([10**6, 10**14, None]))
def test_numbers_are_found_again(numbers, greatest):
    coding = Whole("x", 0, greatest)
    middle = {8: 5 * 10**7, 16: 5 * 10**15, 0: 0}[coding.width]
    text = ",".join(str(number + middle) for number in numbers).encode()
    assert coding.codes(text, len(numbers))[0].view(np.int64).tolist() == numbers
    assert (coding.least, coding.greatest) == (min(numbers), max(numbers))


@pytest.mark.parametrize("text", [b"5000000,50000001", b"-5000000,50000001", b"50000001.0,500", b"5000000x,50000001",
                                  b"50000001x50000001", b"150000001,50000001"])
def test_numbers_that_do_not_have_the_width_are_told(text):
    with pytest.raises(WiderError):
        Whole("x", 0, 5).codes(text, 2)


def test_numbers_that_look_like_null_are_counted():
    assert Whole("x", 0, 5).codes(b"90000000,50000001", 2)[1] == 1
    assert Whole("x", 0).codes(b"1,-9223372036854775808", 2)[1] == 1


def test_other_values_than_numbers_are_refused():
    for text in (b"1,abc", b"1,2.5", b"1,2,3"):
        with pytest.raises(MisfitError):
            Whole("x", 0).codes(text, 2)
    assert numbers_of(b"12345678", 2, 8) is None
