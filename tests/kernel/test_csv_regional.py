"""Numbers and dates of files of separated values that are written as a region writes them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.files.source import open_files
from kernel.tables.query import Query, Sort

Opened = Callable[..., Any]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Makes a file of text and opens its table."""
    sources = []

    def make(text: str) -> Any:
        (tmp_path / "t.csv").write_text(text)
        sources.append(open_files({"kind": "csv", "path": "t.csv"}, tmp_path))
        return sources[-1].table("t")

    yield make
    for source in sources:
        source.close()


def column(table: Any) -> tuple[str, list[Any]]:
    """The type and the values of the last column."""
    last = table.schema.columns[-1]
    return last.type, table.fetch(Query(), 0, 99).columns[last.name]


@pytest.mark.parametrize(
    ("cells", "type_", "values"),
    [
        (("1.234,56", "-12,00", "7"), "decimal", [Decimal("1234.56"), Decimal("-12.00"), Decimal(7)]),
        (("0,5", "1234,5"), "decimal", [Decimal("0.5"), Decimal("1234.5")]),
        (("1,234", "2,5"), "decimal", [Decimal("1.234"), Decimal("2.5")]),
        (("1,234.50", "2,000.00"), "decimal", [Decimal("1234.50"), Decimal("2000.00")]),
        (("1,234,567", "2,000,000"), "integer", [1234567, 2000000]),
        (("31.12.2023", "1.2.2024"), "date", [datetime.date(2023, 12, 31), datetime.date(2024, 2, 1)]),
        (("31.12.2023 09:30", "01.02.2024"), "datetime",
         [datetime.datetime(2023, 12, 31, 9, 30), datetime.datetime(2024, 2, 1)]),
        (("12/31/2023", "1/2/2024"), "date", [datetime.date(2023, 12, 31), datetime.date(2024, 1, 2)]),
        (("31/12/2023", "1/2/2024"), "date", [datetime.date(2023, 12, 31), datetime.date(2024, 2, 1)]),
    ],
)  # fmt: skip
def test_values(opened: Opened, cells: tuple[str, ...], type_: str, values: list[Any]) -> None:
    text = "".join(f"row {place};{cell}\n" for place, cell in enumerate(cells))
    assert column(opened(f"name;value\n{text}")) == (type_, values)


@pytest.mark.parametrize(
    "cells",
    [
        ("3/4/2024", "5/6/2024"),  # April or March
        ("31.12.2023", "30.2.2024"),  # no such day
        ("31/12/2023", "12/31/2023"),
        ("1,5", "n/a"),
        ("01,5", "02,5"),
        ("1.234,5", "1,234.5"),
        ("192.168.0.1", "10.0.0.1"),
    ],
)
def test_what_leaves_a_doubt_stays_text(opened: Opened, cells: tuple[str, ...]) -> None:
    text = "".join(f"row {place};{cell}\n" for place, cell in enumerate(cells))
    assert column(opened(f"name;value\n{text}")) == ("text", list(cells))


def test_a_list_between_commas_is_no_number(opened: Opened) -> None:
    assert column(opened('name,parts\na,"1,2"\nb,"3,4"\n')) == ("text", ["1,2", "3,4"])
    assert column(opened('name,amount\na,"1,200"\nb,"3,400.5"\n')) == ("decimal", [Decimal(1200), Decimal("3400.5")])


def test_a_later_cell_that_is_written_otherwise_stays_as_it_is(opened: Opened) -> None:
    many = "".join(f"{number};{number},5\n" for number in range(1500))
    table = opened(f"n;v\n{many}x;1234.5\ny;\n")
    assert table.fetch(Query(), 1498, 1502).columns["v"] == [Decimal("1498.5"), Decimal("1499.5"), "1234.5", None]


def test_searches_meet_what_is_shown(opened: Opened) -> None:
    table = opened("n;v;d\na;1.234,5;31.12.2023\nb;7,25;1.2.2024\n")
    assert table.fetch(Query(filter='v contains "1234.5"'), 0, 9).columns["n"] == ["a"]
    assert table.fetch(Query(filter="v < 100"), 0, 9).columns["n"] == ["b"]
    assert table.fetch(Query(sort=(Sort("d", True),)), 0, 9).columns["n"] == ["b", "a"]
    assert table.fetch(Query(filter='d contains "2023-12"'), 0, 9).columns["n"] == ["a"]


def test_a_heading_above_such_numbers_is_known(opened: Opened) -> None:
    assert opened("2023;2024\n1,5;2,5\n3,5;4,5\n").schema.columns[0].name == "2023"
    assert opened("1,5;2,5\n3,5;4,5\n").schema.columns[0].name == "column 1"
