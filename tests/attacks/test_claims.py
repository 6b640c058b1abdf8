"""Clients without rights: names that they only claim, keys that they do not have, what was said elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.tables.change import Update
from kernel.tables.error import ForbiddenError
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.trust.person import PersonKey
from kernel.wire.link import Link
from kernel.wire.server import ServerThread
from kernel.wire.tls import Introduction, server_context
from server.certificate import certificate_file
from server.identity import Person
from server.log import Log
from server.repository import Repository
from server.source_server import SourceServer
from tests.served import SHOP, commit, git, in_app, make_repository

GRANTS = """
[[grants]]
who = "role:boss"
table = "*"
may = ["read", "edit", "add", "delete"]
"""


class Client:
    """Implements :class:`kernel.wire.tls.Security` with a key of its own, and may repeat what another one said."""

    def __init__(self, folder: Path) -> None:
        self.key = PersonKey(folder, has_keyring=False)
        self.said: list[Introduction] = []
        self.repeats: Introduction | None = None

    def check_server(self, key: str) -> None:
        """Whoever it is."""

    def introduce(self, connection: bytes) -> Introduction:
        """Its own key, or what is repeated."""
        self.said.append(self.repeats or self.key.introduce(connection))
        return self.said[-1]


class Place:
    """A server with TLS whose shop is for Anna alone, who has a key."""

    def __init__(self, folder: Path) -> None:
        self.anna, self.stranger = Client(folder / "anna"), Client(folder / "stranger")
        bare, work = make_repository(folder / "git")
        roles = f'[roles]\nboss = ["anna", "bert"]\n[people]\nanna = ["{self.anna.key.public}"]\n'
        commit(work, in_app("shop", {"app.toml": SHOP["app.toml"] + GRANTS}) | {"roles.toml": roles})
        git(work, "push", "-q", "origin", "HEAD:main")
        self.server = SourceServer(Repository(bare), Log(folder / "log"), data=folder / "data")
        self.thread = ServerThread(self.server.wire, "127.0.0.1:0", tls=server_context(certificate_file(folder)))

    def count(self, client: Client, name: str) -> int:
        """How many items a client that calls itself so is told of; a change of one must go with it."""
        with Link(f"tls:{self.thread.address}", name=name, security=client) as link:
            source = RemoteSource(link, "shop", "stock")
            try:
                table = source.table("items")
                table.commit([Update((1,), table.fetch(Query(), 0, 1).versions[0], {"name": "awl"})])
                return table.count(Query())
            finally:
                source.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.thread.close()
    place.server.close()


def test_the_name_of_somebody_whose_key_is_known(place: Place) -> None:
    assert place.count(place.anna, "somebody") > 0
    with pytest.raises(ForbiddenError, match="you may not read items"):
        place.count(place.stranger, "anna")


def test_an_introduction_that_was_heard_on_another_connection(place: Place) -> None:
    place.count(place.anna, "")
    place.stranger.repeats = place.anna.said[-1]
    with pytest.raises(ForbiddenError, match="you may not read items"):
        place.count(place.stranger, "anna")


def test_any_name_from_another_machine(place: Place) -> None:
    """Bert has rights and no key: from another machine nobody can be sure that it is Bert."""
    hosting = place.server.hosting
    assert hosting.table_for("shop", "stock", "items", Person("bert", True, "192.0.2.7:40000")).count(Query()) > 0
    with pytest.raises(ForbiddenError, match="you may not read items"):
        hosting.table_for("shop", "stock", "items", Person("bert", False, "192.0.2.7:40000"))


def test_the_audit_is_no_way_round(place: Place) -> None:
    with pytest.raises(ForbiddenError):
        place.server.hosting.table_for("espalier", "audit", "audit", Person("anna", False, "192.0.2.7:40000"))
