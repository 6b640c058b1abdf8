"""Files for the peers to open, of the order desk's size: a database and a text of 50,000 orders."""

from __future__ import annotations

import csv
import random
import sqlite3
from contextlib import closing
from pathlib import Path

ORDERS = 50_000
HEADINGS = ("id", "customer", "placed", "status", "total")


def write_peer_files(directory: Path) -> None:
    """Write ``orders.sqlite`` and ``orders.csv``; the same bytes of data every time."""
    chance = random.Random(1)
    rows = [
        (
            number,
            f"Customer {chance.randrange(2000)}",
            f"2025-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            chance.choice(["open", "shipped", "paid"]),
            chance.randrange(100, 100_000) / 100,
        )
        for number in range(1, ORDERS + 1)
    ]
    with closing(sqlite3.connect(directory / "orders.sqlite")) as database, database:
        database.execute(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, placed TEXT, status TEXT, total REAL)"
        )
        database.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", rows)
    with open(directory / "orders.csv", "w", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
