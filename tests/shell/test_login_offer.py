"""Being ready from login on is offered once, in the home window, to who has started Espalier a few times."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shell.boot import boot
from shell.login_offer import OFFERED_AT, STARTS, offer_login
from shell.ready import way
from shell.session import Given
from shell.state import State

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")

SETTINGS = ("trust.keyring=false", "server.embedded=false", "start.keep_ready=true")


@pytest.fixture
def window(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The home window of a desktop, of a start that found nothing ready."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "Tests")
    monkeypatch.setattr(way, "taken", lambda: way.Way("first: no process is ready"))
    session = boot("home", Given(basedir=str(tmp_path / "home"), settings=SETTINGS))
    (window,) = session.windows
    monkeypatch.setattr(window.desk, "state", State(tmp_path / "desk.json"))
    window.show()
    yield window
    window.close()
    session.close()


def bar_of(window: Any) -> Any:
    """What asks, at the start at which it does."""
    window.desk.state.remember(STARTS, OFFERED_AT - 1)
    offer_login(window)
    return window.cards.made["login"]


def entry(tmp_path: Path) -> Path:
    return tmp_path / "config" / "autostart" / "espalier-ready.desktop"


def test_nobody_is_asked_at_the_first_start(window: Any) -> None:
    for _ in range(OFFERED_AT - 1):
        offer_login(window)
        assert "login" not in window.cards.made
    offer_login(window)
    bar = window.cards.made["login"]
    assert bar.isVisible() and not bar.isAncestorOf(window.focusWidget())
    assert "40 MB" in bar.said.text() and bar.accessibleName()


def test_who_accepts_has_the_entry(window: Any, tmp_path: Path) -> None:
    bar = bar_of(window)
    bar.yes_button.setFocus()
    QTest.keyClick(bar.yes_button, Qt.Key.Key_Return)
    assert not bar.isVisible()
    assert "login start" in entry(tmp_path).read_text()
    assert [message.level for message in window.messages.shown] == ["info"]


def test_who_declines_is_not_asked_again(window: Any, tmp_path: Path) -> None:
    bar = bar_of(window)
    bar.no_button.click()
    assert not bar.isVisible() and not entry(tmp_path).exists()
    del window.cards.made["login"]
    window.desk.state = State(tmp_path / "desk.json")
    for _ in range(OFFERED_AT + 1):
        offer_login(window)
    assert "login" not in window.cards.made


def test_an_entry_that_cannot_be_written_is_told(window: Any, tmp_path: Path) -> None:
    bar = bar_of(window)
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "autostart").write_text("a file where the folder should be")
    bar.yes_button.click()
    assert [message.level for message in window.messages.shown] == ["error"]


@pytest.mark.parametrize("found", ["ready", "first: ESPALIER_START_KEEP_READY says so", "first: another reason"])
def test_who_would_not_gain_is_not_asked(found: str, window: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way, "taken", lambda: way.Way(found))
    window.desk.state.remember(STARTS, OFFERED_AT)
    offer_login(window)
    assert "login" not in window.cards.made


def test_who_has_it_already_is_not_asked(window: Any, tmp_path: Path) -> None:
    entry(tmp_path).parent.mkdir(parents=True)
    entry(tmp_path).write_text("[Desktop Entry]\n")
    window.desk.state.remember(STARTS, OFFERED_AT)
    offer_login(window)
    assert "login" not in window.cards.made


def test_without_a_desktop_nobody_reads_what_is_started_at_login(window: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CURRENT_DESKTOP")
    monkeypatch.delenv("DESKTOP_SESSION", raising=False)
    window.desk.state.remember(STARTS, OFFERED_AT)
    offer_login(window)
    assert "login" not in window.cards.made
