"""Manifests and the registry: read without code, checked with places, forgotten whole."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import plugins
from layouts.plugin_manifest import ManifestError, read_manifest
from plugins.registry import contributed_kinds, find_plugins, kind_table, register
from tests.waiting import PATIENCE_S

GOOD = """
id = "toy"
api = 1
title = "Toy"
doc = "A toy."
[[kinds]]
name = "toy"
doc = "A toy."
loader = "widget:Toy"
role = "Graphic"
properties = [{ name = "speed", type = "number", doc = "How fast.", default = 1 }]
"""


def write(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "toy"
    folder.mkdir(exist_ok=True)
    path = folder / "plugin.toml"
    path.write_text(text)
    return path


def test_kinds_come_from_the_manifest_alone(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    table = kind_table(find_plugins([tmp_path]))
    assert table["toy"].loader == "plugins.toy.widget:Toy"
    assert table["toy"].properties[0].default == 1
    assert "row" in table


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id = ", "wrong"),
        (GOOD.replace("api = 1", "api = 99"), "wants API 99"),
        (GOOD.replace('"number"', '"colour"'), "unknown type 'colour'"),
        (GOOD.replace('id = "toy"', 'id = "other"'), "folder of that name"),
        (GOOD + 'surprise = "x"', "surprise"),
    ],
)
def test_a_wrong_manifest_is_told_with_its_file(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ManifestError, match=message) as caught:
        read_manifest(path)
    assert "plugin.toml" in str(caught.value)
    [found] = find_plugins([tmp_path])
    assert found.manifest is None and found.error is not None


def test_two_kinds_of_one_name_are_a_clash_that_names_both(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace('name = "toy"', 'name = "row"'))
    with pytest.raises(ManifestError, match=r"widgets.row:Row and plugins.toy"):
        kind_table(find_plugins([tmp_path]))


def test_unregister_leaves_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    (path.parent / "__init__.py").write_text("")
    (path.parent / "widget.py").write_text("class Toy: pass\n")
    [found] = find_plugins([tmp_path])
    unregister = register(found)
    assert importlib.import_module("plugins.toy.widget").Toy
    unregister()
    assert "plugins.toy.widget" not in sys.modules
    assert str(tmp_path) not in plugins.__path__


def test_listing_imports_no_plugin_code() -> None:
    code = (
        "import sys; from plugins.registry import contributed_kinds; assert 'chart' in contributed_kinds();"
        "sys.exit(any(m.startswith(('plugins.chart', 'PySide6', 'numpy')) for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=PATIENCE_S, check=False).returncode == 0


def test_the_chart_uses_the_public_door_only() -> None:
    allowed = ("plugins.api", "plugins.chart", "PySide6", "numpy", "pyqtgraph")
    folder = Path(plugins.__file__).parent / "chart"
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                head = name.split(".")[0]
                assert head in sys.stdlib_module_names or name.startswith(allowed), f"{path.name}: {name}"


def test_every_contributed_kind_is_documented() -> None:
    for kind in contributed_kinds().values():
        assert kind.doc and kind.example and kind.role
        assert all(record.doc for record in kind.properties)
