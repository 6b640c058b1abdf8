"""A person's own folders of plugins: named in the configuration, taken in, left out with a reason."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import plugins
from kernel.config import load
from shell.kinds import all_kinds
from shell.main import main

MANIFEST = """
id = "NAME"
api = 1
title = "Toy"
doc = "A toy."
[[kinds]]
name = "KIND"
doc = "A number on a dial."
loader = "gauge:Gauge"
role = "Dial"
properties = [{ name = "value", type = "number", doc = "From 0 to 1.", argument = 1 }]
"""
CODE = """from PySide6.QtWidgets import QLabel

from plugins.api import Context, Node


class Gauge(QLabel):
    def __init__(self, node: Node, context: Context, parent) -> None:
        super().__init__(parent)

    def set_value(self, value) -> None:
        self.setText(f"dial {value}")
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """A folder with the plugin ``toygauge`` of the kind ``gauge``."""
    before = list(plugins.__path__)
    folder = tmp_path / "own"
    write(folder, "toygauge", "gauge")
    yield folder
    plugins.__path__[:] = before
    for name in [name for name in sys.modules if name.startswith("plugins.toygauge")]:
        del sys.modules[name]


def write(folder: Path, name: str, kind: str) -> None:
    place = folder / name
    place.mkdir(parents=True)
    (place / "plugin.toml").write_text(MANIFEST.replace("NAME", name).replace("KIND", kind))
    (place / "__init__.py").write_text("")
    (place / "gauge.py").write_text(CODE)


def kinds(tmp_path: Path, *folders: Path) -> tuple[dict[str, Any], list[str]]:
    config = load(tmp_path / "home", {}, [f"plugins.folders={os.pathsep.join(map(str, folders))}"])
    return all_kinds(config), [str(problem) for problem in config.problems]


def test_a_layout_shows_a_kind_of_a_plugin_in_an_own_folder(own: Path, tmp_path: Path, qapp: Any) -> None:
    from PySide6.QtWidgets import QLabel

    from shell.boot import boot
    from shell.session import Given

    app = tmp_path / "app"
    app.mkdir()
    (app / "app.toml").write_text('name = "app"\n')
    (app / "main.kdl").write_text("layout 1\nwindow { gauge 0.5 }\n")
    session = boot(str(app), Given(str(tmp_path / "home"), (f"plugins.folders={own}",)))
    (window,) = session.windows
    assert "dial 0.5" in [label.text() for label in window.body.findChildren(QLabel)]
    window.close()
    session.close()


def test_taking_them_in_twice_is_no_clash(own: Path, tmp_path: Path) -> None:
    for _ in range(2):
        found, problems = kinds(tmp_path, own)
        assert found["gauge"].loader == "plugins.toygauge.gauge:Gauge" and not problems


def test_without_the_option_there_are_none(own: Path, tmp_path: Path) -> None:
    assert "gauge" not in kinds(tmp_path)[0]


#: Plugin and kind → a piece of the reason.
REFUSED = {
    ("chart", "dial"): "there is a plugin chart already",
    ("api", "dial"): "there is a plugin api already",
    ("other", "row"): "two plugins offer the kind 'row'",
    ("third", "gauge"): "two plugins offer the kind 'gauge'",
}


@pytest.mark.parametrize(("name", "kind"), REFUSED)
def test_a_clash_leaves_the_later_one_out(own: Path, tmp_path: Path, name: str, kind: str) -> None:
    write(tmp_path / "more", name, kind)
    found, (problem,) = kinds(tmp_path, own, tmp_path / "more")
    assert REFUSED[name, kind] in problem
    assert found["gauge"].loader == "plugins.toygauge.gauge:Gauge"
    assert "dial" not in found
    assert found["row"].loader == "widgets.row:Row"


def test_what_is_left_out_is_told(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "toygauge" / "plugin.toml").write_text("id = ")
    folders = f"plugins.folders={own}{os.pathsep}{tmp_path / 'nowhere'}"
    assert main(["espalier", "--basedir", str(tmp_path / "home"), "--set", folders, "kinds"]) == 0
    error = capsys.readouterr().err
    assert "plugin.toml:1:6: the plugin's manifest is no TOML" in error
    assert f"there is no folder {tmp_path / 'nowhere'}" in error
