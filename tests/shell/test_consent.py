"""What is asked before an app of another machine runs for the first time, and when it is asked again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from kernel.release import File, Manifest
from shell.agents.open import first_agents
from shell.app import AppInfo
from shell.app_local import LocalApp
from shell.consent import Agreed, Consents, covers, question
from shell.consent_page import Asking, consent_page
from shell.session import Given, Session

LAYOUT = 'layout 2 title="Desk"\nwindow { label "Here it is" }\n'


class FromServer(LocalApp):
    """An app as if a server had sent it."""

    def __init__(self, folder: Path, server: str, manifest: Manifest) -> None:
        super().__init__(folder)
        self.manifest = manifest
        self.is_closed = False
        self.info = self.info._replace(server=server, key=f"desk@{server}")

    def close(self) -> None:
        self.is_closed = True
        super().close()


def manifest(*paths: str, permissions: tuple[str, ...] = ()) -> Manifest:
    files = {path: File("0" * 64, 0) for path in ("app.toml", *paths)}
    return Manifest("desk", "Desk", "1", 1, "", (), files, permissions=permissions)


@pytest.fixture
def session(basedir: Path) -> Session:
    return Session(Given(basedir=str(basedir)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "desk"
    place.mkdir()
    (place / "app.toml").write_text('name = "desk"\ntitle = "Desk"\n')
    (place / "main.kdl").write_text(LAYOUT)
    return place


def test_apps_of_other_machines_with_code_or_permissions_are_asked_about(folder: Path, session: Session) -> None:
    def asked(server: str, found: Manifest) -> Any:
        return question(FromServer(folder, server, found), session)

    assert asked("localhost:1", manifest()) is None
    assert asked("", manifest("ship.py")) is None
    assert asked("local", manifest("ship.py")) is None
    assert asked("unix:/run/x", manifest("ship.py")) is None
    assert asked("localhost:1", manifest("ship.py")).wanted == Agreed((), True)
    assert asked("localhost:1", manifest(permissions=("net",))).wanted == Agreed(("net",))
    assert question(LocalApp(folder), session) is None


def test_it_is_asked_again_for_more_and_for_another_publisher() -> None:
    before = Agreed(("net",), True, ("a", "b"))
    assert covers(before, before) and covers(before, Agreed((), False))
    assert covers(before, Agreed(("net",), True, ("b",)))
    assert not covers(before, Agreed(("files", "net"), True, ("a",)))
    assert not covers(before, Agreed(("net",), True, ("c",)))
    assert not covers(Agreed(("net",)), Agreed(("net",), True))


def test_answers_are_kept_and_damaged_ones_ask_again(tmp_path: Path) -> None:
    path = tmp_path / "data" / "consents.json"
    assert Consents(path).agreed("desk@home") is None
    Consents(path).agree("desk@home", Agreed(("net",), True, ("a",)))
    Consents(path).agree("other@home", Agreed())
    assert Consents(path).agreed("desk@home") == Agreed(("net",), True, ("a",))
    Consents(path).forget("desk@home")
    assert Consents(path).agreed("desk@home") is None and Consents(path).agreed("other@home") is not None
    path.write_text("{")
    assert Consents(path).agreed("other@home") is None


def test_the_question_comes_before_everything_of_the_app() -> None:
    def agents(server: str) -> tuple[str, ...]:
        return first_agents(SimpleNamespace(info=AppInfo("desk", "desk", "Desk", server=server)))

    assert agents("localhost:1")[0] == "consent"
    assert "consent" not in agents("") + agents("local")


def texts(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def pressed(widget: Any, text: str) -> None:
    next(button for button in widget.findChildren(QPushButton) if button.text() == text).click()


def asking(folder: Path, session: Session, monkeypatch: Any) -> tuple[Asking, FromServer]:
    from shell import desk

    monkeypatch.setattr(desk, "_DESKS", {})
    session.app = app = FromServer(folder, "localhost:1", manifest("ship.py", permissions=("net",)))
    asked = question(app, session)
    assert asked is not None
    return Asking(asked, session, ("layout", "main.kdl", "window")), app


def test_the_app_is_shown_once_the_person_agrees(
    qapp: Any, folder: Path, session: Session, monkeypatch: Any, wait_until: Callable[..., None]
) -> None:
    _, app = asking(folder, session, monkeypatch)
    (window,) = session.windows
    assert "Open Desk?" in texts(window) and "Speaks with other computers" in texts(window)
    assert "nothing holds them to it" in texts(window) and "Here it is" not in texts(window)
    pressed(window, "Open it")
    wait_until(lambda: "Here it is" in texts(window.body))
    assert session.app is app and session.windows == [window]
    assert question(app, session) is None
    window.close()


def test_the_page_is_answered_by_keys_and_never_by_one_that_was_held(
    qapp: Any, folder: Path, session: Session, monkeypatch: Any, wait_until: Callable[..., None]
) -> None:
    _, app = asking(folder, session, monkeypatch)
    (window,) = session.windows
    assert window.windowTitle() == "Desk" and window.bar._title.text() == "Desk"
    wait_until(lambda: window.focusWidget() is window.body)
    assert window.body.accessibleName() == "Open Desk?" and "Speaks with" in window.body.accessibleDescription()
    QTest.keyClick(window.body, Qt.Key.Key_Return)
    assert question(app, session) is not None
    QTest.keyClick(window.body, Qt.Key.Key_Tab)
    assert window.focusWidget().text() == "Open it"
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.focusWidget().text() == "Not now"
    QTest.keyClick(window.body, Qt.Key.Key_Escape)
    wait_until(lambda: app.is_closed)
    assert question(app, session) is not None


def test_an_app_that_the_person_does_not_want_is_never_begun(
    qapp: Any, folder: Path, session: Session, monkeypatch: Any, wait_until: Callable[..., None]
) -> None:
    _, app = asking(folder, session, monkeypatch)
    (window,) = session.windows
    window.reload()
    assert "Open Desk?" in texts(window.body) and "Here it is" not in texts(window.body)
    pressed(window.body, "Not now")
    wait_until(lambda: app.is_closed)
    assert question(app, session) is not None


def test_the_page_names_who_signed_it(qapp: Any) -> None:
    from PySide6.QtWidgets import QWidget

    from shell.consent import Asked
    from widgets.theme import Theme

    keys = tuple(f"{number:016x}" for number in range(5))
    parent = QWidget()
    shown = [texts(consent_page(Theme("light"), Asked("k", "Desk", "beast:1", one, is_new), print, print, parent))
             for one, is_new in ((Agreed(("net",), True, keys), True), (Agreed(("odd",)), False))]  # fmt: skip
    assert "From the server beast:1, signed with one of the keys 0000 0000 0000 0000," in shown[0]
    assert "and 2 more." in shown[0]
    assert "Nobody has signed it" in shown[1] and "Desk has changed. Go on with it?" in shown[1] and "Odd" in shown[1]
    assert "Python" not in shown[1]
