"""A repository of many commits with branches and merges, made by ``git fast-import``; the same each time."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

COMMITS = 100_000
#: A side branch begins at so many of a hundred commits, and has so many commits at most.
_BRANCHES, _LONGEST = 6, 7


def make_history(folder: Path, commits: int = COMMITS, *, has_files: bool = True) -> None:
    """Write the repository, bare; without files it takes a third of the time."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(folder)], check=True)
    with subprocess.Popen(["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE) as importing:
        assert importing.stdin is not None
        for piece in _stream(commits):
            text = piece if has_files else piece.partition("M 644")[0]
            importing.stdin.write(text.encode())
    if importing.returncode:
        raise RuntimeError(f"git fast-import ended with {importing.returncode}")


def _stream(commits: int) -> Iterator[str]:
    chance = random.Random(1)
    yield "blob\nmark :1\ndata 2\nx\n"
    time, mark, main, side = 1_200_000_000, 1, 0, [0]
    for number in range(commits):
        time, mark = time + chance.randrange(1, 600), mark + 1
        if len(side) > 1 and (len(side) > _LONGEST or chance.random() < 0.2):
            yield _commit("main", mark, time, f"Join branch {number}", [main, side[-1]], f"m{number % 90}")
            main, side = mark, [0]
        elif main and (len(side) > 1 or chance.randrange(100) < _BRANCHES) and chance.random() < 0.5:
            yield _commit("side", mark, time, f"Change {number} aside", [side[-1] or main], f"s{number % 50}")
            side.append(mark)
        else:
            yield _commit("main", mark, time, f"Change {number}", [main] if main else [], f"f{number % 70}")
            main = mark


def _commit(branch: str, mark: int, time: int, summary: str, parents: list[int], name: str) -> str:
    message = f"{summary}\n\nWhy it was done, in a line.\n"
    links = "".join(f"{word} :{parent}\n" for word, parent in zip(("from", "merge"), parents, strict=False))
    return (
        f"commit refs/heads/{branch}\nmark :{mark}\nauthor Ann <ann@example.org> {time} +0100\n"
        f"committer Ann <ann@example.org> {time} +0100\ndata {len(message)}\n{message}{links}M 644 :1 {name}\n\n"
    )
