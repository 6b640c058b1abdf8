"""CHECK rules in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.tables.check_rule import broken_words, name_words, rule_words
from kernel.tables.schema import Column

COLUMNS = [Column("total", "decimal"), Column("title"), Column("starts", "date"), Column("ends", "date"),
           Column("is_open", "boolean", label="Open"), Column("we ird"), Column("status")]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("total >= 0", "Total must be at least 0"),
        ("0 < total", "Total must be more than 0"),
        ("total <> -5", "Total must not be −5"),
        ("total >= 0 \n AND total <> 5", "Total must be at least 0 and must not be 5"),
        ("total between 1 and 10", "Total must be between 1 and 10"),
        ("total IS NULL OR total >= 1", "Total must be empty or must be at least 1"),
        ("total is null or (total > 1 and total < 9)",
         "Total must be empty, or must be more than 1 and must be less than 9"),
        ("title <> ''", "Title must not be empty"),
        ("length(title) > 1", "Title must have more than 1 character"),
        ("length(trim(title)) > 0", "Title must not be empty"),
        ("length(title) between 2 and 9", "Title must have between 2 and 9 characters"),
        ("title = lower(title) collate binary", ""),
        ("lower(title) = title", "Title must be in small letters"),
        ("trim(title) = title", "Title must not begin or end with a space"),
        ("status in ('open', 'shipped', '')", "Status must be one of open, shipped, empty"),
        ("\"we ird\" LIKE 'a%'", "We ird must begin with “a”"),
        ("title like '%@%'", "Title must contain “@”"),
        ("title glob '[0-9]*'", "Title must look like “[0-9]*”"),
        ("ends >= starts", "Ends must be at least Starts"),
        ("starts <= CURRENT_DATE", "Starts must be at most today"),
        ("total > 0 and ends > starts", "Total must be more than 0, and Ends must be more than Starts"),
        ("is_open", "Open must be yes"),
        ("not (is_open)", "Open must be no"),
        ("starts is not null", "Starts must be filled in"),
        # as PostgreSQL gives them back
        ("(total >= (0)::numeric)", "Total must be at least 0"),
        ("((total > (0)::numeric) AND (total < 100::numeric(10,2)))",
         "Total must be more than 0 and must be less than 100"),
        ("((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
         "Status must be one of a, b"),
        ("(char_length((title)::text) <= 40)", "Title must have at most 40 characters"),
        # not understood, so nothing is said
        ("json_valid(title)", ""), ("total % 2 = 0", ""), ("(a or b) and total > 0", ""),
        ("total > (select max(x) from t)", ""), ("", ""), ("total >=", ""), ("1 = 1", ""),
        ("(total > 1 or total < 0) and title <> ''", ""),
    ],
)  # fmt: skip
def test_rules_in_words(rule: str, words: str) -> None:
    assert rule_words(rule, COLUMNS) == words


def test_a_rule_that_cannot_be_said_is_called_by_its_name_or_shown() -> None:
    message, hint = broken_words("total % 2 = 0", "ck_orders_even_amounts", "orders", COLUMNS, COLUMNS[:1])
    assert (message, hint) == ("Total breaks the rule “Even amounts”", "The rule is: total % 2 = 0")
    message, _hint = broken_words("total % 2 = 0", "orders_total_check1", "orders", COLUMNS, COLUMNS[:2])
    assert message == "Total and Title break a rule of the table"
    assert name_words("total_check", "orders", COLUMNS) == ""
    assert name_words("EndsAfterStarts", "orders", COLUMNS) == "Ends after starts"


@given(st.text(alphabet="totalie ()<>='-.,%[]:ANDORINULSBW\"0123", max_size=60))
def test_any_text_is_read_without_trouble(rule: str) -> None:
    assert isinstance(rule_words(rule, COLUMNS), str)


def test_a_deep_rule_is_left_alone() -> None:
    assert rule_words("(" * 5000 + "total" + ")" * 5000, COLUMNS) == ""
