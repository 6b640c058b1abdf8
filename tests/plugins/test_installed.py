"""Plugins of installed packages: found by their entry point, without importing the package."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from plugins import registry
from tests.plugins.test_failing import MANIFEST, VIEW, Place, cards, place, texts  # noqa: F401


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(registry, "_installed", ((), []))
    return folder


def install(site: Path, name: str, package: str, *, has_manifest: bool = True, lists_files: bool = True) -> None:
    """What an installer writes for a package that is a plugin."""
    home = site.joinpath(*package.split("."))
    home.mkdir(parents=True)
    (home / "__init__.py").write_text("")
    (home / "view.py").write_text(VIEW)
    if has_manifest:
        (home / "plugin.toml").write_text(MANIFEST.replace("PLUGIN", "toyinstalled").replace("MORE", ""))
    folder = site / f"{package.replace('.', '_')}-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(f"[espalier.plugins]\n{name} = {package}\n")
    if lists_files:
        files = [path.relative_to(site).as_posix() for path in home.rglob("*") if path.is_file()]
        (folder / "RECORD").write_text("".join(f"{file},,\n" for file in files))


@pytest.mark.parametrize("lists_files", [True, False])
def test_an_installed_package_is_a_plugin(site: Path, place: Place, lists_files: bool) -> None:  # noqa: F811
    install(site, "toyinstalled", "espalier_toyinstalled", lists_files=lists_files)
    (plugin,) = registry.find_installed()
    assert (plugin.id, plugin.package, plugin.error) == ("toyinstalled", "espalier_toyinstalled", None)
    assert not plugin.is_in_folder and "espalier_toyinstalled" not in sys.modules
    window = place.open("toyinstalled 1")
    assert not cards(window) and any("shows 1" in text for text in texts(window))
    window.registry.run("toyinstalled.do")
    assert "the plugin toyinstalled fails: ValueError: not done" in window.messages.history[-1].text
    for name in [name for name in sys.modules if name.startswith("espalier_toyinstalled")]:
        del sys.modules[name]


def test_what_is_wrong_with_an_installed_package_is_told(site: Path, place: Place) -> None:  # noqa: F811
    install(site, "toyinstalled", "espalier_nothing", has_manifest=False)
    install(site, "toyother", "espalier_other.inner")
    errors = {plugin.package: str(plugin.error) for plugin in registry.find_installed()}
    assert "the package of the plugin toyinstalled has no plugin.toml" in errors["espalier_nothing"]
    assert "the entry point toyother leads to the plugin toyinstalled" in errors["espalier_other.inner"]
    window: Any = place.open('label "x"')
    assert len([one for one in window.session.config.problems if "toyinstalled" in str(one)]) == 2
    assert not {"espalier_nothing", "espalier_other", "espalier_other.inner"} & sys.modules.keys()


def test_a_folder_is_looked_through_once_until_it_changes(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(site, "toyinstalled", "espalier_toyinstalled")
    assert len(registry.installed_places()) == 1
    looked: list[str] = []
    monkeypatch.setattr(registry, "_distributions", lambda folder: looked.append(folder) or [])
    assert len(registry.installed_places()) == 1 and not looked
