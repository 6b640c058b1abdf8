"""Filters that every row passes are told from those that look at rows."""

from __future__ import annotations

import pytest

from kernel.expression import parse
from kernel.expression.certain import is_certain

EMPTY, TYPED = {"find.text": "", "other.text": "x"}, {"find.text": "a", "other.text": ""}


@pytest.mark.parametrize("text", [
    "name contains find.text", "  name startswith find.text or city == 'x'", "ä.öü endswith find.text",
    "name contains find.text and (city contains find.text or total > 3)", "(name) contains (find.text)",
])  # fmt: skip
def test_a_search_by_an_empty_text_is_certain(text: str) -> None:
    assert is_certain(parse(text), EMPTY)
    assert not is_certain(parse(text), TYPED)
    for value in (None, "", "word", 3):
        read = {"find.text": ""}.get
        assert parse(text).evaluate(lambda name, value=value, read=read: read(name, value))


@pytest.mark.parametrize("text", [
    "name contains other.text", "name == find.text", "name contains 'x'", "not name contains find.text",
    "name contains find.text and city == 'x'", "find.text contains name", "name matches find.text",
])  # fmt: skip
def test_anything_else_is_not(text: str) -> None:
    assert not is_certain(parse(text), EMPTY)
