"""Writing the rows of a query to a file: page by page beside the old file, which is replaced when all is there."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kernel.open_file import refuse_open
from kernel.tables.change import TableChange
from kernel.tables.contract import Report, Table
from kernel.tables.error import SourceError, TableError
from kernel.tables.exchange.format import Format, OutColumn, Writer
from kernel.tables.exchange.large_file import whole_columns
from kernel.tables.interrupt import current
from kernel.tables.query import Query
from kernel.tables.schema import Schema, title_of
from kernel.tables.whole_text import is_whole
from kernel.words import mark

#: Rows of a page.
_PAGE = 5_000
#: Attempts while others add and delete rows.
_ATTEMPTS = 3
#: The part of the work that counting and ordering are.
_PREPARING = 0.2


def all_columns(schema: Schema) -> list[OutColumn]:
    """Every column of the table itself, under its own name."""
    return [OutColumn(column.name, column.name, column.type) for column in schema.columns]


def titled(columns: Sequence[OutColumn], schema: Schema) -> list[OutColumn]:
    """The columns with the headings that people read; two with the same one keep their names."""
    titles = [(found := schema.column(one.path)) and (found.label or title_of(one.path)) or one.heading
              for one in columns]
    return [one._replace(heading=title if titles.count(title) == 1 else one.path)
            for one, title in zip(columns, titles, strict=True)]


def export(
    table: Table, query: Query, columns: Sequence[OutColumn], path: Path, format_: Format, report: Report
) -> int:
    """Write the rows of ``query`` to ``path``; answers how many.

    Args:
        table: May be any source's.
        query: Its filter, sort and keys count; its columns do not.
        columns: What is written, in this order.
        path: Replaced when all is written, else left as it is.
        format_: See :data:`kernel.tables.exchange.format.FORMATS`.
        report: Hears the part that is done.

    Raises:
        TableError: a query or value is wrong, the file would be too long, or rows went on changing meanwhile.
        SourceError: the file cannot be written.
        InterruptedCallError: it was given up; the file is as before.
    """
    if not columns:
        raise TableError(mark("no column is chosen to be exported"))
    wanted = Query(filter=query.filter, parameters=query.parameters, sort=query.sort, keys=query.keys,
                   computed=query.computed, columns=tuple(dict.fromkeys(column.path for column in columns)))
    for _ in range(_ATTEMPTS):
        with _moved_rows(table, wanted) as has_moved:
            count = _attempt(table, wanted, columns, path, format_, report, has_moved)
        if count is not None:
            return count
    raise TableError(mark("others kept moving rows, so that the file would not have been whole"),
                     hint=mark("try again in a moment, or filter for fewer rows"))


@contextlib.contextmanager
def _moved_rows(table: Table, query: Query) -> Iterator[threading.Event]:
    """Set when rows of the query came or went, or may have got another place in it."""
    moved = threading.Event()
    has_places = bool(query.sort or query.filter.strip())  # which follow from values that an update changes

    def hear(change: TableChange) -> None:
        is_update = bool(change.updated) or change.has_changed_references
        if change.is_everything or change.inserted or change.deleted or (has_places and is_update):
            moved.set()

    dispose = table.subscribe(hear)
    try:
        yield moved
    finally:
        dispose()


def _attempt(
    table: Table,
    query: Query,
    columns: Sequence[OutColumn],
    path: Path,
    format_: Format,
    report: Report,
    has_moved: threading.Event,
) -> int | None:
    count = table.prepare(query, lambda part: report(part * _PREPARING))
    if format_.most_rows and count > format_.most_rows:
        raise TableError(mark(f"{count:,} rows do not fit into a file of {format_.title}"),
                         hint=mark(f"it holds {format_.most_rows:,}; filter for fewer, or choose another format"))
    with _replacing(path) as temporary:
        with _whole_texts(format_, [[column.heading] for column in columns], columns, -1):
            writer = format_.open(temporary, columns)
        try:
            if not _write_pages(table, query, columns, writer, format_, count, report, has_moved):
                raise _Restart
            writer.close()
            if (interrupt := current()) is not None:
                interrupt.check()
        except BaseException:
            writer.abandon()
            raise
        report(1.0)
        return count
    return None


def _write_pages(
    table: Table,
    query: Query,
    columns: Sequence[OutColumn],
    writer: Writer,
    format_: Format,
    count: int,
    report: Report,
    has_moved: threading.Event,
) -> bool:
    interrupt = current()
    for start in range(0, count, _PAGE):
        if interrupt is not None:
            interrupt.check()
        block = table.fetch(query, start, min(start + _PAGE, count))
        if has_moved.is_set() or len(block) < min(_PAGE, count - start):
            return False
        values = whole_columns(table, query, block, [column.path for column in columns])
        if values is None:
            return False
        with _whole_texts(format_, values, columns, start):
            writer.write(values)
        report(_PREPARING + (1 - _PREPARING) * min((start + _PAGE) / count, 0.99))
    return not has_moved.is_set()


@contextlib.contextmanager
def _whole_texts(
    format_: Format, values: Sequence[Sequence[Any]], columns: Sequence[OutColumn], start: int
) -> Iterator[None]:
    """Half a character, where the format has no way to say it, in words; ``start``: row before, -1 = headings.

    Raises:
        TableError: says where it is.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        text = error.object
        places = ((start + index + 1, column.heading) for column, some in zip(columns, values, strict=True)
                  for index, value in enumerate(some) if isinstance(value, str) and value in text
                  and not is_whole(value))  # fmt: skip
        row, heading = min(places, default=(0, ""))
        where = f"row {row:,} has half a character in {heading}" if row else f"the heading {heading!r} is no whole text"
        raise TableError(mark(f"{where}, which {format_.title} cannot hold"),
                         hint=mark("leave the column out, or choose JSON or a workbook")) from error


class _Restart(Exception):
    """Rows moved meanwhile; the file is thrown away."""


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A name beside ``path`` that takes its place when the block ends well, and is thrown away after :class:`_Restart`.

    Raises:
        SourceError: the file cannot be written; says why.
    """
    path = path.resolve()  # what a link leads to is replaced, not the link
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        refuse_open(path)
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(path.stat().st_mode & 0o777)  # who may read the old file, and nobody else
        os.replace(temporary, path)
    except _Restart:
        temporary.unlink(missing_ok=True)
    except OSError as error:
        with contextlib.suppress(OSError):  # the message below says what is wrong with this place
            temporary.unlink(missing_ok=True)
        raise SourceError(mark(f"{path} cannot be written: {error.strerror or error}")) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
