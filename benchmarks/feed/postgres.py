"""The peer: PostgreSQL on this machine, the same inserts, each told to everybody by NOTIFY within its transaction.

Every client writes over one connection and listens over another, as psycopg hears of nothing while it waits for an
answer. The server keeps its promises to the disk (fsync on), as ours does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import psycopg

from benchmarks.feed.tally import Tally
from tests.postgres_server import PostgresServer, find_programs

SETTINGS = {"fsync": "on", "full_page_writes": "on", "max_connections": "300", "shared_buffers": "128MB"}
INSERT = "INSERT INTO items (name) VALUES (%s)"


async def run(address: str, server: int, clients: int, edits: int) -> dict[str, Any]:
    """The figures of one run; ``server`` is the id of the process that begins all others."""
    tally = Tally(clients, clients * edits, server)
    writers = [await psycopg.AsyncConnection.connect(address, autocommit=True) for _ in range(clients)]
    listeners = [await psycopg.AsyncConnection.connect(address, autocommit=True) for _ in range(clients)]
    for one in listeners:
        await one.execute("LISTEN items")
    hearing = [asyncio.create_task(_listen(one, number, tally)) for number, one in enumerate(listeners)]
    await asyncio.gather(*(_write(one, f"c{number}", edits, tally) for number, one in enumerate(writers)))
    async with asyncio.timeout(30):
        while not tally.is_done:
            await asyncio.sleep(0.01)
    for task in hearing:
        task.cancel()
    await asyncio.gather(*hearing, return_exceptions=True)
    stored = [row[0] for row in await (await writers[0].execute("SELECT name FROM items")).fetchall()]
    figures = tally.figures(stored)
    for one in (*writers, *listeners):
        await one.close()
    return figures._asdict()


async def _listen(connection: psycopg.AsyncConnection[Any], number: int, tally: Tally) -> None:
    async for notice in connection.notifies():
        tally.events += 1
        tally.heard(number, notice.payload)


async def _write(connection: psycopg.AsyncConnection[Any], name: str, edits: int, tally: Tally) -> None:
    """One person's edits, one after the other; the insert and its notice are one transaction."""
    for number in range(edits):
        row = f"{name}-{number}"
        tally.sending(row)
        async with connection.transaction():
            await connection.execute(INSERT, (row,))
            await connection.execute("SELECT pg_notify('items', %s)", (row,))
        tally.answered()


def main() -> None:
    """Serve, run, print the figures as JSON."""
    programs = find_programs()
    if programs is None:
        sys.exit("PostgreSQL is not installed")
    server = PostgresServer(programs)
    try:
        with psycopg.connect(server.address(), autocommit=True) as connection:
            for name, value in SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")  # type: ignore[arg-type]
            connection.execute("CREATE TABLE items (id serial PRIMARY KEY, name text NOT NULL)")
        server.stop()
        server.start()
        print(json.dumps(asyncio.run(run(server.address(), server.process_id(), int(sys.argv[1]), int(sys.argv[2])))))
    finally:
        server.close()


if __name__ == "__main__":
    main()
