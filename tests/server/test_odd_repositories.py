"""Repositories that are damaged, linked or oddly named: one clear line, or served all the same."""

from __future__ import annotations

import os
import queue
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kernel.wire.link import Link
from server.error import RepositoryError
from server.log import Log
from server.repository import Repository, is_repository
from server.watch import Watcher
from tests.served import SHOP, ServerProcess, commit, git, in_app
from tests.waiting import PATIENCE_S


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work tree with the app shop committed."""
    folder = tmp_path / "work"
    git(tmp_path, "init", "-q", "-b", "main", str(folder))
    commit(folder, in_app("shop", SHOP))
    return folder


def lose_objects(work: Path) -> None:
    for folder in (work / ".git" / "objects").glob("??"):
        shutil.rmtree(folder)


def spoil_the_branch(work: Path) -> None:
    (work / ".git" / "refs" / "heads" / "main").write_text("garbage\n")


def lose_a_tree(work: Path) -> None:
    tree = git(work, "rev-parse", "HEAD:apps").strip()
    (work / ".git" / "objects" / tree[:2] / tree[2:]).unlink()


def lose_the_history(work: Path) -> None:
    first = git(work, "rev-parse", "HEAD").strip()
    commit(work, {"apps/shop/more.txt": "more"})
    (work / ".git" / "objects" / first[:2] / first[2:]).unlink()


@pytest.mark.parametrize("damage", [lose_objects, spoil_the_branch, lose_a_tree, lose_the_history])
def test_damaged_data_are_one_error_of_ours(work: Path, damage: Callable[[Path], None]) -> None:
    damage(work)
    repository = Repository(work)
    with pytest.raises(RepositoryError, match="git's data are damaged") as caught:
        head = repository.head()
        repository.apps(head)
        repository.touches(head, {})
    assert "git fsck" in caught.value.hint


def test_an_unborn_branch_is_no_damage(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk", str(tmp_path / "empty"))
    assert Repository(tmp_path / "empty").head() == ""


def test_a_linked_work_tree_hears_of_commits_to_the_shared_branch(work: Path, tmp_path: Path) -> None:
    git(work, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side")
    assert is_repository(tmp_path / "linked")
    repository = Repository(tmp_path / "linked")
    assert repository.git_dir == (work / ".git").resolve()
    looks: queue.SimpleQueue[str] = queue.SimpleQueue()
    watcher = Watcher(repository.git_dir, lambda: looks.put(repository.head()), Log(tmp_path / "log"))
    try:
        first = looks.get(timeout=PATIENCE_S)
        commit(work, {"README": "more"})
        heads = iter(lambda: looks.get(timeout=PATIENCE_S), None)
        assert next(head for head in heads if head != first) == git(work, "rev-parse", "main").strip()
    finally:
        watcher.close()
    assert "cannot watch" not in (tmp_path / "log").read_text()


def test_watching_begins_again_after_a_failure(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import watchfiles

    real, calls = watchfiles.watch, []

    def breaks_once(*paths: Any, **options: Any) -> Any:
        calls.append(paths)
        if len(calls) == 1:
            raise OSError("no more watches")
        return real(*paths, **options)

    monkeypatch.setattr(watchfiles, "watch", breaks_once)
    monkeypatch.setattr("server.watch.QUIET_LOOK_MS", 50)
    looks: queue.SimpleQueue[None] = queue.SimpleQueue()
    watcher = Watcher(work / ".git", lambda: looks.put(None), Log(tmp_path / "log"))
    try:
        for _ in range(4):
            looks.get(timeout=PATIENCE_S)
    finally:
        watcher.close()
    assert len(calls) == 2 and "no more watches" in (tmp_path / "log").read_text()


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are always UTF-8 there")
@pytest.mark.parametrize("form", ["json", "text"])
def test_a_file_name_that_is_no_utf8_is_said_in_the_log(work: Path, tmp_path: Path, form: str) -> None:
    (work / "apps" / "shop" / os.fsdecode(b"x\xff")).write_text("x")
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "Odd")
    with ServerProcess(work, "--log-format", form, log_path=tmp_path / "log") as server:
        assert server.stop() == (0, ""), "no traceback of the log itself"
    (line,) = [line for line in (tmp_path / "log").read_text().splitlines() if "app refused" in line]
    assert "x\\\\udcff" in line
    assert form != "json" or "x\\udcff" in msgspec.json.decode(line)["error"]


def test_a_folder_made_by_init_takes_pushes(tmp_path: Path) -> None:
    for path, text in in_app("shop", SHOP).items():
        (tmp_path / "plain" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "plain" / path).write_text(text)
    with ServerProcess(tmp_path / "plain", "--init", log_path=tmp_path / "log") as server, Link(server.address) as link:
        heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
        link.on_event("release:shop", heard.put)
        link.call("hello", {})
        git(tmp_path, "clone", "-q", str(tmp_path / "plain"), "clone")
        commit(tmp_path / "clone", {"apps/shop/more.txt": "more"})
        git(tmp_path / "clone", "push", "-q", "origin", "main")
        assert heard.get(timeout=PATIENCE_S)["release"]
    assert (tmp_path / "plain" / "apps" / "shop" / "more.txt").read_text() == "more", "the folder follows"
    assert "denyCurrentBranch" not in server.log()


def test_whoever_serves_a_work_tree_learns_how_to_push_to_it(work: Path, tmp_path: Path) -> None:
    with ServerProcess(work, log_path=tmp_path / "log") as server:
        server.stop()
    assert "receive.denyCurrentBranch updateInstead" in server.log()
