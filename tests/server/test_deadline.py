"""Calls that are given up leave the server's threads and databases free for others."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kernel.tables.error import InterruptedCallError, UnavailableError, UnknownColumnError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.wire.error import RemoteError
from kernel.wire.link import Link
from tests.served import SHOP, ServerProcess, commit, git, in_app
from tests.waiting import PATIENCE_S

SCHEMA = SHOP["schema.sql"] + "CREATE VIEW endless AS SELECT a.name FROM n AS a, n AS b, n AS c;\n"
SEED = (
    SHOP["seed.sql"]
    + "CREATE TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
    + "SELECT 'täxt ' || i AS name FROM n;\n"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    folder = tmp_path / "work"
    git(tmp_path, "init", "-q", "-b", "main", str(folder))
    commit(folder, in_app("shop", SHOP | {"schema.sql": SCHEMA, "seed.sql": SEED}))
    with ServerProcess(folder, log_path=tmp_path / "log") as server:
        yield server


PLACE = {"app": "shop", "source": "stock"}
ENDLESS = {**PLACE, "table": "endless", "query": Query(filter="upper(name) + upper(name) != 'x'")}


def test_late_counts_keep_nobody_waiting(server: ServerProcess) -> None:
    with Link(server.address) as link, ThreadPoolExecutor(8) as threads:
        assert link.call("table.count", {**PLACE, "table": "items"}, timeout_s=PATIENCE_S) == 2
        asked = [threads.submit(link.call, "table.count", ENDLESS, timeout_s=0.3) for _ in range(8)]
        assert {future.exception().code for future in asked} == {"deadline"}  # type: ignore[union-attr]
        assert link.call("table.count", {**PLACE, "table": "items"}, timeout_s=PATIENCE_S) == 2, "the others end never"


def test_clients_that_went_away_keep_nobody_waiting(server: ServerProcess) -> None:
    with Link(server.address) as link, ThreadPoolExecutor(8) as threads:
        assert link.call("table.count", {**PLACE, "table": "items"}, timeout_s=PATIENCE_S) == 2
        others = [Link(server.address) for _ in range(8)]
        asked = [threads.submit(other.call, "table.count", ENDLESS, timeout_s=600) for other in others]
        link.call("hello", {})
        for other in others:
            other.call("hello", {})  # its count was sent before
            other.close()
        assert all(future.exception() is not None for future in asked)
        assert link.call("table.count", {**PLACE, "table": "items"}, timeout_s=PATIENCE_S) == 2, "the others end never"
    assert "Traceback" not in server.log()


def test_a_deadline_says_which_server_and_how_long(server: ServerProcess) -> None:
    with Link(server.address) as link:
        link.call("hello", {})  # connecting takes time as well
        with pytest.raises(RemoteError, match=r"within 0\.2 s") as caught:
            link.call("table.count", ENDLESS, timeout_s=0.2)
        assert server.address in str(caught.value) and "again" in caught.value.hint
        with pytest.raises(UnavailableError, match=r"within 0\.2 s") as table:
            RemoteSource(link, "shop", "stock").ask("table.count", ENDLESS, int, timeout_s=0.2)
        assert server.address in table.value.message and "again" in table.value.hint


def test_a_prepare_tells_that_it_goes_on_and_stops_when_it_is_given_up(server: ServerProcess) -> None:
    with Link(server.address) as link:
        table = RemoteSource(link, "shop", "stock").table("endless")
        interrupt, told = Interrupt(), []

        def report(part: float) -> None:
            told.append(part)
            if len(told) == 3:
                interrupt.set()

        with interruptible(interrupt), pytest.raises(InterruptedCallError):
            table.prepare(ENDLESS["query"], report)
        assert len(told) == 3 and told == sorted(told)
        assert link.call("table.count", {**PLACE, "table": "items"}, timeout_s=PATIENCE_S) == 2
        items = RemoteSource(link, "shop", "stock").table("items")
        assert items.prepare(Query(), told.append) == 2 and items.estimate(Query()).count == 2
    assert "Traceback" not in server.log()


def test_a_prepare_of_what_is_not_there_says_so(server: ServerProcess) -> None:
    with Link(server.address) as link:
        table = RemoteSource(link, "shop", "stock").table("items")
        with pytest.raises(UnknownColumnError, match="nmae"):
            table.prepare(Query(filter="nmae == 'a'"), lambda part: None)
        with pytest.raises(RemoteError, match="no app"):
            list(link.stream("table.prepare", {**PLACE, "app": "none", "table": "items"}))
