"""Servers that ask who is there, pages that do not want to be left, and pages that notify without an end."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.conftest import spin_until
from tests.plugins.chromium.conftest import show
from tests.plugins.chromium.test_hostile import once
from tests.plugins.chromium.web_desk import Server, js, until_js

REALM = "Archive"


class Guarded:
    """A path that asks for a name and a password.

    Attributes:
        told: What came with each request: the words of its header, or None.
        right: What it lets in.
    """

    def __init__(self, server: Server, path: str) -> None:
        self.told: list[str | None] = []
        self.right = "ada:engine"
        self.path = path
        server.put(path, self.answer)

    def answer(self, handler: Any) -> None:
        words = handler.headers.get("Authorization")
        self.told.append(words)
        is_right = words == f"Basic {base64.b64encode(self.right.encode()).decode()}"
        body = f"<title>{'Inside' if is_right else 'Refused'}</title><p>{words}".encode()
        handler.send_response(200 if is_right else 401)
        if not is_right:
            handler.send_header("WWW-Authenticate", f'Basic realm="{REALM}"')
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@pytest.fixture
def guarded(server: Server, request: pytest.FixtureRequest) -> Guarded:
    """A path and a host's name of its own for each test: Chromium remembers who was let in."""
    return Guarded(server, f"/{request.node.name}/in")


@pytest.fixture
def place(server: Server, request: pytest.FixtureRequest) -> str:
    """An origin that no other test has."""
    return f"http://{request.node.name.replace('_', '-')[:60]}.localhost:{server.port}"


@pytest.fixture(autouse=True)
def _forgiven(outer: Any) -> Iterator[None]:
    yield
    outer.asker.refuse_all()
    if outer.browser is not None and outer.browser.page is not None:
        outer.browser.forgive()
        spin_until(lambda: not outer.browser.page.isLoading())


def ask(web: Any, url: str) -> None:
    """Go to an address whose server asks, until it is asked and the page of the refusal is there."""
    spin_until(lambda: web.browser is not None)
    web.set_url("")
    web.set_url(url)
    spin_until(lambda: is_asked(web))


def is_asked(web: Any) -> bool:
    """Whether there is a sign-in, and below it the whole page of the refusal."""
    is_there = web.title == "Refused" and not web.browser.page.isLoading()
    return web.asker.form is not None and is_there


def sign_in(web: Any, user: str, password: str) -> None:
    web.asker.form.user.setText(user)
    web.asker.form.password.setText(password)
    web.asker.buttons[0].click()


def test_the_right_password_shows_the_page(outer: Any, guarded: Guarded, place: str) -> None:
    ask(outer, place + guarded.path)
    form = outer.asker.form
    assert outer.asker.isVisible() and place in outer.asker.said.text() and f"“{REALM}”" in outer.asker.said.text()
    assert form.password.echoMode() == QLineEdit.EchoMode.Password
    assert form.user.accessibleName() and form.password.accessibleName()
    assert guarded.told == [None]
    sign_in(outer, "ada", "engine")
    spin_until(lambda: outer.title == "Inside" and outer.state == "ready")
    assert outer.asker.isHidden() and len(guarded.told) <= 3


def test_a_wrong_password_is_said_and_asked_again(outer: Any, guarded: Guarded, place: str) -> None:
    ask(outer, place + guarded.path)
    assert "not accepted" not in outer.asker.said.text()
    sign_in(outer, "ada", "wrong")
    spin_until(lambda: outer.asker.form is not None and "not accepted" in outer.asker.said.text())
    assert outer.asker.form.user.text() == "ada" and outer.asker.form.password.text() == ""
    sign_in(outer, "ada", "engine")
    spin_until(lambda: outer.title == "Inside")


def test_who_cancels_sees_the_refusal_and_is_not_asked_until_reload(outer: Any, guarded: Guarded, place: str) -> None:
    ask(outer, place + guarded.path)
    QTest.keyClick(outer.asker.form.password, Qt.Key.Key_Escape)
    assert outer.asker.isHidden() and outer.title == "Refused"
    js(outer, f"Promise.all(Array.from({{length: 20}}, () => fetch('{guarded.path}'))).then(() => window.all = 1); 1")
    assert until_js(outer, "window.all") == 1
    assert outer.asker.waiting == [] and set(guarded.told) == {None}
    outer.reload()
    spin_until(lambda: outer.asker.form is not None)


def test_the_keyboard_is_enough(outer: Any, window: Any, server: Server, guarded: Guarded, place: str) -> None:
    show(outer, server.here + "/plain")
    window.activateWindow()
    spin_until(window.isActiveWindow)
    outer.setFocus()
    outer.go(place + guarded.path)
    spin_until(lambda: is_asked(outer))
    form = outer.asker.form
    spin_until(lambda: QApplication.focusWidget() is form.user)
    QTest.keyClicks(form.user, "ada")
    QTest.keyClick(form.user, Qt.Key.Key_Return)
    spin_until(lambda: QApplication.focusWidget() is form.password)
    QTest.keyClicks(form.password, "engine")
    QTest.keyClick(form.password, Qt.Key.Key_Return)
    spin_until(lambda: outer.title == "Inside")


def test_a_part_from_elsewhere_is_called_one(outer: Any, server: Server, guarded: Guarded, place: str) -> None:
    body = f"<title>Holder</title><iframe src='{place}{guarded.path}'></iframe>"
    show(outer, server.put("/holder", body))
    spin_until(lambda: outer.asker.form is not None)
    said = outer.asker.said.text()
    assert said.index(server.here) < said.index(place) and "comes from elsewhere" in said


