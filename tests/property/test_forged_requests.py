"""Whatever a client sends: an answer with a code, no defect in the server's log, and everybody else is served on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.tables.block import LargeBlob
from kernel.wire import value as wire_value
from kernel.wire.error import RemoteError, WireError
from kernel.wire.link import Link
from tests.served import SHOP, ServerProcess, commit, git, in_app, make_repository

GRANTS = """
[[grants]]
who = "carla"
table = "*"
may = ["read", "edit", "add", "delete"]

[[grants]]
who = "anna"
table = "items"
may = ["read", "edit", "add"]
rows = "name startswith 'a'"
columns = ["id", "name", "day"]
"""
PEOPLE = ("carla", "anna", "nobody")
#: Codes that tell of a defect of the server, or end the connection.
DEFECTS = {"internal", "bad_frame", "deadline"}

half = st.sampled_from(["\ud800", "a\udfffb"])
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.integers(), st.floats(), st.binary(max_size=4), half,
    st.text(max_size=4), st.decimals(), st.sampled_from([Decimal("sNaN"), Decimal("1e999999"), date.max, time(0)]),
    st.datetimes(), st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]),
)  # fmt: skip
names = st.sampled_from(["id", "name", "price", "day", "name.id", "items:label", "find.text", "", "\0", "x y"])
field = st.one_of(names, st.text(max_size=3), half, st.integers(0, 1), st.none(), st.binary(max_size=2))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(field, inner, max_size=3), max_leaves=6
)
expressions = st.one_of(
    names,
    st.sampled_from([
        "id == 1", "name startswith 'a'", "id == find.text", "find.text", "(", "'", "id / 0", "price * 10 ** 100",
        "left(name, -1)", "name + 1", "day + 1", "col('price')", "a.b.c", "9" * 400, "1e999", "2 ** 100000",
        "round(price, 100000000)", "-" * 3000 + "1", "(" * 2000, "not id", "id in (1, 2)", "year(day)", "now()",
        "name == '\\ud800'", "day == date('0000-00-00')", "id == 1 or " * 200 + "true",
    ]),
    st.text(max_size=8),
)  # fmt: skip


def mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What belongs there, and now and then something else."""
    return st.integers(0, 15).flatmap(lambda number: usual if number else values)


