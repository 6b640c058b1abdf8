"""The real window under a real display, driven by keys as a person would."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from desktop import Desktop, has_display_tools, wait_for  # noqa: E402 - found beside this file

pytestmark = pytest.mark.skipif(not has_display_tools(), reason="needs Xvfb and xdotool")

LAYOUT = """layout 1 title="Colours"
table colours source="colours" sort="name"
command colour.mark title="Mark the colour" key="Ctrl+M" run="paint:mark" when="view.current != null" {
    confirm "Mark {view.current.name}?"
}
window {
    search id=find placeholder="Search" key="/"
    grid colours id=view filter="name contains find.text" editable=#false
}
"""
SCRIPT = """from kernel.tables.change import Update

def mark(app):
    table = app.table("colours")
    table.commit([Update(app.key("view"), "", {"mark": "seen"})])
    app.report("success", "Marked")
"""
SCHEMA = """create table colours (id integer primary key, name text not null, mark text);
insert into colours (name) values ('amber'), ('blue'), ('coral');
"""


@pytest.fixture
def colours(tmp_path: Path) -> Path:
    """An app folder with one table and a script."""
    folder = tmp_path / "colours"
    (folder / "scripts").mkdir(parents=True)
    (folder / "app.toml").write_text(
        'name = "colours"\ntitle = "Colours"\nversion = "1"\n'
        '[sources.main]\nkind = "sqlite"\npath = "colours.sqlite"\nschema = "schema.sql"\n'
    )
    (folder / "main.kdl").write_text(LAYOUT)
    (folder / "schema.sql").write_text(SCHEMA)
    (folder / "scripts" / "paint.py").write_text(SCRIPT)
    return folder


def _marks(desktop: Desktop) -> dict[str, str | None]:
    import sqlite3

    (file,) = desktop.home.glob("base/data/**/colours.sqlite")
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        return dict(connection.execute("select name, mark from colours"))


def test_search_key_question_and_script_change_the_database(desktop, colours):
    process = desktop.open(str(colours), title="Colours")
    desktop.until_shown("| > 1 | amber")
    desktop.text("cor")
    assert "amber" not in desktop.until_shown("| > 3 | coral")
    desktop.keys("Down")
    desktop.keys("ctrl+m")
    desktop.until_shown("Mark coral?")
    desktop.keys("Escape")
    desktop.keys("ctrl+m")
    desktop.until_shown("Mark coral?")
    desktop.keys("Return")
    wait_for(lambda: _marks(desktop)["coral"] == "seen")
    assert _marks(desktop) == {"amber": None, "blue": None, "coral": "seen"}
    desktop.keys("ctrl+q")
    assert process.wait() == 0
    assert process.err == ""


def test_the_palette_changes_the_theme_and_its_use_is_remembered(desktop, colours):
    process = desktop.open(str(colours), title="Colours")
    config = desktop.home / "base" / "config" / "config.toml"
    desktop.keys("ctrl+shift+p")
    desktop.text("dark th")
    desktop.keys("Return")
    wait_for(lambda: config.exists() and "dark" in config.read_text())
    desktop.keys("ctrl+w")
    assert process.wait() == 0
    (state,) = desktop.home.glob("base/state/windows/colours*.json")
    remembered = json.loads(state.read_text())
    assert remembered["palette.use"]["theme.dark"][0] == 1.0
    assert remembered["window.geometry"]
    assert process.err == ""