def test_a_text_of_a_table_asks_nobody(window: Any, server: Server, guarded: Guarded, place: str) -> None:
    text = window.context.widgets["text"]
    spin_until(lambda: text.state == "ready")
    text.browser.page.sign_ins._take(*_challenge(place + guarded.path))
    assert text.asker.waiting == []


def test_what_is_asked_out_of_sight_waits_without_holding_others_up(
    outer: Any, own: Any, server: Server, guarded: Guarded, place: str
) -> None:
    show(outer, server.here + "/plain")
    outer.hide()
    try:
        outer.browser.page.load(QUrl(place + guarded.path))
        spin_until(lambda: outer.asker.form is not None and outer.title == "Refused")
        assert not outer.asker.isVisible()
        assert js(own, "1 + 1") == 2
        outer.browser.page.runJavaScript("document.title = confirm('Anybody?') ? 'yes' : 'no'")
        spin_until(lambda: outer.title == "no")
    finally:
        outer.show()
    assert outer.asker.isVisible()


def test_a_proxy_is_named_and_never_gets_an_empty_name(outer: Any, server: Server) -> None:
    show(outer, server.here + "/plain")
    url, authenticator = _challenge(server.here + "/plain")
    outer.browser.page.sign_ins._take_proxy(url, authenticator, "proxy.example")
    assert "The proxy “proxy.example” asks you" in outer.asker.said.text() and authenticator.isNull()


def test_an_open_connection_is_warned_of(outer: Any, server: Server) -> None:
    show(outer, server.here + "/plain")
    outer.browser.page.sign_ins._take(*_challenge("http://ada:secret@shop.example/in"))
    form = outer.asker.form
    assert form.warning.isVisible() and "not encrypted" in form.user.accessibleDescription()
    assert "http://shop.example" in outer.asker.said.text() and "secret" not in outer.asker.said.text()


def test_a_page_with_something_unsaved_is_left_after_one_question(outer: Any, server: Server) -> None:
    body = "<title>Kept</title><body onclick=\"document.title = 'Clicked'\">Here<script>onbeforeunload = (event) =>"
    show(outer, server.put("/kept", f"{body} event.preventDefault()</script>"))
    _click(outer)
    spin_until(lambda: outer.title == "Clicked")
    seen: list[str] = []

    def answer(index: int) -> Any:
        return lambda: (seen.append(outer.asker.said.text()), outer.asker.buttons[index].click())

    once(lambda: outer.asker.waiting, answer(1))
    outer.set_url(server.here + "/plain")
    spin_until(lambda: len(seen) == 1)
    assert js(outer, "document.title") == "Clicked"
    once(lambda: outer.asker.waiting, answer(0))
    outer.go(server.here + "/plain")
    spin_until(lambda: outer.title == "Plain" and outer.state == "ready")
    assert len(seen) == 2 and "not saved" in seen[1]


def test_a_page_that_was_told_to_be_still_keeps_nobody(outer: Any, server: Server) -> None:
    show(outer, server.here + "/plain")
    page = outer.browser.page
    page.silenced.add(page.origin())
    from plugins.chromium.page import _LEAVES

    assert page.javaScriptConfirm(page.url(), _LEAVES) is True


def test_a_page_that_notifies_without_an_end_is_heard_a_few_times() -> None:
    from plugins.chromium.notices import MOST, WITHIN_S, Notices

    now = [0.0]
    notices = Notices(lambda: now[0])
    take = lambda origin: notices.take(origin, "Parcel", "x" * 5000)  # noqa: E731
    shown = [take("https://shop.example") for _ in range(500)]
    assert [one is not None for one in shown] == [True] * (MOST + 1) + [False] * (499 - MOST)
    assert "https://shop.example" in shown[0][1] and len(shown[0][1]) < 300 and "many" in shown[MOST][0]
    assert take("https://other.example") is not None
    now[0] = WITHIN_S - 1
    assert take("https://shop.example") is None
    now[0] = 2 * WITHIN_S
    assert take("https://shop.example")[0] == "Parcel"


def test_a_permission_that_was_closed_is_not_asked_for_again(outer: Any, server: Server) -> None:
    show(outer, server.there + "/plain")
    script = (
        "document.title = '-'; Notification.requestPermission()"
        ".then((answer) => document.title = 'Answer ' + answer); 1"
    )
    js(outer, script)
    spin_until(lambda: outer.asker.waiting)
    QTest.keyClick(outer.asker, Qt.Key.Key_Escape)
    spin_until(lambda: outer.title.startswith("Answer"))
    js(outer, script)
    spin_until(lambda: outer.title.startswith("Answer"))
    assert outer.asker.waiting == []
    outer.forget_site()


def test_a_notification_of_a_shared_profile_is_one_message(outer: Any, own: Any, window: Any) -> None:
    assert own.browser.profile is outer.browser.profile

    class Notification:
        def origin(self) -> QUrl:
            return QUrl("https://shop.example/")

        def title(self) -> str:
            return "Only once"

        def message(self) -> str:
            return "A text"

        def show(self) -> None:
            """As Chromium is told."""

    outer.browser.profile._show_notification(Notification())
    spin_until(lambda: any(one.text == "Only once" for one in window.messages.history))
    assert [one.text for one in window.messages.history].count("Only once") == 1


def _click(web: Any) -> None:
    """A click that counts as a person's."""
    spin_until(lambda: web.browser.view.focusProxy() is not None)
    QTest.mouseClick(web.window().windowHandle(), Qt.MouseButton.LeftButton, pos=web.browser.view.mapTo(
        web.window(), web.browser.view.rect().center()))  # fmt: skip


def _challenge(url: str) -> tuple[Any, Any]:
    from PySide6.QtNetwork import QAuthenticator

    authenticator = QAuthenticator()
    authenticator.setRealm(REALM)
    return QUrl(url), authenticator
