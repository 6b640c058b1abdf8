"""Looking at a database leaves the locks on it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kernel.first_bytes import SQLITE_MAGIC, first_bytes, hold, is_open_database
from kernel.tables.error import SourceError
from kernel.tables.sqlite import SqliteSource
from tests.waiting import PATIENCE_S

_WRITE = """import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None).execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    sys.exit(str(error))
"""


def _written_by_another(path):
    done = subprocess.run([sys.executable, "-c", _WRITE, str(path)], capture_output=True, text=True, timeout=PATIENCE_S)
    return done.returncode == 0


@pytest.mark.parametrize("look", [first_bytes, lambda path: SqliteSource(path).close()], ids=["bytes", "source"])
def test_a_lock_stays(tmp_path, look):
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    source = SqliteSource(path)
    assert _written_by_another(path)
    source.connections.writer().execute("BEGIN IMMEDIATE")
    look(path)
    assert not _written_by_another(path)
    source.connections.writer().execute("ROLLBACK")
    source.close()
    assert _written_by_another(path)


def test_nothing_stays_open_once_nobody_reads(tmp_path):
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        sources = [SqliteSource(path) for _ in range(3)]
        first_bytes(path)
        for source in sources:
            source.close()
    path.write_bytes(SQLITE_MAGIC + b"rubbish")
    with pytest.raises(SourceError):
        SqliteSource(path)
    assert len(os.listdir("/proc/self/fd")) == before


def test_bytes(tmp_path):
    (tmp_path / "short").write_bytes(b"abc")
    assert first_bytes(tmp_path / "short", 2) == b"ab" and first_bytes(tmp_path / "short") == b"abc"
    (tmp_path / "none").write_bytes(b"")
    assert first_bytes(tmp_path / "none") == b""
    with pytest.raises(IsADirectoryError):
        first_bytes(tmp_path)
    path = tmp_path / "t.sqlite"
    for _ in range(2):
        path.write_bytes(SQLITE_MAGIC + b"rest")
        assert first_bytes(path, 20) == SQLITE_MAGIC + b"rest"
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
