"""What a person sees of money: every digit of it, and none that it does not have."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.expression import parse
from kernel.tables.block import Block, LargeBlob
from plugins.chart.points import ChartError, read_points
from widgets.format import writer
from widgets.grid.series import next_value
from widgets.grid.statistics import edges_of


@pytest.mark.parametrize(
    ("pattern", "value", "text"),
    [
        ("", Decimal("12345678901234.125"), "12345678901234.125"),
        ("", Decimal("99999999999999.99"), "99999999999999.99"),
        ("", Decimal("0.30000000000000004"), "0.3"),
        ("", Decimal("12345678901234567890.123456789"), "12345678901234567890.123456789"),
        ("0.00", Decimal("12345678901234567890123456789012.345"), "12345678901234567890123456789012.35"),
        ("#,##0.00", Decimal("90071992547409.93"), "90,071,992,547,409.93"),
        ("0.00%", Decimal("1234567890123456789012345678.12345"), "123456789012345678901234567812.35%"),
        ("0.00", 2**70, "1180591620717411303424.00"),
    ],
)
def test_every_digit_is_shown(pattern: str, value: Any, text: str) -> None:
    assert writer("decimal", pattern)(value) == text


@pytest.mark.parametrize("kind", ["", "text", "decimal", "date", "datetime", "time", "boolean", "blob"])
def test_a_large_file_is_its_size_wherever_it_stands(kind: str) -> None:
    assert writer(kind)(LargeBlob(2_000_000)) == "2.0 MB"


def test_a_series_of_prices() -> None:
    assert [next_value(Decimal("0.10"), Decimal("0.30"), place) for place in (2, 10)] == [
        Decimal("0.50"), Decimal("2.10"),
    ]  # fmt: skip
    assert next_value(Decimal("90071992547409.91"), Decimal("90071992547409.92"), 2) == Decimal("90071992547409.93")


def test_bars_of_large_amounts_hold_all_of_them() -> None:
    low, high = Decimal("90071992547409.91"), Decimal("90071992547409.93")
    edges = [parse(edge.literal).evaluate(lambda name: None) for edge in edges_of("decimal", low, high)]
    assert 3 <= len(edges) <= 40 and edges == sorted(set(edges))
    assert edges[0] <= low and edges[-1] > high
    assert edges_of("decimal", Decimal("0.1"), Decimal("0.7"))[1].text in ("0.12", "0.13", "0.15", "0.2")


def test_a_chart_tells_exact_values_and_refuses_what_is_no_number() -> None:
    total = Decimal("90071992547409.93")
    points = read_points(Block(0, {"kind": ["a", "b"], "value": [total, None]}, [("a",), ("b",)], ["", ""]), "kind")
    assert list(points.exact) == [total, 0] and points.values == [float(total), 0.0]
    assert "90,071,992,547,409.93" in points.describe(writer("decimal", "#,##0.##"))
    for value in ("text", float("inf"), 10**400, b"x"):
        with pytest.raises(ChartError, match="no number that can be drawn"):
            read_points(Block(0, {"kind": ["a"], "value": [value]}, [("a",)], [""]), "kind")
