"""Values that nobody expects, in every source: read, filtered and grouped as in memory, written whole or not."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.error import ConstraintError, TableError
from kernel.tables.local.source import LocalSource
from kernel.tables.memory import MemorySource
from kernel.tables.postgres import PostgresSource
from kernel.tables.provider import ProviderScan, TableProvider
from kernel.tables.query import Aggregate, Query, parse_sort
from kernel.tables.remote import RemoteSource
from kernel.tables.schema import Column, Schema
from kernel.tables.source import open_source
from kernel.wire.link import Link
from tests.contract.postgres_writer import write_tables
from tests.postgres_server import shared_server
from tests.served import ServerProcess, commit, git, in_app, make_repository

SCHEMA = Schema(
    "odd", (Column("id", "integer", is_key=True), Column("text"), Column("day", "date"), Column("size", "integer")),
    ("id",), label=("text",),
)  # fmt: skip
#: What a text may be; all of it can be stored everywhere.
TEXTS = {
    "control": "a\x01\x07\x1b[31mb\x7f\x85", "lines": "a\r\nb\rc\nd\u2028e\u2029f", "tabs": "\t a\t b \t",
    "right to left": "שלום \u202eevil\u202c عربى", "combining": "e\u0301\u0323 Z\u0351\u0358\u0310 \u200d\u200b",
    "beyond": "\U0001f469\u200d\U0001f4bb \U00020000 \uffff\ufdd0", "quotes": "'\"`\\ ; DROP TABLE odd; -- %_*?[]{}",
    "formula": "=1+1", "long": "x" * 10_000_000, "word": "w" * 70_000 + " \u00e9", "empty": "", "blank": " \u00a0 ",
    "null word": "NULL", "number": "007", "case": "İıßſK",
}  # fmt: skip
DAYS = {
    "first": datetime.date(1, 1, 1), "last": datetime.date(9999, 12, 31), "leap": datetime.date(1900, 2, 28),
    "before": datetime.date(1582, 10, 10), "none": None,
}  # fmt: skip
SIZES = [0, -1, 2**63 - 1, -(2**63), None]
ROWS = [
    {"id": number, "text": text, "day": [*DAYS.values()][number % len(DAYS)], "size": SIZES[number % len(SIZES)]}
    for number, text in enumerate(TEXTS.values(), 1)
]
#: What no column of its type holds: column → values.
REFUSED = {
    "text": [5, b"\xff", datetime.date(2026, 1, 1), float("nan"), ["a"], {"a": 1}],
    "day": ["2026-02-30", "0000-00-00", "10000-01-01", "-0044-03-15", 5, True, datetime.datetime(2026, 1, 1, 5)],
    "size": ["5", 1.5, Decimal("NaN"), Decimal("sNaN"), True, float("inf")],
}
#: What memory holds and no database: column → values.
TOO_MUCH = {"text": ["\ud800", "x\udcff"], "size": [2**63, -(2**70), 10**400]}
SQL = "CREATE TABLE odd (id INTEGER PRIMARY KEY, text TEXT, day DATE, size INTEGER);"
WRITTEN = ("memory", "sqlite", "postgres", "remote")
SOURCES = (*WRITTEN, "jsonl", "parquet", "plugin")


class Odd(TableProvider):
    """The rows, made by Python."""

    schema = msgspec.structs.replace(SCHEMA, is_editable=False)

    def rows(self, start: int, stop: int) -> Any:
        return [tuple(row.values()) for row in ROWS[start:stop]]

    def count(self) -> int:
        return len(ROWS)


def fill_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM odd")
        rows = [(row["id"], row["text"], row["day"] and row["day"].isoformat(), row["size"]) for row in ROWS]
        connection.executemany("INSERT INTO odd VALUES (?, ?, ?, ?)", rows)
    connection.close()


def served(folder: Path) -> Iterator[Any]:
    bare, work = make_repository(folder)
    layout = 'layout 1\ntable odd source="odd"\nwindow { grid odd }\n'
    files = {"main.kdl": layout, "schema.sql": SQL, "seed.sql": "INSERT INTO odd (id) VALUES (1);\n"}
    commit(work, in_app("shop", files))
    git(work, "push", "-q", "origin", "main")
    with ServerProcess(bare, "--data", str(folder / "data"), log_path=folder / "server.log") as server:
        link = Link(server.address, name="anna")
        source = RemoteSource(link, "shop", "stock")
        source.table("odd").count(Query())
        fill_sqlite(folder / "data" / "shop" / "stock.sqlite")
        yield source.table("odd")
        source.close()
        link.close()
        server.stop()
        assert "Traceback" not in server.log()


@pytest.fixture(scope="module", params=SOURCES)
def table(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    kind, folder = request.param, tmp_path_factory.mktemp("odd")
    if kind == "remote":
        yield from served(folder)
        return
    if kind == "memory":
        source: Any = MemorySource([(SCHEMA, ROWS)])
    elif kind == "plugin":
        source = LocalSource({"odd": ProviderScan(Odd())})
    elif kind == "postgres":
        address = shared_server().new_database()
        write_tables(address, [(SCHEMA, ROWS)])
        source = PostgresSource(address)
    elif kind == "sqlite":
        with sqlite3.connect(folder / "odd.sqlite") as connection:
            connection.executescript(SQL)
        connection.close()
        fill_sqlite(folder / "odd.sqlite")
        source = open_source({"kind": "sqlite", "path": "odd.sqlite"}, folder)
    elif kind == "jsonl":
        lines = (json.dumps({name: str(value) if name == "day" and value else value for name, value in row.items()})
                 for row in ROWS)  # fmt: skip
        (folder / "odd.jsonl").write_text("\n".join(lines) + "\n")
        source = open_source({"kind": "jsonl", "path": "odd.jsonl", "types": {"text": "text"}}, folder)
    else:
        from kernel.tables.exchange.export import all_columns, export
        from kernel.tables.exchange.format import format_of

        path = folder / "odd.parquet"
        mine = MemorySource([(SCHEMA, ROWS)]).table("odd")
        export(mine, Query(), all_columns(SCHEMA), path, format_of(path), lambda part: None)
        source = open_source({"kind": "parquet", "path": "odd.parquet"}, folder)
    yield source.table("odd")
    source.close()


QUERIES = {
    "all": Query(),
    "contains": Query(filter="text contains 'A'"),
    "matches": Query(filter="text matches 'drop odd'"),
    "starts": Query(filter="text startswith '\\t'"),
    "equals": Query(filter="text == find", parameters={"find": TEXTS["right to left"]}),
    "long": Query(filter="length(text) > 1000000"),
    "days": Query(filter="day < date('1900-03-01')"),
    "sizes": Query(filter="size + 1 > 0"),
    "by text": Query(sort=parse_sort("text")),
    "by text down": Query(sort=parse_sort("-text, day")),
    "by day": Query(sort=parse_sort("day, -size")),
    "group": Query(group=("lower(left(text, 3))",), aggregates=(Aggregate("sum", "size", "sum"),)),
    "statistics": Query(aggregates=(Aggregate("minimum", "text", "low"), Aggregate("maximum", "day", "high"),
                                    Aggregate("average", "size", "mean"), Aggregate("count", "text", "n"))),
    "years": Query(group=("year(day)",), aggregates=(Aggregate("count", "", "n"),)),
    "value list": Query(group=("text",), aggregates=(Aggregate("count", "", "n"),), sort=parse_sort("-n, text")),
    "computed": Query(computed={"twice": "size * 2", "next": "day + 1"}, columns=("twice", "next")),
}  # fmt: skip


@pytest.mark.parametrize("name", QUERIES)
def test_odd_values_are_answered_as_in_memory(table: Any, name: str) -> None:
    query, mine = QUERIES[name], MemorySource([(SCHEMA, ROWS)]).table("odd")
    assert table.prepare(query, lambda part: None) == mine.count(query) == table.count(query)
    found, wanted = table.fetch(query, 0, 99), mine.fetch(query, 0, 99)
    assert found.columns == wanted.columns, name
    assert table.estimate(query).count >= 0


def test_a_filter_without_end_is_refused_in_words(table: Any) -> None:
    from kernel.error import EspalierError

    for text in ("id == 1 or " * 100_000 + "false", "(" * 500_000, "-" * 1_000_000 + "1", "x" * 1_000_000,
                 "text == '" + "a" * 1_000_000 + "'"):  # fmt: skip
        with pytest.raises(EspalierError, match="longer than 10,000 characters"):
            table.fetch(Query(filter=text), 0, 9)
    assert table.count(Query(filter="text == find", parameters={"find": "a" * 1_000_000})) == 0


CASES = [(column, value, table is TOO_MUCH) for table in (REFUSED, TOO_MUCH) for column in table
         for value in table[column]]  # fmt: skip


@pytest.mark.parametrize("table", WRITTEN, indirect=True)
@pytest.mark.parametrize(("column", "value", "is_held"), CASES, ids=range(len(CASES)))
def test_a_value_that_does_not_fit_is_refused_beside_its_column(
    table: Any, column: str, value: Any, is_held: bool, request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.params["table"]
    if is_held and kind == "memory":
        return
    before = table.fetch(Query(), 0, 99)
    with pytest.raises(TableError) as caught:
        table.commit([Insert({"id": 900, "text": "first"}), Update((1,), "", {column: value})])
    if isinstance(caught.value, ConstraintError):
        assert caught.value.column == column and caught.value.index == 1
        assert caught.value.message.startswith(column.capitalize())
    else:
        assert kind == "remote" and "no number that any table holds" in caught.value.message
    assert table.fetch(Query(), 0, 99) == before


@pytest.mark.parametrize("table", WRITTEN, indirect=True)
@pytest.mark.parametrize("name", TEXTS)
def test_odd_texts_are_written(table: Any, name: str) -> None:
    try:
        table.commit([Insert({"id": 800, "text": TEXTS[name], "day": datetime.date.max, "size": 2**63 - 1})])
        block = table.fetch(Query(keys=((800,),)), 0, 1)
        assert block.row(0) == {"id": 800, "text": TEXTS[name], "day": datetime.date.max, "size": 2**63 - 1}
    finally:
        table.commit([Delete((800,), "")])
