"""Somebody without rights who asks without end: the audit stays small, and what others did stays in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kernel.tables.change import Insert
from kernel.tables.error import ForbiddenError
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.wire.link import Link
from server.audit import Audit
from server.audit_entry import Entry, Note, now
from server.audit_flood import ALL_A_MINUTE, MINUTE_S, MOST_LETTERS, MOST_ROWS, ONE_A_MINUTE, Flood
from server.log import Log
from tests.served import SHOP, ServerProcess, commit, git, in_app, make_repository

GRANTS = '\n[[grants]]\nwho = "anna"\ntable = "*"\nmay = ["read", "edit", "add", "delete"]\n'
#: The columns that are looked at.
_SIZE = "length(before) + length(after) + length(key)"
_LINES = f"SELECT person, origin, action, reason, {_SIZE} FROM audit ORDER BY number"


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Book:
    """An audit, and what stands in it."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock, self._count = path, Clock(), 0
        self.audit = Audit(path, Log(path.with_suffix(".log")), flood=Flood(self.clock))

    def refuse(self, person: str = "eve", origin: str = "192.0.2.7:40000", **entry: object) -> None:
        self._count += 1
        row = Entry("items", (), "refused", reason="you may not read items", **entry)  # type: ignore[arg-type]
        self.audit.add(f"{self._count}", Note(now(), person, False, origin, "shop", "stock", (row,)))

    def lines(self) -> list[tuple[str, str, str, str, int]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return list(connection.execute(_LINES))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = Book(tmp_path / "audit.sqlite")
    yield book
    book.audit.close()


def test_refusals_without_end_are_one_line_that_counts_them(book: Book) -> None:
    for port in range(ONE_A_MINUTE + 500):
        book.refuse(origin=f"192.0.2.7:{port}")  # another connection each time is the same machine
    assert len(book.lines()) == ONE_A_MINUTE
    book.refuse(person="bert", origin="192.0.2.8:1")
    assert book.lines()[-1][:2] == ("bert", "192.0.2.8:1"), "somebody else's refusals are listed all the same"
    book.clock.now += MINUTE_S
    book.refuse()
    assert len(book.lines()) == ONE_A_MINUTE + 3
    person, origin, action, reason, _ = book.lines()[-2]
    assert (person, origin, action) == ("eve", "192.0.2.7", "refused")
    assert reason == "500 more like this within a minute, which are not listed: you may not read items"


def test_refusals_under_ever_other_names_are_bounded_too(book: Book) -> None:
    for number in range(3 * ALL_A_MINUTE):
        book.refuse(person=f"eve {number}")
    assert len(book.lines()) == ALL_A_MINUTE
    book.clock.now += MINUTE_S
    book.audit.flush()
    told = book.lines()[ALL_A_MINUTE:]
    assert len(told) <= ALL_A_MINUTE + 1 and told[-1][0] == "many"
    assert sum(int(reason.split()[0]) for *_, reason, _ in told) == 2 * ALL_A_MINUTE


def test_what_was_counted_is_told_when_the_server_ends(book: Book) -> None:
    for _ in range(ONE_A_MINUTE + 7):
        book.refuse()
    book.audit.close()
    assert book.lines()[-1][3].startswith("7 more like this within a minute")


def test_what_somebody_may_do_is_never_left_out(book: Book) -> None:
    for number in range(ALL_A_MINUTE + 5):
        row = Entry("items", (number,), "insert", {}, {"name": "x" * 3 * MOST_LETTERS})
        book.audit.add(f"done {number}", Note(now(), "anna", True, "unix", "shop", "stock", (row,)))
    lines = book.lines()
    assert len(lines) == ALL_A_MINUTE + 5 and lines[-1][4] > 3 * MOST_LETTERS


def test_a_large_refused_commit_leaves_little(tmp_path: Path) -> None:
    """From the outside, over the wire: ten thousand rows and a megabyte in one value."""
    bare, work = make_repository(tmp_path)
    commit(work, in_app("shop", {"app.toml": SHOP["app.toml"] + GRANTS}))
    git(work, "push", "-q", "origin", "main")
    with ServerProcess(bare, log_path=tmp_path / "log") as server, Link(server.address, name="eve") as link:
        source = RemoteSource(link, "shop", "stock")
        with pytest.raises(ForbiddenError):
            source.table("items").count(Query())
        args = {"app": "shop", "source": "stock", "table": "items", "id": "0" * 32}
        rows = [Insert({"name": "x" * 1_000_000}), *(Insert({"name": "y"}) for _ in range(9_999))]
        with pytest.raises(Exception, match="you may not"):
            link.call("table.commit", args | {"changes": rows})
        source.close()
        server.stop()
    with closing(sqlite3.connect(bare / "espalier" / "audit.sqlite")) as connection:
        lines = [line for line in connection.execute(_LINES) if line[0] == "eve"]
    assert len(lines) == 1 + MOST_ROWS and all(size < MOST_LETTERS + 100 for *_, size in lines)
    assert lines[-1][3].endswith(f"and {10_000 - MOST_ROWS} more changes of this commit")
