"""``espalier export`` and ``espalier import`` on a real database."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.shell.test_command_line import espalier


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city_id INTEGER REFERENCES city);"
            "INSERT INTO city VALUES (1, 'Ulm'), (2, 'Graz');"
            "INSERT INTO customer VALUES (1, 'Anna', 1), (2, 'Bert', 2), (3, 'Cleo', NULL);"
        )
    return path


def _names(database):
    with closing(sqlite3.connect(database)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM customer ORDER BY id")]


def test_export_filtered_sorted_with_paths(database, tmp_path):
    words = ("--filter", "city.name != null", "--sort=-name", "--columns", "name,city.name")
    done = espalier(tmp_path, "export", str(database), "customer", str(tmp_path / "c.csv"), *words)
    assert (done.returncode, done.stdout) == (0, f"2 rows written to {tmp_path / 'c.csv'}\n"), done.stderr
    assert (tmp_path / "c.csv").read_bytes() == b"name,city.name\r\nBert,Graz\r\nAnna,Ulm\r\n"


def test_import_merges(database, tmp_path):
    file = tmp_path / "new.json"
    file.write_text('[{"ID": 2, "Name": "Berta", "note": 1}, {"ID": 9, "Name": "Ida", "note": 2}]')
    words = ("import", str(file), str(database), "customer", "--mode", "merge")
    done = espalier(tmp_path, *words, "--check")
    assert (done.returncode, done.stdout) == (0, "Not used: note\n1 would be added, 1 would be updated\n"), done.stderr
    assert _names(database) == ["Anna", "Bert", "Cleo"]
    done = espalier(tmp_path, *words)
    assert (done.returncode, done.stdout) == (0, "Not used: note\n1 added, 1 updated\n"), done.stderr
    assert _names(database) == ["Anna", "Berta", "Cleo", "Ida"]


@pytest.mark.parametrize(
    ("rows", "words", "message"),
    [
        ('[{"name": "x"}, {"name": null}]', (), "row 2, name: Name must not be empty"),
        ('[{"id": 7, "name": "x"}, {"id": 1, "name": "y"}]', (), "row 2, id: There is already a row with that ID"),
        ('[{"name": "x", "city_id": 77}]', (), "row 1, city_id: "),
        ('[{"nme": "x"}]', ("--map", "nme=nam"), "customer has no column nam"),
        ('[{"nme": "x"}]', (), "no column of the file goes into a column of the table"),
        ("[", (), "new.json:1:2: this is no JSON"),
        ('[{"name": "x"}]', ("--mode", "replace"), "there is no mode replace"),
    ],
)
def test_import_of_what_is_wrong_writes_nothing(database, tmp_path, rows, words, message):
    (tmp_path / "new.json").write_text(rows)
    done = espalier(tmp_path, "import", str(tmp_path / "new.json"), str(database), "customer", *words)
    assert done.returncode == 1 and message in done.stderr
    assert _names(database) == ["Anna", "Bert", "Cleo"]


def test_map_names_what_is_not_alike(database, tmp_path):
    (tmp_path / "new.json").write_text('[{"who": "Dora", "name": "not this"}]')
    words = ("--map", "who=name", "--only-mapped")
    done = espalier(tmp_path, "import", str(tmp_path / "new.json"), str(database), "customer", *words)
    assert done.returncode == 0 and _names(database)[-1] == "Dora", done.stderr


def test_separator_and_header_are_told(database, tmp_path):
    (tmp_path / "new.csv").write_text("2020|2021\nDora|x\n")
    words = ("--separator", "|", "--header", "yes", "--map", "2020=name")
    done = espalier(tmp_path, "import", str(tmp_path / "new.csv"), str(database), "customer", *words)
    assert done.returncode == 0 and _names(database)[-1] == "Dora", done.stderr
