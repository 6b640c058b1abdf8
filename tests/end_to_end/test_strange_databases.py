"""Every page of strangers' databases, walked through by keys; edits in tables with strange names and keys."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from desktop import Desktop, has_display_tools, wait_for

from tests.databases import build

pytestmark = pytest.mark.skipif(not has_display_tools(), reason="needs Xvfb and xdotool")


def pages(tree: str) -> list[str]:
    """The entries of the list of tables, the shown one marked."""
    lines = tree.split("“Pages”")[1].splitlines()[1:]
    return [line.strip()[2:] for line in lines if line.strip().startswith("|")]


def value(database: Path, sql: str) -> Any:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["trading", "rental", "blog", "names", "shapes", "values", "wide", "bare"])
def test_every_page_is_shown(desktop: Desktop, tmp_path: Path, name: str) -> None:
    database = build(name, tmp_path)
    before = database.read_bytes()
    desktop.open("open", str(database), title=name.title())
    tree = desktop.tree()
    titles = pages(tree) if "“Pages”" in tree else []
    for index, title in enumerate(titles):
        if index:
            desktop.keys("Down")
        tree = desktop.until_shown(f"> {title.removeprefix('> ').strip()}")
        assert "error:" not in tree
        assert "cannot be shown" not in tree or "Broken view" in title
    assert database.read_bytes() == before


def test_a_broken_view_says_what_is_missing(desktop: Desktop, tmp_path: Path) -> None:
    desktop.open("open", str(build("shapes", tmp_path)), title="Shapes")
    desktop.keys(*["Down"] * 6)
    desktop.until_shown("no such table: main.nowhere")


#: Database, keys to its page, a part of the grid's line, keys to the cell, what is typed, and where it stands then.
EDITS = {
    "spaces and a composite key": ("trading", 4, "order_details_view", ("Right", "Right"), "19.5",
                                   'SELECT "Unit Price" FROM "Order Details" WHERE "Order ID" = 10248', 19.5),
    "no primary key": ("shapes", 0, "keyless_view", (), "edited", "SELECT name FROM keyless", "edited"),
    "WITHOUT ROWID": ("shapes", 2, "slim_view", ("Right",), "edited", "SELECT title FROM slim", "edited"),
    "STRICT": ("shapes", 3, "firm_view", ("Right",), "edited", "SELECT t FROM firm", "edited"),
    "a column with a dot": ("names", 13, "user_table_view", ("Right",), "edited",
                            'SELECT "x y" FROM "user.table"', "edited"),
    "a table called window": ("names", 2, "window_table_view", ("Right",), "edited",
                              "SELECT window FROM window", "edited"),
}  # fmt: skip


@pytest.mark.parametrize("case", EDITS)
def test_a_cell_is_edited_with(desktop: Desktop, tmp_path: Path, case: str) -> None:
    name, downs, grid, keys, typed, sql, expected = EDITS[case]
    database = build(name, tmp_path)
    desktop.open("open", str(database), title=name.title())
    desktop.keys(*["Down"] * downs)
    desktop.focus(f"Grid grid#{grid} ")
    desktop.until_current(f"Grid grid#{grid} ")
    desktop.keys(*keys, "F2", "ctrl+a")
    desktop.text(typed)
    desktop.keys("Return")
    wait_for(lambda: value(database, sql) == expected)


def test_the_rows_of_a_key_with_a_dot_are_found(desktop: Desktop, tmp_path: Path) -> None:
    desktop.open("open", str(build("names", tmp_path)), title="Names")
    desktop.keys(*["Down"] * 12)
    desktop.until_shown("belongs to one")
    desktop.focus("Grid grid#key_table_view ")
    desktop.until_current("Grid grid#key_table_view ")
    desktop.keys("Down")
    assert "belongs to one" not in desktop.until_shown("belongs to two")


def test_a_trigger_that_refuses_speaks(desktop: Desktop, tmp_path: Path) -> None:
    database = build("rental", tmp_path)
    desktop.open("open", str(database), title="Rental")
    desktop.keys("Down")
    desktop.focus("Grid grid#film_view ")
    desktop.until_current("Grid grid#film_view ")
    desktop.keys("ctrl+Delete")
    desktop.keys("Tab")
    desktop.keys("Return")
    desktop.until_shown("Films are never thrown away")
    assert value(database, "SELECT count(*) FROM film") == 2


def test_a_database_locked_by_another_program_is_told_and_kept(desktop: Desktop, tmp_path: Path) -> None:
    database = build("music", tmp_path)
    window = desktop.open("open", str(database), title="Music")
    connection = sqlite3.connect(database)
    connection.execute("BEGIN IMMEDIATE")
    try:
        desktop.focus("Grid grid#artist_view ")
        desktop.until_current("Grid grid#artist_view ")
        desktop.keys("Right", "F2", "ctrl+a")
        desktop.text("Waiting")
        desktop.keys("Return")
        desktop.until_shown("is locked by another program")
    finally:
        connection.close()
    assert value(database, "SELECT name FROM artist WHERE id = 1") == "Ada Lind"
    assert window.end() == 0, "it asked about the edit instead of ending"
    (state,) = (desktop.base / "state" / "windows").glob("*music*.json")
    assert "Waiting" in state.read_text()
