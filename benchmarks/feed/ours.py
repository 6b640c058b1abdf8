"""Espalier: a real server process, 100 connections that each subscribe and write; the clients are this process."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.feed.tally import Tally
from kernel.tables.block import Block
from kernel.wire.address import parse_address
from kernel.wire.client import Client
from kernel.wire.connect import connect
from kernel.wire.value import decode
from tests.served import ServerProcess, make_repository

PLACE = {"app": "shop", "source": "stock"}
TOPIC = "table:shop/stock/items"
#: Rows asked for at once when the table is checked.
PAGE = 10_000
#: Seconds that all may take.
LONGEST_S = 240.0


async def run(address: str, server: int, clients: int, edits: int) -> dict[str, Any]:
    """The figures of one run; ``server`` is the id of its process."""
    tally = Tally(clients, clients * edits, server)
    keys: dict[int, str] = {}
    waiting: list[tuple[int, int]] = []

    def heard(number: int, body: Any) -> None:
        tally.events += 1
        change = decode(body)
        if change is None or change.get("is_everything"):
            tally.fail("a subscriber was told to fetch again")
            return
        for (key,) in change.get("inserted", ()):
            if key in keys:
                tally.heard(number, keys[key])
            else:
                waiting.append((number, key))

    def listening(number: int) -> Any:
        return lambda: Client(on_event=lambda topic, body: heard(number, body))

    connections = [await connect(parse_address(address), listening(number), 10.0) for number in range(clients)]
    await asyncio.gather(*(one.call("subscribe", {"topic": TOPIC}, timeout_s=30) for one in connections))
    await asyncio.gather(*(_write(one, f"c{number}", edits, tally, keys, waiting)
                           for number, one in enumerate(connections)))  # fmt: skip
    async with asyncio.timeout(30):
        while not tally.is_done:
            await asyncio.sleep(0.01)
    figures = tally.figures(await _stored(connections[0]))
    for one in connections:
        one.close()
    return figures._asdict()


async def _write(
    connection: Client, name: str, edits: int, tally: Tally, keys: dict[int, str], waiting: list[tuple[int, int]]
) -> None:
    """One person's edits, one after the other. An event may overtake the answer with its key: it is counted then."""
    for number in range(edits):
        row = f"{name}-{number}"
        change = {"type": "insert", "values": {"name": row}}
        parts = [{"table": "items", "changes": [change]}]
        args = {**PLACE, "parts": parts, "id": row.encode().hex().zfill(32)[-32:]}
        tally.sending(row)
        done = await connection.call("tables.commit", args, timeout_s=LONGEST_S)
        tally.answered()
        key = done[0]["keys"][0][0]
        keys[key] = row
        late = [(client, other) for client, other in waiting if other == key]
        if late:
            waiting[:] = [pair for pair in waiting if pair[1] != key]
            for client, _ in late:
                tally.heard(client, row)


async def _stored(connection: Client) -> list[str]:
    names: list[str] = []
    while True:
        query = {"filter": "name startswith 'c'", "columns": ["name"]}
        args = {**PLACE, "table": "items", "query": query, "start": len(names), "stop": len(names) + PAGE}
        block = await connection.call("table.fetch", args, timeout_s=60, type=Block)
        names += block.columns["name"]
        if len(block) < PAGE:
            return names


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
