"""The list of all apps: what is typed and Return opens the app that was looked for, never the one before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shell.action import window as actions
from shell.boot import boot
from shell.opening import remember_recent
from shell.session import Given

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
