"""A process that sends what waits and is killed, or is not alone: every edit is written, and written once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kernel.outbox.outbox import Outbox
from kernel.outbox.replay import replay
from kernel.tables.change import Insert, Part
from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource

COUNT = 6


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "shop.sqlite") as database:
        database.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)")
    database.close()
    outbox = Outbox(tmp_path / "shop.journal")
    for number in range(COUNT):
        outbox.add(f"{number:032}", [Part("items", (Insert({"name": f"n{number}"}),))],
                   lambda table, key: {}, lambda table: None)  # fmt: skip
    return tmp_path


def _send(folder: str, dies_after: int) -> None:
    source, outbox = SqliteSource(Path(folder) / "shop.sqlite"), Outbox(Path(folder) / "shop.journal")
    written = 0

    def commit(parts: Sequence[Part], id: str) -> Any:
        nonlocal written
        done = source.commit(parts, id=id)
        written += 1
        if written == dies_after:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    replay(outbox, commit)
    source.close()


def names(folder: Path) -> list[str]:
    source = SqliteSource(folder / "shop.sqlite")
    found = source.table("items").fetch(Query(), 0, 99).columns["name"]
    source.close()
    return found


def run(folder: Path, *dies_after: int) -> list[int | None]:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_send, args=(str(folder), number)) for number in dies_after]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    return [worker.exitcode for worker in workers]


def test_what_was_written_before_the_kill_is_not_written_again(folder: Path) -> None:
    assert run(folder, 1) == [-signal.SIGKILL]
    assert run(folder, 3) == [-signal.SIGKILL]
    assert len(Outbox(folder / "shop.journal").shown) > 0, "the last answers were not noted"
    assert run(folder, 0) == [0]
    assert names(folder) == [f"n{number}" for number in range(COUNT)]
    assert not Outbox(folder / "shop.journal").shown


def test_two_that_send_at_once_write_everything_once_and_in_order(folder: Path) -> None:
    assert run(folder, 0, 0) == [0, 0]
    assert names(folder) == [f"n{number}" for number in range(COUNT)]
