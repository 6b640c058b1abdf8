"""Looking at a database leaves the locks on it."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from kernel.open_file import (
    SIDE_FILES,
    SQLITE_MAGIC,
    databases_below,
    hold,
    is_open_database,
    map_bytes,
    opened,
    read_bytes,
)
from kernel.tables.error import SourceError
from kernel.tables.sqlite import SqliteSource
from tests.locking import is_free
from tests.waiting import PATIENCE_S, wait_for


@pytest.mark.parametrize("look", [read_bytes, lambda path: SqliteSource(path).close()], ids=["bytes", "source"])
def test_a_lock_stays(tmp_path, look):
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    source = SqliteSource(path)
    assert is_free(path)
    source.connections.writer().execute("BEGIN IMMEDIATE")
    look(path)
    assert not is_free(path)
    source.connections.writer().execute("ROLLBACK")
    source.close()
    assert is_free(path)


def test_nothing_stays_open_once_nobody_reads(tmp_path):
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        sources = [SqliteSource(path) for _ in range(3)]
        read_bytes(path)
        for source in sources:
            source.close()
    path.write_bytes(SQLITE_MAGIC + b"rubbish")
    with pytest.raises(SourceError):
        SqliteSource(path)
    assert len(os.listdir("/proc/self/fd")) == before


def test_bytes(tmp_path):
    (tmp_path / "short").write_bytes(b"abc")
    assert read_bytes(tmp_path / "short", 2) == b"ab" and read_bytes(tmp_path / "short") == b"abc"
    (tmp_path / "none").write_bytes(b"")
    assert read_bytes(tmp_path / "none") == b""
    with pytest.raises(IsADirectoryError):
        read_bytes(tmp_path)
    path = tmp_path / "t.sqlite"
    for _ in range(2):
        path.write_bytes(SQLITE_MAGIC + b"rest")
        assert read_bytes(path, 20) == SQLITE_MAGIC + b"rest"
        path.unlink()


def test_databases_that_are_open_are_known_with_their_side_files(tmp_path: Path) -> None:
    one, other, link = tmp_path / "one.sqlite", tmp_path / "other-wal", tmp_path / "link"
    for path in (one, other):
        path.write_bytes(b"")
    link.symlink_to(one)
    assert not is_open_database(one)
    release = hold(one)
    asked = (one, link, tmp_path / "one.sqlite-shm", tmp_path / "one.sqlite-wal", other, tmp_path / "none")
    assert [is_open_database(path) for path in asked] == [True, True, True, True, False, False]
    release()
    assert not is_open_database(one)


def _database(path: Path, mode: str = "DELETE") -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("CREATE TABLE t (a)")
    return path


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_lock_stays_whoever_reads_and_from_when_on(tmp_path: Path, mode: str) -> None:
    path = _database(tmp_path / "t.sqlite", mode)
    other = sqlite3.connect(path)  # so that the side files of a log stay there
    other.execute("SELECT * FROM t")
    read = [path, *(tmp_path / f"t.sqlite{end}" for end in SIDE_FILES)]
    with ExitStack() as before:
        for one in read:
            if one.exists():
                before.enter_context(opened(one))
        source = SqliteSource(path)
        source.connections.writer().execute("BEGIN IMMEDIATE")
    assert not is_free(path)
    for one in read:
        if one.exists():
            read_bytes(one)
            map_bytes(one) if one == path else None
    assert not is_free(path)
    source.close()
    other.close()
    assert is_free(path)


def test_bytes_are_those_of_the_file_while_others_read_it(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(bytes(range(256)) * 1000)
    release = hold(path)
    with opened(path) as one, opened(path) as other:
        assert one == other and read_bytes(path) == path.read_bytes() and read_bytes(path, 300)[-1] == 43
    found = map_bytes(path)
    assert found is not None and found[:] == path.read_bytes()
    release()
    assert read_bytes("/proc/self/status").startswith(b"Name:")  # its size is said to be nothing
    assert read_bytes("/dev/zero", 3) == b"\0\0\0"
    assert map_bytes(_database(tmp_path / "t.sqlite")) is None


def test_databases_below_a_folder_are_found_by_all_their_names(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in" / "deep", tmp_path / "out"
    inside.mkdir(parents=True)
    outside.mkdir()
    here, there = _database(inside / "here.sqlite"), _database(outside / "there.sqlite")
    releases = [hold(here), hold(there)]
    with databases_below(tmp_path / "in") as found:
        assert found == [str(here)]
    os.link(there, tmp_path / "in" / "also")
    with databases_below(tmp_path / "in") as found:
        assert sorted(found) == sorted([str(here), str(tmp_path / "in" / "also")])
    (tmp_path / "in" / "also").unlink()
    there.rename(inside / "moved")
    with databases_below(tmp_path / "in") as found:
        assert sorted(found) == sorted([str(here), str(inside / "moved")])
    for release in releases:
        release()
    with databases_below(tmp_path / "in") as found:
        assert found == []


def test_a_database_waits_for_who_works_on_a_folder_around_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path, other = _database(tmp_path / "in" / "t.sqlite"), _database(tmp_path / "other.sqlite")
    begun, releases = threading.Event(), []

    def open_it() -> None:
        begun.set()
        releases.append(hold(path))

    with databases_below(tmp_path / "in"):
        thread = threading.Thread(target=open_it)
        thread.start()
        assert begun.wait(PATIENCE_S)
        hold(other)()  # one elsewhere does not wait
        assert not releases and not is_open_database(path)
    wait_for(lambda: releases)
    thread.join(PATIENCE_S)
    assert is_open_database(path)
    releases[0]()


def test_readers_of_tables_refuse_it_and_nothing_writes_over_it(tmp_path: Path) -> None:
    from kernel.tables.exchange.export import export
    from kernel.tables.exchange.format import FORMATS, OutColumn
    from kernel.tables.exchange.given import open_given
    from kernel.tables.query import Query
    from kernel.whole_file import write_whole

    names = ("t.csv", "t.xlsx", "t.json", "t.parquet")
    for name in names:
        path = _database(tmp_path / name)
        source = SqliteSource(path)
        source.connections.writer().execute("BEGIN IMMEDIATE")
        with pytest.raises(SourceError):
            open_given(path)
        with pytest.raises(OSError, match="it is a database that is open"):
            write_whole(path, b"")
        table = source.table("t")
        with pytest.raises(SourceError, match="it is a database that is open"):
            export(table, Query(), [OutColumn("a", "a", "any")], path, FORMATS[0], lambda _part: None)
        assert not is_free(path), name
        source.close()
    assert sorted(one.name for one in tmp_path.iterdir() if "journal" not in one.name) == sorted(names)


def test_an_app_in_a_folder_may_read_a_database_of_its_own(tmp_path: Path) -> None:
    from layouts.app_folder import app_files
    from shell.app_local import LocalApp
    from shell.publishing.difference import folder_side

    (tmp_path / "app.toml").write_text('name = "desk"\n')
    path = _database(tmp_path / "notes.sqlite")
    source = SqliteSource(path)
    source.connections.writer().execute("BEGIN IMMEDIATE")
    found = [LocalApp(tmp_path).read_file("notes.sqlite"), app_files(tmp_path)["notes.sqlite"]]
    found.append(folder_side(tmp_path).contents["notes.sqlite"])
    assert not is_free(path)
    source.close()
    assert found == [path.read_bytes()] * 3
