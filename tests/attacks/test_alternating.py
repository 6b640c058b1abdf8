"""Two releases that take turns without end while windows read: each read is one of them, whole; nothing piles up."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
from pathlib import Path

from kernel.delivery.held import clean_up
from tests.attacks.straight import APP, Straight
from tests.waiting import PATIENCE_S, wait_for

TURNS, READERS = 80, 2
SAME = {f"same{number}": random.Random(number).randbytes(2_000) for number in range(5)}
#: Both have the same names; "number" and "text" belong together.
RELEASES = [SAME | {"number": str(one).encode(), "text": f"{one} ".encode() * 400} for one in range(2)]


def test_readers_see_one_release_or_the_other(tmp_path: Path) -> None:
    shop, place = Straight(), tmp_path / "cache"
    shop.publish(RELEASES[0])
    delivery = shop.delivery(place)
    delivery.refresh(APP)
    fork = multiprocessing.get_context("fork")
    stop, seen = fork.Event(), [[fork.Value("i", 0) for _ in range(2)] for _ in range(READERS)]

    def read(number: int) -> None:
        held = shop.delivery(place)
        while not stop.is_set():
            manifest = held.cached(APP)
            if manifest is None:
                os._exit(1)
            found = {path: held.cache.get(file.sha256) for path, file in manifest.files.items()}
            if found not in RELEASES:
                os._exit(2)
            seen[number][RELEASES.index(found)].value += 1  # type: ignore[arg-type]
        os._exit(0)

    readers = [fork.Process(target=read, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    memory = 0
    for turn in range(1, TURNS + 1):
        shop.publish(RELEASES[turn % 2])
        assert delivery.refresh(APP).serial == turn + 1
        if turn % 20 == 0:
            clean_up(delivery.cache, 0)
        if turn == TURNS // 4:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = delivery.cache.size()
    # The release that is here stays until every reader has seen it, and the other one once more.
    wait_for(lambda: all(counts[TURNS % 2].value for counts in seen))
    before = [counts[1 - TURNS % 2].value for counts in seen]
    shop.publish(RELEASES[1 - TURNS % 2])
    delivery.refresh(APP)
    wait_for(lambda: all(counts[1 - TURNS % 2].value > old for counts, old in zip(seen, before, strict=True)))
    stop.set()
    for reader in readers:
        reader.join(PATIENCE_S)
    assert [reader.exitcode for reader in readers] == [0] * READERS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 16 * 1024
    assert size < 40 * sum(map(len, RELEASES[0].values())), "what no release has goes"
