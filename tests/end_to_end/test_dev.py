"""``espalier dev`` on a real display: files change, the window follows, what a person typed stays."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from desktop import Desktop, has_display_tools  # noqa: E402 - found beside this file

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


def save(folder: Path, text: str) -> None:
    """As editors do: a new file in the place of the old one."""
    fresh = folder / ".main.kdl.new"
    fresh.write_text(text)
    fresh.replace(folder / "main.kdl")


def test_the_window_follows_the_files(desktop: Desktop, tmp_path: Path) -> None:
    folder = tmp_path / "colours"
    folder.mkdir()
    (folder / "app.toml").write_text(
        'name = "colours"\ntitle = "Colours"\n[sources.main]\nkind = "sqlite"\npath = "colours.sqlite"\n'
        'schema = "schema.sql"\n'
    )
    (folder / "schema.sql").write_text(SCHEMA)
    save(folder, LAYOUT)
    process = desktop.open("dev", str(folder), title="Colours")
    desktop.until_shown("| > 1 | amber")
    desktop.text("cor")
    assert "amber" not in desktop.until_shown("| > 3 | coral")
    save(folder, LAYOUT.replace("Before", "Behind"))
    shown = desktop.until_shown("Behind")
    assert "coral" in shown and "amber" not in shown
    desktop.keys("a")
    save(folder, LAYOUT.replace("label", "lable"))
    assert "Behind" in desktop.until_shown("there is no widget kind or component lable")
    save(folder, LAYOUT.replace("Before", "At last"))
    assert "lable" not in desktop.until_shown("At last")
    desktop.keys("l")
    desktop.until_shown("| > 3 | coral")
    desktop.keys("ctrl+q")
    assert process.wait() == 0 and process.err == ""
