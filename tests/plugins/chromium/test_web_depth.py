"""Sign-in windows, service workers, notifications and developer tools of real pages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.conftest import spin_until
from tests.plugins.chromium.conftest import show
from tests.plugins.chromium.web_desk import Server, js, until_js

OPENER = """<!doctype html><title>Shop</title>
<button id=sign onclick="window.open('SIGN', 'sign', 'width=400,height=300')">Sign in</button>
<script>onmessage = (event) => document.title = 'Token ' + event.data + ' of ' + event.origin</script>"""
SIGN = """<!doctype html><title>Sign in</title>
<button id=give onclick="opener.postMessage('abc', '*'); window.close()">Give</button>"""
WORKER = """self.addEventListener('install', () => skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
self.addEventListener('fetch', (event) => {
  const path = new URL(event.request.url).pathname;
  if (path === '/made') event.respondWith(new Response('by the worker'));
});
self.addEventListener('message', (event) => fetch(event.data).then(
  (answer) => event.source.postMessage('let in ' + answer.status),
  (error) => event.source.postMessage('refused ' + error.name)))"""


@pytest.fixture
def shop(outer: Any, server: Server) -> Iterator[Any]:
    """A page of the web that opens a window for signing in, which another origin shows."""
    server.put("/sign", SIGN)
    show(outer, server.put("/shop", OPENER.replace("SIGN", f"{server.there}/sign")))
    yield outer
    if outer.browser.popup is not None:
        outer.browser.popup.end()


def click(web: Any) -> None:
    """Press the button of the page with the mouse, as only a person can."""
    QTest.mouseClick(web.browser.view.focusProxy(), Qt.MouseButton.LeftButton, pos=QPoint(30, 18))


def opened(web: Any, before: Any = None) -> Any:
    """The small window that a click opens; a page that has just come may not hear yet, so it is clicked again."""
    clicked: list[float] = []

    def is_open() -> bool:
        if web.browser.popup is before and (not clicked or time.monotonic() - clicked[-1] > 2):
            clicked.append(time.monotonic())
            click(web)
        return web.browser.popup is not before

    spin_until(is_open)
    return web.browser.popup


def test_a_sign_in_window_tells_its_opener_and_closes(shop: Any, outer: Any, server: Server) -> None:
    popup = opened(shop)
    spin_until(lambda: "localhost" in popup.address.text())
    assert popup.isVisible() and outer.browser.page.url().path() == "/shop"
    assert popup.page.profile() is outer.browser.page.profile() and popup.page.role == "web"
    spin_until(lambda: popup.page.title() == "Sign in")
    popup.page.runJavaScript("document.getElementById('give').click()")
    spin_until(lambda: outer.title == f"Token abc of {server.there}")
    spin_until(lambda: outer.browser.popup is None)


def test_a_window_that_nobody_clicked_for_is_asked_about(shop: Any, outer: Any, server: Server) -> None:
    js(outer, f"open('{server.there}/sign', 'sign', 'width=400,height=300'); 1")
    spin_until(lambda: outer.asker.waiting)
    assert outer.browser.popup is None and "wants to open" in outer.asker.said.text()


def test_a_second_window_takes_the_place_of_the_first(shop: Any, outer: Any) -> None:
    first = opened(shop)
    js(outer, "document.getElementById('sign').onclick = () => open('', 'other', 'width=90'); 1")
    second = opened(shop, first)
    assert first.page is None
    second.button.click()
    assert outer.browser.popup is None


def test_a_worker_serves_its_own_origin_alone(outer: Any, server: Server) -> None:
    server.put("/worker.js", WORKER, "text/javascript")
    show(outer, server.put("/work", "<!doctype html><title>Work</title>"))
    js(outer, "navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)"
              ".then(() => window.said = 'ready', (error) => window.said = String(error)); 1")  # fmt: skip
    assert until_js(outer, "window.said") == "ready"
    until_js(outer, "navigator.serviceWorker.controller ? 1 : 0")
    js(outer, "fetch('/made').then((answer) => answer.text()).then((text) => window.made = text); 1")
    assert until_js(outer, "window.made") == "by the worker"
    js(outer, "navigator.serviceWorker.register('app://desk/pages/start.html')"
              ".then(() => window.own = 'let in', (error) => window.own = error.name); 1")  # fmt: skip
    assert until_js(outer, "window.own") in ("SecurityError", "TypeError")
    js(outer, "navigator.serviceWorker.onmessage = (event) => window.heard = event.data;"
              "navigator.serviceWorker.controller.postMessage('app://desk/pages/looks.css'); 1")  # fmt: skip
    assert until_js(outer, "window.heard") == "refused TypeError"
    show(outer, server.there + "/work")
    js(outer, "fetch('/made').then((answer) => window.made = answer.status); 1")
    assert until_js(outer, "window.made") == 404


def test_a_notification_is_asked_about_and_becomes_a_message(outer: Any, window: Any, server: Server) -> None:
    show(outer, server.there + "/plain")
    js(outer, "Notification.requestPermission().then((answer) => document.title = answer); 1")
    spin_until(lambda: outer.asker.waiting)
    assert "wants to show notifications" in outer.asker.said.text()
    outer.asker.buttons[0].click()
    spin_until(lambda: outer.title == "granted")
    js(outer, "new Notification('Parcel', { body: 'It is at the door' }); 1")
    spin_until(lambda: any("Parcel" in one.text for one in window.messages.history))
    outer.forget_site()


def test_developer_tools_look_at_the_page(outer: Any, server: Server) -> None:
    show(outer, server.here + "/plain")
    outer.show_tools()
    tools = outer.browser._tools
    spin_until(lambda: tools.isVisible() and tools.page().url().scheme() == "devtools")
    assert tools.page().inspectedPage() is outer.browser.page
    tools.close()
