"""One file's versions, held against what git itself says: differences, staging by hunks, blame, history, refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kernel.changed_lines import Hunk
from kernel.versions import VersionError
from tests.plugins.git.conftest import Git, git_in

_HEAD = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
TEXT = b"".join(b"line %d\n" % number for number in range(1, 31))


def hunks_of(git: Git, *arguments: str) -> tuple[Hunk, ...]:
    """The hunks of ``git diff``, as ours."""
    return tuple(map(_hunk, _HEAD.finditer(git("diff", "-U0", *arguments))))


def _hunk(found: re.Match[str]) -> Hunk:
    old, old_count, new, new_count = (1 if one is None else int(one) for one in found.groups())
    first, then = old - 1 if old_count else old, new - 1 if new_count else new
    return Hunk(first, first + old_count, then, then + new_count)


@pytest.fixture
def work(tmp_path: Path) -> tuple[Path, Git]:
    """A repository with one file of thirty lines."""
    git = git_in(tmp_path)
    git("init", "-q", "-b", "main")
    for name, value in (("user.name", "Ann Ärmel"), ("user.email", "ann@example.org")):
        git("config", name, value)
    (tmp_path / "text.txt").write_bytes(TEXT)
    git("add", "-A")
    git("commit", "-qm", "Begin\n\nWith a body.")
    return tmp_path, git


def versions_of(place: Path) -> Any:
    from plugins.git.keeper import open_file

    found = open_file(place)
    assert found is not None
    return found


EDITS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "lines": (TEXT, lambda text: text.replace(b"line 3\n", b"LINE 3\nnew\n").replace(b"line 20\n", b"")),
    "crlf": (TEXT.replace(b"\n", b"\r\n"), lambda text: b"first\r\n" + text.replace(b"line 9\r\n", b"nine\r\n")),
    "latin": (TEXT.replace(b"line 5", b"f\xfcnf"), lambda text: text.replace(b"line 6", b"sechs \xe4")),
    "no end": (TEXT.rstrip(b"\n"), lambda text: text.replace(b"line 2\n", b"") + b" more"),
    "end added": (TEXT.rstrip(b"\n"), lambda text: text + b"\nlast\n"),
    "end lost": (TEXT, lambda text: text.rstrip(b"\n").replace(b"line 1\n", b"one\n")),
    "all": (TEXT, lambda _: b""),
    "from nothing": (b"", lambda _: TEXT),
}


@pytest.mark.parametrize("case", EDITS)
def test_changes_and_what_is_staged_are_git_s(work: tuple[Path, Git], case: str) -> None:
    folder, git = work
    before, edit = EDITS[case]
    place = folder / "text.txt"
    place.write_bytes(before)
    git("commit", "-qam", "Before", is_checked=False)
    after = edit(before)
    place.write_bytes(after)
    versions = versions_of(place)
    found = versions.compare(after)
    assert (found.title, found.state, found.reason, found.staged, found.old) == ("main", "kept", "", (), before)
    assert found.hunks == hunks_of(git) != ()
    first, *rest = found.hunks
    versions.stage(after, [first])
    assert git("status", "--porcelain").split() == (["MM", "text.txt"] if rest else ["M", "text.txt"])
    assert hunks_of(git, "--cached") == (first._replace(new_start=first.old_start if rest else first.new_start,
                                                        new_stop=first.old_start + first.new_stop - first.new_start),
                                         )  # fmt: skip
    again = versions.compare(after)
    assert again.hunks == hunks_of(git) and len(again.hunks) == len(rest)
    assert again.staged == (first,) and again.committed == before
    versions.unstage(after, again.staged)
    assert git("diff", "--cached") == "" and hunks_of(git) == found.hunks
    versions.stage(after, found.hunks)
    assert git("diff") == "" and hunks_of(git, "--cached") == found.hunks


def test_line_ends_that_git_converts_are_no_change_and_are_staged_converted(work: tuple[Path, Git]) -> None:
    folder, git = work
    (folder / ".gitattributes").write_text("*.txt text eol=crlf\n")
    text = TEXT.replace(b"\n", b"\r\n").replace(b"line 4", b"four")
    (folder / "text.txt").write_bytes(text)
    versions = versions_of(folder / "text.txt")
    found = versions.compare(text)
    assert found.hunks == (Hunk(3, 4, 3, 4),)
    assert found.old == TEXT.replace(b"\n", b"\r\n")  # as the file has it
    versions.stage(text, found.hunks)
    assert git("cat-file", "-p", ":text.txt").encode() == TEXT.replace(b"line 4", b"four")
    assert git("diff", "text.txt") == ""


def test_a_text_that_is_not_written_is_staged_as_it_is_shown(work: tuple[Path, Git]) -> None:
    folder, git = work
    versions = versions_of(folder / "text.txt")
    shown = TEXT.replace(b"line 7\n", b"seven\n")
    versions.stage(shown, versions.compare(shown).hunks)
    assert git("status", "--porcelain").split() == ["MM", "text.txt"]
    assert git("show", ":text.txt").encode() == shown and (folder / "text.txt").read_bytes() == TEXT
    with pytest.raises(VersionError, match="another by now"):
        versions.stage(shown, [Hunk(1, 2, 1, 2)])


def test_staged_lines_are_found_in_the_text_that_was_edited_since(work: tuple[Path, Git]) -> None:
    folder, git = work
    place = folder / "text.txt"
    versions = versions_of(place)
    staged = TEXT.replace(b"line 10\n", b"ten\nten and a half\n")
    versions.stage(staged, versions.compare(staged).hunks)
    shown = b"before\nbefore\n" + staged.replace(b"line 20\n", b"")
    found = versions.compare(shown)
    assert found.hunks == (Hunk(0, 0, 0, 2), Hunk(20, 21, 22, 22))
    assert found.staged == (Hunk(9, 10, 11, 13),)
    assert found.against == "what is staged"
    versions.unstage(shown, found.staged)
    assert git("diff", "--cached") == ""


def test_files_that_git_does_not_keep(work: tuple[Path, Git]) -> None:
    folder, git = work
    (folder / ".gitignore").write_text("*.log\n")
    (folder / "run.sh").write_bytes(b"echo\n")
    (folder / "run.sh").chmod(0o755)
    versions = versions_of(folder / "run.sh")
    assert versions.compare(b"echo\n").state == "new"
    assert versions_of(folder / "a.log").compare(b"").state == "ignored"
    with pytest.raises(VersionError, match="staged as a whole"):
        versions.stage(b"echo\n", [Hunk(0, 0, 0, 1)])
    versions.stage_file(b"echo\n")
    assert git("ls-files", "-s", "run.sh").startswith("100755")
    found = versions.compare(b"echo\n")
    assert found.staged == (Hunk(0, 0, 0, 1),) and found.hunks == ()
    versions.unstage(b"echo\n", found.staged)
    assert git("status", "--porcelain", "run.sh").split() == ["??", "run.sh"]


def test_a_renamed_file_is_compared_with_what_it_was(work: tuple[Path, Git]) -> None:
    folder, git = work
    git("mv", "text.txt", "other name ü.txt")
    place = folder / "other name ü.txt"
    versions = versions_of(place)
    shown = TEXT.replace(b"line 2\n", b"two\n")
    assert versions.compare(shown).hunks == (Hunk(1, 2, 1, 2),)
    versions.stage(shown, versions.compare(shown).hunks)
    assert versions.compare(shown).staged == (Hunk(1, 2, 1, 2),)
    assert git("diff", "--cached", "-M", "--name-status").startswith("R")
    blamed = versions.blame(shown)
    assert blamed[1] is None and blamed[0].summary == "Begin" and len(blamed) == 30


def test_conflicts_are_told_and_ended(work: tuple[Path, Git]) -> None:
    folder, git = work
    place = folder / "text.txt"
    git("switch", "-qc", "side")
    place.write_bytes(TEXT.replace(b"line 5\n", b"theirs\n"))
    git("commit", "-qam", "Theirs")
    git("switch", "-q", "main")
    place.write_bytes(TEXT.replace(b"line 5\n", b"ours\n"))
    git("commit", "-qam", "Ours")
    git("merge", "side", is_checked=False)
    versions = versions_of(place)
    found = versions.compare(place.read_bytes())
    assert (found.state, found.hunks) == ("conflicted", ()) and "conflicts" in found.reason
    with pytest.raises(VersionError, match="conflicts left"):
        versions.stage_file(place.read_bytes())
    with pytest.raises(VersionError, match="conflicts left"):
        versions.commit("Join")
    versions.stage_file(TEXT.replace(b"line 5\n", b"both\n"))
    assert git("status", "--porcelain").split() == ["MM", "text.txt"] and git("ls-files", "-u") == ""
    versions.commit("Join")
    assert git("log", "-1", "--format=%s %p").split()[0] == "Join" and len(git("log", "-1", "--format=%p").split()) == 2


@pytest.mark.parametrize(
    ("attributes", "text", "said"),
    [
        ("*.txt filter=lfs", TEXT, "the filter lfs"),
        ("*.txt working-tree-encoding=UTF-16LE", TEXT, "another encoding than UTF-16LE"),
        ("", b"a\0b\n", "binary"),
    ],
)
def test_why_a_file_is_not_compared(work: tuple[Path, Git], attributes: str, text: bytes, said: str) -> None:
    folder, git = work
    (folder / ".gitattributes").write_text(attributes + "\n")
    (folder / "ran").unlink(missing_ok=True)
    git("config", "filter.lfs.clean", f"touch {folder}/ran; cat")
    versions = versions_of(folder / "text.txt")
    assert said in versions.compare(text).reason
    with pytest.raises(VersionError, match=said):
        versions.stage(text, [Hunk(0, 1, 0, 1)])
    assert git("diff", "--cached") == "" and not (folder / "ran").exists()


def test_blame_history_and_details_are_git_s(settled: tuple[Path, Git]) -> None:
    folder, git = settled
    place = folder / "song.txt"
    text = place.read_bytes()
    versions = versions_of(place)
    shown = b"new\n" + text.replace(b"three\n", b"3\n")
    told = git("blame", "--line-porcelain", "song.txt")
    ids = re.findall(r"^([0-9a-f]{40}) \d+ \d+", told, re.MULTILINE)
    blamed = versions.blame(shown)
    assert [one.id if one is not None else None for one in blamed] == [None, *ids[:2], None, *ids[3:]]
    assert (blamed[1].author, blamed[1].summary) == ("Ann Ärmel", "Begin")
    assert [one.id for one in versions.history()] == git("log", "--format=%H", "--", "song.txt").split()
    details = versions.details(versions.history()[-1].id)
    assert details.message == "Begin\n\nWith a body." and ("added", "song.txt") in details.files


def test_commit_and_amend(work: tuple[Path, Git]) -> None:
    folder, git = work
    hooks = folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "pre-commit").write_text(f"#!/bin/sh\ntouch {folder}/ran\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    versions = versions_of(folder / "text.txt")
    with pytest.raises(VersionError, match="nothing is staged"):
        versions.commit("Nothing")
    shown = TEXT.replace(b"line 1\n", b"one\n")
    versions.stage(shown, versions.compare(shown).hunks)
    with pytest.raises(VersionError, match="needs a message"):
        versions.commit("  ")
    assert versions.commit("Count") == git("rev-parse", "HEAD").strip()
    more = shown.replace(b"line 2\n", b"two\n")
    versions.stage(more, versions.compare(more).hunks)
    versions.commit("", is_amending=True)
    assert git("log", "--format=%s").split("\n")[:2] == ["Count", "Begin"]
    assert git("show", "HEAD:text.txt").encode() == more and not (folder / "ran").exists()


def test_files_outside_of_working_trees(tmp_path: Path, work: tuple[Path, Git]) -> None:
    from plugins.git.keeper import open_file

    folder, git = work
    assert open_file(folder / ".git" / "config") is None
    git("init", "-q", "--bare", str(folder / "bare.git"))
    assert open_file(folder / "bare.git" / "config") is None
    git("switch", "-q", "--detach")
    assert versions_of(folder / "text.txt").compare(TEXT).title == git("rev-parse", "--short=7", "HEAD").strip()
    git("switch", "-q", "--orphan", "fresh")
    (folder / "new.txt").write_text("a\n")
    versions = versions_of(folder / "new.txt")
    assert (versions.compare(b"a\n").title, versions.compare(b"a\n").state) == ("fresh", "new")
    versions.stage_file(b"a\n")
    assert versions.compare(b"a\nb\n").hunks == (Hunk(1, 1, 1, 2),) and versions.history() == []
    assert versions.blame(b"a\nb\n") == [None, None]
