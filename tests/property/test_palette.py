"""The palette on any items and any query: nothing raises, the order is stable, every item is found by its own title."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shell.palette import index
from shell.palette.index import Finder, Part
from shell.palette.item import Item, find
from shell.palette.joined import Joined
from shell.palette.letters import Letters
from shell.palette.match import letters_of, match

TITLES = st.lists(st.text(max_size=24), min_size=1, max_size=30)
#: Titles of few letters, so that queries fit many of them.
NARROW = st.lists(st.text("ab _/İß", min_size=1, max_size=12), min_size=1, max_size=30)


def items_of(titles: list[str]) -> list[Item]:
    return [Item(f"item {place}", title, _nothing, "Things", detail=title[:3]) for place, title in enumerate(titles)]


def _nothing() -> None:
    """What an item does here."""


@pytest.fixture(params=["few", "many"])
def some(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Items as few, each looked at, and as many, looked through by their index."""
    if request.param == "many":
        monkeypatch.setattr(index, "_FEW", 0)


@given(titles=TITLES | NARROW, query=st.text(max_size=16))
@settings(max_examples=40)
def test_any_query_is_answered_by_some_of_the_items_in_the_same_order_each_time(
    titles: list[str], query: str
) -> None:
    items = items_of(titles)
    finder = Finder([Part(items)])
    found = finder.find(query, {})
    ids = [one.item.id for one in found]
    assert len(ids) == len(set(ids)) and set(ids) <= {one.id for one in items}
    assert found == finder.find(query, {}) == Finder([Part(items)]).find(query, {})
    assert all(0 <= place < len(one.item.title) for one in found for place in one.positions)


@pytest.mark.usefixtures("some")
def test_every_item_is_found_by_its_own_title() -> None:
    @given(titles=TITLES | NARROW)
    @settings(max_examples=60)
    def check(titles: list[str]) -> None:
        items = items_of(titles)
        finder = Finder([Part(items)])
        for item in items:
            if letters_of(item.title):
                assert item.id in {one.item.id for one in finder.find(item.title, {})}

    check()


@pytest.mark.usefixtures("some")
def test_typing_letter_by_letter_ends_where_the_whole_text_does() -> None:
    @given(titles=NARROW, query=st.text("ab _", min_size=1, max_size=8))
    @settings(max_examples=60)
    def check(titles: list[str], query: str) -> None:
        items = items_of(titles)
        typing = Finder([Part(items)])
        for end in range(1, len(query) + 1):
            grown = typing.find(query[:end], {})
        assert grown == Finder([Part(items)]).find(query, {})
        typing.find("zz", {})
        assert typing.find(query, {}) == grown

    check()


@given(titles=NARROW, query=st.text("ab ", min_size=1, max_size=6))
def test_many_are_found_as_few_are(titles: list[str], query: str) -> None:
    items = items_of(titles)
    few = Finder([Part(items)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "_FEW", 0)
        many = Finder([Part(items)]).find(query, {})
    wanted = [one for one in few.find(query, {}) if match(query.replace("_", " "), one.item.title)]
    assert [one.item.id for one in many if match(query, one.item.title)] == [one.item.id for one in wanted]


@given(
    texts=st.lists(st.text("abc\u0121 ", max_size=8) | st.just("b" * 260 + "ab"), min_size=1, max_size=12),
    letters=st.text("abc\u0121", min_size=1, max_size=6),
)
def test_those_with_the_letters_in_order_are_all_found(texts: list[str], letters: str) -> None:
    # NOTE: the letter with a dot shares its column with a.
    known = Letters(texts)
    likely = known.likely(letters)
    assert list(known.sure(likely, letters)) == [place for place, text in enumerate(texts) if _has(text, letters)]


def _has(text: str, letters: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


@given(
    lines=st.lists(st.lists(st.text("abc\u0121", min_size=1, max_size=3), max_size=4), min_size=1, max_size=12),
    wanted=st.text("abc\u0121", min_size=1, max_size=2),
)
def test_words_are_found_by_how_they_begin(lines: list[list[str]], wanted: str) -> None:
    joined = Joined([" ".join(words) for words in lines])
    begins = [[word.startswith(wanted) for word in words] for words in lines]
    assert joined.begun(wanted, is_first=True) == [row for row, each in enumerate(begins) if each[:1] == [True]]
    assert joined.begun(wanted, is_first=False) == [row for row, each in enumerate(begins) if any(each[1:])]


@given(text=st.text(max_size=30), query=st.text(max_size=10))
def test_a_match_has_the_letters_of_the_query_in_order(text: str, query: str) -> None:
    found = match(query, text)
    letters = letters_of(query)
    if found is not None:
        assert list(found.positions) == sorted(set(found.positions)) and len(found.positions) == len(letters)
    if find(query, items_of([text]), lambda _name: 0.0) and letters and found is not None:
        assert all(0 <= place < len(text) for place in found.positions)
