"""Databases of a working tree that the program has open: git's work leaves SQLite's locks and their contents."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from kernel.open_file import hold
from kernel.tables.sqlite import SqliteSource
from plugins.api import Insert, Query, TableError, Update
from tests.locking import is_free
from tests.plugins.git.conftest import Git, git_in
from tests.waiting import wait_for

#: Branch, what it changes, and where it begins.
_BRANCHES = (("texts", "more.txt", "main"), ("data", "desk.sqlite", "main"), ("clash", "text.txt", "before"))


def _write(path: Path, value: int) -> None:
    """Rows of a value, so many that the file has another size: git compares times by seconds, and libgit2 does not."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", [(value,)] * (value * 1000))


def _make(folder: Path) -> Git:
    """A working tree with a database that is changed, one that is new, a text with lines, and branches."""
    folder.mkdir(parents=True)
    git = git_in(folder)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "Ann")
    git("config", "user.email", "ann@example.org")
    text, desk = folder / "text.txt", folder / "desk.sqlite"
    text.write_text("one\ntwo\nthree\n")
    _write(desk, 1)
    git("add", "-A")
    git("commit", "-qm", "Begin")
    git("branch", "before")
    text.write_text("ONE\ntwo\nthree\n")
    git("commit", "-qam", "Shout")
    for branch, name, start in _BRANCHES:
        git("switch", "-qc", branch, start)
        if name == "desk.sqlite":
            _write(desk, 2)
        else:
            (folder / name).write_text("another\n")
        git("add", "-A")
        git("commit", "-qm", branch)
    git("switch", "-q", "main")
    text.write_text("ONE\ntwo\nTHREE!\n")
    _write(desk, 3)
    _write(folder / "new.sqlite", 1)
    return git


@contextmanager
def _locked(*paths: Path) -> Iterator[None]:
    """Databases open in this process, which is about to write them."""
    sources = [SqliteSource(path) for path in paths]
    for source in sources:
        source.connections.writer().execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        for source in sources:
            source.connections.writer().execute("ROLLBACK")
            source.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Path, Git, dict[str, Any]]]:
    """The working tree, git in it, and its tables."""
    from plugins.git.apart import APART
    from plugins.git.source import tables

    folder = tmp_path / "work"
    git = _make(folder)
    found = tables(str(folder))
    yield folder, git, found
    for table in found.values():
        table.close()
    APART.stop()


def _rows(table: Any, filter_text: str = "") -> list[Any]:
    if not filter_text:
        return list(table.rows(0, 100))
    places = table.positions(Query(filter=filter_text))
    return list(table.rows(places.start, places.stop)) if len(places) else []


def _act(name: str, target: str = "") -> Callable[[dict[str, Any], Path], object]:
    return lambda found, _: found["actions"].commit([Insert({"action": name, "target": target})])


def _stage(*paths: str, is_staged: bool = True) -> Callable[[dict[str, Any], Path], object]:
    return lambda found, _: found["status"].commit([Update((path,), "", {"staged": is_staged}) for path in paths])


def _stage_line(found: dict[str, Any], _folder: Path) -> None:
    rows = _rows(found["diff"], "change == 'unstaged:text.txt'")
    found["diff"].commit([Update(("unstaged:text.txt", row[1]), "", {"staged": True}) for row in rows if row[3] == "+"])


def _switch(name: str) -> Callable[[dict[str, Any], Path], object]:
    return lambda found, _: found["branches"].commit([Update((f"refs/heads/{name}",), "", {"is_current": True})])


def _edit(found: dict[str, Any], folder: Path) -> None:
    """Everything that an editor asks for."""
    from plugins.git.keeper import open_file

    file = open_file(folder / "text.txt")
    assert file is not None
    data = (folder / "text.txt").read_bytes()
    file.stage(data, file.compare(data).hunks)
    file.unstage(data, file.compare(data).staged)
    file.stage_file(data)
    file.unstage_file()
    assert file.blame(data) and file.history() and file.title() == "main"