def record(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return mostly(st.fixed_dictionaries({name: mostly(of) for name, of in fields.items()}))


key = st.one_of(st.lists(mostly(st.integers(1, 3)), min_size=1, max_size=1), st.lists(scalars, max_size=2),
                st.lists(values, max_size=2))  # fmt: skip
sort = record(column=expressions, is_descending=st.booleans())
aggregate = record(
    function=st.sampled_from(["count", "sum", "average", "minimum", "maximum", "x"]), of=expressions,
    name=st.sampled_from(["n", "id", ""]),
)  # fmt: skip
query = mostly(st.fixed_dictionaries({}, optional={
    "filter": mostly(expressions),
    "parameters": mostly(st.dictionaries(mostly(names).filter(lambda name: isinstance(name, str)), values, max_size=2)),
    "sort": mostly(st.lists(sort, max_size=2)),
    "columns": mostly(st.lists(expressions, max_size=3)),
    "keys": mostly(st.lists(key, max_size=3)),
    "group": mostly(st.lists(expressions, max_size=2)),
    "aggregates": mostly(st.lists(aggregate, max_size=2)),
    "computed": mostly(st.dictionaries(st.sampled_from(["x", "id", "", "user.name"]), expressions, max_size=2)),
}))  # fmt: skip
row = mostly(st.dictionaries(st.sampled_from(["id", "name", "price", "day"]), values, max_size=3))
change = st.one_of(
    record(type=st.just("insert"), values=row),
    record(type=st.just("update"), key=key, version=st.just(""), values=row),
    record(type=st.just("delete"), key=key, version=st.just("x")),
)
changes = st.lists(change, max_size=3)
table = {"app": st.just("shop"), "source": st.just("stock"), "table": st.sampled_from(["items", "items", "no"])}
source = {"app": table["app"], "source": table["source"]}
place = st.integers(-1, 2**64 - 1) | st.integers(0, 3)
id_ = st.just("") | st.uuids().map(lambda one: one.hex)
#: Command → its arguments. Those that stream come back piece by piece.
COMMANDS: dict[str, st.SearchStrategy[Any]] = {
    "hello": record(name=st.sampled_from(PEOPLE)),
    "apps": record(),
    "release": record(app=st.just("shop")),
    "table.names": record(**source),
    "table.schema": record(**table),
    "table.count": record(**table, query=query),
    "table.estimate": record(**table, query=query),
    "table.fetch": record(**table, query=query, start=place, stop=place),
    "table.locate": record(**table, query=query, key=key),
    "table.history": record(**table, key=key),
    "table.commit": record(**table, changes=changes, id=id_),
    "tables.commit": record(**source, parts=st.lists(record(table=table["table"], changes=changes), max_size=2)),
    "commit.add": record(id=st.just("u"), sequence=st.integers(-1, 1), data=st.binary(max_size=9), is_whole=st.just(1)),
    "commit.drop": record(id=st.just("u")),
    "subscribe": record(topic=st.sampled_from(["table:shop/stock/items", "table:shop//no", "x"])),
    "unsubscribe": record(topic=st.sampled_from(["table:shop/stock/items", "x"])),
}
STREAMS: dict[str, st.SearchStrategy[Any]] = {
    "blobs": record(hashes=st.lists(st.text(max_size=3), max_size=2)),
    "table.prepare": record(**table, query=query),
    "commit.end": record(**source, id=st.just("u"), count=st.integers(-1, 2)),
}
requests = st.sampled_from(sorted(COMMANDS | STREAMS)).flatmap(
    lambda name: st.tuples(st.just(name), (COMMANDS | STREAMS)[name])
)


class Shop:
    """A server, and connections to it."""

    def __init__(self, folder: Path) -> None:
        bare, work = make_repository(folder)
        commit(work, in_app("shop", {"app.toml": SHOP["app.toml"] + GRANTS}))
        git(work, "push", "-q", "origin", "main")
        self.data = folder / "data"
        self.server = ServerProcess(bare, "--data", str(self.data), log_path=folder / "server.log")
        self.links: dict[str, Link] = {}

    def ask(self, person: str, command: str, args: Any, suffix: str = "") -> str:
        """The code of the answer; each ``suffix`` is a connection of its own."""
        link = self.links.setdefault(person + suffix, Link(self.server.address, name=person))
        try:
            if command in STREAMS:
                list(link.stream(command, args))
            else:
                link.call(command, args)
        except RemoteError as error:
            return error.code
        return "ok"

    def close(self) -> None:
        for link in self.links.values():
            link.close()
        self.server.stop()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    shop = Shop(tmp_path_factory.mktemp("shop"))
    yield shop
    shop.close()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(person=st.sampled_from(PEOPLE), request_=requests)
def test_every_request_is_answered(shop: Shop, person: str, request_: tuple[str, Any]) -> None:
    try:
        code = shop.ask(person, *request_, suffix=" forging")
    except WireError as error:
        assert "half a character" in str(error), "no client says it"
        return
    assert code not in DEFECTS
    assert shop.ask("carla", "apps", {}) == "ok"
    assert "Traceback" not in shop.server.log()


BAD_KEYS = [[{}], [[1]], [Decimal("sNaN")], [float("nan")], [LargeBlob(1)]]


@pytest.mark.parametrize("key", BAD_KEYS, ids=repr)
@pytest.mark.parametrize("person", ["carla", "anna"])
def test_a_key_of_something_else_is_a_bad_argument(shop: Shop, person: str, key: list[Any]) -> None:
    at = {"app": "shop", "source": "stock", "table": "items"}
    delete = {"type": "delete", "key": key, "version": ""}
    for command, args in (
        ("table.fetch", {"query": {"keys": [[1], key]}, "start": 0, "stop": 9}),
        ("table.count", {"query": {"filter": "id == x", "parameters": {"x": {"y": 1}}}}),
        ("table.locate", {"key": key}),
        ("table.history", {"key": key}),
        ("table.commit", {"changes": [{"type": "insert", "values": {"name": "axe"}}, delete]}),
    ):
        assert shop.ask(person, command, at | args) == "bad_arguments", command
    whole = {"app": "shop", "source": "stock", "parts": [{"table": "items", "changes": [delete]}]}
    assert shop.ask(person, "tables.commit", whole) == "bad_arguments"
    data = wire_value.encode([0, whole["parts"][0]])
    assert shop.ask(person, "commit.add", {"id": "k", "sequence": 0, "data": data, "is_whole": True}) == "ok"
    end = {"app": "shop", "source": "stock", "id": "k", "count": 1}
    assert shop.ask(person, "commit.end", end) == "bad_arguments"
    assert "Traceback" not in shop.server.log()


def test_a_refusal_of_anything_stands_in_the_audit(shop: Shop) -> None:
    strange = [["\ud800", {"a": [b"\xff", Decimal("NaN")]}], {"x": None}, 2**80, float("nan"), LargeBlob(7)]
    changes = [{"type": "insert", "values": {"name": one}} for one in strange]
    args = {"app": "shop", "source": "stock", "table": "items", "changes": changes}
    assert shop.ask("nobody", "table.commit", args) == "forbidden"
    assert "Traceback" not in shop.server.log()
    with closing(sqlite3.connect(f"file:{shop.data / 'audit.sqlite'}?mode=ro", uri=True)) as audit:
        told = audit.execute("SELECT action, reason, after FROM audit WHERE person = 'nobody' AND \"table\" = 'items'"
                             " AND after LIKE '{\"name\":%' ORDER BY number DESC LIMIT 5").fetchall()  # fmt: skip
    assert {line[:2] for line in told} == {("refused", "you may not read items")}
    assert [line[2] for line in reversed(told)] == [
        '{"name":["\\\\ud800",{"a":["1 bytes","NaN"]}]}', '{"name":{"x":null}}',
        '{"name":1208925819614629174706176}', '{"name":null}', '{"name":"7 bytes"}',
    ]  # fmt: skip
