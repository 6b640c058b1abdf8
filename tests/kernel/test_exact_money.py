"""Money never goes through a float: in sums, groups, computed columns, pivots, filters, files and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kernel.expression import parse
from kernel.tables.change import Insert, Update
from kernel.tables.error import ConstraintError
from kernel.tables.exchange.export import all_columns, export
from kernel.tables.exchange.format import format_of
from kernel.tables.exchange.given import open_given
from kernel.tables.exchange.intake import bring_in
from kernel.tables.exchange.mapping import mode_of, suggested
from kernel.tables.memory import MemorySource
from kernel.tables.query import Aggregate, Query, parse_sort
from kernel.tables.schema import Column, Schema
from kernel.tables.source import open_source
from tests.contract.postgres_writer import write_tables
from tests.postgres_server import shared_server

SCHEMA = Schema(
    "t", (Column("id", "integer", is_key=True), Column("kind"), Column("price", "decimal")), ("id",), label=("id",)
)
#: A hundred times ten cents, and amounts with more digits than a float has.
PRICES = [Decimal("0.10")] * 100 + [Decimal("90071992547409.93"), Decimal("90071992547409.91"), Decimal("-0.01")]
ROWS = [{"id": number, "kind": "ab"[number % 2], "price": price} for number, price in enumerate(PRICES, 1)]
TOTAL = Decimal("180143985094829.83")
SOURCES = ("memory", "sqlite", "postgres", "csv", "jsonl", "parquet")


@pytest.fixture(params=SOURCES)
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    kind: str = request.param
    source: Any = MemorySource([(SCHEMA, ROWS)])
    description: dict[str, Any] | None = None
    if kind == "sqlite":
        with sqlite3.connect(tmp_path / "t.sqlite") as connection:
            connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT, price DECIMAL_TEXT)")
            rows = [(row["id"], row["kind"], f"{row['price']}") for row in ROWS]
            connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        connection.close()
        description = {"kind": "sqlite", "path": "t.sqlite"}
    elif kind == "postgres":
        from kernel.tables.postgres import PostgresSource

        address = shared_server().new_database()
        write_tables(address, [(SCHEMA, ROWS)])
        source = PostgresSource(address)
    elif kind != "memory":
        description = {"kind": kind, "path": f"t.{kind}"}
        path = tmp_path / f"t.{kind}"
        export(source.table("t"), Query(), all_columns(SCHEMA), path, format_of(path), lambda part: None)
    opened = source if description is None else open_source(description, tmp_path)
    yield opened.table("t")
    opened.close()


def one(table: Any, query: Query, name: str) -> Any:
    return table.fetch(query, 0, 1).columns[name][0]


def test_values_sums_and_averages(table: Any) -> None:
    assert [column.type for column in table.schema.columns][-1] == "decimal"
    assert table.fetch(Query(), 0, 200).columns["price"] == PRICES
    parts = [Aggregate(function, "price", function) for function in ("sum", "average", "minimum", "maximum")]
    found = {name: values[0] for name, values in table.fetch(Query(aggregates=tuple(parts)), 0, 1).columns.items()}
    assert found["sum"] == TOTAL and found["average"] == TOTAL / 103
    assert (found["minimum"], found["maximum"]) == (Decimal("-0.01"), Decimal("90071992547409.93"))
    assert all(isinstance(value, Decimal) for value in found.values())


def test_groups(table: Any) -> None:
    parts = (Aggregate("sum", "price", "sum"), Aggregate("sum", "price * 1.19", "gross"))
    block = table.fetch(Query(group=("kind",), aggregates=parts), 0, 9)
    wanted = {kind: sum((row["price"] for row in ROWS if row["kind"] == kind), Decimal()) for kind in "ab"}
    assert dict(zip(block.columns["kind"], block.columns["sum"], strict=True)) == wanted
    assert dict(zip(block.columns["kind"], block.columns["gross"], strict=True)) == {
        kind: total * Decimal("1.19") for kind, total in wanted.items()
    }


def test_computed_columns_and_filters(table: Any) -> None:
    computed = {"gross": "price * 1.19", "net": "price * (1 - 0.07)", "change": "price - 0.1"}
    block = table.fetch(Query(computed=computed, columns=tuple(computed)), 0, 200)
    assert block.columns["gross"] == [price * Decimal("1.19") for price in PRICES]
    assert block.columns["net"] == [price * Decimal("0.93") for price in PRICES]
    assert block.columns["change"][0] == 0 and table.count(Query(filter="change == 0", computed=computed)) == 100
    assert table.count(Query(filter="price == 0.1")) == 100
    big = Query(filter="price > number('90071992547409.92')")
    assert one(table, big, "price") == Decimal("90071992547409.93") and table.count(big) == 1
    ordered = table.fetch(Query(sort=parse_sort("-price")), 0, 2).columns["price"]
    assert ordered == [Decimal("90071992547409.93"), Decimal("90071992547409.91")]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".jsonl", ".parquet", ".xlsx"])
def test_there_and_back(table: Any, tmp_path: Path, suffix: str) -> None:
    path, theirs = tmp_path / f"other{suffix}", MemorySource([(SCHEMA, [])]).table("t")
    export(table, Query(), all_columns(SCHEMA), path, format_of(path), lambda part: None)
    source, given = open_given(path)
    assert bring_in(given, theirs, suggested(given.schema, SCHEMA), mode_of("add"), lambda part: None).problems == []
    source.close()
    assert theirs.fetch(Query(), 0, 200).columns["price"] == PRICES


def test_a_database_refuses_what_it_would_round(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "t.sqlite") as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, price DECIMAL(20, 2))")
    connection.close()
    source = open_source({"kind": "sqlite", "path": "t.sqlite"}, tmp_path)
    table = source.table("t")
    table.commit([Insert({"price": Decimal("0.1")}), Insert({"price": Decimal("99999999999.99")})])
    with pytest.raises(ConstraintError, match="Price has more digits than can be stored exactly"):
        table.commit([Update((1,), "", {"price": Decimal("90071992547409.931")})])
    assert table.fetch(Query(), 0, 9).columns["price"] == [Decimal("0.10"), Decimal("99999999999.99")]
    source.close()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2", 0.3), ("1 - 0.07", 0.93), ("(1 - 0.9) * 3", 0.3), ("-0.1 - 0.2", -0.3), ("0.3 // 0.1", 3.0),
        ("0.3 % 0.1", 0.0), ("1.1 * 1.1", 1.21), ("7 + 3", 10), ("1 / 0.0", None), ("1e999 - 1e999", None),
        ("1.0 / 3", 1 / 3), ("1e308 * 10.0", 1e308 * 10.0),
    ],
)  # fmt: skip
def test_numbers_of_an_expression_are_what_is_written(text: str, value: Any) -> None:
    assert parse(text).evaluate(lambda name: None) == value