def _read_all(found: dict[str, Any], _folder: Path) -> None:
    assert {row[0] for row in _rows(found["status"])} == {"desk.sqlite", "new.sqlite", "text.txt"}
    for name in ("log", "branches", "stashes", "remotes", "files", "conflicts", "actions"):
        _rows(found[name])
    for state in ("unstaged", "staged", "HEAD"):
        for row in _rows(found["changes"], f"state == '{state}'"):
            assert _rows(found["diff"], f"change == '{row[0]}'")
    for name in ("desk.sqlite", "text.txt"):
        assert _rows(found["blame"], f"file == '{name}'") and _rows(found["history"], f"file == '{name}'")
    with pytest.raises(TableError, match="desk.sqlite is a database that is open"):
        _rows(found["pieces"], "file == 'desk.sqlite'")


def _clash(found: dict[str, Any], _folder: Path) -> None:
    _stage("text.txt")(found, _folder)
    found["log"].commit([Insert({"message": "Third"})])
    _act("merge", "clash")(found, _folder)
    assert [row[0] for row in _rows(found["conflicts"])] == ["text.txt"]
    pieces = _rows(found["pieces"], "file == 'text.txt'")
    found["pieces"].commit([Update(("text.txt", row[1]), "", {"take": "ours"}) for row in pieces if row[2]])
    found["conflicts"].commit([Update(("text.txt",), "", {"take": "file"})])
    assert not _rows(found["conflicts"])


#: What is done → how; locks and both databases are afterwards as they were.
WORK: dict[str, Callable[[dict[str, Any], Path], object]] = {
    "read": _read_all,
    "edit": _edit,
    "stage": _stage("desk.sqlite", "new.sqlite", "text.txt"),
    "unstage": lambda found, folder: [_stage("text.txt", is_staged=one)(found, folder) for one in (True, False)],
    "stage a line": _stage_line,
    "discard": _act("discard", "text.txt"),
    "switch": lambda found, folder: [_switch(name)(found, folder) for name in ("texts", "main")],
    "merge": _act("merge", "texts"),
    "conflict": _clash,
}
#: What would put another content in place of the database.
REFUSED: dict[str, Callable[[dict[str, Any], Path], object]] = {
    "discard": _act("discard", "desk.sqlite"),
    "switch": _switch("data"),
    "merge": _act("merge", "data"),
    "stash": lambda found, _: found["stashes"].commit([Insert({"message": ""})]),
}


@pytest.mark.parametrize("name", WORK)
def test_locks_stay(desk: tuple[Path, Git, dict[str, Any]], name: str) -> None:
    folder, git, found = desk
    databases = [folder / "desk.sqlite", folder / "new.sqlite"]
    before = [path.read_bytes() for path in databases]
    with _locked(*databases):
        WORK[name](found, folder)
        assert not any(is_free(path) for path in databases)
    assert [path.read_bytes() for path in databases] == before and is_free(databases[0])
    assert "desk.sqlite" in git("status", "--porcelain")


def test_libgit2_in_this_process_would_lose_them(desk: tuple[Path, Git, dict[str, Any]], monkeypatch: Any) -> None:
    import plugins.git.repository

    @contextmanager
    def none(_folder: object) -> Iterator[list[str]]:
        yield []

    folder, _, found = desk
    monkeypatch.setattr(plugins.git.repository, "databases_below", none)
    with _locked(folder / "desk.sqlite"):
        assert _rows(found["changes"], "state == 'unstaged'")
        assert is_free(folder / "desk.sqlite")


@pytest.mark.parametrize("name", REFUSED)
def test_a_database_that_is_open_keeps_its_content(desk: tuple[Path, Git, dict[str, Any]], name: str) -> None:
    folder, git, found = desk
    git("checkout", "-q", "--", "text.txt")
    path = folder / "desk.sqlite"
    before, status = path.read_bytes(), git("status", "--porcelain")
    release = hold(path)
    with pytest.raises(TableError, match=r"desk\.sqlite is a database that is open \(close it first"):
        REFUSED[name](found, folder)
    assert path.read_bytes() == before and git("status", "--porcelain") == status
    assert git("branch", "--show-current") == "main\n"
    release()
    if name != "switch" and name != "merge":  # git itself would refuse these for a file with changes
        REFUSED[name](found, folder)
        assert path.read_bytes() != before


