"""Staging files, hunks and lines, beside what git itself says afterwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pygit2
import pytest

from plugins.api import ConflictError, Query, ReadOnlyError, TableError, Update
from plugins.git.change import Change
from plugins.git.path import real_path
from plugins.git.source import tables
from plugins.git.staging import discard_files, stage_files, stage_lines, unstage_files
from plugins.git.status import INDEX, WORKTREE
from tests.plugins.git.conftest import Git
from tests.waiting import wait_for

#: Letter of ``git status --porcelain`` → our word.
_INDEX = {"A": "added", "M": "modified", "D": "deleted", "R": "renamed", "T": "type changed"}
_WORKTREE = {"M": "modified", "D": "deleted", "T": "type changed", "?": "untracked"}


def opened(folder: Path) -> Any:
    return pygit2.Repository(str(folder))


def lines(folder: Path, change: str) -> list[dict[str, Any]]:
    """The table ``diff`` of a change."""
    table = tables(str(folder))["diff"]
    places = table.positions(Query(filter=f"change == '{change}'"))
    assert isinstance(places, range)
    names = [column.name for column in table.schema.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows(places.start, places.stop)]


def change_everything(folder: Path, git: Git) -> None:
    song = folder / "song.txt"
    song.write_text(song.read_text().replace("three", "3"))
    git("add", "song.txt")
    song.write_text(song.read_text().replace("nine", "9"))
    (folder / "side.txt").unlink()
    (folder / "new.txt").write_text("new\n")
    (folder / "folder").mkdir()
    (folder / "folder" / "a").write_text("a\n")
    (folder / "staged.txt").write_text("staged\n")
    git("add", "staged.txt")
    git("rm", "-q", "image.bin")
    (folder / "docs" / "about.md").unlink()
    (folder / "docs" / "about.md").symlink_to("../song.txt")


def test_the_status_is_gits(worked: tuple[Path, Git]) -> None:
    folder, git = worked
    change_everything(folder, git)
    table = tables(str(folder))["status"]
    try:
        rows = {real_path(path): (index, worktree) for path, _, index, worktree in table.rows(0, 100)}
    finally:
        table.close()
    said = [line for line in git("status", "--porcelain", "-z").split("\0") if line]
    assert rows == {line[3:]: (_INDEX.get(line[0]), _WORKTREE.get(line[1])) for line in said}
    assert set(_INDEX.values()) <= set(INDEX.values()) and set(_WORKTREE.values()) <= set(WORKTREE.values())


def test_editing_the_status_stages_and_unstages(worked: tuple[Path, Git]) -> None:
    folder, git = worked
    change_everything(folder, git)
    table = tables(str(folder))["status"]
    try:
        paths = [row[0] for row in table.rows(0, 100)]
        table.commit([Update((path,), "", {"staged": True}) for path in paths])
        assert git("diff", "--name-only") == "" and git("ls-files", "--others", "--exclude-standard") == ""
        assert {row[1] for row in table.rows(0, 100)} == {True}
        staged = [row[0] for row in table.rows(0, 100)]
        table.commit([Update((path,), "", {"staged": False}) for path in staged])
        assert git("diff", "--cached", "--name-only") == ""
        with pytest.raises(ReadOnlyError, match="only the column staged"):
            table.commit([Update((paths[0],), "", {"index": "added"})])
        with pytest.raises(ConflictError, match="gone is not there any more"):
            table.commit([Update(("gone",), "", {"staged": True})])
    finally:
        table.close()


def test_the_status_hears_of_files(worked: tuple[Path, Git]) -> None:
    folder, _ = worked
    table = tables(str(folder))["status"]
    told: list[Any] = []
    table._tell = told.append  # type: ignore[method-assign]
    try:
        assert len(table.rows(0, 10)) == 0
        version = table.version()

        def is_heard() -> bool:
            # The watch stands some time after its thread has begun: write until it tells.
            (folder / "new.txt").write_text(os.urandom(4).hex())
            return bool(told)

        wait_for(is_heard)
        assert table.version() != version
        assert [row[0] for row in table.rows(0, 10)] == ["new.txt"]
    finally:
        table.close()


@pytest.mark.parametrize("chosen", [{"3"}, {"9"}, {"3", "9"}, set()])
def test_single_lines_are_staged(worked: tuple[Path, Git], chosen: set[str]) -> None:
    folder, git = worked
    song = folder / "song.txt"
    whole = song.read_text()
    song.write_text(whole.replace("three", "3").replace("nine", "9"))
    words = {"3": "three", "9": "nine"}
    rows = lines(folder, "unstaged:song.txt")
    meant = chosen | {words[one] for one in chosen}
    numbers = {row["number"] for row in rows if row["text"] in meant and row["kind"] in "+-"}
    assert len(numbers) == 2 * len(chosen)
    stage_lines(opened(folder), Change("unstaged", "song.txt"), numbers)
    wanted = whole
    for one in chosen:
        wanted = wanted.replace(words[one], one)
    assert git("show", ":song.txt") == wanted
    assert song.read_text() == whole.replace("three", "3").replace("nine", "9")


def test_an_added_line_alone_is_staged_and_taken_out(worked: tuple[Path, Git]) -> None:
    folder, git = worked
    song = folder / "song.txt"
    whole = song.read_text()
    song.write_text("zero\n" + whole.replace("five\n", "five\nfive and a half\n").removesuffix("eleven\n") + "twelve")
    for text in ("five and a half", "twelve"):
        rows = lines(folder, "unstaged:song.txt")
        number = next(row["number"] for row in rows if row["text"] == text and row["kind"] == "+")
        stage_lines(opened(folder), Change("unstaged", "song.txt"), {number})
    assert git("show", ":song.txt") == whole.replace("five\n", "five\nfive and a half\n") + "twelve"
    staged = lines(folder, "staged:song.txt")
    number = next(row["number"] for row in staged if row["text"] == "five and a half")
    stage_lines(opened(folder), Change("staged", "song.txt"), {number})
    assert git("show", ":song.txt") == whole + "twelve"


def test_staging_every_line_is_staging_the_file(worked: tuple[Path, Git]) -> None:
    folder, git = worked
    change_everything(folder, git)
    for path in ("song.txt", "side.txt", "new.txt"):
        numbers = {row["number"] for row in lines(folder, f"unstaged:{path}")}
        stage_lines(opened(folder), Change("unstaged", path), numbers)
    assert git("diff", "--name-only").split() == ["docs/about.md"]
    assert git("status", "--porcelain", "song.txt", "side.txt", "new.txt") == "A  new.txt\nD  side.txt\nM  song.txt\n"
    for path in ("song.txt", "side.txt", "new.txt"):
        stage_lines(opened(folder), Change("staged", path), {row["number"] for row in lines(folder, f"staged:{path}")})
    assert git("status", "--porcelain", "song.txt", "side.txt", "new.txt") == " D side.txt\n M song.txt\n?? new.txt\n"


def test_a_binary_file_has_no_lines(worked: tuple[Path, Git]) -> None:
    folder, _ = worked
    (folder / "image.bin").write_bytes(bytes(1000))
    with pytest.raises(TableError, match="has no lines"):
        stage_lines(opened(folder), Change("unstaged", "image.bin"), {1})
    with pytest.raises(TableError, match="no such change any more"):
        stage_lines(opened(folder), Change("unstaged", "song.txt"), {1})
    with pytest.raises(TableError, match="are what they are"):
        stage_lines(opened(folder), Change("HEAD", "song.txt"), {1})


def test_discarding_leaves_new_files_alone(worked: tuple[Path, Git]) -> None:
    folder, git = worked
    before = (folder / "song.txt").read_text()
    (folder / "song.txt").write_text("gone\n")
    (folder / "[s]ong.txt").write_text("kept\n")
    git("add", ":(literal)[s]ong.txt")
    (folder / "[s]ong.txt").write_text("changed\n")
    (folder / "new.txt").write_text("new\n")
    discard_files(opened(folder), ["[s]ong.txt", "new.txt"])
    assert (folder / "[s]ong.txt").read_text() == "kept\n" and (folder / "new.txt").read_text() == "new\n"
    assert (folder / "song.txt").read_text() == "gone\n"
    discard_files(opened(folder), ["song.txt"])
    assert (folder / "song.txt").read_text() == before


def test_odd_names_are_staged(worked: tuple[Path, Git]) -> None:
    folder, git = worked
    odd = os.fsdecode(b"bad\xff.txt")
    (folder / odd).write_bytes(b"other\n")
    (folder / "-n *?.txt").write_text("x")
    repository = opened(folder)
    stage_files(repository, [odd, "-n *?.txt"])
    assert sorted(git("diff", "--cached", "--name-only", "-z").split("\0")[:-1]) == sorted([odd, "-n *?.txt"])
    unstage_files(repository, [odd, "-n *?.txt"])
    assert git("diff", "--cached", "--name-only") == ""


