"""``espalier plugin``: what it makes is right, what is wrong in a plugin is told, without importing it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import plugins
from kernel.config import load
from plugins.registry import find_plugins
from shell.main import main
from shell.plugin_check import check_plugin


@pytest.fixture
def dial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plugin as ``espalier plugin new`` makes it."""
    monkeypatch.setattr(plugins, "__path__", list(plugins.__path__))
    folder = tmp_path / "own" / "toydial"
    assert main(["espalier", "--basedir", str(tmp_path / "home"), "plugin", "new", str(folder)]) == 0
    return folder


def problems(folder: Path) -> list[str]:
    found = check_plugin(folder, load(folder.parent / "home", {}))
    return [str(problem).replace(str(folder) + os.sep, "") for problem in found]


def test_a_new_plugin_has_no_problems(dial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert problems(dial) == []
    assert "toydial" in (dial / "view.py").read_text() and not list(dial.rglob("*NAME*"))
    home = ["espalier", "--basedir", str(dial.parent / "home")]
    assert main([*home, "plugin", "check", str(dial)]) == 0
    capsys.readouterr()
    assert main([*home, "--set", f"plugins.folders={dial.parent}", "plugin", "list"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()] == [*(one.id for one in find_plugins()), "toydial"]
    assert main([*home, "plugin", "new", str(dial)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert not [name for name in sys.modules if name.startswith("plugins.toydial")]


#: What is changed in which file → what is told.
WRONG = {
    "setter": ("view.py", "def set_value", "def set_valu", "View has no set_value, which the property value is told "
               "by (did you mean set_valu?)"),
    "class": ("view.py", "class View", "class Vieu", "plugin.toml:11:10: view.py has no View (did you mean Vieu?)"),
    "module": ("plugin.toml", '"command:turn"', '"comand:turn"', "there is no module comand (did you mean command?)"),
    "import": ("table.py", "from plugins.api import", "from kernel.tables.schema import",
               "table.py:5:1: kernel.tables.schema is Espalier's own and may change (a plugin imports plugins.api"),
    "other": ("table.py", "from plugins.api import", "from plugins.chart.chart import", "plugins.chart.chart is"),
    "syntax": ("command.py", "def turn", "def def turn", "command.py:8:5: no Python: invalid syntax"),
    "key": ("plugin.toml", '"Ctrl+Alt+T"', '"Ctl+Alt+T"', "plugin.toml:25:9: “Ctl” in “Ctl+Alt+T”"),
    "kind": ("plugin.toml", 'name = "toydial"\ndoc = "A number', 'name = "grid"\ndoc = "A number',
             "two plugins offer the kind 'grid'"),
    "type": ("plugin.toml", 'type = "number"', 'type = "numbr"', "unknown type 'numbr'"),
    "missing": ("plugin.toml", 'version = "0.1"',
                'modules = [{ name = "toylibrary", install = "pip install toylibrary" }]',
                "warning: the module toylibrary is missing"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_without_importing_anything(dial: Path, case: str) -> None:
    file, right, wrong, said = WRONG[case]
    text = (dial / file).read_text()
    assert right in text
    (dial / file).write_text(text.replace(right, wrong, 1))
    if case == "kind":
        (dial / "plugin.toml").write_text((dial / "plugin.toml").read_text().replace('"toydial.turn"', '"grid.turn"')
                                          .replace('view = "toydial"', 'view = "grid"'))  # fmt: skip
    found = problems(dial)
    assert any(said in problem for problem in found), found
    assert not [name for name in sys.modules if name.startswith("plugins.toydial")]


def test_the_built_in_plugins_import_the_door_alone(tmp_path: Path) -> None:
    for plugin in find_plugins():
        found = [str(one) for one in check_plugin(plugin.directory, load(tmp_path, {})) if one.severity == "error"]
        assert found == [], plugin.id


@pytest.mark.parametrize("words", [["new"], ["nw", "x"], ["check", "nowhere"], ["new", "Big"]])
def test_a_wrong_command_line_is_told(tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["espalier", "--basedir", str(tmp_path), "plugin", *words]) in (1, 2)
    assert "espalier: " in capsys.readouterr().err
