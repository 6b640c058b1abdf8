"""What a remote source remembers: schemas, counts and the first rows of recent queries, as cache records.

Bounded: the last queries of a table, the first rows of each. A record that cannot be read is as good as none.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec

from kernel.digest import sha256_of
from kernel.error import EspalierError
from kernel.tables.block import Block
from kernel.tables.query import Query
from kernel.wire.value import decode, encode

#: Queries remembered of a table, those of single rows by their keys (forms), and rows of each.
MAX_QUERIES, MAX_KEYED, MAX_ROWS = 24, 8, 300
#: Largest record that is kept, bytes.
MAX_BYTES = 2 << 20


class RecordStore(Protocol):
    """What is needed of :class:`kernel.cache.Cache`."""

    def read_record(self, name: str) -> bytes | None:
        """The record, or None when there is none that is whole."""

    def write_record(self, name: str, content: bytes) -> None:
        """Write it, whole or not at all."""


class Seen(msgspec.Struct):
    """What was seen of one query: its count (-1 = not asked) and its rows from the first on."""

    count: int = -1
    is_complete: bool = False
    block: Block | None = None


class Memory:
    """Remembers for one source.

    Args:
        store: Where records are kept; None remembers only while the process runs.
        place: Names the source among all servers and apps.

    Attributes:
        problem: Why nothing is written any more; empty while all is well.
    """

    def __init__(self, store: RecordStore | None, place: str) -> None:
        self._store = store
        self._place = place
        self._lock = threading.Lock()
        self._queries: dict[str, dict[str, Seen]] = {}
        self._dirty: set[str] = set()
        self.problem = ""

    def read(self, table: str, what: str, type: Any) -> Any:
        """A remembered value of that type, or None."""
        if self._store is None:
            return None
        content = self._store.read_record(self._name(table, what))
        if content is None:
            return None
        try:
            return decode(content, type)
        except (msgspec.DecodeError, ValueError):
            return None  # written by another version: seen anew at the next contact

    def write(self, table: str, what: str, value: Any) -> None:
        """Remember a value."""
        if self._store is not None:
            self._write(self._name(table, what), encode(value))

    def count(self, table: str, query: Query) -> int | None:
        """The remembered count."""
        with self._lock:
            seen = self._of(table).get(_key(query))
            return None if seen is None or seen.count < 0 else seen.count

    def block(self, table: str, query: Query, start: int, stop: int) -> Block | None:
        """The remembered rows; None unless all of them were seen."""
        with self._lock:
            seen = self._of(table).get(_key(query))
            if seen is None or seen.block is None:
                return None
            known = len(seen.block)
            if stop > known and not seen.is_complete:
                return None
            return _cut(seen.block, min(start, known), min(stop, known))

    def known(self, table: str, query: Query) -> tuple[Block, bool] | None:
        """All rows of the query that are remembered, from the first on, and whether there are no others."""
        with self._lock:
            seen = self._of(table).get(_key(query))
            return None if seen is None or seen.block is None else (seen.block, seen.is_complete)

    def row(self, table: str, key: tuple[Any, ...]) -> dict[str, Any]:
        """What is remembered of one row, column by column; empty when it was not seen."""
        found: dict[str, Any] = {}
        with self._lock:
            for seen in self._of(table).values():  # the newest last
                if seen.block is not None and key in seen.block.keys:
                    found.update(seen.block.row(seen.block.keys.index(key)))
        return found

    def rows(self, table: str, keys: Iterable[tuple[Any, ...]], paths: Sequence[str]) -> Block | None:
        """Rows by their keys out of whatever is remembered; None unless all of them were seen with these columns."""
        found: dict[tuple[Any, ...], tuple[str, list[Any]]] = {}
        wanted = list(dict.fromkeys(map(tuple, keys)))
        with self._lock:
            for seen in self._of(table).values():  # the newest last
                block = seen.block
                if block is None or not all(path in block.columns for path in paths):
                    continue
                places = {key: index for index, key in enumerate(block.keys)}
                for key in wanted:
                    if (index := places.get(key)) is not None:
                        found[key] = block.versions[index], [block.columns[path][index] for path in paths]
        if len(found) < len(wanted):
            return None
        columns = {path: [found[key][1][place] for key in wanted] for place, path in enumerate(paths)}
        return Block(0, columns, wanted, [found[key][0] for key in wanted])

    def remember_count(self, table: str, query: Query, count: int) -> None:
        """Keep a count."""
        with self._lock:
            self._latest(table, query).count = count
        self.flush_later(table)

    def remember_block(self, table: str, query: Query, start: int, stop: int, block: Block) -> None:
        """Keep rows, when they are the query's first ones."""
        if start > 0 or len(query.keys or ()) > 1:
            return
        with self._lock:
            seen = self._latest(table, query)
            is_complete = len(block) < stop - start
            if seen.block is not None and len(seen.block) > len(block) and not is_complete:
                return
            seen.block = _cut(block, 0, min(len(block), MAX_ROWS))
            seen.is_complete = is_complete and len(block) <= MAX_ROWS
        self.flush_later(table)

    def flush_later(self, table: str) -> None:
        """Write the table's queries soon: many answers come together when a window opens."""
        if self._store is None:
            return
        with self._lock:
            is_first = not self._dirty
            self._dirty.add(table)
        if is_first:
            timer = threading.Timer(0.5, self.flush)
            timer.daemon = True
            timer.start()

    def flush(self) -> None:
        """Write what was not written yet."""
        with self._lock:
            dirty, self._dirty = self._dirty, set()
            contents = {table: encode(self._of(table)) for table in dirty}
        for table, content in contents.items():
            self._write(self._name(table, "queries"), content)

    def _write(self, name: str, content: bytes) -> None:
        """Write a record. A store that cannot (disk full) is not asked again: rows matter more than their memory."""
        if self._store is None or len(content) > MAX_BYTES:
            return
        try:
            self._store.write_record(name, content)
        except EspalierError as error:
            self.problem = str(error)
            self._store = None

    def _of(self, table: str) -> dict[str, Seen]:
        """The table's remembered queries, oldest first; from the record at first use."""
        if table not in self._queries:
            self._queries[table] = self.read(table, "queries", dict[str, Seen]) or {}
        return self._queries[table]

    def _latest(self, table: str, query: Query) -> Seen:
        """The query's entry, made the newest; the oldest goes when there are too many."""
        queries = self._of(table)
        key = _key(query)
        seen = queries.pop(key, None) or Seen()
        queries[key] = seen
        mark, most = (_KEYED, MAX_KEYED) if query.keys is not None else ("", MAX_QUERIES)
        alike = [name for name in queries if name.startswith(_KEYED) == bool(mark)]
        for name in alike[: max(len(alike) - most, 0)]:
            del queries[name]
        return seen

    def _name(self, table: str, what: str) -> str:
        digest = sha256_of(f"{self._place}\0{table}\0{what}".encode()).hex()[:32]
        return f"table-{digest}"


#: First sign of the names of queries by key; the others' are hexadecimal digits.
_KEYED = "="


def _key(query: Query) -> str:
    return (_KEYED if query.keys is not None else "") + sha256_of(encode(query)).hex()[:32]


def _cut(block: Block, start: int, stop: int) -> Block:
    """A block of some of the block's rows; positions count from the block's first."""
    return Block(
        block.start + start,
        {path: values[start:stop] for path, values in block.columns.items()},
        block.keys[start:stop],
        block.versions[start:stop],
    )
