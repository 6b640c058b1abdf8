"""What is offered while an expression is typed: (text with | for the cursor, some offers, none of these)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.expression.completion import Completion, complete
from kernel.tables.schema import Column, Reference, Schema

CUSTOMERS = Schema("customers", (Column("id", "integer"), Column("name"), Column("city")), ("id",))
ORDERS = Schema(
    "orders",
    (Column("id", "integer"), Column("total", "decimal"), Column("status", choices=("open", "shipped")),
     Column("is_gift", "boolean"), Column("Unit Price", "decimal"), Column("customer_id", "integer")),
    ("id",),
    (Reference("customer", "customers", ("customer_id",), ("id",)),),
)  # fmt: skip


def offers(text: str) -> Completion:
    cursor = text.index("|")
    return complete(text.replace("|", ""), cursor, ORDERS, {"customers": CUSTOMERS}.get)


@pytest.mark.parametrize(
    ("text", "offered", "not_offered"),
    [
        ("|", ["total", "status", "lower(", "not", "customer."], ["==", "and"]),
        ("to|", ["total", "today("], ["status", "and"]),
        ("total |", ["==", "contains", "and"], ["status", "lower("]),
        ("total > 5 a|", ["and"], ["abs("]),
        ("total > 5 and st|", ["status"], ["total"]),
        ("status == |", ['"open"', '"shipped"', "total"], ["and"]),
        ('status == "sh|', ['"shipped"'], ['"open"', "total"]),
        ("status in ['open', |", ['"shipped"'], ["and"]),
        ("is_gift == |", ["true", "false"], []),
        ("customer.|", ["customer.name", "customer.city"], ["total"]),
        ("lower(customer.ci|", ["customer.city"], ["customer.name"]),
        ("uni|", ["col('Unit Price')"], ["total"]),
        ("total| > 5", ["total"], ["status"]),
        ("(total) |", ["and", "=="], ["status"]),
        ("not |", ["status"], ["=="]),
    ],
)
def test_offers(text: str, offered: list[str], not_offered: list[str]) -> None:
    texts = [item.text for item in offers(text).items]
    assert [one for one in offered if one not in texts] == []
    assert [one for one in not_offered if one in texts] == []


@pytest.mark.parametrize(
    ("text", "column", "partial"),
    [
        ('status == "op|', "status", "op"),
        ("customer.name contains 'an|", "customer.name", "an"),
        ("total > 5 and status != |", "status", ""),
        ("status in ['open', 'sh|", "status", "sh"),
        ("5 + |", "", ""),
        ("status |", "", ""),
    ],
)
def test_the_column_whose_values_fit(text: str, column: str, partial: str) -> None:
    found = offers(text)
    assert (found.value_of, found.partial) == (column, partial)


@given(st.text(max_size=30) | st.lists(st.sampled_from(
    ["total", "status", " ", "==", "'", '"', "(", "[", ".", "customer", "and", "in", "not", "5", ","])).map("".join),
    st.integers(0, 30))  # fmt: skip
def test_anything_may_be_typed(text: str, cursor: int) -> None:
    cursor = min(cursor, len(text))
    found = complete(text, cursor, ORDERS, {"customers": CUSTOMERS}.get)
    assert 0 <= found.start <= cursor
