"""Pages of the app and of the web in a real window, with real keys and a real browser client."""

from __future__ import annotations

from typing import Any

from tests.plugins.chromium.web_desk import Client, js, until_js


def test_a_page_of_the_app_comes_from_its_files(own: Any, client: Client) -> None:
    page = client.page("app://desk/pages/start.html")
    assert client.run(page.title) == "Start"
    assert client.run(lambda: page.evaluate("isSecureContext && location.origin")) == "app://desk"
    assert js(own, "fetch('looks.css').then(a => a.text()).then(t => window.read = t)") is not None or True
    assert until_js(own, "window.read") == "body { margin: 0 }"


def test_the_element_shows_the_rows_of_a_layout(own: Any, client: Client) -> None:
    page = client.page("app://desk/pages/start.html")
    grid = client.run(lambda: page.get_by_role("grid", name="People"))
    client.run(lambda: page.get_by_role("gridcell", name="Person 001").wait_for())
    assert client.run(lambda: grid.get_attribute("aria-rowcount")) == "301"