def test_bringing_back_and_giving_up_spare_it_too(desk: tuple[Path, Git, dict[str, Any]]) -> None:
    folder, git, found = desk
    path = folder / "desk.sqlite"
    git("stash")
    before, release = path.read_bytes(), hold(path)
    with pytest.raises(TableError, match="is a database that is open"):
        found["stashes"].commit([Update((0,), "", {"is_applied": True})])
    _act("merge", "clash")(found, folder)
    release()
    _write(path, 9)
    before, release = path.read_bytes(), hold(path)
    with pytest.raises(TableError, match="is a database that is open"):
        _act("give up merge")(found, folder)
    assert path.read_bytes() == before
    release()
    _act("give up merge")(found, folder)
    assert git("status", "--porcelain", "--untracked-files=no") == ""


def test_the_answers_are_those_of_this_process(desk: tuple[Path, Git, dict[str, Any]]) -> None:
    from plugins.git.apart import APART
    from plugins.git.source import tables

    folder, _, found = desk
    filters = ["state == 'unstaged'", "state == 'HEAD'"]
    here = [_rows(found["status"]), *(_rows(found["changes"], one) for one in filters)]
    release, again = hold(folder / "desk.sqlite"), tables(str(folder))
    assert APART._process is None
    assert here == [_rows(again["status"]), *(_rows(again["changes"], one) for one in filters)]
    assert APART._process is not None
    with pytest.raises(TableError, match="there is no commit nothing"):
        _rows(again["changes"], "state == 'nothing'")
    again["status"].close()
    release()


def test_a_process_that_ends_is_told_and_replaced(desk: tuple[Path, Git, dict[str, Any]]) -> None:
    from plugins.git.apart import APART
    from plugins.git.repository import Repository
    from plugins.git.status import changed_files

    folder, _, _ = desk
    repository, release = Repository(folder), hold(folder / "desk.sqlite")
    rows = repository.look(changed_files)
    process = APART._process
    assert process is not None
    process.kill()
    process.wait()
    with pytest.raises(TableError, match="has ended"):
        repository.look(changed_files)
    assert repository.look(changed_files) == rows
    release()


def test_it_ends_when_nothing_is_asked(desk: tuple[Path, Git, dict[str, Any]], monkeypatch: Any) -> None:
    from plugins.git import apart
    from plugins.git.repository import Repository
    from plugins.git.status import changed_files

    folder, _, _ = desk
    monkeypatch.setattr(apart, "REST_S", 0.0)
    release = hold(folder / "desk.sqlite")
    Repository(folder).look(changed_files)
    wait_for(lambda: apart.APART._process is None)
    release()


@pytest.mark.parametrize("name", ["stage", "stage a line", "discard", "switch", "merge", "edit", "stash"])
def test_an_index_that_is_locked_is_told_and_nothing_is_done(
    desk: tuple[Path, Git, dict[str, Any]], name: str, monkeypatch: Any
) -> None:
    from plugins.git import index

    folder, git, found = desk
    monkeypatch.setattr(index, "PATIENCE_S", 0.0)
    if name == "merge":
        git("checkout", "-q", "--", "desk.sqlite")
    lock = folder / ".git" / "index.lock"
    lock.touch()
    before = git("--no-optional-locks", "status", "--porcelain")
    with pytest.raises(Exception, match=r"another program has locked the index: .*index\.lock is there") as caught:
        ({**REFUSED, **WORK})[name](found, folder)
    assert "remove that file" in caught.value.hint  # type: ignore[attr-defined]
    assert lock.exists() and git("--no-optional-locks", "status", "--porcelain") == before
    assert git("branch", "--show-current") == "main\n" and not (folder / ".git" / "MERGE_HEAD").exists()
    os.unlink(lock)
    ({**REFUSED, **WORK})[name](found, folder)


def test_an_index_that_is_locked_for_a_moment_is_waited_for(
    desk: tuple[Path, Git, dict[str, Any]], monkeypatch: Any
) -> None:
    from plugins.git import index
    from tests.waiting import PATIENCE_S

    folder, git, found = desk
    monkeypatch.setattr(index, "PATIENCE_S", PATIENCE_S)
    lock = folder / ".git" / "index.lock"
    lock.touch()
    monkeypatch.setattr(index.time, "sleep", lambda _seconds: lock.unlink())
    _stage("text.txt")(found, folder)
    assert git("diff", "--cached", "--name-only") == "text.txt\n"
