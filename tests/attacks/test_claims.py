"""Clients without rights: names that they only claim, keys that they do not have, what was said elsewhere."""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.tables.change import Update
from kernel.tables.error import ForbiddenError
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.trust.person import PersonKey
from kernel.wire.link import Link
from kernel.wire.server import Server, ServerThread
from kernel.wire.tls import Introduction, server_context
from server.certificate import certificate_file
from server.identity import Person, person_of_http
from server.log import Log
from server.neighbour import is_own_program, user_of
from server.repository import Repository
from server.source_server import SourceServer
from tests.attacks.tampering import Relay
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


def test_whoever_is_refused_for_a_name_is_told_how_to_prove_it(place: Place) -> None:
    hosting = place.server.hosting
    bert, anna = (Person(name, False, "192.0.2.7:40000") for name in ("bert", "anna"))
    with pytest.raises(ForbiddenError) as told, hosting.asking("shop", "stock", bert, "items"):
        hosting.table_for("shop", "stock", "items", bert)
    assert "prove who you are: espalier server me prints your key" in told.value.hint
    with pytest.raises(ForbiddenError) as told, hosting.asking("shop", "stock", anna, "items"):
        hosting.table_for("shop", "stock", "items", anna)
    assert "connect over TLS with the key that roles.toml has" in told.value.hint
    with pytest.raises(ForbiddenError) as told:
        place.count(place.stranger, "anna")
    assert "nobody has proven to be anna" in told.value.hint


def count_plainly(place: Place, address: str, name: str) -> int:
    with Link(address, name=name) as link:
        source = RemoteSource(link, "shop", "stock")
        try:
            return source.table("items").count(Query())
        finally:
            source.close()


@pytest.fixture
def plain(place: Place) -> Iterator[str]:
    """An address of the same server for programs of this machine, without TLS."""
    with ServerThread(Server(place.server.wire.commands), "127.0.0.1:0") as running:
        yield str(running.address)


def test_names_that_the_servers_own_user_says_on_the_same_machine_count(place: Place, plain: str) -> None:
    assert count_plainly(place, plain, "bert") > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="takes the administrator, to have a socket of another user")
def test_what_another_users_proxy_on_the_servers_machine_passes_on(place: Place, plain: str) -> None:
    relay = Relay(plain, user=65_534)
    try:
        with pytest.raises(ForbiddenError, match="you may not read items") as told:
            count_plainly(place, relay.address, "bert")
        assert "nobody has proven to be bert" in told.value.hint
    finally:
        relay.close()


@pytest.mark.parametrize("way", ["asked", "looked_up"])
def test_the_system_says_whose_program_it_is(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    if way == "looked_up":
        monkeypatch.delattr(socket, "AF_NETLINK", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        server, theirs = listener.accept()
        with server:
            assert user_of(theirs, server.getsockname()) == os.getuid()
            assert user_of(("127.0.0.1", 1), server.getsockname()) is None
            assert is_own_program(_Transport(server))
            monkeypatch.setattr("server.neighbour.user_of", lambda own, other: 4711)
            assert not is_own_program(_Transport(server)) and client


def test_http_that_a_proxy_says_to_pass_on_is_from_a_stranger() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        server, theirs = listener.accept()
        with server:
            who = {"authorization": "Basic " + base64.b64encode(b"bert:x").decode()}
            assert person_of_http(who, "127.0.0.1:1", _Transport(server)).is_near
            for header in ("forwarded", "x-forwarded-for", "x-real-ip", "via"):
                found = person_of_http(who | {header: "192.0.2.7"}, "127.0.0.1:1", _Transport(server))
                assert (found.name, found.is_near) == ("bert", False) and client and theirs


class _Transport:
    """The ends of a socket, as a transport tells them."""

    def __init__(self, inner: socket.socket) -> None:
        self._ends = {"peername": inner.getpeername(), "sockname": inner.getsockname()}

    def get_extra_info(self, name: str) -> object:
        """See :class:`asyncio.BaseTransport`."""
        return self._ends[name]


def test_the_audit_is_no_way_round(place: Place) -> None:
    with pytest.raises(ForbiddenError):
        place.server.hosting.table_for("espalier", "audit", "audit", Person("anna", False, "192.0.2.7:40000"))
