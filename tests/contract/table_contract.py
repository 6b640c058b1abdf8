"""What every source of tables does. Subclass, give a ``tables`` fixture, and every test here runs on it.

The fixture answers a callable: ``(list of (Schema, rows)) -> Source`` holding these tables.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from kernel.expression import ExpressionError
from kernel.tables.change import Delete, Insert, Part, Update
from kernel.tables.error import (
    ConflictError,
    ConstraintError,
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


class TableContract:
    """Tests of the contract in :mod:`kernel.tables.contract`.

    Attributes:
        has_computed: False for a source that does not know ``Query.computed`` yet.
    """

    has_computed = True

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
        assert schema.key == ("id",) and schema.reference("customer").table == "customers"
        assert schema.reference("customer_id") == schema.reference("customer")
        assert source.table("customers").schema.label == ("name",)

    def test_rows_come_back_as_given(self, orders):
        block = orders.fetch(Query(), 0, 100)
        assert [block.row(index) for index in range(len(block))] == ORDER_ROWS
        assert block.keys[0] == (1,) and len(set(block.versions)) > 1

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

    def test_accented_letters_sort_among_their_own(self, customers):
        names = [
            "Sam", "Élise", "elise B", "Elise", "Zoë", "eliSE", "Łukasz", "Lulu", "Lukas", "Straße", "strasse", "Öl"
        ]  # fmt: skip
        customers.commit([Insert({"name": name}) for name in names])
        query = Query(sort=parse_sort("name"))
        wanted = [
            "anna", "Bert", "Elise", "eliSE", "Élise", "elise B", "Émile", "Lukas", "Łukasz", "Lulu", "Öl", "Sam",
            "strasse", "Straße", "Zoë",
        ]  # fmt: skip
        up = customers.fetch(query, 0, 99)
        assert up.columns["name"] == wanted
        assert [customers.locate(query, key) for key in up.keys] == list(range(len(wanted)))
        down = customers.fetch(Query(sort=parse_sort("-name")), 0, 99).columns["name"]
        wanted[2:4] = wanted[3:1:-1]  # of equal ones the key decides, which ascends
        assert down == wanted[::-1]

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
        self._need_computed()
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
        self._need_computed()
        sums = (Aggregate("sum", "double", "sum"), Aggregate("maximum", "worth + 1", "most"))
        query = Query(group=("who", "is_open"), aggregates=sums, sort=parse_sort("-sum"), computed=COMPUTED)
        block = orders.fetch(query, 0, 100)
        assert sum(block.columns["sum"]) == 42 and len(block) == orders.count(query) == 12
        assert block.columns["sum"] == sorted(block.columns["sum"], reverse=True)
        assert {bool(most) for most in block.columns["most"]} == {True, False}
        assert orders.fetch(Query(aggregates=sums, computed=COMPUTED), 0, 1).row(0)["sum"] == 42

    def test_computed_columns_that_lead_nowhere(self, orders):
        self._need_computed()
        circle = {"a": "b + 1", "b": "c", "c": "a * 2", "own": "own + 1", "bad": "1 +"}
        with pytest.raises(TableError, match="a → b → c → a"):
            orders.count(Query(filter="a > 1", computed=circle))
        with pytest.raises(TableError, match="own → own"):
            orders.fetch(Query(columns=("own",), computed=circle), 0, 1)
        with pytest.raises(ExpressionError, match="computed column bad"):
            orders.fetch(Query(sort=parse_sort("bad"), computed=circle), 0, 1)
        with pytest.raises(UnknownColumnError, match="nothing"):
            orders.fetch(Query(columns=("x",), computed={"x": "nothing + 1"}), 0, 1)
        grown = {f"c{level}": f"c{level + 1} + c{level + 1}" for level in range(40)} | {"c40": "1"}
        with pytest.raises(ExpressionError, match="too long"):
            orders.fetch(Query(columns=("c0",), computed=grown), 0, 1)
        assert orders.count(Query(computed=circle)) == 20

    def _need_computed(self):
        if not self.has_computed:
            pytest.skip("this source does not know computed columns yet")

    def test_tables_hear_of_rows_that_their_references_lead_to(self, orders, customers):
        heard = []
        disposers = [orders.subscribe(heard.append), customers.subscribe(heard.append)]
        one = customers.fetch(Query(keys=((2,),)), 0, 1)
        customers.commit([Update((2,), one.versions[0], {"name": "Anna"})])
        assert heard[0].table == "customers" and heard[0].updated == ((2,),)
        # Customers refer to customers: the names of others' bosses have changed as well.
        assert sorted(change.table for change in heard[1:]) == ["customers", "orders"]
        assert all(change.has_changed_references and not change.updated for change in heard[1:])
        customers.commit([Insert({"name": "New"})])
        row = orders.fetch(Query(), 0, 1)
        orders.commit([Update(row.keys[0], row.versions[0], {"note": "seen"})])
        assert [change.has_changed_references for change in heard[3:]] == [False, False]
        for dispose in disposers:
            dispose()

    def test_commit_insert_update_delete(self, orders):
        heard = []
        dispose = orders.subscribe(heard.append)
        version = orders.fetch(Query(keys=((2,),)), 0, 1).versions[0]
        values = {"total": Decimal("9.99"), "is_open": True, "placed": datetime.datetime(2024, 5, 6, 7, 8, 9)}
        done = orders.commit([Insert(values), Update((2,), version, {"note": "ü"}), Delete((5,), "")])
        assert done.keys == ((21,), (2,), (5,)) and heard == [done.change]
        assert done.change.inserted == ((21,),) and done.change.updated == ((2,),) and done.change.deleted == ((5,),)
        row = orders.fetch(Query(keys=((21,),)), 0, 1).row(0)
        assert {name: row[name] for name in values} == values and row["note"] is None
        dispose()
        orders.commit([Delete((6,), "")])
        assert len(heard) == 1

    def test_changed_key_is_deleted_and_inserted(self, orders):
        change = orders.commit([Update((4,), "", {"id": 400})]).change
        assert change.deleted == ((4,),) and change.inserted == ((400,),)

    def test_conflict_shows_the_rows_now_and_writes_nothing(self, orders):
        version = orders.fetch(Query(keys=((1,),)), 0, 1).versions[0]
        orders.commit([Update((1,), version, {"note": "first"})])
        with pytest.raises(ConflictError) as caught:
            orders.commit([Insert({}), Update((1,), version, {"note": "second"})])
        assert caught.value.index == 1 and caught.value.current.columns["note"] == ["first"]
        assert orders.count(Query()) == 20
        with pytest.raises(ConflictError) as caught:
            orders.commit([Delete((99,), "")])
        assert len(caught.value.current) == 0

    @pytest.mark.parametrize(
        ("table", "change", "message", "column"),
        [
            ("customers", Insert({"since": None}), "must not be empty", "name"),
            ("customers", Update((1,), "", {"name": None}), "must not be empty", "name"),
            ("customers", Insert({"id": 1, "name": "x"}), "already a row", "id"),
            ("customers", Insert({"name": "x" * 41}), "at most 40", "name"),
            ("orders", Insert({"total": "much"}), "must be a number", "total"),
            ("orders", Insert({"customer_id": 77}), "77 does not exist", "customer_id"),
            ("customers", Delete((3,), ""), "still used by 5 rows of Orders", ""),
        ],
    )
    def test_constraint(self, source, table, change, message, column):
        before = [source.table(name).fetch(Query(), 0, 100) for name in source.table_names()]
        with pytest.raises(ConstraintError, match=message) as caught:
            source.table(table).commit([Insert({"name": "kept?"} if table == "customers" else {}), change])
        assert (caught.value.column, caught.value.index) == (column, 1)
        assert [source.table(name).fetch(Query(), 0, 100) for name in source.table_names()] == before

    def test_unknown_column_in_change(self, orders):
        with pytest.raises(UnknownColumnError, match="did you mean total"):
            orders.commit([Insert({"totl": 1})])

    def test_closed_source_says_so(self, tables):
        source = tables([(CUSTOMERS, CUSTOMER_ROWS)])
        table = source.table("customers")
        source.close()
        with pytest.raises(SourceError):
            table.count(Query())

    @pytest.fixture
    def together(self, source):
        """``source.commit``; a source that cannot write several tables as one is not asked to."""
        if not hasattr(source, "commit"):
            pytest.skip("the source has no commit over several tables")
        return source.commit

    def test_several_tables_are_written_as_one(self, source, together):
        heard = []
        disposers = [source.table(name).subscribe(heard.append) for name in ("customers", "orders")]
        parts = [
            Part("orders", (Insert({"customer_id": 50, "note": "first"}), Delete((3,), ""))),
            Part("customers", (Insert({"id": 50, "name": "Zoë"}),)),
        ]
        done = together(parts)
        assert [one.keys for one in done] == [((21,), (3,)), ((50,),)]
        assert [change for change in heard if not change.has_changed_references] == [one.change for one in done]
        assert source.table("orders").fetch(Query(keys=((21,),), columns=("customer.name",)), 0, 1).columns == {
            "customer.name": ["Zoë"]
        }
        assert source.table("orders").count(Query()) == 20 and source.table("customers").count(Query()) == 4
        for dispose in disposers:
            dispose()

    def test_one_wrong_part_undoes_all(self, source, together):
        before = [source.table(name).fetch(Query(), 0, 100) for name in source.table_names()]
        with pytest.raises(ConstraintError) as caught:
            together([Part("orders", (Insert({}),)), Part("customers", (Insert({"name": "a"}), Insert({"id": 9})))])
        assert (caught.value.part, caught.value.index, caught.value.column) == (1, 1, "name")
        with pytest.raises(ConflictError) as conflict:
            together([Part("orders", (Insert({}),)), Part("customers", (Update((1,), "no version", {"name": "b"}),))])
        assert conflict.value.part == 1 and conflict.value.current.columns["name"] == ["Émile"]
        with pytest.raises(ConstraintError, match="77 does not exist") as caught:
            together([Part("customers", (Insert({"name": "c"}),)), Part("orders", (Insert({"customer_id": 77}),))])
        assert caught.value.part == 1
        with pytest.raises(UnknownTableError):
            together([Part("customers", (Insert({"name": "d"}),)), Part("ordres", (Insert({}),))])
        assert [source.table(name).fetch(Query(), 0, 100) for name in source.table_names()] == before

    def test_a_row_goes_with_those_that_refer_to_it(self, source, together):
        users = source.table("orders").fetch(Query(filter="customer_id == 3"), 0, 100)
        gone = tuple(Delete(key, version) for key, version in zip(users.keys, users.versions, strict=True))
        together([Part("customers", (Delete((3,), ""),)), Part("orders", gone)])
        assert source.table("customers").count(Query()) == 2 and source.table("orders").count(Query()) == 15

    def test_a_later_part_sees_an_earlier_one(self, source, together):
        done = together([
            Part("customers", (Insert({"id": 9, "name": "a"}),)),
            Part("customers", (Update((9,), "", {"name": "b"}),)),
        ])  # fmt: skip
        assert [one.keys for one in done] == [((9,),), ((9,),)]
        assert source.table("customers").fetch(Query(keys=((9,),)), 0, 1).columns["name"] == ["b"]

    def test_a_commit_that_comes_again_is_not_done_again(self, source, together):
        heard = []
        dispose = source.table("customers").subscribe(heard.append)
        parts = [Part("customers", (Insert({"name": "once"}), Update((1,), "", {"since": datetime.date(2024, 5, 6)})))]
        done = together(parts, id="a" * 32)
        told = len(heard)
        assert together(parts, id="a" * 32) == done and len(heard) == told
        assert source.table("customers").count(Query(filter="name == 'once'")) == 1
        with pytest.raises(TableError, match="other changes"):
            together([Part("customers", (Insert({"name": "other"}),))], id="a" * 32)
        assert together(parts, id="b" * 32) != done
        assert source.table_names() == ["customers", "orders"]
        dispose()

    def test_a_commit_that_failed_may_come_again(self, source, together):
        with pytest.raises(ConstraintError):
            together([Part("customers", (Insert({}),))], id="c" * 32)
        together([Part("customers", (Insert({"name": "now"}),))], id="c" * 32)
        assert source.table("customers").count(Query(filter="name == 'now'")) == 1
