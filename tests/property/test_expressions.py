"""The parser never crashes, whatever the text; positions lie within it; evaluation never raises."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.expression import ExpressionError, parse, parse_template
from tests.property.test_queries import ANY, EXPRESSIONS

PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "b.c",
            "contains",
            "startswith",
            " ",
            "'x y'",
            "(",
            ")",
            "1",
            "in",
            "is",
            "not",
            "and",
            "==",
            "=",
            "+",
            ",",
            "[",
            "]",
            "é",
            "{",
            "}",
            "if",
            "else",
            "\n",
            "lower(",
        ]
    ),
    max_size=15,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), PIECES))
def test_any_text_parses_or_is_refused_with_a_place(text):
    for parser in (parse, parse_template):
        try:
            parser(text)
        except ExpressionError as error:
            assert 0 <= error.offset <= len(text) and error.message


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS, ANY, ANY)
def test_evaluating_never_raises_and_reads_only_its_names(text, one, other):
    expression = parse(text)
    asked = set()

    def read(name):
        asked.add(name)
        return one if len(name) % 2 else other

    expression.evaluate(read)
    assert asked <= set(expression.names)


@given(st.text(st.characters(exclude_characters="{}"), max_size=20))
def test_text_without_braces_is_itself(text):
    assert parse_template(text) == ([text] if text else [])
