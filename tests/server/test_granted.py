"""Grants: what a person reads and writes of a source, however the question is put."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kernel.expression import ExpressionError
from kernel.tables.change import Change, Delete, Insert, Part, Update
from kernel.tables.error import ConflictError, ConstraintError, ForbiddenError, TableError, UnknownColumnError
from kernel.tables.memory import MemorySource
from kernel.tables.query import Aggregate, Query, Sort
from kernel.tables.schema import Column, Reference, Schema
from kernel.tables.source import open_source
from layouts.grant import Grant
from server.granted import GrantedSource
from server.identity import Person
from server.seal import FILE, Seal, read_secret
from server.sight import sight_of

CUSTOMERS = Schema(
    "customers",
    (
        Column("id", "integer", is_key=True, has_default=True),
        Column("name"),
        Column("region"),
        Column("credit", "integer"),
    ),
    ("id",),
    label=("name",),
)
ORDERS = Schema(
    "orders",
    (
        Column("id", "integer", is_key=True, has_default=True),
        Column("customer_id", "integer"),
        Column("owner"),
        Column("total", "integer"),
        Column("secret"),
    ),
    ("id",),
    (Reference("customer", "customers", ("customer_id",), ("id",)),),
)
STAFF = Schema("staff", (Column("id", "integer", is_key=True), Column("pay", "integer")), ("id",))
READ = ("read",)
SEAL = Seal(b"secret")
#: Anna sees her own orders without the secret, and the customers of the north without their credit.
GRANTS = (
    Grant("role:boss", "*", ("read", "edit", "add", "delete")),
    Grant("anna", "orders", ("read", "edit"), ("id", "customer_id", "owner", "total"), "owner == user.name"),
    Grant("anna", "orders", ("add",), (), "owner == user.name and total < 100"),
    Grant("anna", "customers", READ, ("name", "region"), "region == 'north'"),
    Grant("bert", "orders", READ, ("id", "customer_id")),
)


def make() -> MemorySource:
    return MemorySource([
        (CUSTOMERS, [
            {"id": 1, "name": "Abel", "region": "north", "credit": 7},
            {"id": 2, "name": "Bea", "region": "south", "credit": 8},
        ]),
        (ORDERS, [
            {"id": number, "customer_id": 1 + number % 2, "owner": ["anna", "bert"][number // 4], "total": number * 10,
             "secret": f"s{number}"}
            for number in range(1, 7)
        ]),
        (STAFF, [{"id": 1, "pay": 1000}]),
    ])  # fmt: skip


def granted(source: MemorySource, name: str, *roles: str) -> GrantedSource:
    person = Person(name, False, "here")
    return GrantedSource(source, lambda table: sight_of(GRANTS, person, roles, "main", table), SEAL)


@pytest.fixture
def source() -> MemorySource:
    return make()


@pytest.fixture
def orders(source: MemorySource) -> Any:
    return granted(source, "anna").table("orders")


def test_a_role_with_everything_has_everything(source: MemorySource) -> None:
    boss = granted(source, "carla", "boss")
    assert boss.table_names() == source.table_names()
    for name in source.table_names():
        assert boss.table(name).schema == source.table(name).schema
        assert boss.table(name).fetch(Query(), 0, 99) == source.table(name).fetch(Query(), 0, 99)
    boss.commit([Part("staff", (Update((1,), "", {"pay": 2}),)), Part("orders", (Delete((1,), ""), Insert({})))])
    assert source.table("staff").fetch(Query(), 0, 1).columns["pay"] == [2]


def test_what_is_not_granted_is_not_there(source: MemorySource) -> None:
    anna = granted(source, "anna")
    assert anna.table_names() == ["customers", "orders"]
    for name in ("staff", "no_such_table"):
        with pytest.raises(ForbiddenError):
            anna.table(name)
        with pytest.raises(ForbiddenError):
            anna.commit([Part(name, (Update((1,), "", {"pay": 9}),))])
    assert granted(source, "nobody").table_names() == []


def test_the_schema_says_what_may_be_done(orders: Any, source: MemorySource) -> None:
    schema = orders.schema
    assert [column.name for column in schema.columns] == ["id", "customer_id", "owner", "total"]
    assert schema.is_editable and schema.can_edit and schema.can_add and not schema.can_delete
    schema = granted(source, "anna").table("customers").schema
    assert not schema.is_editable and schema.read_only_reason
    assert [column.name for column in schema.columns] == ["id", "name", "region"]
    assert all(column.read_only_reason for column in schema.columns)
    assert granted(source, "bert").table("orders").schema.references == (), "its table may not be read"


def test_rows_are_filtered_everywhere(orders: Any) -> None:
    assert orders.fetch(Query(), 0, 99).columns == {
        "id": [1, 2, 3], "customer_id": [2, 1, 2], "owner": ["anna"] * 3, "total": [10, 20, 30]
    }  # fmt: skip
    assert orders.count(Query()) == 3 and orders.estimate(Query()).count == 3
    assert orders.prepare(Query(sort=(Sort("total"),)), lambda part: None) == 3
    assert orders.fetch(Query(keys=((4,), (2,))), 0, 9).keys == [(2,)]
    assert orders.locate(Query(), (4,)) is None and orders.locate(Query(), (3,)) == 2
    assert orders.fetch(Query(aggregates=(Aggregate("sum", "total", "sum"),)), 0, 1).columns["sum"] == [60]
    assert orders.fetch(Query(group=("owner",), aggregates=(Aggregate("count", name="n"),)), 0, 9).columns["n"] == [3]


@pytest.mark.parametrize(
    "query",
    [
        Query(filter="secret == 's1'"),
        Query(filter="secret == 's1'", parameters={"secret": "x"}),
        Query(filter="col('secret') == 's1'"),
        Query(columns=("secret",)),
        Query(sort=(Sort("secret"),)),
        Query(group=("secret",)),
        Query(group=("left(secret, 1)",)),
        Query(aggregates=(Aggregate("maximum", "secret", "m"),)),
        Query(computed={"x": "secret"}, columns=("x",)),
        Query(computed={"secret": "1"}, columns=("secret",)),
        Query(computed={"x": "y", "y": "length(secret)"}, filter="x > 1"),
        Query(columns=("customer.credit",)),
        Query(filter="customer.credit > 7"),
        Query(filter="customer_id.credit > 7"),
        Query(computed={"user.name": "'bert'"}),
    ],
)
def test_hidden_columns_are_unknown_columns(orders: Any, query: Query) -> None:
    with pytest.raises(UnknownColumnError) as caught:
        orders.fetch(query, 0, 9)
    assert "secret" not in caught.value.hint and "credit" not in caught.value.hint


@pytest.mark.parametrize(
    "text", ["true) or (true", "true) or true or (false", "true or true", "true #", "id == 1 or (true"]
)
def test_no_filter_leaves_the_row_filter(orders: Any, text: str) -> None:
    try:
        found = orders.fetch(Query(filter=text), 0, 99).columns["id"]
    except (ExpressionError, TableError):
        return
    assert set(found) <= {1, 2, 3}


def test_parameters_do_not_change_who_one_is(orders: Any) -> None:
    query = Query(filter="owner == user.name", parameters={"user.name": "bert"})
    assert orders.fetch(query, 0, 99).columns["id"] == [1, 2, 3]


def test_references_into_rows_out_of_sight_give_nothing(orders: Any, source: MemorySource) -> None:
    block = orders.fetch(Query(columns=("customer:label", "customer.region", "total")), 0, 99)
    assert block.columns == {"customer:label": [None, "Abel", None], "customer.region": [None, "north", None],
                             "total": [10, 20, 30]}  # fmt: skip
    for query in (Query(filter="customer.region == 'south'"), Query(sort=(Sort("customer:label"),))):
        with pytest.raises(ForbiddenError, match="searched"):
            orders.fetch(query, 0, 9)
    bert = granted(source, "bert").table("orders")
    assert bert.fetch(Query(columns=("customer:label",)), 0, 1).columns == {"customer:label": [None]}
    with pytest.raises(UnknownColumnError):
        bert.count(Query(filter="customer.region == 'south'"))


@pytest.mark.parametrize(
    ("table", "change", "error"),
    [
        ("orders", Update((1,), "", {"owner": "bert"}), ForbiddenError),
        ("orders", Update((4,), "", {"total": 1}), ConflictError),
        ("orders", Update((1,), "", {"secret": "x"}), UnknownColumnError),
        ("orders", Delete((1,), ""), ForbiddenError),
        ("orders", Delete((4,), ""), ForbiddenError),
        ("orders", Insert({"owner": "bert", "total": 1}), ForbiddenError),
        ("orders", Insert({"owner": "anna", "total": 100}), ForbiddenError),
        ("orders", Insert({"total": 1}), ForbiddenError),
        ("customers", Update((1,), "", {"name": "x"}), ForbiddenError),
        ("customers", Insert({"name": "x", "region": "north"}), ForbiddenError),
    ],
)
def test_changes_that_are_not_granted_write_nothing(
    source: MemorySource, table: str, change: Change, error: type[Exception]
) -> None:
    before = source.table(table).fetch(Query(), 0, 99)
    anna = granted(source, "anna")
    with pytest.raises(error):
        anna.commit([Part("orders", (Update((2,), "", {"total": 21}),)), Part(table, (change,))])
    assert source.table(table).fetch(Query(), 0, 99) == before
    assert source.table("orders").fetch(Query(keys=((2,),)), 0, 1).columns["total"] == [20]


def test_changes_that_are_granted_are_written(source: MemorySource, orders: Any) -> None:
    done = orders.commit([Insert({"owner": "anna", "total": 5}), Update((3,), "", {"total": 5000})])
    assert done.keys == ((7,), (3,)) and orders.count(Query()) == 4
    granted(source, "carla", "boss").commit([Part("orders", (Update((3,), "", {"owner": "bert"}),))])
    assert orders.count(Query()) == 3


@pytest.mark.parametrize(
    "changes",
    [
        (Delete((1,), ""), Insert({"id": 1, "owner": "bert"})),
        (Delete((1,), ""), Update((2,), "", {"id": 1, "owner": "bert"})),
    ],
)
def test_a_key_that_is_deleted_first_hides_no_row_that_takes_it(
    source: MemorySource, changes: tuple[Change, ...]
) -> None:
    grants = (Grant("anna", "orders", ("read", "edit", "add", "delete"), (), "owner == user.name"),)
    mine = GrantedSource(source, lambda table: sight_of(grants, Person("anna", False, ""), (), "main", table), SEAL)
    before = source.table("orders").fetch(Query(), 0, 99)
    with pytest.raises(ForbiddenError, match="these values"):
        mine.commit([Part("orders", changes)])
    assert source.table("orders").fetch(Query(), 0, 99) == before
    done = mine.commit(
        [Part("orders", (Insert({"id": 9, "owner": "anna"}), Delete((2,), ""), Insert({"id": 2, "owner": "anna"})))]
    )
    assert done[0].keys == ((9,), (2,), (2,))


def test_a_conflict_shows_no_hidden_column(source: MemorySource, orders: Any) -> None:
    with pytest.raises(ConflictError) as caught:
        orders.commit([Update((1,), "an old version", {"total": 11})])
    assert set(caught.value.current.columns) == {"id", "customer_id", "owner", "total"}


def opened(tmp_path: Path, kind: str) -> Any:
    """The tables in memory, or one of them in a SQLite file with rows that could be guessed."""
    if kind == "memory":
        return make()
    with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, owner TEXT, total INTEGER, secret TEXT)")
        connection.executemany("INSERT INTO orders VALUES (?, 'anna', 10, ?)", [(1, "s1"), (2, "s2")])
    connection.close()
    return open_source({"kind": "sqlite", "path": "desk.sqlite"}, tmp_path)


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_versions_tell_nothing_of_hidden_columns_and_still_find_conflicts(tmp_path: Path, kind: str) -> None:
    whole = opened(tmp_path, kind)
    mine = GrantedSource(whole, lambda table: sight_of(GRANTS, Person("anna", False, ""), (), "main", table), SEAL)
    orders, real = mine.table("orders"), whole.table("orders")
    first = orders.fetch(Query(keys=((1,), (2,))), 0, 2)
    versions = real.fetch(Query(keys=((1,), (2,))), 0, 2).versions
    assert len({*first.versions, *versions}) == 4
    assert orders.fetch(Query(columns=("id",), keys=((1,),)), 0, 1).versions == first.versions[:1]

    with pytest.raises(ConflictError) as caught:
        mine.commit([Part("orders", ()), Part("orders", (Insert({"owner": "anna", "total": 1}),
                                                         Update((1,), versions[0], {"total": 11})))])  # fmt: skip
    assert (caught.value.part, caught.value.index) == (1, 1), "the source's own version is none"
    real.commit([Update((1,), "", {"secret": "other"})])
    change = Update((1,), first.versions[0], {"total": 11})
    with pytest.raises(ConflictError) as caught:
        mine.commit([Part("orders", (change,))], id="a")
    current = caught.value.current
    assert current.keys == [(1,)] and "secret" not in current.columns and current.columns["total"] == [10]
    assert current.versions == orders.fetch(Query(keys=((1,),)), 0, 1).versions
    again = (Update((1,), current.versions[0], {"total": 12}), Update((2,), first.versions[1], {"total": 13}))
    done = mine.commit([Part("orders", again)], id="b")
    assert mine.commit([Part("orders", again)], id="b") == done, "what comes again is answered, not checked again"
    assert orders.fetch(Query(keys=((1,), (2,))), 0, 2).columns["total"] == [12, 13]
    whole.close()


@pytest.mark.parametrize(
    ("grants", "is_told"),
    [
        ((), False),
        ((Grant("anna", "orders", READ, (), "owner == user.name"),), False),
        ((Grant("anna", "orders", READ, ("id",)),), True),
    ],
)
@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_who_uses_a_row_is_told_to_those_who_may_read_it(
    tmp_path: Path, kind: str, grants: tuple[Grant, ...], is_told: bool
) -> None:
    whole: Any = make()
    if kind == "sqlite":
        with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
            connection.executescript(
                "CREATE TABLE customers (id INTEGER PRIMARY KEY);"
                "CREATE TABLE orders (id INTEGER PRIMARY KEY, owner TEXT, customer_id INTEGER REFERENCES customers);"
                "INSERT INTO customers VALUES (1); INSERT INTO orders VALUES (1, 'a', 1), (2, 'a', 1), (3, 'a', 1)"
            )
        connection.close()
        whole = open_source({"kind": "sqlite", "path": "desk.sqlite"}, tmp_path)
    mine = (Grant("anna", "customers", ("read", "delete")), *grants)
    anna = GrantedSource(whole, lambda table: sight_of(mine, Person("anna", False, ""), (), "main", table), SEAL)
    with pytest.raises(ConstraintError) as caught:
        anna.commit([Part("customers", (Delete((1,), ""),))])
    said = f"{caught.value} {caught.value.message}"
    assert ("used by 3 rows of Orders" in said) == ("Order" in said) == ("3" in said) == is_told
    assert "still used" in said
    whole.close()


def test_who_reads_every_column_has_the_versions_of_the_source(source: MemorySource) -> None:
    boss = granted(source, "carla", "boss").table("orders")
    old = boss.fetch(Query(), 0, 1)
    assert old.versions == source.table("orders").fetch(Query(), 0, 1).versions
    boss.commit([Update(old.keys[0], old.versions[0], {"total": 1})])
    with pytest.raises(ConflictError):
        boss.commit([Update(old.keys[0], old.versions[0], {"total": 2})])


def test_the_secret_of_versions_outlives_the_server(tmp_path: Path) -> None:
    secret = read_secret(tmp_path / "data")
    path = tmp_path / "data" / FILE
    assert path.stat().st_mode & 0o777 == 0o600 and read_secret(tmp_path / "data") == secret
    path.chmod(0o644)
    other = read_secret(tmp_path / "data")
    assert other != secret, "others may have read it"
    path.write_bytes(other[:5])
    assert len(read_secret(tmp_path / "data")) == 32


@pytest.mark.parametrize("rows", ["ownr == user.name", "user.name == 'anna'", "true"])
def test_a_row_filter_that_a_query_could_bend_shows_nothing(source: MemorySource, rows: str) -> None:
    grants = (Grant("*", "orders", READ, (), rows),)
    mine = GrantedSource(source, lambda table: sight_of(grants, Person("anna", False, ""), (), "main", table), SEAL)
    if rows.startswith("ownr"):
        for query in (Query(), Query(computed={"ownr": "'anna'"}), Query(parameters={"ownr": "anna"})):
            with pytest.raises(ForbiddenError, match="ownr is no column"):
                mine.table("orders").fetch(query, 0, 9)
    else:
        assert mine.table("orders").count(Query()) == 6
