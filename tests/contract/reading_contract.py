"""What every source of tables does that is read. Subclass, give a ``tables`` fixture, and every test here runs on it.
One that is written as well passes ``tests/contract/table_contract.py``, which has these tests too.

The fixture answers a callable: ``(list of (Schema, rows)) -> Source`` holding these tables.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from kernel.expression import ExpressionError
from kernel.tables.error import (
    SourceError,
    TableError,
    UnknownColumnError,
    UnknownTableError,
)
from kernel.tables.query import Aggregate, Query, parse_sort
from kernel.tables.schema import Column, Reference, Schema

CUSTOMERS = Schema(
    "customers",
    (
        Column("id", "integer", is_key=True, has_default=True),
        Column("name", is_required=True, max_length=40),
        Column("since", "date"),
        Column("boss_id", "integer"),
    ),
    ("id",),
    (Reference("boss", "customers", ("boss_id",), ("id",)),),
    ("name",),
)
ORDERS = Schema(
    "orders",
    (
        Column("id", "integer", is_key=True, has_default=True),
        Column("customer_id", "integer"),
        Column("total", "decimal"),
        Column("is_open", "boolean"),
        Column("placed", "datetime"),
        Column("note", "longtext"),
    ),
    ("id",),
    (Reference("customer", "customers", ("customer_id",), ("id",)),),
)
CUSTOMER_ROWS = [
    {"id": 1, "name": "Émile", "since": datetime.date(2020, 2, 29), "boss_id": None},
    {"id": 2, "name": "anna", "since": None, "boss_id": 1},
    {"id": 3, "name": "Bert", "since": datetime.date(2024, 1, 1), "boss_id": 2},
]
ORDER_ROWS = [
    {
        "id": number,
        "customer_id": [1, 2, 3, None][number % 4],
        "total": Decimal(number) / 10,
        "is_open": [True, False, None][number % 3],
        "placed": datetime.datetime(2024, 1 + number % 3, 5, 12, 30, 15),
        "note": ["", None, "two\nlines"][number % 3],
    }
    for number in range(1, 21)
]


COMPUTED = {
    "who": "customer.name",
    "double": "total * 2",
    "worth": "round(double, 1) if is_open else null",
    "col one": "'one'",
    "total": "0",
}


class ReadingContract:
    """Tests of reading by the contract in :mod:`kernel.tables.contract`.

    Attributes:
        has_empty_texts: Whether it tells an empty text from null.
        key: The key of its tables; a row's number does as well, for the rows stand in the order of their ids.
    """

    has_empty_texts = True
    key = ("id",)

    @pytest.fixture
    def source(self, tables):
        source = tables([(CUSTOMERS, CUSTOMER_ROWS), (ORDERS, ORDER_ROWS)])
        yield source
        source.close()

    @pytest.fixture
    def orders(self, source):
        return source.table("orders")

    @pytest.fixture
    def customers(self, source):
        return source.table("customers")

    def test_names_and_same_table(self, source):
        assert source.table_names() == ["customers", "orders"]
        assert source.table("orders") is source.table("orders")

    def test_unknown_table_names_the_nearest(self, source):
        with pytest.raises(UnknownTableError, match="orders"):
            source.table("ordres")

    def test_schema_has_types_references_and_label(self, source):
        schema = source.table("orders").schema
        wanted = ["integer", "integer", "decimal", "boolean", "datetime", "longtext"]
        assert [column.type for column in schema.columns] == wanted
        assert schema.key == self.key and schema.reference("customer").table == "customers"
        assert schema.reference("customer_id") == schema.reference("customer")
        assert source.table("customers").schema.label == ("name",)

    def test_rows_come_back_as_given(self, orders):
        block = orders.fetch(Query(), 0, 100)
        lost = () if self.has_empty_texts else ("",)
        wanted = [{name: None if value in lost else value for name, value in row.items()} for row in ORDER_ROWS]
        assert [block.row(index) for index in range(len(block))] == wanted
        assert block.keys[0] == (1,) and len(set(block.versions)) > (1 if orders.schema.is_editable else 0)

    def test_pages_are_parts_of_the_whole(self, orders):
        query = Query(sort=parse_sort("-is_open,placed"))
        whole = orders.fetch(query, 0, 100)
        pages = [orders.fetch(query, start, start + 7) for start in range(0, 28, 7)]
        assert [key for page in pages for key in page.keys] == whole.keys
        assert len(orders.fetch(query, 500, 510)) == 0

    def test_prepared_rows_are_the_same(self, orders):
        query = Query(filter="is_open", sort=parse_sort("-note,total"))
        before = orders.fetch(query, 0, 100)
        done: list[float] = []
        assert orders.prepare(query, done.append) == len(before) == orders.estimate(query).count
        assert done == sorted(done) and all(0 <= part <= 1 for part in done)
        assert orders.estimate(query).is_exact
        assert orders.fetch(query, 0, 100) == before
        assert [orders.locate(query, key) for key in before.keys] == list(range(len(before)))

    def test_sort_puts_nulls_first_then_last(self, orders):
        up = orders.fetch(Query(sort=parse_sort("customer_id")), 0, 100)
        down = orders.fetch(Query(sort=parse_sort("-customer_id")), 0, 100)
        assert up.columns["customer_id"][0] is None and down.columns["customer_id"][-1] is None
        assert up.keys[:2] == [(3,), (7,)] and down.keys[-5:] == [(3,), (7,), (11,), (15,), (19,)]

    def test_sort_of_texts_ignores_case(self, customers):
        assert customers.fetch(Query(sort=parse_sort("name")), 0, 9).columns["name"] == ["anna", "Bert", "Émile"]

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("id in (1, 3)", [1, 3]),
            ("name contains 'ÉM'", [1]),
            ("boss.boss.name == 'Émile'", [3]),
            ("since >= date('2020-03-01')", [3]),
            ("not (since < '2021-01-01')", [2, 3]),
            ("boss_id == null or name startswith find.text", [1, 3]),
            ("col('boss:label') == 'anna'", [3]),
            ("length(name) > 4", [1]),
            ("boss_id + 1 == id", [2, 3]),
            ("1 / 0 == null", [1, 2, 3]),
        ],
    )
    def test_filter(self, customers, text, wanted):
        query = Query(filter=text, parameters={"find.text": "b"})
        assert [key[0] for key in customers.fetch(query, 0, 9).keys] == wanted
        assert customers.count(query) == len(wanted)

    def test_filter_with_unknown_name(self, orders):
        with pytest.raises(UnknownColumnError, match="customer"):
            orders.count(Query(filter="custmer == 1"))

    def test_paths_and_labels(self, orders):
        query = Query(
            columns=("customer.name", "customer:label", "customer.boss:label"), sort=parse_sort("-customer:label")
        )
        block = orders.fetch(query, 0, 100)
        assert block.row(0) == {"customer.name": "Émile", "customer:label": "Émile", "customer.boss:label": None}
        assert block.row(19) == {"customer.name": None, "customer:label": None, "customer.boss:label": None}

    def test_keys_and_locate(self, orders):
        assert orders.fetch(Query(keys=((3,), (99,), (2,))), 0, 9).keys == [(2,), (3,)]
        query = Query(filter="is_open", sort=parse_sort("-total"))
        keys = orders.fetch(query, 0, 100).keys
        assert [orders.locate(query, key) for key in keys] == list(range(len(keys)))
        assert orders.locate(query, (1,)) is None and orders.locate(Query(), (20,)) == 19

    def test_groups_and_totals(self, orders):
        sums = (
            Aggregate("sum", "total", "sum"),
            Aggregate("count", name="count"),
            Aggregate("maximum", "placed", "last"),
        )
        block = orders.fetch(Query(group=("customer.name",), aggregates=sums), 0, 10)
        assert block.columns["customer.name"] == [None, "anna", "Bert", "Émile"]
        assert sum(block.columns["count"]) == 20 and sum(block.columns["sum"]) == Decimal("21.0")
        total = orders.fetch(Query(aggregates=sums), 0, 10)
        assert total.row(0)["sum"] == Decimal("21.0") and orders.count(Query(aggregates=sums)) == 1
        assert orders.count(Query(group=("month(placed)",))) == 3
        with pytest.raises(TableError):
            orders.count(Query(aggregates=(Aggregate("median", "total"),)))

    def test_computed_columns_are_columns(self, orders):
        query = Query(columns=("id", "who", "worth", "col one", "total"), sort=parse_sort("-worth,-who"),
                      filter="double > 1 and col('col one') == 'one'", computed=COMPUTED)  # fmt: skip
        block = orders.fetch(query, 0, 100)
        assert orders.count(query) == len(block) == 15 and list(block.columns) == list(query.columns)
        worths = [Decimal(number) / 5 if number % 3 == 0 else None for (number,) in block.keys]
        assert block.columns["worth"] == worths
        assert [number for (number,) in block.keys] == [18, 15, 12, 9, 6, 8, 16, 20, 10, 14, 13, 17, 7, 11, 19]
        assert block.columns["who"][:3] == ["Bert", None, "Émile"] and set(block.columns["col one"]) == {"one"}
        assert block.columns["total"] == [Decimal(number) / 10 for (number,) in block.keys]
        assert [orders.locate(query, key) for key in block.keys] == list(range(15))

    def test_computed_columns_in_groups(self, orders):
        sums = (Aggregate("sum", "double", "sum"), Aggregate("maximum", "worth + 1", "most"))
        query = Query(group=("who", "is_open"), aggregates=sums, sort=parse_sort("-sum"), computed=COMPUTED)
        block = orders.fetch(query, 0, 100)
        assert sum(block.columns["sum"]) == 42 and len(block) == orders.count(query) == 12
        assert block.columns["sum"] == sorted(block.columns["sum"], reverse=True)
        assert {bool(most) for most in block.columns["most"]} == {True, False}
        assert orders.fetch(Query(aggregates=sums, computed=COMPUTED), 0, 1).row(0)["sum"] == 42

    def test_computed_columns_that_lead_nowhere(self, orders):
        circle = {"a": "b + 1", "b": "c", "c": "a * 2", "own": "own + 1", "bad": "1 +"}
        with pytest.raises(TableError, match="a → b → c → a"):
            orders.count(Query(filter="a > 1", computed=circle))
        with pytest.raises(TableError, match="own → own"):
            orders.fetch(Query(columns=("own",), computed=circle), 0, 1)
        with pytest.raises((ExpressionError, TableError), match="computed column bad"):
            orders.fetch(Query(sort=parse_sort("bad"), computed=circle), 0, 1)
        with pytest.raises(UnknownColumnError, match="nothing"):
            orders.fetch(Query(columns=("x",), computed={"x": "nothing + 1"}), 0, 1)
        grown = {f"c{level}": f"c{level + 1} + c{level + 1}" for level in range(40)} | {"c40": "1"}
        with pytest.raises((ExpressionError, TableError), match="too long"):
            orders.fetch(Query(columns=("c0",), computed=grown), 0, 1)
        assert orders.count(Query(computed=circle)) == 20

    def test_closed_source_says_so(self, tables):
        source = tables([(CUSTOMERS, CUSTOMER_ROWS)])
        table = source.table("customers")
        source.close()
        with pytest.raises(SourceError):
            table.count(Query())
