"""A stranger's database opened as an app: read, edited by keyboard and mouse, refused, and made one's own."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from desktop import Desktop, has_display_tools, wait_for

from tests.databases import build

pytestmark = pytest.mark.skipif(not has_display_tools(), reason="needs Xvfb and xdotool")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return build("music", tmp_path)


def stored(database: Path, sql: str) -> Any:
    """What stands in the file: the one value that the query answers."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


def title(database: Path, number: int = 1) -> str:
    return stored(database, f"SELECT title FROM album WHERE id = {number}")


def open_albums(desktop: Desktop, database: Path) -> None:
    desktop.open("open", str(database), title="Music")
    desktop.keys("Down")
    desktop.until_shown("> 1 | First Light | Ada Lind")


def test_tables_labels_and_the_rows_that_belong_to_a_row(desktop: Desktop, database: Path) -> None:
    open_albums(desktop, database)
    tree = desktop.tree()
    for name in ("Artist", "> Album", "Track", "Customer", "Invoice", "Invoice line"):
        assert f"{name}\n" in tree
    desktop.until_shown("“Artist” = 'Ada Lind'")  # the lookup shows the label, not artist 1
    desktop.until_shown("| > 1 | First Light 1 | 127 | 0.99")
    desktop.focus("Grid grid#album_view")
    desktop.keys("Down", "Down")
    desktop.until_shown("“Artist” = 'The Kestrels'")
    assert "First Light 1" not in desktop.until_shown("| > 11 | Wings 1 | 127 | 0.99")
    desktop.focus("TabList")
    desktop.keys("Down", "Down")
    tree = desktop.until_shown("> Customer")
    # A customer's invoices, and the lines of the first of them with their tracks' titles.
    desktop.until_shown("| > 3 | 3 Mar 2026 | 5.94")
    desktop.until_shown("First Light 3 | 1")


def test_a_cell_is_edited_by_keyboard(desktop: Desktop, database: Path) -> None:
    open_albums(desktop, database)
    desktop.focus("Grid grid#album_view")
    desktop.keys("Right", "F2", "ctrl+a")
    desktop.text("Dawn Chorus")
    desktop.keys("Return")
    wait_for(lambda: title(database) == "Dawn Chorus")
    desktop.until_shown("1 | Dawn Chorus | Ada Lind")


def test_a_field_is_edited_by_mouse_and_keyboard(desktop: Desktop, database: Path) -> None:
    open_albums(desktop, database)
    desktop.click(*desktop.place("“Title” = 'First Light'"))
    desktop.keys("ctrl+a")
    desktop.text("Noon")
    assert title(database) == "First Light"
    desktop.keys("ctrl+s")
    wait_for(lambda: title(database) == "Noon")
    desktop.until_shown("> 1 | Noon | Ada Lind")


def test_a_lookup_is_chosen_by_its_label(desktop: Desktop, database: Path) -> None:
    open_albums(desktop, database)
    desktop.click(*desktop.place("“Artist” = 'Ada Lind'"))
    desktop.keys("ctrl+a")
    desktop.text("mono")
    desktop.keys("Return")
    desktop.until_shown("“Artist” = 'Mono & Sons'")
    desktop.keys("ctrl+s")
    wait_for(lambda: stored(database, "SELECT artist_id FROM album WHERE id = 1") == 3)
    desktop.until_shown("> 1 | First Light | Mono & Sons")


def test_a_refused_cell_says_why_and_changes_nothing(desktop: Desktop, database: Path) -> None:
    open_albums(desktop, database)
    before = database.read_bytes()
    desktop.focus("Grid grid#album_view")
    desktop.keys("Right", "F2", "ctrl+a")
    desktop.text("x")
    desktop.keys("Return")
    desktop.until_shown("Title must have more than 1 character")
    assert database.read_bytes() == before
    desktop.keys("Escape", "Escape")
    desktop.until_shown("1 | First Light | Ada Lind")


def test_a_refused_form_says_why_beside_the_field_and_changes_nothing(desktop: Desktop, database: Path) -> None:
    desktop.open("open", str(database), title="Music")
    desktop.keys("Down", "Down", "Down")
    desktop.until_shown("“Email” = 'ines@example.org'")
    before = database.read_bytes()
    desktop.click(*desktop.place("“City” = 'Lisboa'"))
    desktop.keys("ctrl+a")
    desktop.text("Porto")
    desktop.click(*desktop.place("“Email” = 'ines@example.org'"))
    desktop.keys("ctrl+a")
    desktop.text("jon@example.org")
    desktop.keys("ctrl+s")
    tree = desktop.until_shown("There is already a row with that Email")
    assert database.read_bytes() == before  # the city, which was right, is not written either
    line = next(line for line in tree.splitlines() if "There is already a row with that Email" in line)
    assert line.strip().startswith(("Message", "QLabel")), line
    desktop.click(*desktop.place("“Email” = 'jon@example.org'"))
    desktop.keys("ctrl+a")
    desktop.text("ines@example.com")
    desktop.keys("ctrl+s")
    wait_for(lambda: stored(database, "SELECT email FROM customer WHERE id = 1") == "ines@example.com")
    assert stored(database, "SELECT city FROM customer WHERE id = 1") == "Porto"


def test_a_new_line_belongs_to_the_row_it_was_added_in(desktop: Desktop, database: Path) -> None:
    open_albums(desktop, database)
    desktop.focus("Grid grid#album_track")
    desktop.until_current("Grid grid#album_track")
    desktop.keys("ctrl+Insert")
    desktop.text("Encore")
    desktop.keys("Return", "ctrl+s")
    wait_for(lambda: stored(database, "SELECT count(*) FROM track") == 31)
    assert stored(database, "SELECT album_id FROM track WHERE title = 'Encore'") == 1


def test_the_scaffold_is_edited_by_hand(desktop: Desktop, database: Path) -> None:
    process = desktop.open("open", str(database), title="Music")
    desktop.keys("ctrl+q")
    assert process.wait() == 0
    (folder,) = desktop.base.glob("data/apps/music-*")
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.kdl")} >= {"main.kdl", "tables/album.kdl"}
    main = folder / "main.kdl"
    main.write_text(re.sub(r"(?m)^window .*\{$", r'\g<0>\n    label "Made by hand"', main.read_text()))
    desktop.open("open", str(database), title="Music")
    desktop.until_shown("= 'Made by hand'")


def test_other_programs_edits_are_shown(desktop: Desktop, database: Path) -> None:
    open_albums(desktop, database)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE album SET title = 'From outside' WHERE id = 2")
    connection.close()
    desktop.until_shown("2 | From outside | Ada Lind")
