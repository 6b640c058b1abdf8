"""Servers that are known by their key and people that are known by theirs, over real TLS connections."""

from __future__ import annotations

import sqlite3
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kernel.tables.block import Block
from kernel.tables.change import Insert
from kernel.tables.remote import RemoteSource
from kernel.wire.address import parse_address
from kernel.wire.connect import connect
from kernel.wire.error import UnavailableError, UntrustedServerError
from kernel.wire.frame import Limits
from kernel.wire.link import Link
from kernel.wire.server import ServerThread
from kernel.wire.tls import PURPOSE, Introduction, is_local, server_context
from server.certificate import certificate_file, server_key_of
from server.log import Log
from server.repository import Repository
from server.source_server import SourceServer
from tests.served import ServerProcess, commit, git, make_repository

QUICK = Limits(retry_first_s=0.05, retry_longest_s=0.1)


class Person:
    """A client with a key: implements :class:`kernel.wire.tls.Security`."""

    def __init__(self, server: str, *, signed: Person | None = None) -> None:
        self.private = Ed25519PrivateKey.generate()
        self.server, self.signed = server, signed
        self.shown: list[str] = []
        self.connections: list[bytes] = []

    @property
    def key(self) -> str:
        return f"ed25519:{self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()}"

    def check_server(self, key: str) -> None:
        self.shown.append(key)
        if key != self.server:
            raise UntrustedServerError("the server shows another key than the one that is pinned", hint="ask why")

    def introduce(self, connection: bytes) -> Introduction:
        self.connections.append(connection)
        signer = self.signed or self
        return Introduction(self.key, signer.private.sign(connection))


class Place:
    """A running server with TLS, and its repository."""

    def __init__(self, folder: Path) -> None:
        self.bare, self.work = make_repository(folder / "served")
        self.folder = folder
        file = certificate_file(folder)
        self.key = server_key_of(file)
        self.server = SourceServer(Repository(self.bare), Log(folder / "log"), data=folder / "data")
        self.thread = ServerThread(self.server.wire, "127.0.0.1:0", tls=server_context(file))
        self.address = f"tls:{self.thread.address}"

    def give(self, **people: str) -> None:
        """Write people's keys into the repository."""
        lines = "".join(f'{name} = ["{key}"]\n' for name, key in people.items())
        commit(self.work, {"roles.toml": f"[people]\n{lines}"})
        git(self.work, "push", "-q", "origin", "HEAD")
        self.server.look()

    def noted(self, person: Person, name: str = "dora") -> tuple[str, bool]:
        """Who stands in the audit after a commit, and whether that is sure."""
        with Link(self.address, name=name, security=person, limits=QUICK) as link:
            RemoteSource(link, "shop", "stock").table("items").commit([Insert({"name": "axe"})])
        self.server.hosting.audit.flush()
        connection = sqlite3.connect(self.folder / "data" / "audit.sqlite")
        row = connection.execute("SELECT person, is_verified FROM audit ORDER BY number DESC LIMIT 1").fetchone()
        connection.close()
        return row[0], bool(row[1])


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.thread.close()
    made.server.close()


def test_a_server_is_known_by_its_key(place: Place) -> None:
    person = Person(place.key)
    with Link(place.address, security=person, limits=QUICK) as link:
        assert link.call("hello", {})["server"] == "espalier"
    assert set(person.shown) == {place.key}


def test_another_key_is_refused_before_anything_is_sent(place: Place) -> None:
    person = Person("0" * 64)
    with Link(place.address, security=person, limits=QUICK) as link, pytest.raises(UnavailableError, match="another"):
        link.call("apps", {})
    assert person.shown and not person.connections
    assert not place.server.wire.sessions or all("said_name" not in one.data for one in place.server.wire.sessions)


def test_a_key_that_a_person_was_given_is_that_person(place: Place) -> None:
    anna = Person(place.key)
    assert place.noted(anna) == ("dora", False)
    place.give(anna=anna.key)
    assert place.noted(anna) == ("anna", True)


def test_a_key_that_is_taken_away_counts_no_more_on_the_connection_that_is_open(place: Place) -> None:
    anna = Person(place.key)
    place.give(anna=anna.key)
    with Link(place.address, name="dora", security=anna, limits=QUICK) as link:
        table = RemoteSource(link, "shop", "stock").table("items")
        table.commit([Insert({"name": "axe"})])
        place.give(bert=Person("").key)
        table.commit([Insert({"name": "saw"})])
    place.server.hosting.audit.flush()
    connection = sqlite3.connect(place.folder / "data" / "audit.sqlite")
    people = [row[0] for row in connection.execute("SELECT person FROM audit WHERE [table] != '' ORDER BY number")]
    connection.close()
    assert people == ["anna", "dora"]


