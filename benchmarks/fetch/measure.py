"""Runs ours and every peer in turn and judges ours by the best of them, column by column."""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.fetch.ours import Ours
from benchmarks.fetch.peers import Curl, Files, GitHttp, Rsync, Uv, missing
from benchmarks.fetch.tree import LARGE, SMALL, Tree
from benchmarks.result import Result

ROUNDS = 5
#: The columns: measure, what it is called, and which of ours it is beside.
COLUMNS = (("cold", "cold"), ("unchanged", "same"), ("one_file", "one file"))
#: Tree, round trip in ms, the bound on ours over the best peer, bytes for one file.
CASES: tuple[tuple[Tree, float | None, float, int], ...] = (
    (SMALL, None, 0.5, 5_000),
    (LARGE, None, 0.7, 6_000),
    (SMALL, 20.0, 0.5, 5_000),
)
#: ms of a look at an open link with a round trip of 20 ms.
OPEN_MS = 30.0


def measure() -> list[Result]:
    """All figures; a peer that is not installed is named and left out."""
    results: list[Result] = []
    for tree, round_trip_ms, bound, most_bytes in CASES:
        with tempfile.TemporaryDirectory(prefix="espalier-fetch-") as folder:
            results += _case(Path(folder), tree, round_trip_ms, bound, most_bytes)
    return results


def _case(folder: Path, tree: Tree, round_trip_ms: float | None, bound: float, most_bytes: int) -> list[Result]:
    way = f"{tree.name}" + (f" {round_trip_ms:g} ms" if round_trip_ms else "")
    figures: dict[str, dict[str, float]] = {}
    ours = Ours(folder / "ours", tree, round_trip_ms)
    with contextlib.closing(ours):
        figures["ours"] = _medians(ours, [name for name, _ in COLUMNS])
        opened = _medians(ours, ["unchanged_open", "one_file_open"])
        passed = ours.bytes_of(ours.one_file)
    _tell(way, "espalier", figures["ours"])
    for kind in _peers(way):
        place = folder / kind.__name__
        place.mkdir()
        with contextlib.closing(kind(place, tree, round_trip_ms)) as peer:
            figures[kind.name] = _medians(peer, [name for name, _ in COLUMNS])
        print(
            f"{way:<22} {kind.name:<18}",
            *(f"{figures[kind.name][name]:9.1f} ms" for name, _ in COLUMNS),
            file=sys.stderr,
        )
    results = [_beside(f"{way} {title}", name, figures, bound) for name, title in COLUMNS]
    if round_trip_ms:
        results.append(Result(f"{way} open link", "ms", opened["unchanged_open"], None, OPEN_MS, True))
    else:
        results.append(Result(f"{way} one file", "bytes", passed, None, most_bytes, True))
    return results


def _tell(way: str, name: str, figures: dict[str, float]) -> None:
    """Each row as soon as it is there: all of them take minutes."""
    print(f"{way:<22} {name:<18}", *(f"{figures[one]:9.1f} ms" for one, _ in COLUMNS), file=sys.stderr, flush=True)


def _beside(title: str, column: str, figures: dict[str, dict[str, float]], bound: float) -> Result:
    peers = {name: row[column] for name, row in figures.items() if name != "ours"}
    if not peers:
        return Result(title, "ms", figures["ours"][column], None, bound, True, "peers", "missing; --install-peers")
    best = min(peers, key=peers.__getitem__)
    return Result(title, "ms", figures["ours"][column], peers[best], bound, True, best)


def _medians(one: Any, names: list[str]) -> dict[str, float]:
    measures: dict[str, Callable[[], float]] = {name: getattr(one, name) for name in names}
    return {name: statistics.median(run() for _ in range(ROUNDS)) for name, run in measures.items()}


def _peers(way: str) -> Iterator[type[Files]]:
    from benchmarks.fetch.tuf_peer import Tuf

    for kind in (GitHttp, Rsync, Uv, Tuf, Curl):
        lacking = missing(kind)
        if lacking:
            print(f"{way:<22} {kind.name:<18} missing: {', '.join(lacking)}", file=sys.stderr)
        else:
            yield kind
