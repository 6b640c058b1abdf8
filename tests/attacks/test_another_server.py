"""Somebody else answers at the address of a server that is known: told as that, and what is here stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.error import EspalierError
from kernel.wire.error import UntrustedServerError
from shell.app_remote import RemoteApp
from shell.failure import refusal_heading
from shell.meeting import ask, keep
from shell.server_card import wanted_of
from shell.session import Given, Session
from tests.served import ServerProcess, free_port, make_repository
from tests.waiting import wait_for

SETTINGS = ("trust.keyring=false", "server.embedded=false", "network.request_timeout=60 s")


@pytest.fixture
def port() -> int:
    return free_port()


def serve(folder: Path, port: int) -> ServerProcess:
    folder.mkdir()
    return ServerProcess(make_repository(folder)[0], "--tls", "--port", str(port), log_path=folder / "log")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = Session(Given(basedir=str(tmp_path / "home"), settings=SETTINGS))
    yield made
    made.close()


def test_another_key_under_the_name_of_a_known_server(session: Session, tmp_path: Path, port: int) -> None:
    with serve(tmp_path / "real", port):
        keep(session, ask(session, wanted_of(f"home=tls:127.0.0.1:{port}")).invitation)
        app = RemoteApp(session.servers, "home", "shop")
        first, text = app.manifest, app.read_file("main.kdl")
        states: list[str] = []
        app.on_state(states.append)
        app.refresh()
        wait_for(lambda: states[-1] == "online")
    wait_for(lambda: states[-1] == "offline")
    told: list[EspalierError] = []
    app.on_problem(told.append)
    with serve(tmp_path / "evil", port):
        app.refresh()
        wait_for(lambda: told)
        assert isinstance(told[0], UntrustedServerError) and "shows another key" in told[0].message
        assert refusal_heading(told[0]).startswith("Somebody else answers at the server's address")
        assert "espalier server trust home" in told[0].hint
        wait_for(lambda: app.state == "offline")
        assert app.manifest == first and app.read_file("main.kdl") == text
    with serve(tmp_path / "evil again", port):
        again = RemoteApp(session.servers, "home", "shop", may_fetch=False)
        assert again.manifest == first and again.read_file("main.kdl") == text
        again.close()
    app.close()
