"""Commits, branches, merges, stashes and remotes, beside what git itself says afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pygit2
import pytest

from plugins.api import TableError
from plugins.git import committing, remote
from plugins.git.source import tables
from plugins.git.staging import stage_files
from tests.plugins.git.conftest import Git, git_in, make_repository
from tests.plugins.plugin_options import options_of_test


@pytest.fixture
def work(worked: tuple[Path, Git], monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Git, Any]:
    folder, git = worked
    return folder, git, pygit2.Repository(str(folder))


def summaries(git: Git, *arguments: str) -> list[str]:
    return git("log", "--format=%s", *arguments).splitlines()


def test_a_commit_takes_what_is_staged(work: tuple[Path, Git, Any]) -> None:
    folder, git, repository = work
    (folder / "new.txt").write_text("new\n")
    (folder / "song.txt").write_text("not staged\n")
    stage_files(repository, ["new.txt"])
    identity = committing.commit_index(repository, "  Add it\n\nWhy not\n\n")
    assert git("rev-parse", "main").strip() == identity
    assert git("log", "-1", "--format=%B|%an <%ae>").strip() == "Add it\n\nWhy not\n|Ann Ärmel <ann@example.org>"
    assert git("show", "--name-only", "--format=").split() == ["new.txt"]
    assert git("fsck", "--strict") == ""


def test_no_hook_and_no_filter_is_run(work: tuple[Path, Git, Any], tmp_path: Path) -> None:
    folder, git, repository = work
    told = tmp_path / "told"
    for name in ("pre-commit", "commit-msg", "post-commit", "post-checkout", "post-merge", "pre-push", "fsmonitor"):
        hook = folder / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\necho {name} >> {told}\nexit 1\n")
        hook.chmod(0o755)
    git("config", "core.fsmonitor", str(folder / ".git" / "hooks" / "fsmonitor"))
    for name in ("clean", "smudge", "process"):
        git("config", f"filter.bad.{name}", f"sh -c 'echo {name} >> {told}; cat'")
    git("config", "diff.bad.textconv", f"sh -c 'echo textconv >> {told}; cat $0'")
    (folder / ".gitattributes").write_text("* filter=bad diff=bad\n")
    (folder / "new.txt").write_text("new\n")
    found = tables(str(folder))
    try:
        assert [row[0] for row in found["status"].rows(0, 10)] == [".gitattributes", "new.txt"]
        stage_files(repository, ["new.txt", ".gitattributes"])
        committing.commit_index(repository, "Add it")
        committing.switch_branch(repository, "side")
        committing.switch_branch(repository, "main")
        assert list(found["changes"].rows_of("HEAD")) and list(found["blame"].rows_of("new.txt"))
    finally:
        found["status"].close()
    assert not told.exists()


def test_nothing_staged_and_no_message_are_said(work: tuple[Path, Git, Any]) -> None:
    _, git, repository = work
    with pytest.raises(TableError, match="nothing is staged"):
        committing.commit_index(repository, "Nothing")
    with pytest.raises(TableError, match="needs a message"):
        committing.commit_index(repository, " \n")
    committing.commit_index(repository, "Draw better", is_amending=True)
    assert summaries(git)[:2] == ["Draw better", "Join"]


def test_the_first_commit_of_all(tmp_path: Path) -> None:
    git = git_in(tmp_path)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "Ann")
    git("config", "user.email", "ann@example.org")
    repository = pygit2.Repository(str(tmp_path))
    with pytest.raises(TableError, match="nothing is staged"):
        committing.commit_index(repository, "Begin")
    with pytest.raises(TableError, match="no commit to amend"):
        committing.commit_index(repository, "Begin", is_amending=True)
    (tmp_path / "a").write_text("a\n")
    stage_files(repository, ["a"])
    committing.commit_index(repository, "Begin")
    assert summaries(git) == ["Begin"]


def test_branches_are_made_switched_and_deleted(work: tuple[Path, Git, Any]) -> None:
    folder, git, repository = work
    committing.make_branch(repository, "topic/one", "v1")
    committing.switch_branch(repository, "topic/one")
    assert git("branch", "--show-current").strip() == "topic/one" and not (folder / "image.bin").exists()
    with pytest.raises(TableError, match="is checked out"):
        committing.delete_branch(repository, "topic/one")
    git("commit", "-q", "--allow-empty", "-m", "Alone")
    committing.switch_branch(repository, "main")
    with pytest.raises(TableError, match="has 1 commit that no other branch has"):
        committing.delete_branch(repository, "topic/one")
    committing.delete_branch(repository, "topic/one", is_forced=True)
    assert "topic" not in git("branch")
    for name, said in (("main", "already"), ("a..b", "no name"), ("-x", "no name")):
        with pytest.raises(TableError, match=said):
            committing.make_branch(repository, name)
    with pytest.raises(TableError, match="there is no branch nowhere"):
        committing.switch_branch(repository, "nowhere")


def test_switching_never_overwrites_changes(work: tuple[Path, Git, Any]) -> None:
    folder, git, repository = work
    (folder / "song.txt").write_text("mine\n")
    committing.make_branch(repository, "old", "v1~1")
    with pytest.raises(TableError, match="cannot switch to old"):
        committing.switch_branch(repository, "old")
    assert (folder / "song.txt").read_text() == "mine\n" and git("branch", "--show-current").strip() == "main"


def test_merges_go_forward_join_or_stop(work: tuple[Path, Git, Any]) -> None:
    folder, git, repository = work
    assert committing.merge_branch(repository, "side") == "nothing"
    git("switch", "-qc", "topic")
    (folder / "topic.txt").write_text("topic\n")
    git("add", "-A")
    git("commit", "-qm", "Topic")
    git("switch", "-q", "main")
    assert committing.merge_branch(repository, "topic") == "forward"
    assert git("rev-parse", "main") == git("rev-parse", "topic") and git("status", "--porcelain") == ""
    git("switch", "-qc", "other", "HEAD~1")
    git("commit", "-q", "--allow-empty", "-m", "Other")
    git("switch", "-q", "main")
    assert committing.merge_branch(repository, "other") == "merged"
    assert summaries(git, "-1") == ["Merge other into main"] and len(git("rev-parse", "HEAD^@").split()) == 2
    assert git("status", "--porcelain") == "" and repository.state() == 0


def conflict(folder: Path, git: Git) -> None:
    git("switch", "-qc", "theirs")
    (folder / "song.txt").write_text("theirs\n")
    git("rm", "-q", "side.txt")
    git("commit", "-qam", "Theirs")
    git("switch", "-q", "main")
    (folder / "song.txt").write_text("ours\n")
    (folder / "side.txt").write_text("changed\n")
    git("commit", "-qam", "Ours")


def test_conflicts_are_a_table_and_a_side_ends_them(work: tuple[Path, Git, Any]) -> None:
    folder, git, repository = work
    conflict(folder, git)
    assert committing.merge_branch(repository, "theirs") == "conflicts"
    table = tables(str(folder))["conflicts"]
    assert [row[0] for row in table.rows(0, 10)] == ["side.txt", "song.txt"]
    assert [row[4] is None for row in table.rows(0, 10)] == [True, False]
    with pytest.raises(TableError, match="there are conflicts left"):
        committing.commit_index(repository, "Join")
    with pytest.raises(TableError, match="a merge is under way"):
        committing.merge_branch(repository, "side")
    committing.take_side(repository, "song.txt", "theirs")
    committing.take_side(repository, "side.txt", "theirs")
    with pytest.raises(TableError, match="has no conflict"):
        committing.take_side(repository, "song.txt", "ours")
    assert (folder / "song.txt").read_text() == "theirs\n" and not (folder / "side.txt").exists()
    assert table.count() == 0
    committing.commit_index(repository, "Join them")
    assert len(git("rev-parse", "HEAD^@").split()) == 2 and git("status", "--porcelain") == ""


def test_a_merge_is_given_up(work: tuple[Path, Git, Any]) -> None:
    folder, git, repository = work
    conflict(folder, git)
    committing.merge_branch(repository, "theirs")
    committing.give_up_merge(repository)
    assert (folder / "song.txt").read_text() == "ours\n" and git("status", "--porcelain") == ""
    with pytest.raises(TableError, match="no merge is under way"):
        committing.give_up_merge(repository)


def test_stashes_come_back(work: tuple[Path, Git, Any]) -> None:
    folder, git, repository = work
    with pytest.raises(TableError, match="nothing to put aside"):
        committing.stash_changes(repository)
    before = (folder / "song.txt").read_text()
    (folder / "song.txt").write_text("later\n")
    committing.stash_changes(repository, "for later")
    assert (folder / "song.txt").read_text() == before
    assert [row[1] for row in tables(str(folder))["stashes"].rows(0, 5)] == ["On main: for later"]
    committing.apply_stash(repository, 0, is_kept=True)
    git("checkout", "-q", "song.txt")
    committing.apply_stash(repository)
    assert (folder / "song.txt").read_text() == "later\n" and git("stash", "list") == ""
    with pytest.raises(TableError, match="there is no stash 3"):
        committing.drop_stash(repository, 3)
    with pytest.raises(TableError, match="stash 0 cannot be brought back"):
        committing.apply_stash(repository)


def test_push_and_pull(work: tuple[Path, Git, Any], tmp_path: Path) -> None:
    folder, git, repository = work
    far = tmp_path / "far.git"
    with pytest.raises(TableError, match="there is no remote origin"):
        remote.push_branch(repository)
    git("init", "-q", "--bare", "-b", "main", str(far))
    git("remote", "add", "origin", str(far))
    remote.push_branch(repository)
    assert git_in(far)("rev-parse", "main") == git("rev-parse", "main")
    assert git("rev-parse", "--abbrev-ref", "main@{u}").strip() == "origin/main"
    other = tmp_path / "other"
    git("clone", "-q", str(far), str(other))
    elsewhere = git_in(other)
    elsewhere("commit", "-q", "--allow-empty", "-m", "Elsewhere")
    elsewhere("push", "-q")
    git("commit", "-q", "--allow-empty", "-m", "Here")
    with pytest.raises(TableError, match="pull first"):
        remote.push_branch(repository)
    assert remote.pull_branch(repository) == "merged"
    remote.push_branch(repository)
    assert git_in(far)("rev-parse", "main") == git("rev-parse", "main")


def test_a_remote_that_refuses_is_quoted(work: tuple[Path, Git, Any], tmp_path: Path) -> None:
    _, git, repository = work
    git("remote", "add", "origin", str(tmp_path / "nowhere.git"))
    with pytest.raises(TableError, match="origin at .*nowhere.git"):
        remote.fetch_remote(repository)


def test_passwords_are_not_shown() -> None:
    assert remote.without_password("https://ann:secret@example.org:8443/x.git") == "https://ann@example.org:8443/x.git"
    assert remote.without_password("git@example.org:x.git") == "git@example.org:x.git"


def test_nobody_to_commit_as(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    git = make_repository(folder)
    git("config", "--unset", "user.name")
    searched = pygit2.settings.search_path
    level = pygit2.enums.ConfigLevel.GLOBAL
    before = searched[level]
    searched[level] = str(tmp_path)
    try:
        (folder / "new").write_text("x")
        repository = pygit2.Repository(str(folder))
        stage_files(repository, ["new"])
        with pytest.raises(TableError, match="does not know who you are"):
            committing.commit_index(repository, "Who")
        with options_of_test(tmp_path / "home") as config:
            config.set("git.author", "nobody")
            with pytest.raises(TableError, match=r"git\.author names nobody: nobody"):
                committing.commit_index(repository, "Who")
            config.set("git.author", "Zoë Zett <zoe@example.org>")
            committing.commit_index(repository, "Who")
        assert git("log", "-1", "--format=%an <%ae> %cn") == "Zoë Zett <zoe@example.org> Zoë Zett\n"
        git("config", "user.name", "Ann")
        (folder / "more").write_text("x")
        stage_files(repository, ["more"])
        with options_of_test(tmp_path / "home"):
            committing.commit_index(pygit2.Repository(str(folder)), "Me")
        assert git("log", "-1", "--format=%an") == "Ann\n"
    finally:
        searched[level] = before