def test_a_signature_by_another_key_proves_nothing(place: Place) -> None:
    liar = Person(place.key, signed=Person(place.key))
    place.give(anna=liar.key)
    assert place.noted(liar) == ("dora", False)


def test_a_proof_is_worth_nothing_on_another_connection(place: Place) -> None:
    anna = Person(place.key)
    place.give(anna=anna.key)
    assert place.noted(anna) == ("anna", True)
    old = Introduction(anna.key, anna.private.sign(anna.connections[0]))
    replayed = Person(place.key)
    replayed.introduce = lambda connection: old  # type: ignore[method-assign]
    assert place.noted(replayed) == ("dora", False)
    assert anna.connections[0].startswith(PURPOSE)


def test_every_connection_is_signed_anew(place: Place) -> None:
    anna = Person(place.key)
    for _ in range(2):
        with Link(place.address, security=anna, limits=QUICK) as link:
            link.call("hello", {})
    assert len(set(anna.connections)) == 2


def test_without_tls_a_key_proves_nothing(tmp_path: Path) -> None:
    bare, work = make_repository(tmp_path / "served")
    anna = Person("")
    commit(work, {"roles.toml": f'[people]\nanna = ["{anna.key}"]\n'})
    git(work, "push", "-q", "origin", "HEAD")
    with ServerProcess(bare, log_path=tmp_path / "log") as server, Link(server.address) as link:
        link.call("hello", {"name": "dora", "key": anna.key, "signature": anna.private.sign(PURPOSE)})
        RemoteSource(link, "shop", "stock").table("items").commit([Insert({"name": "axe"})])
        row = link.call("table.history", {"app": "shop", "source": "stock", "table": "items", "key": [3]}, type=Block)
        assert (row.columns["person"], row.columns["is_verified"]) == (["dora"], [False])


def test_a_plain_server_is_no_server_to_who_wants_tls(tmp_path: Path) -> None:
    bare, _ = make_repository(tmp_path / "served")
    with ServerProcess(bare, log_path=tmp_path / "log") as server:
        person = Person("")
        with Link(f"tls:{server.address}", security=person, limits=QUICK) as link, pytest.raises(UnavailableError):
            link.call("apps", {})
        assert not person.shown


def test_a_plain_client_gets_nothing_from_a_server_with_tls(place: Place) -> None:
    with Link(str(place.thread.address), limits=QUICK) as link, pytest.raises(UnavailableError):
        link.call("apps", {})


def test_the_process_tells_its_key_and_keeps_it(tmp_path: Path) -> None:
    bare, _ = make_repository(tmp_path / "served")
    keys = []
    for number in range(2):
        with ServerProcess(bare, "--tls", log_path=tmp_path / f"log{number}") as server:
            (said,) = [line for line in server.lines if line.startswith("Its key is ")]
            keys.append(said.removeprefix("Its key is "))
            with Link(f"tls:{server.address}", security=Person(keys[-1]), limits=QUICK) as link:
                assert link.call("hello", {})["server"] == "espalier"
    assert keys[0] == keys[1] and len(keys[0]) == 64
    file = bare / "espalier" / "tls.pem"
    assert file.stat().st_mode & 0o077 == 0


def test_only_this_machine_is_reached_without_keys() -> None:
    known = {
        "127.0.0.1": True,
        "127.8.9.1": True,
        "localhost": True,
        "[::1]": True,
        "unix:/run/x": True,
        "beast": False,
        "10.0.0.1": False,
        "0.0.0.0": False,
        "[::]": False,
        "localhost.evil.example": False,
    }
    assert {name: is_local(parse_address(name)) for name in known} == known


def test_nothing_is_sent_to_another_machine_of_which_nothing_is_known() -> None:
    import asyncio

    def never() -> None:
        raise AssertionError("no connection is made")

    with pytest.raises(UntrustedServerError, match="nothing is known"):
        asyncio.run(connect(parse_address("203.0.113.1:5060"), never, 1.0))  # type: ignore[arg-type]


def test_older_tls_is_not_spoken(place: Place) -> None:
    import socket

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    host, port = place.thread.address[:2]
    with socket.create_connection((host, port), timeout=60) as raw, pytest.raises(ssl.SSLError):
        context.wrap_socket(raw)
