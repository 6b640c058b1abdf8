"""Who asks: the system's word over a unix socket, what the client says over TCP."""

from __future__ import annotations

import getpass
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from kernel.tables.change import Insert
from kernel.tables.remote import RemoteSource
from kernel.wire.link import Link
from kernel.wire.server import ServerThread
from server.log import Log
from server.repository import Repository
from server.source_server import SourceServer
from tests.served import make_repository

#: ``noted(address, name)``: who stands in the audit, and whether that is verified.
Noted = Callable[[str, str], tuple[str, bool]]


@pytest.fixture
def noted(tmp_path: Path) -> Noted:
    """Somebody who says a name inserts a row at an address."""
    bare, _ = make_repository(tmp_path)

    def ask(address: str, name: str) -> tuple[str, bool]:
        server = SourceServer(Repository(bare), Log(tmp_path / "log"), data=tmp_path / "data")
        with ServerThread(server.wire, address) as running, Link(str(running.address), name=name) as link:
            RemoteSource(link, "shop", "stock").table("items").commit([Insert({"name": "axe"})])
        server.close()
        connection = sqlite3.connect(tmp_path / "data" / "audit.sqlite")
        row = connection.execute("SELECT person, is_verified FROM audit ORDER BY number DESC LIMIT 1").fetchone()
        connection.close()
        return row[0], bool(row[1])

    return ask


def test_over_a_unix_socket_the_system_says_who_it_is(noted: Noted, tmp_path: Path) -> None:
    assert noted(f"unix:{tmp_path / 's'}", "carla") == (getpass.getuser(), True)


@pytest.mark.parametrize(
    ("said", "wanted"), [("carla", "carla"), ("  a\nb\0 ", "ab"), ("\t", "nobody"), ("x" * 500, "x" * 100)]
)
def test_over_tcp_a_name_is_taken_and_not_believed(noted: Noted, said: str, wanted: str) -> None:
    assert noted("127.0.0.1:0", said) == (wanted, False)
