"""Sources of plugins in apps of a server: opened here, under what the app asks for."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import plugins
from kernel.error import EspalierError
from kernel.release import File, Manifest
from kernel.tables.query import Query
from kernel.tables.source import KINDS
from plugins import sources
from plugins.code import forget_modules
from shell.app_remote import RemoteApp
from shell.commands_cli.plugin import write_template
from shell.session import Given, Session


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Opens an app of a server with a source of a kind, and permissions; ``net`` is what the plugin needs."""
    monkeypatch.setattr(plugins, "__path__", list(plugins.__path__))
    place = tmp_path / "own" / "toysquares"
    place.parent.mkdir()
    write_template(place, "toysquares", "Squares")
    text = (place / "plugin.toml").read_text()
    (place / "plugin.toml").write_text(text.replace('version = "0.1"', 'permissions = ["net"]'))
    config = Session(Given(str(tmp_path / "home"), (f"plugins.folders={tmp_path / 'own'}",))).config

    def open_app(kind: str, *permissions: str) -> RemoteApp:
        manifest = Manifest("shop", "Shop", "1", 1, "c", (), {"main.kdl": File("h", 1)},
                            sources={"all": {"kind": kind, "count": 5}}, permissions=permissions)  # fmt: skip
        servers: Any = SimpleNamespace(config=config, delivery=lambda name: SimpleNamespace(
            cached=lambda app: manifest, read=lambda release, path: b"", proof=lambda: None))  # fmt: skip
        return RemoteApp(servers, "home", "shop")

    yield open_app
    KINDS.pop("toysquares", None)
    sources._OFFERED.pop("toysquares", None)
    forget_modules("plugins.toysquares")


def test_the_window_opens_it_without_asking_the_server(opened: Any) -> None:
    app = opened("toysquares", "net")
    assert app.remembered_table("all", "squares") is None
    assert app.source("all").table("squares").fetch(Query(), 3, 9).columns["square"] == [9, 16]
    app.close()


def test_an_app_asks_for_what_the_plugin_does(opened: Any) -> None:
    with pytest.raises(EspalierError, match="needs the permission net, which the app does not ask for"):
        opened("toysquares", "files").source("all")


def test_a_kind_that_nobody_has_is_told_with_the_near_miss(opened: Any) -> None:
    with pytest.raises(EspalierError, match=r"kind toysquare, which nothing here opens \(did you mean toysquares\?\)"):
        opened("toysquare").source("all")
