"""Repositories that would do harm: programs they name, links that lead away, submodules, damage, names, many files."""

from __future__ import annotations

import os
from pathlib import Path

import pygit2
import pytest

from plugins.api import Insert, Query, TableError, Update
from tests.plugins.git.conftest import Git, git_in
from tests.plugins.git.test_git_tables import read

_HOOKS = ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "post-checkout", "post-merge",
          "pre-push", "post-index-change", "fsmonitor-watchman", "reference-transaction")  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Git, Path]:
    """A working tree with every kind of thing that git could be made to run, and a submodule that has them as well."""
    place = tmp_path_factory.mktemp("hostile")
    inner, folder, ran = place / "inner", place / "work", place / "ran"
    inner.mkdir()
    git = git_in(inner)
    git("init", "-q", "-b", "main")
    (inner / "part.txt").write_text("part\n")
    git("add", "-A")
    git("commit", "-qm", "Part")
    folder.mkdir()
    git = git_in(folder)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "Ann")
    git("config", "user.email", "ann@example.org")
    git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(inner), "sub")
    (folder / "text.txt").write_text("one\n")
    (folder / "away").symlink_to("/etc")
    (folder / "self").symlink_to(".")
    (folder / os.fsdecode(b"caf\xe9 \xff")).write_bytes(b"odd\n")
    git("add", "-A")
    git("commit", "-qm", "All")
    for repository in (folder / ".git", folder / ".git" / "modules" / "sub"):
        _arm(repository, ran)
    (folder / ".gitattributes").write_text("* filter=evil diff=evil merge=evil textconv=evil\n")
    return folder, git, ran


def _arm(repository: Path, ran: Path) -> None:
    program = repository / "evil"
    program.write_text(f"#!/bin/sh\necho $0 >> {ran}\nexit 1\n")
    program.chmod(0o755)
    for name in _HOOKS:
        (repository / "hooks" / name).symlink_to(program)
    keys = ("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.command", "diff.evil.textconv",
            "merge.evil.driver", "core.fsmonitor", "core.sshCommand", "gpg.program", "diff.external", "core.editor",
            "credential.helper")  # fmt: skip
    git = git_in(repository)
    for key in keys:
        git("config", key, str(program))


def test_no_program_is_run_that_a_repository_names(hostile: tuple[Path, Git, Path]) -> None:
    from plugins.git.committing import make_branch, switch_branch
    from plugins.git.source import tables

    folder, _, ran = hostile
    found = tables(str(folder))
    try:
        (folder / "text.txt").write_text("one\ntwo\n")
        (folder / "sub" / "part.txt").write_text("changed\n")
        rows = {row["path"]: row for row in read(found["status"])}
        assert rows["text.txt"]["worktree"] == "modified" and rows[".gitattributes"]["worktree"] == "untracked"
        assert [row["path"] for row in read(found["changes"], "state == 'unstaged'")]
        lines = read(found["diff"], "change == 'unstaged:text.txt'")
        assert [row["text"] for row in lines if row["kind"] == "+"] == ["two"]
        found["status"].commit([Update(("text.txt",), None, {"staged": True})])
        found["log"].commit([Insert({"message": "More"})])
        repository = pygit2.Repository(str(folder))
        make_branch(repository, "aside")
        switch_branch(repository, "aside")
        switch_branch(repository, "main")
        assert [row["text"] for row in read(found["blame"], "file == 'text.txt'")] == ["one", "two"]
        assert read(found["log"])[0]["summary"] == "More"
    finally:
        found["status"].close()
    assert not ran.exists(), ran.read_text()


def test_a_submodule_is_one_row_and_links_are_not_followed(hostile: tuple[Path, Git, Path]) -> None:
    from plugins.git.source import tables

    folder, git, _ = hostile
    found = tables(str(folder))
    rows = {row["path"]: row["type"] for row in read(found["files"])}
    assert rows == {".gitmodules": "file", "away": "link", "self": "link", "sub": "submodule", "text.txt": "file",
                    "caf\\xe9 \\xff": "file"}  # fmt: skip
    (folder / "sub" / "part.txt").write_text("changed again\n")
    status = {row["path"]: row["worktree"] for row in read(found["status"])}
    found["status"].close()
    assert status["sub"] == "modified"
    assert not any(path.startswith(("away/", "self/", "sub/")) for path in status)
    with pytest.raises(TableError):
        read(found["blame"], "file == 'sub'")
    first = git("rev-list", "--max-parents=0", "HEAD").strip()
    changed = {row["path"] for row in read(found["changes"], f"state == '{first}'")}
    assert {"sub", "away", "caf\\xe9 \\xff"} <= changed
    text = [row["text"] for row in read(found["diff"], f"change == '{first}:away'") if row["kind"] == "+"]
    assert text == ["/etc"]


def test_a_damaged_object_takes_nothing_else_with_it(tmp_path: Path) -> None:
    from plugins.git.source import tables

    git = git_in(tmp_path)
    git("init", "-q", "-b", "main")
    for name in ("whole", "broken"):
        (tmp_path / name).write_text(f"{name}\n")
    git("add", "-A")
    git("commit", "-qm", "Two")
    blob = git("rev-parse", "HEAD:broken").strip()
    lost = tmp_path / ".git" / "objects" / blob[:2] / blob[2:]
    lost.chmod(0o600)
    lost.write_bytes(lost.read_bytes()[:9])
    (tmp_path / "whole").write_text("other\n")
    found = tables(str(tmp_path))
    assert [row["path"] for row in read(found["status"])] == ["whole"]
    found["status"].close()
    assert [row["path"] for row in read(found["files"])] == ["broken", "whole"]
    with pytest.raises(TableError, match="it is cut off"):
        read(found["blame"], "file == 'broken'")
    assert [row["text"] for row in read(found["blame"], "file == 'whole'")] == ["whole"]
    lines = read(found["diff"], "change == 'unstaged:whole'")
    assert [row["text"] for row in lines if row["kind"] in "+-"] == ["whole", "other"]


def test_a_hundred_thousand_files_are_rows_like_any_others(tmp_path: Path) -> None:
    from plugins.git.source import tables

    git = git_in(tmp_path)
    git("init", "-q", "-b", "main")
    blob = git("hash-object", "-w", "--stdin", text=b"x\n").strip()
    count = 100_000
    index = "".join(f"100644 {blob}\td{number // 1000:03}/f{number % 1000:03}.txt\n" for number in range(count))
    git("update-index", "--index-info", text=index.encode())
    git("commit", "-qm", "All")
    folder = tmp_path / "d007"
    folder.mkdir()
    (folder / "f007.txt").write_bytes(b"y\n")
    found = tables(str(tmp_path))
    status = found["status"]
    assert status.count() == count
    place = status.find(("d007/f007.txt",))
    assert place == 7007
    assert [row[3] for row in status.rows(place - 1, place + 2)] == ["deleted", "modified", "deleted"]
    status.close()
    assert found["files"].count() == count
    assert len(found["changes"].positions(Query(filter="state == 'staged'"))) == 0
