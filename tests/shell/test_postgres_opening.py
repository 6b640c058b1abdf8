"""A PostgreSQL database opened by its address, as an app of one's own."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from kernel.tables.error import SourceError
from kernel.tables.query import Query
from shell.app_local import LocalApp
from shell.scaffolding import scaffold_address
from shell.target import is_address, is_path
from tests.postgres_server import shared_server


def test_a_database_becomes_an_app(tmp_path: Path) -> None:
    address = shared_server().new_database()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("""
            CREATE TABLE customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
            CREATE TABLE invoice (id int PRIMARY KEY, customer_id int REFERENCES customer, total numeric(10, 2));
            INSERT INTO customer (name) VALUES ('Ada');
        """)
    made = scaffold_address(address, tmp_path)
    assert made.tables == 2 and made.folder.parent == tmp_path
    app = LocalApp(made.folder)
    assert list(app.info.sources.values()) == [{"kind": "postgres", "address": address}]
    assert app.source().table("customer").fetch(Query(), 0, 9).columns["name"] == ["Ada"]
    app.close()
    assert not scaffold_address(address, tmp_path).has_written
    assert any("customer:label" in file.read_text() for file in made.folder.rglob("*.kdl"))


def test_an_address_is_no_path_and_holds_no_password(tmp_path: Path) -> None:
    assert is_address("postgresql://anna@db/crm") and not is_path("postgresql://anna@db/crm")
    with pytest.raises(SourceError, match="holds a password"):
        scaffold_address("postgresql://anna:secret@db/crm", tmp_path)
    assert not list(tmp_path.iterdir())
