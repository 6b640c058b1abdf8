"""One Chromium, one window and one server for all tests of this folder: each start costs half a second."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from shiboken6 import isValid

from tests.conftest import spin_until
from tests.plugins.chromium.web_desk import Client, Server, free_port, write_app

#: Chromium reads it when it begins, so it is there before any test of this run begins it.
PORT = free_port()
os.environ["QTWEBENGINE_REMOTE_DEBUGGING"] = f"127.0.0.1:{PORT}"


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    server = Server()
    server.put("/plain", "<!doctype html><title>Plain</title><p>Plain page of needles: needle, needle.")
    yield server
    server.close()


@pytest.fixture(scope="package")
def window(tmp_path_factory: pytest.TempPathFactory, qapp: Any, server: Server) -> Iterator[Any]:
    from shell.boot import boot
    from shell.session import Given

    folder = tmp_path_factory.mktemp("web")
    app = write_app(folder / "app", server.here)
    settings = (f"chromium.folder={folder / 'saved'}", "ui.theme=light", "ui.restore=false")
    session = boot(str(app), Given(str(folder / "home"), settings))
    (window,) = session.windows
    window.saved = folder / "saved"
    window.activateWindow()
    yield window
    if isValid(window):  # a test of the shell may have closed all windows of the program
        window.close_anyway()
        spin_until(lambda: not isValid(window) or not window.isVisible())


@pytest.fixture
def own(window: Any) -> Any:
    """The view of the app's pages, on its start page."""
    web = window.context.widgets["own"]
    show(web, "pages/start.html")
    yield web
    web.asker.refuse_all()


@pytest.fixture
def outer(window: Any) -> Any:
    """The view of pages of the web."""
    web = window.context.widgets["outer"]
    yield web
    web.asker.refuse_all()


def show(web: Any, url: str) -> None:
    """Show an address, and wait for it."""
    spin_until(lambda: web.browser is not None)
    web.set_url("")
    web.set_url(url)
    spin_until(lambda: web.state == "ready" and web.browser.page.url().toString().endswith(url.split("#")[0]))
    spin_until(lambda: web.browser.is_settled)


@pytest.fixture(scope="module")
def client(window: Any) -> Iterator[Client]:
    """Attached for one module's tests: with it Chromium holds windows that pages open until it has looked at them."""
    spin_until(lambda: window.context.widgets["own"].browser is not None)
    client = Client(PORT)
    yield client
    client.close()
