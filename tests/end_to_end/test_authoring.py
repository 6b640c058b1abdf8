"""From a folder to a published change without a mouse: search, edit, write the layout beside the app, publish."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from desktop import Desktop, has_display_tools, wait_for

pytestmark = pytest.mark.skipif(not has_display_tools(), reason="needs Xvfb and xdotool")

LAYOUT = """layout 1 title="Colours"
table colours source="colours" sort="name"
window {
    search id=find placeholder="Search" key="/"
    grid colours id=view filter="name contains find.text"
    label "Before"
}
"""
SCHEMA = """create table colours (id integer primary key, name text not null);
insert into colours (name) values ('amber'), ('blue'), ('coral');
"""


def names(desktop: Desktop) -> list[str]:
    """What the database has."""
    (file,) = desktop.base.rglob("colours.sqlite")
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return [name for (name,) in connection.execute("select name from colours order by id")]
    finally:
        connection.close()


def test_an_app_is_used_changed_and_published_by_keys_alone(desktop: Desktop, tmp_path: Path) -> None:
    folder = tmp_path / "colours"
    folder.mkdir()
    (folder / "app.toml").write_text(
        'name = "colours"\ntitle = "Colours"\n[sources.main]\nkind = "sqlite"\npath = "colours.sqlite"\n'
        'schema = "schema.sql"\n'
    )
    (folder / "schema.sql").write_text(SCHEMA)
    (folder / "main.kdl").write_text(LAYOUT)
    process = desktop.open(str(folder), title="Colours")
    desktop.until_shown("| > 1 | amber")
    desktop.keys("slash")
    desktop.text("cor")
    assert "amber" not in desktop.until_shown("| > 3 | coral")
    desktop.focus("Grid")
    desktop.keys("End", "F2", "ctrl+a")
    desktop.text("coral red")
    desktop.keys("Return")
    wait_for(lambda: names(desktop) == ["amber", "blue", "coral red"])
    desktop.keys("ctrl+k", "e")
    desktop.until_shown("main.kdl")
    desktop.keys("ctrl+f")
    desktop.text("Before")
    desktop.keys("Return", "Escape")
    desktop.text("Behind")
    desktop.keys("ctrl+s")
    wait_for(lambda: '"Behind"' in (folder / "main.kdl").read_text())
    assert "coral red" in desktop.until_shown("Behind")
    desktop.keys("ctrl+k", "i")
    desktop.until_shown("main.kdl:6:5")
    desktop.keys("Escape", "ctrl+k", "p")
    desktop.until_shown("Published colours")
    desktop.keys("ctrl+k", "shift+e", "ctrl+q")
    assert process.wait() == 0
    desktop.open("colours", title="Colours")
    desktop.until_shown("Behind")
