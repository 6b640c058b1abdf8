"""Plugins that an app brings: part of its files, for this app alone, imported by its own finder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from layouts.app_check import check_app, shipped_surface
from tests.plugins.test_failing import MANIFEST, VIEW, Place, cards, place, texts  # noqa: F401


def bring(place: Place, name: str, code: str = VIEW, manifest: str = "") -> Path:  # noqa: F811
    folder = place.folder / "app" / "plugins" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plugin.toml").write_text(manifest or MANIFEST.replace("PLUGIN", name).replace("MORE", ""))
    (folder / "__init__.py").write_text("")
    (folder / "view.py").write_text("from .other import TEXT\n" + code.replace('f"shows', 'TEXT + f"shows'))
    (folder / "other.py").write_text("TEXT = 'app '\n")
    return folder


def test_a_layout_shows_a_kind_of_the_apps_own_plugin(place: Place) -> None:  # noqa: F811
    bring(place, "toybrought")
    window = place.open("toybrought 1")
    assert not cards(window) and any("app " in text for text in texts(window)), window.messages.history
    assert "plugins.toybrought" not in sys.modules
    assert not any(name.startswith("toybrought") for name in sys.modules)
    window.registry.run("toybrought.do")
    said = window.messages.history[-1]
    assert "the plugin toybrought fails: ValueError: not done" in said.text and "view.py:20:1" in said.detail


def test_another_app_does_not_have_it(place: Place) -> None:  # noqa: F811
    from kernel.config import load
    from shell.kinds import all_kinds

    bring(place, "toybrought")
    place.open("toybrought 1")
    assert "toybrought" not in all_kinds(load(place.folder / "home", {}))


def test_what_collides_with_one_that_is_there_is_left_out(place: Place) -> None:  # noqa: F811
    manifest = MANIFEST.replace("PLUGIN", "chart").replace("MORE", "").replace('name = "chart"', 'name = "dial"')
    bring(place, "chart", manifest=manifest.replace('"chart.do"', '"dial.do"'))
    window = place.open('label "x"')
    assert any("there is a plugin chart already" in str(one) for one in window.session.config.problems)


@pytest.mark.parametrize("is_good", [True, False])
def test_a_server_knows_what_the_app_brings(place: Place, is_good: bool) -> None:  # noqa: F811
    folder = bring(place, "toybrought")
    app: Any = folder.parent.parent
    (app / "app.toml").write_text('name = "app"\n')
    (app / "main.kdl").write_text('layout 2\nwindow { toybrought 1\n button "x" command="toybrought.do" }\n')
    if not is_good:
        (folder / "plugin.toml").write_text((folder / "plugin.toml").read_text().replace("api = 1", "api = 7"))
    paths = [path.relative_to(app).as_posix() for path in app.rglob("*") if path.is_file()]
    found = [str(one) for one in check_app(paths, lambda path: (app / path).read_bytes(), shipped_surface(), "app")]
    assert (found == []) == is_good, found
    if not is_good:
        assert "plugins/toybrought/plugin.toml:3:7: plugin toybrought wants API 7, not 1 (update Espalier)" in found


def test_a_strangers_plugin_is_asked_about_before_its_code_is_used(
    place: Place, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    from shell import consent
    from tests.conftest import spin_until
    from widgets.card import ErrorCard

    monkeypatch.setattr(consent, "stranger_keys", lambda app, session: ("key",))
    manifest = MANIFEST.replace("PLUGIN", "toyasked").replace("MORE", "").replace(
        "api = 1", 'api = 1\npermissions = ["net", "devices"]')
    folder = bring(place, "toyasked", manifest=manifest)
    window = place.open("toyasked 1")
    (said,) = cards(window)
    assert "speaks with other computers" in said and "uses cameras" in said
    assert not any("toyasked" in name for name in sys.modules)
    window.registry.run("toyasked.do")
    assert "is not allowed yet" in window.messages.history[-1].text
    (card,) = window.body.findChildren(ErrorCard)
    assert card.button.text() == "Allow it"
    card.button.click()
    spin_until(lambda: any("app " in text for text in texts(window)))
    assert not cards(window)
    window.close_anyway()
    again = place.open("toyasked 1")
    assert not cards(again) and any("app " in text for text in texts(again))
    again.close_anyway()
    (folder / "plugin.toml").write_text(manifest.replace('"devices"', '"devices", "run"'))
    (said,) = cards(place.open("toyasked 1"))
    assert "starts other programs" in said
