"""100 people who all look at one page and edit it: how soon everybody has read what each of them wrote."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.feed.ours import LONGEST_S, PLACE, TOPIC
from benchmarks.feed.work import processor_s
from kernel.tables.block import Block
from kernel.wire.address import parse_address
from kernel.wire.client import Client
from kernel.wire.connect import connect
from tests.served import ServerProcess, make_repository


class Person:
    """Looks at a page, reads it again at every event, and writes to one row of it.

    Args:
        number: Whose row it is, from 0.
        sent: Row → when each of its edits was sent.
        delays: Takes the seconds from an edit's sending to its being read here.
    """

    def __init__(self, number: int, sent: list[list[float]], delays: list[float]) -> None:
        self.number = number
        self.client: Client
        self._sent, self._delays = sent, delays
        self._seen = [0] * len(sent)
        self._reading: asyncio.Task[None] | None = None
        self._is_stale = False

    def heard(self, _topic: str, _body: Any) -> None:
        """Something has changed: the page is read now, or again when the reading has ended."""
        self._is_stale = True
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        while self._is_stale:
            self._is_stale = False
            query = {"sort": [{"column": "id"}], "columns": ["name"]}
            args = {**PLACE, "table": "items", "query": query, "start": 2, "stop": 2 + len(self._sent)}
            block = await self.client.call("table.fetch", args, timeout_s=LONGEST_S, type=Block)
            self._note(block.columns["name"], time.perf_counter())

    async def settled(self) -> None:
        """Hear no more, and wait until nothing is read."""
        await self.client.call("unsubscribe", {"topic": TOPIC})
        if self._reading is not None:
            await self._reading

    def _note(self, names: list[str], now: float) -> None:
        for row, name in enumerate(names):
            while self._seen[row] < int(name):
                self._delays.append(now - self._sent[row][self._seen[row]])
                self._seen[row] += 1

    async def write(self, edits: int) -> None:
        """One edit after the other, each with the next number."""
        for number in range(1, edits + 1):
            change = {"type": "update", "key": [self.number + 3], "version": "", "values": {"name": str(number)}}
            parts = [{"table": "items", "changes": [change]}]
            self._sent[self.number].append(time.perf_counter())
            id = f"{self.number:016x}{number:016x}"
            await self.client.call("tables.commit", {**PLACE, "parts": parts, "id": id}, timeout_s=LONGEST_S)


async def run(address: str, server: int, clients: int, edits: int) -> dict[str, Any]:
    """The figures of one run; ``server`` is the id of its process."""
    sent: list[list[float]] = [[] for _ in range(clients)]
    delays: list[float] = []
    people = [Person(number, sent, delays) for number in range(clients)]
    for one in people:
        one.client = await connect(parse_address(address), lambda one=one: Client(on_event=one.heard), 10.0)
    rows = [{"type": "insert", "values": {"name": "0"}} for _ in people]
    await people[0].client.call("tables.commit", {**PLACE, "parts": [{"table": "items", "changes": rows}]})
    await asyncio.gather(*(one.client.call("subscribe", {"topic": TOPIC}, timeout_s=30) for one in people))
    worked, wanted = processor_s(server), clients * clients * edits
    await asyncio.gather(*(one.write(edits) for one in people))
    async with asyncio.timeout(30):
        while len(delays) < wanted:
            await asyncio.sleep(0.01)
    worked = processor_s(server) - worked
    await asyncio.gather(*(one.settled() for one in people))
    for one in people:
        one.client.close()
    delays.sort()
    at = lambda part: delays[int(len(delays) * part)] * 1000  # noqa: E731
    return {"read_p50_ms": at(0.5), "read_p99_ms": at(0.99), "read_server_ms": worked * 1000 / (clients * edits)}


def main() -> None:
    """Serve, run, print the figures as JSON."""
    import uvloop

    clients, edits = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="espalier-feed-") as folder:
        bare, _ = make_repository(Path(folder))
        data = str(Path(folder) / "data")
        with ServerProcess(bare, "--data", data, log_path=Path(folder) / "server.log") as server:
            figures = uvloop.run(run(server.address, server.process.pid, clients, edits))
            server.stop()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
