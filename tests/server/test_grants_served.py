"""Grants, roles and the audit of a real server: who hears what, what is refused, what is noted."""

from __future__ import annotations

import queue
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.change import Delete, Insert, Part, TableChange, Update
from kernel.tables.error import ForbiddenError, UnknownColumnError
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.tables.schema import Schema
from kernel.wire.error import RemoteError
from kernel.wire.link import Link
from tests.served import SHOP, ServerProcess, commit, git, in_app, make_repository
from tests.waiting import PATIENCE_S, wait_for

GRANTS = """
[[grants]]
who = "role:boss"
table = "*"
may = ["read", "edit", "add", "delete"]

[[grants]]
who = "anna"
table = "items"
may = ["read", "edit"]
rows = "name startswith 'a'"
"""
ROLES = '[roles]\nboss = ["carla"]\nauditor = ["dora"]\n'


class Place:
    """A server whose shop has grants, and people who use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare, self.work = make_repository(folder)
        self.push(GRANTS, ROLES)
        self.data = folder / "data"
        self.server = self.serve()
        self._open: list[Any] = []

    def serve(self) -> ServerProcess:
        return ServerProcess(self.bare, "--data", str(self.data), log_path=self.folder / "server.log")

    def push(self, grants: str, roles: str) -> None:
        commit(self.work, in_app("shop", {"app.toml": SHOP["app.toml"] + grants}) | {"roles.toml": roles})
        git(self.work, "push", "-q", "origin", "main")

    def source(self, name: str, app: str = "shop", source: str = "stock") -> RemoteSource:
        link = Link(self.server.address, name=name)
        made = RemoteSource(link, app, source)
        self._open += [link.close, made.close]
        return made

    def audit(self) -> list[dict[str, Any]]:
        """The audit of tables, once the server has ended."""
        self.server.stop()
        connection = sqlite3.connect(self.data / "audit.sqlite")
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("SELECT * FROM audit WHERE [table] != '' ORDER BY number")]
        connection.close()
        return rows

    def close(self) -> None:
        while self._open:
            self._open.pop()()
        self.server.stop()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.close()


def listen(source: RemoteSource) -> queue.SimpleQueue[TableChange]:
    heard: queue.SimpleQueue[TableChange] = queue.SimpleQueue()
    source.table("items").subscribe(heard.put)
    source.table("items").count(Query())
    return heard


def add_up(heard: queue.SimpleQueue[TableChange], last: Any) -> tuple[set[Any], set[Any], set[Any]]:
    """Keys inserted, updated and deleted until ``last`` was told as deleted."""
    sums: tuple[set[Any], set[Any], set[Any]] = (set(), set(), set())
    while last not in sums[2]:
        change = heard.get(timeout=PATIENCE_S)
        assert not change.is_everything
        for keys, told in zip(sums, (change.inserted, change.updated, change.deleted), strict=True):
            keys.update(told)
    return sums


def test_each_hears_of_the_rows_in_sight(place: Place) -> None:
    carla, anna = place.source("carla"), place.source("anna")
    items, hers = listen(carla), listen(anna)
    table = carla.table("items")
    table.commit([Insert({"name": "axe"}), Insert({"name": "saw"})])
    table.commit([Update((1,), "", {"name": "awl"}), Update((4,), "", {"name": "file"})])
    table.commit([Update((3,), "", {"name": "bowl"}), Delete((4,), "")])
    assert add_up(items, (4,)) == ({(3,), (4,)}, {(1,), (3,), (4,)}, {(4,)})
    assert add_up(hers, (3,)) == ({(1,), (3,)}, set(), {(3,)}), "of rows out of sight nothing is told"
    assert anna.table("items").fetch(Query(), 0, 9).columns["name"] == ["awl"]


def test_a_forged_request_is_forbidden_and_noted(place: Place) -> None:
    anna, nobody = place.source("anna"), place.source("nobody")
    with pytest.raises(ForbiddenError):
        anna.commit([Part("items", (Delete((1,), ""),))])
    with pytest.raises(ForbiddenError):
        nobody.ask("table.fetch", {"table": "items", "start": 0, "stop": 9}, Any)
    with pytest.raises(ForbiddenError):
        nobody.ask("table.schema", {"table": "items"}, Any)
    place.source("carla").table("items").commit([
        Update((1,), "", {"name": "fork", "price": None}), Insert({"name": "axe"}), Delete((2,), "")
    ])  # fmt: skip
    rows = place.audit()
    assert [(row["person"], row["action"], row["table"]) for row in rows] == [
        ("anna", "refused", "items"), ("nobody", "refused", "items"), ("nobody", "refused", "items"),
        ("carla", "update", "items"), ("carla", "insert", "items"), ("carla", "delete", "items"),
    ]  # fmt: skip
    assert rows[0]["reason"] == "you may not delete rows of items" and rows[0]["key"] == "[1]"
    assert (rows[3]["before"], rows[3]["after"]) == ('{"name":"rake","price":"34.95"}', '{"name":"fork","price":null}')
    assert rows[4]["key"] == "[3]" and '"name":"axe"' in rows[4]["after"] and '"name":"hoe"' in rows[5]["before"]
    assert not any(row["is_verified"] for row in rows) and all(row["app"] == "shop" for row in rows)


HIDING = """
[[grants]]
who = "anna"
table = "items"
may = ["read", "edit"]
columns = ["id", "name"]
"""


def test_every_question_that_is_not_granted_is_noted(place: Place) -> None:
    place.push(HIDING, "")
    anna = place.source("anna")
    items = {"table": "items"}
    wait_for(lambda: anna.ask("table.schema", items, Schema).column("price") is None)
    hidden = Query(filter="price > 1")
    for command, more in (
        ("table.count", {}), ("table.estimate", {}), ("table.fetch", {"start": 0, "stop": 9}),
        ("table.locate", {"key": [1]}),
    ):  # fmt: skip
        with pytest.raises(UnknownColumnError, match="items has no column price$"):
            anna.ask(command, items | more | {"query": hidden}, Any)
        with pytest.raises(UnknownColumnError):
            anna.ask(command, items | more | {"query": Query(filter="prize > 1")}, Any)
    with pytest.raises(UnknownColumnError):
        anna.table("items").prepare(hidden, lambda part: None)
    with pytest.raises(UnknownColumnError):
        anna.commit([Part("items", (Update((1,), "", {"price": 3}),))])
    with pytest.raises(ForbiddenError):
        anna.ask("table.history", items | {"key": [1]}, Any)
    link = Link(place.server.address, name="nobody")
    with pytest.raises(RemoteError, match="you may not read items"):
        link.call("subscribe", {"topic": "table:shop/stock/items"})
    link.close()
    rows = place.audit()
    assert [(row["person"], row["reason"]) for row in rows] == [
        *[("anna", "items has no column price for this person")] * 6,
        ("anna", "only auditors may see who changed these rows"), ("nobody", "you may not read items"),
    ]  # fmt: skip


def test_the_audit_misses_nothing_when_the_server_is_killed(place: Place) -> None:
    table = place.source("carla").table("items")
    for number in range(20):
        table.commit([Insert({"name": f"n{number}"})])
    place.server.kill()
    place.server = place.serve()
    place.source("carla").table("items").count(Query())
    assert [row["after"].split('"name":"')[1].split('"')[0] for row in place.audit()] == [f"n{n}" for n in range(20)]


def test_the_audit_is_a_table_for_auditors(place: Place) -> None:
    carla = place.source("carla")
    carla.table("items").commit([Insert({"name": "axe"})])
    with pytest.raises(ForbiddenError):
        place.source("carla", "espalier", "audit").table("audit").count(Query())
    table = place.source("dora", "espalier", "audit").table("audit")
    query = Query(filter="app == 'shop' and key == '[3]'", columns=("person", "action"))
    assert table.fetch(query, 0, 9).columns == {"person": ["carla"], "action": ["insert"]}
    with pytest.raises(ForbiddenError):
        table.commit([Delete((1,), "")])


def test_new_roles_count_at_once(place: Place) -> None:
    bert = place.source("bert")
    with pytest.raises(ForbiddenError):
        bert.table_names() and bert.table("items").count(Query())
        bert.table("items")
    link = Link(place.server.address, name="carla")
    heard: queue.SimpleQueue[TableChange] = queue.SimpleQueue()
    source = RemoteSource(link, "shop", "stock")
    source.table("items").subscribe(heard.put)
    source.table("items").count(Query())
    place.push(GRANTS, '[roles]\nboss = ["bert"]\n')
    assert heard.get(timeout=PATIENCE_S).is_everything
    assert bert.table("items").count(Query()) == 2
    with pytest.raises(ForbiddenError):
        source.table("items").count(Query())
    link.close()
    source.close()


def test_wrong_roles_leave_those_of_before(place: Place) -> None:
    carla = place.source("carla")
    assert carla.table("items").count(Query()) == 2
    place.push(GRANTS + '\n[[grants]]\nwho = "x"\ntable = "items"\nmay = ["raed"]\n', "[roles]\nboss = 3\n")
    seen = ""
    while "roles refused" not in seen or "app refused" not in seen:
        seen = place.server.log()
    assert "roles.toml:2:8" in seen and "app.toml:24:7" in seen
    assert carla.table("items").count(Query()) == 2
