"""Which git trees are refused. Trees are made by hand, as a hostile client would."""

from __future__ import annotations

from pathlib import Path

import pygit2
import pytest

from server.error import TreeError
from server.repository import create_repository
from server.tree import Limits, list_files

BLOB = pygit2.enums.FileMode.BLOB


@pytest.fixture
def git(tmp_path: Path) -> pygit2.Repository:
    create_repository(tmp_path / "apps.git")
    return pygit2.Repository(str(tmp_path / "apps.git"))


def tree_of(git: pygit2.Repository, entries: list[tuple[bytes, int, pygit2.Oid]]) -> pygit2.Tree:
    """A tree whose entries nobody checked."""
    body = b"".join(b"%o %s\0%s" % (mode, name, oid.raw) for name, mode, oid in sorted(entries))
    return git[git.odb.write(pygit2.enums.ObjectType.TREE, body)]


def test_plain_files_are_listed_by_path(git: pygit2.Repository) -> None:
    blob = git.create_blob(b"hello")
    inner = tree_of(git, [(b"b.py", 0o100755, blob)])
    tree = tree_of(git, [(b"a.kdl", 0o100644, blob), (b"scripts", 0o040000, inner.id)])
    assert [(file.path, file.size) for file in list_files(git, tree, "apps/x")] == [("a.kdl", 5), ("scripts/b.py", 5)]


@pytest.mark.parametrize(
    ("name", "mode", "reason"),
    [
        (b"link", 0o120000, "symbolic link"),
        (b"module", 0o160000, "submodule"),
        (b"..", 0o100644, "'..' part"),
        (b".git", 0o100644, "git directory"),
        (b"a\\b", 0o100644, "backslash"),
        (b"a:b", 0o100644, "character"),
        (b"a\nb", 0o100644, "character"),
        (b"x" * 1025, 0o100644, "longer than"),
        (b"\xff", 0o100644, "no Unicode"),
        (b"CON.txt", 0o100644, "Windows"),
        (b"end.", 0o100644, "dot or space"),
    ],
)
def test_entries_that_are_refused(git: pygit2.Repository, name: bytes, mode: int, reason: str) -> None:
    tree = tree_of(git, [(name, mode, git.create_blob(b"x"))])
    with pytest.raises(TreeError, match=reason) as caught:
        list_files(git, tree, "apps/x")
    assert caught.value.where is not None and caught.value.where.file.startswith("apps/x/")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(files=2), "more than 2 files"),
        (Limits(total_bytes=5), "MiB"),
        (Limits(file_bytes=2), "MiB"),
    ],
)
def test_limits(git: pygit2.Repository, limits: Limits, reason: str) -> None:
    blob = git.create_blob(b"abc")
    tree = tree_of(git, [(b"%d.txt" % number, 0o100644, blob) for number in range(3)])
    with pytest.raises(TreeError, match=reason):
        list_files(git, tree, "apps/x", limits)


def test_depth_is_limited(git: pygit2.Repository) -> None:
    tree = tree_of(git, [(b"f", 0o100644, git.create_blob(b"x"))])
    for _ in range(5):
        tree = tree_of(git, [(b"d", 0o040000, tree.id)])
    assert len(list_files(git, tree, "apps/x", Limits(depth=6))) == 1
    with pytest.raises(TreeError, match="folders deep"):
        list_files(git, tree, "apps/x", Limits(depth=4))


def test_ordinary_names_are_fine(git: pygit2.Repository) -> None:
    names = ["main.kdl", "über.svg", ".hidden", "con-fig", "a b", "x" * 255]
    blob = git.create_blob(b"x")
    tree = tree_of(git, [(name.encode(), 0o100644, blob) for name in names])
    assert [file.path for file in list_files(git, tree, "apps/x")] == sorted(names)
