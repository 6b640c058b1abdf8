"""Tables of a window: found by what the layout calls them, whatever their names are."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from layouts.node import Layout, TableDeclaration
from shell.app_local import LocalApp
from shell.surroundings import Tables
from widgets.scope import Scope


@pytest.fixture
def app(tmp_path: Path):
    with sqlite3.connect(tmp_path / "a.sqlite") as database:
        database.executescript('CREATE TABLE "a/b" (id INTEGER PRIMARY KEY); CREATE TABLE "main/c" (id INTEGER)')
    database.close()
    (tmp_path / "app.toml").write_text('name = "a"\n[sources.main]\nkind = "sqlite"\npath = "a.sqlite"\n')
    opened = LocalApp(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("source", "table"), [("a/b", "a/b"), ("main/a/b", "a/b"), ("main/main/c", "main/c")]
)  # fmt: skip
def test_a_table_with_a_slash_in_its_name_is_found(qapp: Any, app, wait_until, source: str, table: str) -> None:
    tables = Tables(app, Layout("A", tables=[TableDeclaration("t", source)]), Scope())
    handle = tables.handles["t"]
    wait_until(lambda: handle.state != "loading")
    assert handle.error is None
    assert handle.schema.name == table
    tables.dispose()
