"""Adding a server in the window: asked, shown, compared, kept; or refused in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kernel.trust.invitation import Invitation
from shell.boot import boot
from shell.server_card import ServerCard
from shell.session import Given
from tests.served import ServerProcess, free_port, make_repository

SETTINGS = ("trust.keyring=false", "server.embedded=false", "network.request_timeout=60 s", "start.keep_ready=false")
Wait = Callable[[Callable[[], object]], None]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("served")
    with ServerProcess(make_repository(folder)[0], "--tls", log_path=folder / "log") as made:
        yield made


@pytest.fixture
def window(qapp: Any, tmp_path: Path) -> Iterator[Any]:
    session = boot("home", Given(basedir=str(tmp_path / "home"), settings=SETTINGS))
    (window,) = session.windows
    window.show()
    yield window
    window.close()
    session.close()


def card_of(window: Any) -> ServerCard:
    window.registry.run("server.add")
    return window.cards.made["server"]


def ask(card: ServerCard, text: str) -> None:
    card.line.setText(text)
    QTest.keyClick(card.line, Qt.Key.Key_Return)


def test_a_server_is_asked_shown_and_added(window: Any, server: ServerProcess, wait_until: Wait) -> None:
    card = card_of(window)
    assert not card.yes.isEnabled() and window.focusWidget() is card.line
    ask(card, f"home=tls:{server.address}")
    wait_until(lambda: card.yes.text() == "Add the server")
    assert "with 2 apps" in card.said.text() and "Compare" in card.said.text()
    assert "Key" in card.keys.text() and "Fingerprint" in card.keys.text()
    assert window.session.config.servers == {}
    QTest.keyClick(card.yes, Qt.Key.Key_Return)
    assert card.isHidden() and window.session.config.servers == {"home": f"tls:{server.address}"}
    apps = window.app.source().table("apps")
    wait_until(lambda: {row["name"] for row in apps.rows.values()} >= {"shop", "notes"})


def test_an_invitation_is_compared_by_the_program(window: Any, server: ServerProcess, wait_until: Wait) -> None:
    key = next(line.removeprefix("Its key is ") for line in server.lines if line.startswith("Its key is "))
    card = card_of(window)
    ask(card, Invitation("shop", f"tls:{server.address}", "0" * 64).link())
    wait_until(lambda: "another key" in card.said.text())
    assert card.said.text().endswith("nothing was kept. Ask whoever invited you before you go on")
    assert card.yes.text() == "Ask the server" and card.keys.isHidden()
    ask(card, Invitation("shop", f"tls:{server.address}", key).link())
    wait_until(lambda: card.yes.text() == "Add the server")
    card.line.setText("other=beast")
    assert card.yes.text() == "Ask the server" and card.said.isHidden()  # what was answered is of no concern any more
    QTest.keyClick(card.line, Qt.Key.Key_Escape)
    assert card.isHidden() and window.session.config.servers == {}


@pytest.mark.parametrize(
    ("text", "why"), [("beast", "neither an invitation"), ("a=b c", "no address"), ("espalier:join?x=y", "unknown")]
)
def test_a_wrong_text_is_told_at_once(window: Any, text: str, why: str) -> None:
    card = card_of(window)
    ask(card, text)
    assert why in card.said.text() and card.yes.isEnabled()


def test_a_server_that_is_away_is_told(window: Any, wait_until: Wait) -> None:
    card = card_of(window)
    ask(card, f"home=tls:127.0.0.1:{free_port()}")
    assert "Asking" in card.said.text()
    wait_until(lambda: "cannot be reached" in card.said.text())
    assert card.yes.isEnabled() and window.session.config.servers == {}
