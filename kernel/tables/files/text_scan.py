"""The scan of a text file of rows, read in place: what separated values and JSON lines have in common."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from kernel.tables.change import Change, Committed, Key
from kernel.tables.contract import Estimate
from kernel.tables.error import ReadOnlyError, UnavailableError
from kernel.tables.files.place import OpenFile, Stamp, stamp_of
from kernel.tables.files.rows import STEP, RowIndex
from kernel.tables.local.scan import Clause, Conjunct, Measure, Pushdown, RowGroups, Rows
from kernel.tables.local.work import check_interrupt
from kernel.tables.query import Query
from kernel.tables.schema import Schema
from kernel.words import mark

#: Bytes and rows of one stretch.
_STRETCH_BYTES, _STRETCH_ROWS = 1 << 18, 4096
#: Blocks of rows kept as they were parsed, and the largest of them in bytes.
_MOST_BLOCKS, _LARGEST = 64, 1 << 18
_WORDS = frozenset(("contains", "startswith", "endswith", "matches", "Eq"))
#: Types of texts, and types whose values as text are written in the file as they are.
_TEXTS = ("text", "longtext")
_AS_WRITTEN = (*_TEXTS, "integer", "decimal", "boolean", "date")


class Content(Protocol):
    """A file as it is at one stamp, as its format reads it."""

    file: OpenFile
    index: RowIndex
    schema: Schema
    #: Whether the bytes of a text stand in the file as they are, but for case.
    has_plain_bytes: bool
    #: Columns whose values are written otherwise in the file than as text: ``1.234,5`` for 1234.5.
    rewritten: frozenset[str]

    def rows(self, stored: bytes, first: int, part: float) -> Rows:
        """The rows in whole rows of bytes; the first has the position ``first``."""


class TextScan:
    """Rows of a text file; what is known of it is found out again when the file has changed.

    Args:
        path: The file.
        read: Begins to read a file.
    """

    def __init__(self, path: Path, read: Callable[[OpenFile], Content]) -> None:
        self._path = path
        self._read = read
        self._lock = threading.Lock()
        self._content: Content | None = None
        self._blocks: OrderedDict[int, Rows] = OrderedDict()

    is_endless = False

    @property
    def schema(self) -> Schema:
        """See :class:`kernel.tables.local.scan.Scan`; of a file that is gone the last one known."""
        try:
            return self._now().schema
        except UnavailableError:
            if self._content is None:
                raise
            return self._content.schema

    @property
    def pushdown(self) -> Pushdown:
        """See :class:`kernel.tables.local.scan.Scan`: texts are looked for in the file's bytes."""
        content = self._now()
        if not content.has_plain_bytes:
            return Pushdown()
        return Pushdown({column.name: _WORDS for column in content.schema.columns
                         if column.type in _AS_WRITTEN and column.name not in content.rewritten})

    def stamp(self) -> Stamp:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return stamp_of(self._path)

    def estimate(self) -> Estimate:
        """See :class:`kernel.tables.local.scan.Scan`."""
        index = self._now().index
        if not index.count and not index.is_whole:
            index.grow()
        return Estimate(index.count if index.is_whole else index.guess, index.is_whole)

    def measure(self) -> float:
        """See :class:`kernel.tables.local.scan.Scan`."""
        index = self._now().index
        index.grow()
        return index.part if index.is_whole else min(index.part, 0.999)

    def stretches(self, columns: Sequence[str], clauses: Sequence[Clause]) -> Iterator[Rows]:
        """See :class:`kernel.tables.local.scan.Scan`; a stretch whose bytes lack a text that is asked for is empty."""
        content = self._now()
        needles = _needles(content, clauses)
        index, row, part, rows = content.index, 0, 0.0, STEP
        while True:
            while not index.reach(row + rows - 1):
                index.grow()
                yield Rows((), {}, part)
            stop = min(row + rows, index.count)
            if row >= stop:
                return
            begin, end, first = index.span(row, stop)
            stored = content.file.read(begin, end)
            row, part = stop, end / max(content.file.stamp.size, 1)
            if needles and stored.isascii() and not _holds(stored, needles):
                yield Rows((), {}, part)
            else:
                yield content.rows(stored, first, part)
            rows = _rows_of_stretch(rows, len(stored))

    def page(self, start: int, stop: int, columns: Sequence[str]) -> Rows:
        """See :class:`kernel.tables.local.scan.Scan`."""
        index = self._now().index
        while not index.reach(stop - 1):
            check_interrupt()
            index.grow()
        positions = range(start, max(min(stop, index.count), start))
        return Rows(positions, self.at(positions, columns) if columns else {})

    def at(self, positions: Sequence[int], columns: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        """See :class:`kernel.tables.local.scan.Scan`."""
        content = self._now()
        found: dict[str, list[Any]] = {name: [] for name in columns}
        place = 0
        while place < len(positions):
            first = positions[place] // STEP * STEP
            stop = place
            while stop < len(positions) and positions[stop] // STEP * STEP == first:
                stop += 1
            block = self._block(content, first)
            some = block.picked([position - first for position in positions[place:stop]])
            for name, values in found.items():
                values += some.column(name)
            place = stop
        return found

    def find(self, key: Key) -> int | None:
        """See :class:`kernel.tables.local.scan.Scan`; never asked."""
        raise NotImplementedError

    def decides(self, conjunct: Conjunct) -> bool:
        """See :class:`kernel.tables.local.scan.Scan`."""
        return False

    def order(self, clauses: Sequence[Clause], sort: Sequence[tuple[str, bool]]) -> Sequence[int]:
        """See :class:`kernel.tables.local.scan.Scan`; never asked."""
        raise NotImplementedError

    def groups(self, columns: Sequence[str], clauses: Sequence[Clause], measures: Sequence[Measure],
               most: int) -> RowGroups | None:
        """See :class:`kernel.tables.local.scan.Scan`; never asked."""
        return None

    def positions(self, query: Query) -> Sequence[int] | None:
        """See :class:`kernel.tables.local.scan.Scan`; never asked."""
        return None

    def commit(self, changes: Sequence[Change]) -> Committed:
        """See :class:`kernel.tables.local.scan.Scan`; always refused."""
        raise ReadOnlyError(self.schema.read_only_reason)

    def close(self) -> None:
        """See :class:`kernel.tables.local.scan.Scan`."""
        with self._lock:
            self._content = None
            self._blocks.clear()

    def _now(self) -> Content:
        """The file as it is now."""
        stamp = stamp_of(self._path)
        with self._lock:
            if self._content is None or self._content.file.stamp != stamp:
                self._content = self._read(OpenFile(self._path))
                self._blocks.clear()
            return self._content

    def _block(self, content: Content, first: int) -> Rows:
        with self._lock:
            if content is self._content and first in self._blocks:
                self._blocks.move_to_end(first)
                return self._blocks[first]
        while not content.index.reach(first + STEP - 1):
            check_interrupt()
            content.index.grow()
        if first >= content.index.count:
            raise UnavailableError(
                mark(f"{self._path.name} has become shorter while it was read"),
                hint=mark("load it again"),
            )
        begin, end, _ = content.index.span(first, first + STEP)
        rows = content.rows(content.file.read(begin, end), first, 0.0)
        if end - begin <= _LARGEST:
            with self._lock:
                if content is self._content:
                    self._blocks[first] = rows
                    while len(self._blocks) > _MOST_BLOCKS:
                        self._blocks.popitem(last=False)
        return rows


def _rows_of_stretch(rows: int, size: int) -> int:
    """How many rows to read next, after ``rows`` of them took ``size`` bytes: whole blocks."""
    fitting = int(rows * _STRETCH_BYTES / max(size, 1)) // STEP * STEP
    return max(STEP, min(fitting, rows * 4, _STRETCH_ROWS))


def _needles(content: Content, clauses: Sequence[Clause]) -> list[list[list[bytes]]]:
    """For each clause, for each of its tests: what stands in the bytes of a row that passes, in small letters."""
    found = [[_words(content, conjunct) for conjunct in clause] for clause in clauses]
    return [clause for clause in found if all(clause)] if content.has_plain_bytes else []


def _words(content: Content, conjunct: Conjunct) -> list[bytes]:
    """What stands in the bytes of a row that passes the test; empty when that is not known."""
    column, value = content.schema.column(conjunct.column), conjunct.value
    if column is None or not isinstance(value, str) or conjunct.operator not in _WORDS:
        return []
    if column.name in content.rewritten:
        return []
    if column.type not in (_TEXTS if conjunct.operator == "Eq" else _AS_WRITTEN):
        return []
    texts = value.split() if conjunct.operator == "matches" else [value]
    is_plain = all(text.isascii() and text.isprintable() and not set('"\\') & set(text) for text in texts)
    return [text.lower().encode() for text in texts if text] if is_plain else []


def _holds(stored: bytes, needles: Sequence[Sequence[Sequence[bytes]]]) -> bool:
    """Whether a row within the bytes may pass every clause."""
    small = stored.lower()
    return all(any(all(word in small for word in words) for words in clause) for clause in needles)
