"""The example app of the page about web pages, and what no Chromium is needed for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plugins.chromium.address import APP, WEB, AddressError, Blocked, Reach, path_of, read_address, read_typed
from plugins.chromium.permission import Permissions
from tests.conftest import spin_until
from tests.plugins.chromium.web_desk import until_js

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "garden-pages"


def test_the_example_shows_its_pages(tmp_path: Path, qapp: Any, monkeypatch: Any) -> None:
    from plugins import registry
    from shell.boot import boot
    from shell.session import Given

    monkeypatch.setattr(registry, "config", registry.config)  # what options are read from, for the tests that follow
    (window,) = boot(str(EXAMPLE), Given(str(tmp_path), ("ui.restore=false",))).windows
    try:
        overview, notes = (window.context.widgets[name] for name in ("overview", "notes"))
        spin_until(lambda: overview.state == "ready" and notes.state == "ready")
        assert until_js(overview, "document.querySelector('espalier-view').lines?.size") == 6
    finally:
        window.close_anyway()
    spin_until(lambda: not window.isVisible())


def test_without_chromium_a_card_says_what_to_install(window: Any, monkeypatch: Any) -> None:
    from layouts.node import Node
    from plugins.chromium import engine

    monkeypatch.setattr(engine, "is_there", lambda: False)
    web = window.context.build(Node("web", "", {"url": "https://example.org"}), window.body)
    web.start()
    assert web.state == "missing" and "pip install PySide6-Addons" in web.note.hint.text()
    window.context.discard(web)


@pytest.mark.parametrize(
    ("text", "url", "role"),
    [
        ("https://example.org/a?b#c", "https://example.org/a?b#c", WEB),
        ("pages/a b.html?x=1", "app://desk/pages/a%20b.html?x=1", APP),
        ("app://desk/x.html", "app://desk/x.html", APP),
        ("", "about:blank", WEB),
    ],
)
def test_addresses_of_layouts(text: str, url: str, role: str) -> None:
    assert read_address(text, "desk") == (url, role)


@pytest.mark.parametrize("text", ["file:///x", "app://other/x", "javascript:alert(1)", "//example.org", "http://"])
def test_addresses_that_are_not_shown(text: str) -> None:
    with pytest.raises(AddressError):
        read_address(text, "desk")


def test_typed_addresses() -> None:
    assert read_typed("example.org/a", "desk").url == "https://example.org/a"
    assert read_typed("localhost:80", "desk").url == "http://localhost:80"
    with pytest.raises(AddressError):
        read_typed("two words", "desk")


def test_paths_never_lead_out() -> None:
    assert path_of("app://desk/") == "index.html" and path_of("app://desk/a/b.css") == "a/b.css"
    for bad in ("app://desk/../x", "app://desk/a/%2e%2e/x", "app://desk/.git/x", "app://desk/a%00b", "app://desk/a%5cb"):
        assert path_of(bad) is None


def test_what_is_allowed_and_blocked() -> None:
    reach = Reach("desk", "*.example.org, https://shop.example")
    assert reach.is_allowed("https://a.example.org/x") and reach.is_allowed("http://example.org")
    assert reach.is_allowed("https://shop.example/") and not reach.is_allowed("http://shop.example/")
    assert not reach.is_allowed("https://example.org.evil.test/")
    blocked = Blocked("*.tracker.example, */ads/*")
    assert blocked.has("https://a.tracker.example/x", "a.tracker.example")
    assert blocked.has("https://x.test/ads/1.js", "x.test") and not blocked.has("https://x.test/", "x.test")
    assert not Blocked(" , ")


def test_answers_are_kept_and_a_damaged_file_asks_anew(tmp_path: Path) -> None:
    path = tmp_path / "permissions.json"
    Permissions(path).remember("https://a.test", "Geolocation", True)
    assert Permissions(path).answer("https://a.test", "Geolocation") is True
    assert Permissions(path).answer("https://b.test", "Geolocation") is None
    path.write_text('{"https://a.test": {"Geolocation": "yes", "Else": true}, "b": 1}')
    assert Permissions(path).answer("https://a.test", "Geolocation") is None
    path.write_text("{")
    assert not Permissions(path).forget("https://a.test")
