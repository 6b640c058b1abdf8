"""What every source of tables does that is written as well. Subclass and give a ``tables`` fixture."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from kernel.tables.change import Delete, Insert, Part, Update
from kernel.tables.error import ConflictError, ConstraintError, TableError, UnknownColumnError, UnknownTableError
from kernel.tables.query import Query, parse_sort
from tests.contract.reading_contract import CUSTOMER_ROWS, CUSTOMERS, ORDER_ROWS, ORDERS, ReadingContract

__all__ = ["CUSTOMERS", "CUSTOMER_ROWS", "ORDERS", "ORDER_ROWS", "TableContract"]


class TableContract(ReadingContract):
    """The whole contract, writing as well."""

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

    def test_a_large_commit_answers_every_row_in_order(self, orders):
        notes = [f"note {number}" for number in range(3_000)]
        done = orders.commit([Insert({"note": note, "total": Decimal(number)}) for number, note in enumerate(notes)])
        assert len(set(done.keys)) == 3_000 and done.change.inserted == done.keys
        block = orders.fetch(Query(keys=done.keys), 0, 3_000)
        assert dict(zip(block.keys, block.columns["note"], strict=True)) == dict(zip(done.keys, notes, strict=True))
        versions = dict(zip(block.keys, block.versions, strict=True))
        mixed = [
            Update(key, versions[key], {"total": Decimal(-number)}) if number % 3 else Delete(key, versions[key])
            for number, key in enumerate(done.keys)
        ]
        again = orders.commit([*mixed, Insert({"note": "last"})])
        assert again.keys[:-1] == done.keys and len(again.change.deleted) == 1_000
        assert again.change.updated == tuple(key for number, key in enumerate(done.keys) if number % 3)
        block = orders.fetch(Query(keys=done.keys), 0, 3_000)
        kept = {key: -number for number, key in enumerate(done.keys) if number % 3}
        assert dict(zip(block.keys, block.columns["total"], strict=True)) == kept

    @pytest.mark.parametrize(
        ("wrong", "error", "column"),
        [
            (Insert({"customer_id": 77}), ConstraintError, "customer_id"),
            (Insert({"total": "much"}), ConstraintError, "total"),
            (Insert({"id": 3}), ConstraintError, "id"),
            (Update((4,), "no version", {"note": "x"}), ConflictError, ""),
            (Delete((4_000_000,), ""), ConflictError, ""),
        ],
    )
    def test_a_large_commit_names_the_row_that_is_wrong(self, orders, wrong, error, column):
        before = orders.fetch(Query(), 0, 100)
        rows = [Insert({"note": f"note {number}"}) for number in range(2_500)]
        updates = [Update(key, version, {"note": "new"})
                   for key, version in zip(before.keys[:3], before.versions[:3], strict=True)]  # fmt: skip
        with pytest.raises(error) as caught:
            orders.commit([*rows[:1_700], *updates, wrong, *rows[1_700:]])
        assert caught.value.index == 1_703 and getattr(caught.value, "column", "") == column
        assert orders.fetch(Query(), 0, 100) == before

    def test_unknown_column_in_change(self, orders):
        with pytest.raises(UnknownColumnError, match="did you mean total"):
            orders.commit([Insert({"totl": 1})])

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
