"""The short language of a column's filter box, form by form, and that it means what plain Python says."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.expression import parse
from kernel.expression.regex import compile_regex
from kernel.tables.quick_filter import FORMS, QuickFilterError, Reading, name_text, parse_quick

DAY, MOMENT = datetime.date, datetime.datetime


def passes(text: str, kind: str, value: Any, reading: Reading | None = None) -> bool:
    """Whether a row with that value passes."""
    expression = parse_quick(text, "x", kind, reading)
    return not expression or bool(parse(expression).evaluate(lambda name: value))


@pytest.mark.parametrize(
    ("kind", "text", "inside", "outside"),
    [
        ("text", "ann", ["Ann Lee", "joANNa"], ["Bob", None]),
        ("text", "!ann", ["Bob", None], ["Ann"]),
        ("text", "=Ann", ["Ann"], ["ann", "Ann Lee", None]),
        ("text", "<>Ann", ["ann", None], ["Ann"]),
        ("text", "b~d", ["b", "cat", "d"], ["a", "dog", None]),
        ("text", "/^a.n$/", ["ann", "AXN"], ["anna", None]),
        ("text", "null", [None], ["", "a"]),
        ("text", "!null", ["", "a"], [None]),
        ("text", '"5~10"', ["at 5~10 h"], ["7", None]),
        ("text", "it's \"so\"", ["it's \"so\" there"], ["its so"]),
        ("integer", "5", [5], [55, None]),
        ("integer", "!5", [6, None], [5]),
        ("integer", "> 5", [6], [5, 4, None]),
        ("integer", ">=5", [5], [4]),
        ("integer", "<=-5", [-5, -6], [-4, None]),
        ("integer", "5~10", [5, 7, 10], [4, 11, None]),
        ("integer", "~10", [-3, 10], [11, None]),
        ("integer", "5~", [5, 10**30], [4]),
        ("integer", "007", [7], [8]),
        ("decimal", "1 234.50", [Decimal("1234.5")], [Decimal("1234.51")]),
        ("decimal", "0.1234567890123456789", [Decimal("0.1234567890123456789")], [Decimal("0.1234567890123456788")]),
        ("real", "<>2.5", [2.4, None], [2.5]),
        ("date", "2026-03-01", [DAY(2026, 3, 1)], [DAY(2026, 3, 2), None]),
        ("date", "2026-03", [DAY(2026, 3, 1), DAY(2026, 3, 31)], [DAY(2026, 4, 1), None]),
        ("date", "2026-12", [DAY(2026, 12, 31)], [DAY(2027, 1, 1), DAY(2026, 11, 30)]),
        ("date", "2026", [DAY(2026, 1, 1), DAY(2026, 12, 31)], [DAY(2025, 12, 31), DAY(2027, 1, 1)]),
        ("date", ">2026", [DAY(2027, 1, 1)], [DAY(2026, 12, 31)]),
        ("date", "<=2026-02", [DAY(2026, 2, 28)], [DAY(2026, 3, 1)]),
        ("date", "2026-01~2026-03", [DAY(2026, 3, 31)], [DAY(2026, 4, 1)]),
        ("date", "<>2026", [DAY(2025, 1, 1)], [DAY(2026, 6, 6)]),
        ("date", "9999", [DAY(9999, 12, 31)], [DAY(9998, 12, 31)]),
        ("datetime", "2026-03-01", [MOMENT(2026, 3, 1, 23, 59)], [MOMENT(2026, 3, 2)]),
        ("datetime", ">2026-03-01", [MOMENT(2026, 3, 2)], [MOMENT(2026, 3, 1, 12)]),
        ("time", ">=9:30", [datetime.time(9, 30)], [datetime.time(9, 29)]),
        ("boolean", "yes", [True], [False, None]),
        ("boolean", "n", [False], [True, None]),
        ("boolean", "<>yes", [False, None], [True]),
        ("any", ">5", [6, Decimal("5.5")], [5, None]),
        ("any", "5", [5, 15, "a5"], [6]),
        ("blob", "null", [None], [b""]),
    ],
)
def test_forms(kind: str, text: str, inside: list[Any], outside: list[Any]) -> None:
    assert [value for value in inside if not passes(text, kind, value)] == []
    assert [value for value in outside if passes(text, kind, value)] == []


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("integer", "five", "no number"),
        ("integer", ">", "missing behind >"),
        ("integer", "1e999", "no number"),
        ("date", "2026-13", "no date"),
        ("date", "soon", "no date"),
        ("boolean", "maybe", "neither yes nor no"),
        ("time", "25:00", "no time"),
        ("text", "/(a/", "no pattern"),
        ("text", "/(a+)+b/", "may take for ever"),
        ("text", "~", "before or behind"),
        ("blob", "x", "null and !null"),
        ("text", "x" * 1001, "1,000 characters"),
    ],
)
def test_what_does_not_fit_is_said(kind: str, text: str, says: str) -> None:
    with pytest.raises(QuickFilterError, match=says):
        parse_quick(text, "x", kind)


def test_numbers_are_read_as_they_are_written_here() -> None:
    german = Reading(",", ".")
    assert passes("1.234,5", "decimal", Decimal("1234.5"), german)
    assert parse_quick("1.234,5", "x", "decimal", german) == "x == 1234.5"


def test_names_that_are_no_words_are_quoted() -> None:
    assert [name_text(path) for path in ("total", "customer.city", "Unit Price", "in", "customer:label")] == [
        "total", "customer.city", "col('Unit Price')", "col('in')", "col('customer:label')"
    ]  # fmt: skip


def test_every_form_has_its_words() -> None:
    assert all(form and meaning for form, meaning in FORMS)


def test_a_repeat_in_a_repeat_is_refused_and_others_are_not() -> None:
    for pattern in ("(a+)+", "(a|b*)*", "((a+)b)*", "(x{2,})+"):
        with pytest.raises(ValueError, match="for ever"):
            compile_regex(pattern)
    for pattern in ("(ab)+", "[+*]+", r"\(a+\)+", "a+b*", "(a+)?"):
        assert compile_regex(pattern)


KINDS = st.sampled_from(["text", "integer", "decimal", "real", "date", "datetime", "time", "boolean", "any", "blob"])


@given(st.text(max_size=40) | st.from_regex(r"[<>=!~/0-9a-z. -]{0,12}", fullmatch=True), KINDS)
def test_anything_typed_is_an_expression_or_an_error(text: str, kind: str) -> None:
    try:
        expression = parse_quick(text, "x", kind)
    except QuickFilterError as error:
        assert str(error)
        return
    if expression:
        assert parse(expression).names == ("x",) or expression == "false"


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-50, 50))
def test_comparisons_are_those_of_numbers(value: int, low: int, high: int) -> None:
    assert passes(f"{low}~{high}", "integer", value) == (low <= value <= high)
    assert passes(f">{low}", "integer", value) == (value > low)
    assert passes(f"<>{low}", "integer", value) == (value != low)


@given(st.text(max_size=12), st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=4))
def test_quoted_words_are_looked_for_as_they_are(value: str, words: str) -> None:
    assert passes(f'"{words}"', "text", value) == (words.casefold() in value.casefold())
