"""Long histories: git's own order and whole lanes, walked or known at once from what git wrote down."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins.git.conftest import git_in

_COMMITS = 1300


def _stream(seed: int, span: int) -> Iterator[str]:
    """Commits with up to five parents; many of the same second, some older than their parents."""
    chance = random.Random(seed)
    time, tips = 1_000_000_000, [1]
    for mark in range(1, _COMMITS + 1):
        time += chance.randrange(span)
        moment = time - chance.randrange(40) if chance.random() < 0.03 else time
        parents = [] if mark == 1 else chance.sample(tips, min(len(tips), chance.choice((1, 1, 1, 1, 2, 2, 5))))
        tips = [tip for tip in tips if tip not in parents or chance.random() < 0.3]
        if not tips and chance.random() < 0.5:
            tips += parents[:1]
        tips.append(mark)
        links = "".join(f"{'merge' if slot else 'from'} :{parent}\n" for slot, parent in enumerate(parents))
        yield (f"commit refs/heads/b{mark % 7}\nmark :{mark}\ncommitter Ann <a@example.org> {moment} +0000\n"
               f"data 2\nx\n{links}\n")
    for number, tip in enumerate(tips):
        yield f"reset refs/heads/tip{number}\nfrom :{tip}\n\n"


def make_history(folder: Path, seed: int, span: int) -> Path:
    """A bare repository; the same each time."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "tip0", str(folder)], check=True)
    text = "".join(_stream(seed, span)).encode()
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet", "--force"], input=text, check=True)
    return folder


@pytest.fixture(scope="module", params=[(1, 1), (2, 2), (3, 9), (4, 100)], ids=lambda pair: f"span{pair[1]}")
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_history(tmp_path_factory.mktemp("history") / "bare", *request.param)


def _log(folder: Path, branch: str, monkeypatch: pytest.MonkeyPatch, first: int = 8):
    from plugins.git import history
    from plugins.git.source import tables

    monkeypatch.setattr(history, "_FIRST", first)
    return tables(str(folder), branch)["log"]


def _check_lanes(rows: list) -> None:
    """Every line of a row goes on in the next one, and leads to its parent at last."""
    from plugins.git.graph import Lanes

    above = {row["id"]: place for place, row in enumerate(rows)}
    awaited: dict[int, str] = {}
    for place, row in enumerate(rows):
        lanes = Lanes.read(row["graph"])
        assert set(lanes.above) == awaited.keys(), place
        assert awaited.get(lanes.place, row["id"]) == row["id"], place
        below: dict[int, set[str]] = {}
        drawn = [parent for parent in row["parents"].split() if above.get(parent, place + 1) > place]
        for start, end in lanes.lines:
            if start != lanes.place:
                below.setdefault(end, set()).add(awaited[start])
        ends = [end for start, end in lanes.lines if start == lanes.place]
        assert len(ends) == len(drawn), place
        for parent, end in zip(drawn, ends, strict=True):
            below.setdefault(end, set()).add(parent)
        assert all(len(one) == 1 for one in below.values()), place
        awaited = {lane: one.pop() for lane, one in below.items()}
    assert not awaited


@pytest.mark.parametrize("branch", ["*", "tip0"])
def test_walked_and_known_at_once_the_order_is_gits(history: Path, branch: str, monkeypatch: pytest.MonkeyPatch,
                                                    tmp_path: Path) -> None:
    names = ("--all",) if branch == "*" else (branch,)
    wanted = git_in(history)("rev-list", *names).split()
    walked = _log(history, branch, monkeypatch).rows(0, 5000)
    assert [row["id"] for row in walked] == wanted
    _check_lanes(walked)
    copied = tmp_path / "copied"
    shutil.copytree(history, copied)
    git_in(copied)("commit-graph", "write", "--reachable")
    table = _log(copied, branch, monkeypatch)
    known = table.rows(0, 5000)
    assert [row["id"] for row in known] == wanted
    assert type(table._current().rows).__name__ == "Ordered"
    _check_lanes(known)
    assert [table.find((one,)) for one in wanted[::50]] == list(range(0, len(wanted), 50))
    # A block looks the same, however one came there.
    far = _log(copied, branch, monkeypatch)
    assert [row["graph"] for row in far.rows(600, 700)] == [row["graph"] for row in known[600:700]]
    assert far.count() == len(wanted)


def test_what_is_newer_than_gits_files_is_put_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_history(tmp_path / "bare", 5, 60)
    git = git_in(folder)
    git("commit-graph", "write", "--reachable", "--split")
    tree = git("rev-parse", "tip0^{tree}").strip()
    for _ in range(3):
        one = git("commit-tree", "-p", "tip0", "-p", "b3", "-m", "later", tree).strip()
        git("update-ref", "refs/heads/tip0", one)
    table = _log(folder, "tip0", monkeypatch)
    rows = table.rows(0, 5000)
    assert type(table._current().rows).__name__ == "Ordered"
    assert [row["id"] for row in rows] == git("rev-list", "tip0").split()
    assert [row["summary"] for row in rows[:3]] == ["later"] * 3
    _check_lanes(rows)
    # Git's files as a chain, the second one with the new commits.
    git("commit-graph", "write", "--reachable", "--split=no-merge")
    assert len((folder / "objects/info/commit-graphs/commit-graph-chain").read_text().split()) == 2
    chained = _log(folder, "tip0", monkeypatch)
    assert [row["id"] for row in chained.rows(0, 5000)] == [row["id"] for row in rows]
    assert type(chained._current().rows).__name__ == "Ordered"


def test_damaged_files_of_gits_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_history(tmp_path / "bare", 6, 60)
    git = git_in(folder)
    git("commit-graph", "write", "--reachable")
    wanted = git("rev-list", "tip0").split()
    file = folder / "objects" / "info" / "commit-graph"
    whole = file.read_bytes()
    file.chmod(0o600)
    chance = random.Random(1)
    for place in (0, 8, 33, *(chance.randrange(len(whole)) for _ in range(3))):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        rows = _log(folder, "tip0", monkeypatch, 200).rows(0, 5000)
        assert [row["id"] for row in rows][:200] == wanted[:200]
    for length in (0, 7, len(whole) // 2):
        file.write_bytes(whole[:length])
        assert [row["id"] for row in _log(folder, "tip0", monkeypatch).rows(0, 5000)] == wanted


def test_a_shallow_clone_ends_where_it_was_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_history(tmp_path / "bare", 7, 60)
    git_in(tmp_path)("clone", "-q", "--bare", "--depth", "9", folder.as_uri(), "cut")
    git = git_in(tmp_path / "cut")
    table = _log(tmp_path / "cut", "HEAD", monkeypatch)
    assert [row["id"] for row in table.rows(0, 5000)] == git("rev-list", "HEAD").split()
    assert table.count() == int(git("rev-list", "--count", "HEAD"))


@pytest.mark.parametrize("values", [[], [7], [3, 1, 3, -2, 1], [2**62, -(2**62), 0, -(2**62)], [5] * 9])
def test_equal_numbers_stay_in_their_order(values: list[int]) -> None:
    import numpy as np

    from plugins.git.log_order import rising

    assert rising(np.array(values, np.int64)).tolist() == sorted(range(len(values)), key=lambda at: values[at])
    if max(map(abs, values), default=0) < 2**31:
        assert rising(np.array(values, np.int32)).tolist() == sorted(range(len(values)), key=lambda at: values[at])
