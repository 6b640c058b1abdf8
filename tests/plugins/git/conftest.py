"""Real repositories made by git itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]
_PERSON = {
    "GIT_AUTHOR_NAME": "Ann Ärmel", "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_COMMITTER_NAME": "Bob", "GIT_COMMITTER_EMAIL": "bob@example.org",
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
}  # fmt: skip


def git_in(folder: Path) -> Git:
    """``git`` in a folder; each commit a minute later than the one before."""
    clock = {"now": 1_700_000_000}

    def run(*arguments: str, text: bytes | None = None, is_checked: bool = True) -> str:
        clock["now"] += 60
        date = f"{clock['now']} +0130"
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], input=text, capture_output=True, check=False,
            env={**os.environ, **_PERSON, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
        )  # fmt: skip
        if is_checked and done.returncode:
            raise AssertionError(f"git {' '.join(arguments)}: {done.stderr.decode()}")
        return done.stdout.decode("utf-8", "surrogateescape")

    return run


def make_repository(folder: Path) -> Git:
    """A working tree with two branches, a merge, a rename, a tag and odd names."""
    folder.mkdir(parents=True)
    git = git_in(folder)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "Ann Ärmel")
    git("config", "user.email", "ann@example.org")
    song = folder / "song.txt"
    song.write_text("one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n")
    (folder / "docs").mkdir()
    (folder / "docs" / "über.md").write_text("# Über\n")
    (folder / os.fsdecode(b"bad\xff.txt")).write_bytes(b"bytes\n")
    git("add", "-A")
    git("commit", "-qm", "Begin\n\nWith a body.")
    song.write_text(song.read_text().replace("two", "TWO"))
    git("commit", "-qam", "Shout")
    git("tag", "v1")
    git("switch", "-qc", "side")
    (folder / "side.txt").write_text("side\n")
    git("add", "-A")
    git("commit", "-qm", "Go aside")
    song.write_text(song.read_text() + "eleven\n")
    git("commit", "-qam", "Sing on")
    git("switch", "-q", "main")
    git("mv", "docs/über.md", "docs/about.md")
    git("commit", "-qm", "Rename")
    git("merge", "-q", "--no-ff", "-m", "Join", "side")
    (folder / "image.bin").write_bytes(bytes(range(256)) * 4)
    git("add", "-A")
    git("commit", "-qm", "Draw")
    return git


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Git]:
    """A repository that tests only read."""
    folder = tmp_path_factory.mktemp("settled") / "work"
    return folder, make_repository(folder)


@pytest.fixture
def worked(tmp_path: Path) -> tuple[Path, Git]:
    """A repository of the test's own."""
    folder = tmp_path / "work"
    return folder, make_repository(folder)
