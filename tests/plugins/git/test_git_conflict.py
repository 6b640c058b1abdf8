"""Files that a merge could not join: their pieces, beside git's own marks, and the view that decides them by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts.node import Node
from plugins.api import Query, ReadOnlyError, TableError, TableProvider, Update
from plugins.git.conflict import pieces_of, taken
from plugins.git.source import tables
from tests.plugins.git.conftest import Git
from tests.plugins.git.test_git_views import Desk, desk, shown  # noqa: F401
from widgets.handle import TableHandle

MARKED = b"""one
<<<<<<< HEAD
ours
||||||| base
two
=======
theirs
>>>>>>> side
three
<<<<<<< HEAD
=======
more
>>>>>>> side
"""


def test_pieces_are_what_git_marks() -> None:
    found = pieces_of(MARKED)
    assert [one.is_conflict for one in found] == [False, True, False, True]
    assert found[1][1:4] == (b"ours\n", b"two\n", b"theirs\n") and found[3][1:4] == (b"", b"", b"more\n")
    assert taken(MARKED, 4, "both").endswith(b"three\nmore\n")
    assert taken(taken(MARKED, 2, "base"), 2, "ours") == b"one\ntwo\nthree\n"
    with pytest.raises(TableError, match="no conflict 1"):
        taken(MARKED, 1, "ours")


LINES = st.sampled_from(
    [b"a\n", b"<<<<<<< x\n", b"||||||| y\n", b"=======\n", b">>>>>>> z\n", b"b", b"\r\n", b"======= c\n"]
)


@given(st.lists(LINES).map(b"".join))
def test_no_content_is_lost_by_being_read(data: bytes) -> None:
    assert b"".join(one.text for one in pieces_of(data)) == data


def conflict(folder: Path, git: Git) -> None:
    """Two lines of a song that both sides have changed."""
    song = folder / "song.txt"
    git("checkout", "-q", "--", ".")
    text = song.read_text()
    git("switch", "-qc", "theirs")
    song.write_text(text.replace("three", "drei").replace("nine", "neun"))
    git("commit", "-qam", "Theirs")
    git("switch", "-q", "main")
    song.write_text(text.replace("three", "trois").replace("nine", "neuf"))
    git("commit", "-qam", "Ours")


@pytest.fixture
def merging(worked: tuple[Path, Git]) -> Iterator[tuple[Path, Git, dict[str, TableProvider]]]:
    from plugins.git.committing import merge_branch

    folder, git = worked
    conflict(folder, git)
    found = tables(str(folder))
    assert merge_branch(found["log"]._repository.open(), "theirs") == "conflicts"
    yield folder, git, found
    for table in found.values():
        table.close()


def read(table: TableProvider) -> list[Any]:
    places = table.positions(Query(filter="file == 'song.txt'"))
    return [table.rows(place, place + 1)[0] for place in places]


def test_pieces_are_decided_and_the_file_is_the_result(merging: tuple[Path, Git, dict[str, TableProvider]]) -> None:
    folder, git, found = merging
    pieces = found["pieces"]
    rows = read(pieces)
    assert [row[2] for row in rows] == [False, True, False, True, False]
    assert rows[1][3:6] == ("trois\n", "three\n", "drei\n")
    with pytest.raises(ReadOnlyError):
        pieces.commit([Update(("song.txt", 2), "", {"take": "mine"})])
    changes = [Update(("song.txt", 2), "", {"take": "theirs"}), Update(("song.txt", 4), "", {"take": "both"})]
    pieces.commit(changes)
    lines = (folder / "song.txt").read_text().split()
    assert lines == ["one", "TWO", "drei", "four", "five", "six", "seven", "eight", "neuf", "neun", "ten", "eleven"]
    assert [row[2] for row in read(pieces)] == [False]
    with pytest.raises(TableError, match="no conflict 2"):
        pieces.commit(changes[:1])
    with pytest.raises(TableError, match="outside of the working tree"):
        pieces.commit([Update(("../out.txt", 1), "", {"take": "ours"})])
    found["conflicts"].commit([Update(("song.txt",), "", {"take": "file"})])
    assert git("diff", "--name-only", "--diff-filter=U") == "" and found["conflicts"].count() == 0


def test_a_conflict_ends_by_the_file_that_is_gone(merging: tuple[Path, Git, dict[str, TableProvider]]) -> None:
    folder, git, found = merging
    (folder / "song.txt").unlink()
    with pytest.raises(ReadOnlyError):
        changes = [Update(("song.txt",), "", {"take": "file"}), Update(("song.txt",), "", {"base": ""})]
        found["conflicts"].commit(changes)
    assert found["conflicts"].count() == 1
    found["conflicts"].commit([Update(("song.txt",), "", {"take": "file"})])
    assert found["conflicts"].count() == 0 and git("diff", "--cached", "--name-status") == "D\tsong.txt\n"


def test_conflicts_are_decided_by_key_in_the_view(
    desk: Desk, wait_until: Callable[..., None]  # noqa: F811
) -> None:
    from plugins.git import commands

    context, folder, git = desk
    conflict(folder, git)
    source = context.tables["log"].table().source
    handle = TableHandle(source.table("pieces"), "pieces", filter_text="file == 'song.txt'")
    context.tables["pieces"] = handle
    git("merge", "-q", "theirs", is_checked=False)
    [view] = shown(context, Node("git-conflict", "merge", {"table": "pieces"}))
    wait_until(lambda: len(view.conflicts) == 2)
    assert view.current == 0 and view.panes["ours"].textCursor().block().text() == "trois"
    commands.next_conflict(view)
    assert view.panes["theirs"].textCursor().block().text() == "neun"
    commands.next_conflict(view)
    commands.take_theirs(view)
    wait_until(lambda: len(view.conflicts) == 1)
    commands.take_both(view)
    wait_until(lambda: not view.conflicts)
    assert view.panes["result"].toPlainText() == (folder / "song.txt").read_text()
    assert "drei" in view.panes["result"].toPlainText() and "neuf\nneun" in view.panes["result"].toPlainText()
