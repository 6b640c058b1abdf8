"""The list of all apps: what is typed and Return opens the app that was looked for, never the one before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kernel.delivery import AppEntry
from kernel.tables.query import Query
from shell import app_home_table
from shell.action import window as actions
from shell.app_home import HomeApp
from shell.boot import boot
from shell.opening import remember_recent
from shell.session import Given
from tests.waiting import PATIENCE_S

SETTINGS = ("server.embedded=false", "start.keep_ready=false")


def test_return_opens_what_was_typed_also_while_the_list_still_looks_for_it(
    qapp: Any, tmp_path: Path, monkeypatch: Any, wait_until: Callable[[Callable[[], object]], None]
) -> None:
    session = boot("home", Given(basedir=str(tmp_path / "home"), settings=SETTINGS))
    (window,) = session.windows
    opened: list[str] = []
    monkeypatch.setattr(actions, "open_target", lambda _window, target: opened.append(target))
    try:
        for name in ("orders", "contacts"):
            (tmp_path / f"{name}.sqlite").write_bytes(b"")
            remember_recent(window.desk, str(tmp_path / f"{name}.sqlite"))
        find = window.context.widgets["find"]
        wait_until(lambda: window.scope.read("apps_view.current.title") == "Contacts")
        QTest.keyClicks(find, "order")
        QTest.keyClick(find, Qt.Key.Key_Return)
        wait_until(lambda: opened)
        assert opened == [str(tmp_path / "orders.sqlite")]
        QTest.keyClicks(find, "nothing")
        QTest.keyClick(find, Qt.Key.Key_Return)
        wait_until(lambda: [message.text for message in window.messages.history] == ["no app is chosen"])
        assert len(opened) == 1
    finally:
        window.close()
        session.close()


class Delivered:
    """A server that answers when it is told to."""

    def __init__(self, apps: list[AppEntry]) -> None:
        self.apps_there, self.go = apps, threading.Event()

    def cached_apps(self) -> list[AppEntry]:
        return []

    def apps(self) -> list[AppEntry]:
        assert self.go.wait(PATIENCE_S)
        return self.apps_there


class OneServer:
    def __init__(self, delivered: Delivered) -> None:
        self._delivered = delivered

    def names(self) -> list[str]:
        return ["here"]

    def delivery(self, name: str) -> Delivered:
        return self._delivered


@pytest.mark.parametrize("apps", [[AppEntry("orders", "Orders")], []])
def test_nobody_is_told_of_no_apps_before_the_servers_were_asked(monkeypatch: Any, apps: list[AppEntry]) -> None:
    monkeypatch.setattr(app_home_table, "PATIENCE_S", PATIENCE_S)
    delivered = Delivered(apps)
    home = HomeApp(OneServer(delivered))
    table, counts = home.source().table("apps"), []
    asking = threading.Thread(target=lambda: counts.append(table.count(Query())))
    asking.start()
    home.refresh()
    assert not counts and asking.is_alive()
    delivered.go.set()
    asking.join(PATIENCE_S)
    assert counts == [len(apps)] == [len(table.fetch(Query(), 0, 9))]
    home.close()


def test_a_server_that_never_answers_is_not_waited_for_without_end(monkeypatch: Any) -> None:
    monkeypatch.setattr(app_home_table, "PATIENCE_S", 0.1)
    home = HomeApp(OneServer(Delivered([])))
    assert home.source().table("apps").estimate(Query()).count == 0
    home.close()
