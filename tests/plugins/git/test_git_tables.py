"""The tables of a repository beside what git itself says."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from plugins.api import Query, Sort, SourceError, TableError, TableProvider
from plugins.git.graph import Lanes, LaneWalk
from plugins.git.path import real_path, shown_path
from plugins.git.source import tables
from tests.plugins.git.conftest import Git, git_in


def read(table: TableProvider, filter_text: str = "") -> list[dict[str, Any]]:
    """All rows, or those of a filter that the table knows by itself."""
    names = [column.name for column in table.schema.columns]
    start, stop = 0, 10_000
    if filter_text:
        places = table.positions(Query(filter=filter_text))
        start, stop = (places[0], places[-1] + 1) if places else (0, 0)
    return [
        {name: row[name] for name in names} if hasattr(row, "keys") else dict(zip(names, row, strict=True))
        for row in table.rows(start, stop)
    ]


def test_the_log_is_gits(settled: tuple[Path, Git]) -> None:
    folder, git = settled
    rows = read(tables(str(folder))["log"])
    lines = git("log", "--format=%H|%s|%an|%ae|%cn|%P|%at").splitlines()
    assert [f"{r['id']}|{r['summary']}|{r['author']}|{r['email']}|{r['committer']}|{r['parents']}" for r in rows] == [
        line.rpartition("|")[0] for line in lines
    ]
    zone = datetime.timezone(datetime.timedelta(minutes=90))
    stamps = [int(line.rpartition("|")[2]) for line in lines]
    dates = [datetime.datetime.fromtimestamp(at, zone).replace(tzinfo=None) for at in stamps]
    assert [row["date"] for row in rows] == dates
    assert rows[-1]["message"] == "Begin\n\nWith a body.\n"


def test_references_stand_beside_their_commits(settled: tuple[Path, Git]) -> None:
    folder, _ = settled
    rows = {row["summary"]: row["references"] for row in read(tables(str(folder))["log"])}
    assert (rows["Draw"], rows["Shout"], rows["Sing on"], rows["Join"]) == ("HEAD -> main", "tag: v1", "side", "")


@pytest.mark.parametrize("branch", ["side", "v1", "*", "HEAD"])
def test_a_log_starts_where_it_is_told(settled: tuple[Path, Git], branch: str) -> None:
    folder, git = settled
    ids = [row["id"] for row in read(tables(str(folder), branch)["log"])]
    assert ids == git("rev-list", "--all" if branch == "*" else branch).split()


def test_a_commit_is_found_by_its_id(settled: tuple[Path, Git]) -> None:
    folder, git = settled
    log = tables(str(folder))["log"]
    first = git("rev-list", "HEAD").split()
    assert [log.find((one,)) for one in first] == list(range(len(first)))
    assert log.find(("0" * 40,)) is None and log.find(("nonsense",)) is None


def test_the_log_follows_new_commits(worked: tuple[Path, Git]) -> None:
    folder, git = worked
    log = tables(str(folder))["log"]
    before, version = read(log), log.version()
    git("commit", "-q", "--allow-empty", "-m", "Again")
    assert log.version() != version
    assert [row["summary"] for row in read(log)] == ["Again", *(row["summary"] for row in before)]


def test_every_line_of_the_graph_leads_to_a_parent(settled: tuple[Path, Git]) -> None:
    folder, _ = settled
    rows = read(tables(str(folder), "*")["log"])
    open_lanes: dict[int, str] = {}
    for row in rows:
        lanes = Lanes.read(row["graph"])
        assert Lanes.read(lanes.text()) == lanes
        assert set(lanes.above) == open_lanes.keys()
        awaited = open_lanes.pop(lanes.place, None)
        assert awaited in (None, row["id"])
        ours = [below for above, below in lanes.lines if above == lanes.place]
        for parent, lane in zip(row["parents"].split(), ours, strict=True):
            assert open_lanes.setdefault(lane, parent) == parent
    assert not open_lanes


def test_branches_cross_in_lanes_of_their_own() -> None:
    walk = LaneWalk()
    rows = [walk.next(*row) for row in (("m", ["b", "s"]), ("s", ["a"]), ("b", ["a"]), ("a", []))]
    assert [row.place for row in rows] == [0, 1, 0, 1]
    assert rows[0].lines == ((0, 0), (0, 1))
    assert rows[2].lines == ((1, 1), (0, 1))
    assert rows[3].lines == ()


def test_changed_files_are_those_of_git(settled: tuple[Path, Git]) -> None:
    folder, git = settled
    changes = tables(str(folder))["changes"]
    for commit in git("rev-list", "HEAD").split():
        said = git("log", "-1", "--first-parent", "-m", "-M", "--numstat", "-z", "--format=", commit)
        rows = read(changes, f"state == '{commit}'")
        ours = "".join(
            f"{'-' if r['is_binary'] else r['added']}\t{'-' if r['is_binary'] else r['removed']}\t"
            + (f"\0{real_path(r['old_path'])}\0" if r["old_path"] else "") + real_path(r["path"]) + "\0"
            for r in rows
        )  # fmt: skip
        assert ours == said


def test_a_difference_is_gits_line_by_line(settled: tuple[Path, Git]) -> None:
    folder, git = settled
    found = tables(str(folder))
    commit = git("rev-parse", "side").strip()
    rows = read(found["diff"], f"change == '{commit}:song.txt'")
    said = git("diff", f"{commit}~", commit, "--", "song.txt").splitlines()[4:]
    assert [row["text"] if row["kind"] == "@" else row["kind"] + row["text"] for row in rows] == said
    assert [(row["old_line"], row["new_line"]) for row in rows if row["kind"] == "+"] == [(None, 11)]


def test_a_binary_change_says_so(settled: tuple[Path, Git]) -> None:
    folder, git = settled
    rows = read(tables(str(folder))["diff"], f"change == '{git('rev-parse', 'HEAD').strip()}:image.bin'")
    assert [(row["kind"], row["text"]) for row in rows] == [("!", "binary")]


def test_blame_is_gits(settled: tuple[Path, Git]) -> None:
    folder, git = settled
    rows = read(tables(str(folder))["blame"], "file == 'song.txt'")
    said = [line.split() for line in git("blame", "--line-porcelain", "song.txt").splitlines()]
    commits = [words[0] for words in said if len(words) in (3, 4) and len(words[0]) == 40]
    assert [row["commit"] for row in rows] == commits
    assert "\n".join(row["text"] for row in rows) + "\n" == (folder / "song.txt").read_text()


def test_blame_of_an_earlier_state(settled: tuple[Path, Git]) -> None:
    folder, _ = settled
    rows = read(tables(str(folder))["blame"], "file == 'v1:song.txt'")
    assert [row["text"] for row in rows][1] == "TWO" and len(rows) == 10


@pytest.mark.parametrize("path", ["song.txt", "side.txt", "docs/about.md", "docs/über.md", "nothing"])
def test_the_history_of_a_file_is_gits(settled: tuple[Path, Git], path: str) -> None:
    folder, git = settled
    rows = read(tables(str(folder))["history"], f"file == '{path}'")
    assert [row["commit"] for row in rows] == git("log", "--format=%H", "--", path).split()


def test_files_are_those_of_the_tree(settled: tuple[Path, Git]) -> None:
    folder, git = settled
    said = git("ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")[:-1]
    assert [real_path(row["path"]) for row in read(tables(str(folder))["files"])] == said
    assert any("\\xff" in row["path"] for row in read(tables(str(folder))["files"]))


@pytest.mark.parametrize("raw", [b"plain", b"\xff\xfe", "über".encode(), b"back\\slash", b"\\xff", b"a\\\xff\\"])
def test_names_lead_back_to_their_bytes(raw: bytes) -> None:
    import os

    assert os.fsencode(real_path(shown_path(raw))) == raw


def test_branches_know_their_upstreams(worked: tuple[Path, Git], tmp_path: Path) -> None:
    folder, git = worked
    git("clone", "-q", "--bare", str(folder), str(tmp_path / "far.git"))
    git("remote", "add", "origin", str(tmp_path / "far.git"))
    git("fetch", "-q", "origin")
    git("branch", "-q", "-u", "origin/main")
    git("commit", "-q", "--allow-empty", "-m", "Ahead")
    found = tables(str(folder))
    rows = {row["reference"]: row for row in read(found["branches"])}
    main = rows["refs/heads/main"]
    assert (main["is_current"], main["upstream"], main["ahead"], main["behind"]) == (True, "origin/main", 1, 0)
    assert {row["kind"] for row in rows.values()} == {"branch", "remote", "tag"}
    assert [row["url"] for row in read(found["remotes"])] == [str(tmp_path / "far.git")]


def test_an_empty_repository_has_empty_tables(tmp_path: Path) -> None:
    git_in(tmp_path)("init", "-q")
    for table in tables(str(tmp_path)).values():
        assert read(table) == [] and table.count() == 0


def test_a_bare_repository_has_no_status(settled: tuple[Path, Git], tmp_path: Path) -> None:
    folder, git = settled
    git("clone", "-q", "--bare", str(folder), str(tmp_path / "bare.git"))
    found = tables(str(tmp_path / "bare.git"))
    assert read(found["status"]) == [] and len(read(found["log"])) == 7


@pytest.mark.parametrize("state", ["staged", "unstaged"])
def test_a_bare_repository_has_nothing_staged(settled: tuple[Path, Git], tmp_path: Path, state: str) -> None:
    folder, git = settled
    git("clone", "-q", "--bare", str(folder), str(tmp_path / "bare.git"))
    assert read(tables(str(tmp_path / "bare.git"))["changes"], f"state == '{state}'") == []


def test_no_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no git repository at"):
        tables(str(tmp_path))
    with pytest.raises(SourceError, match="no git repository at"):
        tables(str(tmp_path / "nowhere"))


def test_a_commit_that_is_not_there_is_said(settled: tuple[Path, Git]) -> None:
    folder, _ = settled
    with pytest.raises(TableError, match="there is no commit nonsense"):
        read(tables(str(folder))["changes"], "state == 'nonsense'")


def test_keyed_rows_are_filtered_and_sorted_by_their_own_columns(settled: tuple[Path, Git]) -> None:
    folder, git = settled
    changes = tables(str(folder))["changes"]
    first = git("rev-list", "--max-parents=0", "HEAD").strip()
    sort = (Sort("added", True), Sort("path"))
    query = Query(filter="state == at and is_binary == false", parameters={"at": first}, sort=sort)
    paths = [changes.rows(place, place + 1)[0][2] for place in changes.positions(query) or ()]
    assert paths == ["song.txt", "bad\\xff.txt", "docs/über.md"]
    assert changes.positions(Query()) == range(0) and changes.positions(Query(filter="path == 'song.txt'")) == range(0)
    with pytest.raises(TableError, match="of another table"):
        changes.positions(Query(filter="state == 'HEAD' and of.x == 1"))
    with pytest.raises(TableError, match="of another table"):
        changes.positions(Query(filter="state == 'HEAD'", sort=(Sort("of.x"),)))


def test_a_place_is_never_another_values(worked: tuple[Path, Git]) -> None:
    folder, git = worked
    changes = tables(str(folder))["changes"]
    before = changes.positions(Query(filter="state == 'HEAD'"))
    git("commit", "-q", "--allow-empty", "-m", "Again")
    after = changes.positions(Query(filter="state == 'HEAD~1'"))
    assert before and after and not set(before) & set(after)
    assert list(changes.rows(before[0], before[-1] + 1)) == []


def test_a_damaged_history_shows_what_is_whole(worked: tuple[Path, Git]) -> None:
    folder, git = worked
    ids = git("rev-list", "HEAD").split()
    lost = folder / ".git" / "objects" / ids[-1][:2] / ids[-1][2:]
    lost.chmod(0o600)
    lost.write_bytes(b"rubbish")
    log = tables(str(folder))["log"]
    assert [row["id"] for row in log.rows(0, 100)] == ids[:-1]
    with pytest.raises(TableError, match="breaks off after 6 commits"):
        log.rows(6, 100)
