"""A PostgreSQL database served to clients that never see where it is."""

from __future__ import annotations

import queue
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kernel.tables.change import Insert, Part, TableChange, Update
from kernel.tables.error import ConflictError, ConstraintError, SourceError, TableError
from kernel.tables.query import Aggregate, Query, parse_sort
from kernel.tables.remote import RemoteSource
from kernel.wire.link import Link
from server.database_access import find_access
from tests.postgres_server import shared_server
from tests.served import ServerProcess, commit, git, in_app, make_repository
from tests.waiting import PATIENCE_S

CRM = {
    "app.toml": 'name = "crm"\ntitle = "CRM"\n\n[sources.main]\nkind = "postgres"\nconnection = "books"\n',
    "main.kdl": 'layout 1 title="CRM"\ntable person source="person"\nwindow { grid person }\n',
}
SQL = """
    CREATE TABLE person (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, age int CHECK (age > 0));
    INSERT INTO person (name, age) VALUES ('Émile', 40), ('anna', 30), ('Bert', 20);
"""


def write_connections(data: Path, text: str, mode: int = 0o600) -> None:
    data.mkdir(parents=True, exist_ok=True)
    (data / "connections.toml").write_text(text)
    (data / "connections.toml").chmod(mode)


@pytest.fixture
def served(tmp_path: Path) -> Any:
    """(address of the database, server, source of a client, data directory)."""
    address = shared_server().new_database()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(SQL)
    bare, work = make_repository(tmp_path)
    commit(work, in_app("crm", CRM))
    git(work, "push", "-q", "origin", "main")
    data = tmp_path / "data"
    write_connections(data, f'[books]\naddress = "{address}"\napps = ["crm"]\n')
    with ServerProcess(bare, "--data", str(data), log_path=tmp_path / "server.log") as server:
        link = Link(server.address, name="anna")
        source = RemoteSource(link, "crm", "main")
        yield address, server, source, data
        source.close()
        link.close()


def test_a_client_works_with_the_database(served: Any) -> None:
    address, server, source, data = served
    table = source.table("person")
    heard: queue.SimpleQueue[TableChange] = queue.SimpleQueue()
    table.subscribe(heard.put)
    block = table.fetch(Query(sort=parse_sort("name")), 0, 9)
    assert block.columns["name"] == ["anna", "Bert", "Émile"]
    parts = [Part("person", (Insert({"name": "Zoë"}), Update((1,), "", {"age": 41})))]
    done = source.commit(parts, id="a" * 32)
    assert source.commit(parts, id="a" * 32) == done and table.count(Query()) == 4
    assert heard.get(timeout=PATIENCE_S).inserted == ((4,),)
    with pytest.raises(ConstraintError, match="Age must be more than 0") as caught:
        table.commit([Insert({"name": "x", "age": -1})])
    assert caught.value.column == "age"
    with pytest.raises(ConflictError):
        table.commit([Update((2,), "1", {"age": 31})])
    assert table.fetch(Query(aggregates=(Aggregate("sum", "age", "sum"),)), 0, 1).row(0) == {"sum": 91}
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE person SET age = 50 WHERE name = 'anna'")
    while not heard.get(timeout=PATIENCE_S).is_everything:
        pass
    assert server.stop()[0] == 0
    connection = sqlite3.connect(data / "audit.sqlite")
    told = connection.execute("SELECT person, action, key FROM audit WHERE action IN ('insert', 'add')").fetchall()
    connection.close()
    assert [row[0] for row in told] == ["anna"]
    assert address not in server.log()


def test_what_a_server_refuses(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="names no connection"):
        find_access(tmp_path, "crm", "main", None)
    with pytest.raises(SourceError, match="no connection 'books'"):
        find_access(tmp_path, "crm", "main", "books")
    right = '[books]\naddress = "postgresql://a@b/c"\npassword = "x"\napps = ["crm"]\n[all]\naddress = "postgresql://z"\n'
    write_connections(tmp_path, right)
    assert find_access(tmp_path, "crm", "main", "books") == ("postgresql://a@b/c", "x")
    assert find_access(tmp_path, "shop", "main", "all").password == ""
    with pytest.raises(SourceError, match="no connection 'books' for 'shop'"):
        find_access(tmp_path, "shop", "main", "books")
    with pytest.raises(SourceError, match="did you mean books"):
        find_access(tmp_path, "crm", "main", "boks")
    write_connections(tmp_path, right, 0o644)
    with pytest.raises(SourceError, match="can be read by others"):
        find_access(tmp_path, "crm", "main", "books")
    for text in ("[books\n", "[books]\naddress = 1\n", '[books]\naddress = "postgresql://z"\nhost = "h"\n'):
        write_connections(tmp_path, text)
        with pytest.raises(TableError, match="connections.toml cannot be read|not described rightly"):
            find_access(tmp_path, "crm", "main", "books")
