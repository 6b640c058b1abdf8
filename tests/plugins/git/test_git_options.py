"""Git's options do what they say, beside git itself; also where the work is done in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pygit2
import pytest

from plugins.api import ConflictError, Query, Update, version_of
from tests.plugins.git.conftest import Git, git_in
from tests.plugins.plugin_options import options_of_test


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Any]:
    with options_of_test(tmp_path / "home") as made:
        yield made


def _lines(table: Any, change: str) -> list[Any]:
    places = table.positions(Query(filter=f"change == '{change}'"))
    return list(table.rows(places.start, places.stop))


def _of_git(git: Git, lines: int) -> list[str]:
    said = git("diff", f"-U{lines}", "song.txt").splitlines()
    return [line[1:] for line in said[next(at for at, line in enumerate(said) if line[0] == "@") :] if line[0] != "@"]


def test_a_difference_has_as_many_lines_around_as_the_option_says(worked: tuple[Path, Git], config: Any) -> None:
    from plugins.git.source import tables

    folder, git = worked
    song = folder / "song.txt"
    song.write_text(song.read_text().replace("five", "5").replace("eight", "8"))
    found = tables(str(folder))
    told: list[Any] = []
    found["diff"]._tell = told.append
    try:
        for lines in (3, 0, 1, 8):
            config.set("git.context", str(lines))
            rows = _lines(found["diff"], "unstaged:song.txt")
            assert [row[6] for row in rows if row[3] != "@"] == _of_git(git, lines)
        assert told
        config.set("git.context", "0")
        [row] = [row for row in _lines(found["diff"], "unstaged:song.txt") if row[6] == "8"]
        meant = Update((row[0], row[1]), version_of(list(row)), {"staged": True})
        config.set("git.context", "3")
        with pytest.raises(ConflictError):  # it is another line by now
            found["diff"].commit([meant])
        config.set("git.context", "0")
        found["diff"].commit([meant])
        assert git("diff", "--cached", "-U0", "song.txt").splitlines()[-1] == "+8"
    finally:
        for table in found.values():
            table.close()


def test_a_process_of_its_own_goes_by_the_options_of_this_one(worked: tuple[Path, Git], config: Any) -> None:
    from plugins.git.apart import APART
    from plugins.git.change import Change
    from plugins.git.changes import lines_of_change

    folder, git = worked
    song = folder / "song.txt"
    song.write_text(song.read_text().replace("five", "5"))
    try:
        for lines in (1, 3):
            config.set("git.context", str(lines))
            found = APART.do(folder, (), lines_of_change, (Change("unstaged", "song.txt"),))
            assert [line[4] for line in found if line[1] != "@"] == _of_git(git, lines)
    finally:
        APART.stop()


def test_a_fetch_keeps_branches_that_are_gone_when_the_option_says_so(
    worked: tuple[Path, Git], tmp_path: Path, config: Any
) -> None:
    from plugins.git import remote

    folder, git = worked
    far = tmp_path / "far.git"
    git("clone", "-q", "--bare", str(folder), str(far))
    git("remote", "add", "origin", str(far))
    git("fetch", "-q", "origin")
    git_in(far)("branch", "-D", "side")
    repository = pygit2.Repository(str(folder))
    config.set("git.prune", "false")
    remote.fetch_remote(repository)
    assert "origin/side" in git("branch", "-r")
    config.set("git.prune", "true")
    remote.fetch_remote(repository)
    assert "origin/side" not in git("branch", "-r")
