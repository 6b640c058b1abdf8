"""The app folder of a database: made, brought up to date, and never taken from its person."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from shell.app import OpenError
from shell.scaffolding import RECORD, Scaffolded, scaffold_app


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "my shop.sqlite"
    run(path, "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE price (id INTEGER PRIMARY KEY)")
    return path


def run(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def make(database: Path, folder: Path | None = None) -> Scaffolded:
    return scaffold_app(database, database.parent / "apps", folder)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_made_that_an_app_opens_from(database: Path) -> None:
    from shell.app_local import LocalApp

    made = make(database)
    assert made.folder.parent == database.parent / "apps"
    assert made.folder.name.startswith("my shop-")
    assert made.sentence == f"Scaffolded 2 tables into {made.folder}"
    app = LocalApp(made.folder)
    assert app.info.entry[0] == "layout"
    assert app.source().table_names() == ["item", "price"]
    app.close()


@pytest.mark.parametrize(("name", "kind"), [("sold items.csv", "csv"), ("log.jsonl", "jsonl"), ("x.TSV", "csv")])
def test_a_file_of_rows_becomes_an_app_of_one_table(tmp_path: Path, name: str, kind: str) -> None:
    from kernel.tables.query import Query
    from shell.app_local import LocalApp
    from shell.target import check_database

    path = tmp_path / name
    path.write_text({"csv": "id\tname\n1\tone\n", "jsonl": '{"id": 1, "name": "one"}\n'}[kind])
    check_database(path)
    made = make(path)
    app = LocalApp(made.folder, tmp_path / "data")
    assert app.info.sources["main"] == {"kind": kind, "path": str(path)}
    (table,) = app.source().table_names()
    assert app.source().table(table).fetch(Query(), 0, 9).columns == {"id": [1], "name": ["one"]}
    app.close()


def test_what_no_kind_opens_is_refused(tmp_path: Path) -> None:
    from shell.target import check_database

    (tmp_path / "a.docx").write_bytes(b"PK\3\4")
    with pytest.raises(OpenError, match="CSV, TSV, JSON lines, Parquet and Arrow"):
        check_database(tmp_path / "a.docx")


def test_the_same_database_gives_the_same_folder_and_writes_nothing(database: Path) -> None:
    first = make(database)
    before = files(first.folder)
    again = make(database)
    assert again.folder == first.folder
    assert not again.has_written
    assert files(first.folder) == before


def test_two_databases_of_one_name_have_two_folders(database: Path, tmp_path: Path) -> None:
    other = tmp_path / "else" / database.name
    other.parent.mkdir()
    run(other, "CREATE TABLE a (id INTEGER PRIMARY KEY)")
    assert scaffold_app(other, tmp_path / "apps").folder != make(database).folder


def test_a_changed_schema_renews_untouched_files_and_keeps_edited_ones(database: Path) -> None:
    folder = make(database).folder
    (folder / "main.kdl").write_text("layout 1 // mine\n")
    run(database, "ALTER TABLE item ADD COLUMN size REAL; DROP TABLE price")
    run(database, "CREATE TABLE stock (id INTEGER PRIMARY KEY)")
    again = make(database)
    assert again.kept == ("main.kdl",)
    assert (folder / "main.kdl").read_text() == "layout 1 // mine\n"
    assert b"size" in (folder / "tables" / "item_table.kdl").read_bytes(), "item alone is a kind of widget"
    assert (folder / "tables" / "stock.kdl").is_file()
    assert not (folder / "tables" / "price.kdl").exists()
    assert make(database).kept == ("main.kdl",)


def test_a_file_that_was_deleted_stays_deleted_and_a_new_one_of_the_person_stays(database: Path) -> None:
    folder = make(database).folder
    (folder / "tables" / "price.kdl").unlink()
    (folder / "mine.kdl").write_text("layout 1\n")
    make(database)
    assert not (folder / "tables" / "price.kdl").exists()
    assert (folder / "mine.kdl").is_file()


def test_a_damaged_record_makes_every_file_the_persons_own(database: Path) -> None:
    folder = make(database).folder
    before = files(folder)
    (folder / RECORD).write_text("{")
    run(database, "ALTER TABLE item ADD COLUMN size REAL")
    make(database)
    after = files(folder)
    assert {name: after[name] for name in before if name != RECORD} == {
        name: content for name, content in before.items() if name != RECORD
    }


def test_a_folder_of_ones_own_can_be_named(database: Path, tmp_path: Path) -> None:
    assert make(database, tmp_path / "here").folder == tmp_path / "here"
    assert (tmp_path / "here" / "app.toml").is_file()


def test_a_folder_with_other_things_is_refused(database: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("x")
    with pytest.raises(OpenError, match="holds other files and no app"):
        make(database, tmp_path / "other")
    assert files(tmp_path / "other") == {"letter.txt": b"x"}


def test_virtual_tables_without_their_module_are_told_of(database: Path) -> None:
    run(database, "CREATE VIRTUAL TABLE notes USING fts5(body); CREATE VIRTUAL TABLE area USING rtree(a, b, c)")
    assert make(database).sentence == f"Scaffolded 4 tables into {make(database).folder}"
    run(
        database,
        "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES"
        " ('table', 'map', 'map', 0, 'CREATE VIRTUAL TABLE map USING VirtualSpatialIndex()')",
    )
    made = make(database)
    missing = "map (VirtualSpatialIndex)"
    told = f"Scaffolded 4 tables into {made.folder}; not shown, since their modules are not here: {missing}"
    assert made.sentence == told
    assert f"// Not shown, since the modules of these tables are not here: {missing}.\n" in (
        made.folder / "main.kdl"
    ).read_text()


def test_the_palette_finds_every_table_by_its_name(qapp: Any, tmp_path: Path, wait_until: Any) -> None:
    from shell.boot import boot
    from shell.palette.item import find
    from shell.palette.provider import quick_items
    from shell.session import Given

    path = tmp_path / "music.sqlite"
    run(path, """CREATE TABLE artist (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE invoice_line (id INTEGER PRIMARY KEY);
        CREATE TABLE album (id INTEGER PRIMARY KEY, title TEXT, artist_id INTEGER REFERENCES artist (id))""")
    session = boot(str(path), Given(basedir=str(tmp_path / "home")))
    window = session.windows[0]

    def found(text: str) -> list[Any]:
        items = [item for item in quick_items(window)]
        return [one.item for one in find(text, items, lambda _id: 0.0) if one.item.section == "Pages"]

    wait_until(lambda: [item.title for item in found("album")] == ["Album", "Artist › Album"])
    for text, title in (("artist", "Artist"), ("invoice line", "Invoice line"), ("invoice_line", "Invoice line"),
                        ("album", "Album")):  # fmt: skip
        assert found(text)[0].title == title, text
        found(text)[0].run()
        assert window.windowTitle()
    found("invoice line")[0].run()
    wait_until(lambda: any(getattr(one, "id", "") == "invoice_line" or "Invoice line" in one.accessibleName()
                           for one in window.context.views.values() if one.isVisible()))  # fmt: skip
    window.close()
    session.close()
