"""Bringing the rows of a file into a table: all are read and checked first, then written in one commit, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kernel.tables.block import Block, LargeBlob
from kernel.tables.change import Change, Insert, Key, Update
from kernel.tables.check import heading
from kernel.tables.contract import Report, Table
from kernel.tables.error import ConflictError, ConstraintError, ReadOnlyError, TableError
from kernel.tables.exchange.convert import converted
from kernel.tables.exchange.large_file import whole_columns
from kernel.tables.exchange.mapping import Mode, Pair, check_pairs
from kernel.tables.interrupt import current
from kernel.tables.query import Query
from kernel.tables.reporting import reporting, tell
from kernel.tables.schema import Column, Schema
from kernel.words import mark

#: Rows read at once, keys looked up at once, rows of one intake, and problems that are kept.
_PAGE, _KEYS, MOST_ROWS, MOST_PROBLEMS = 2_000, 500, 1_000_000, 1_000


#: ``write(changes)`` commits all the changes or none.
Write = Callable[[Sequence[Change]], object]


class Problem(NamedTuple):
    """What is wrong with a row of the file: ``row`` counts from 1, without the heading."""

    row: int
    column: str
    message: str
    value: Any = None


class Checked(NamedTuple):
    """What a file would do.

    Attributes:
        changes: What to commit; not whole when there are problems.
        rows: The row of the file that each change comes from.
        added, updated, left_out: Rows of the file by what happens to them.
        problems: At most ``MOST_PROBLEMS`` of them.
        problem_count: How many rows have a problem.
    """

    changes: list[Change]
    rows: list[int]
    added: int
    updated: int
    left_out: int
    problems: list[Problem]
    problem_count: int


class Preview(NamedTuple):
    """The first rows as they would stand in the table, and what is wrong with them."""

    columns: list[Column]
    rows: list[list[Any]]
    problems: list[Problem]


def preview(given: Table, into: Schema, pairs: Sequence[Pair], count: int = 100) -> Preview:
    """The first ``count`` rows of the file, converted.

    Raises:
        TableError: the file cannot be read.
    """
    columns = [column for pair in pairs if (column := into.column(pair.column)) is not None]
    block = given.fetch(Query(columns=tuple(pair.given for pair in pairs)), 0, count)
    rows, problems = [], []
    for index in range(len(block)):
        values, wrong = _row(block.row(index), pairs, columns, index + 1)
        wrong = [one for one in wrong if not isinstance(one.value, LargeBlob)]  # it comes when all is read
        rows.append([values[column.name] for column in columns])
        problems += wrong
    return Preview(columns, rows, problems)


def check(given: Table, into: Table, pairs: Sequence[Pair], mode: Mode, report: Report) -> Checked:
    """Read and check the whole file; nothing is written.

    Raises:
        TableError: the pairs are wrong, the table cannot be edited, the file cannot be read or is too long.
        InterruptedCallError: it was given up.
    """
    schema = into.schema
    check_pairs(list(pairs), given.schema, schema, mode)
    if not schema.is_editable:
        raise ReadOnlyError(schema.read_only_reason or f"{schema.name} cannot be edited")
    count = given.prepare(Query(), lambda part: report(part * 0.2))
    if count > MOST_ROWS:
        raise TableError(mark(f"the file has {count:,} rows, and at most {MOST_ROWS:,} can be brought in at once"),
                         hint=mark("split the file"))
    sum_ = _Sum(into, mode, schema)
    for start, rows in _pages(given, pairs, count):
        sum_.take(start, rows, pairs)
        report(0.2 + 0.8 * min((start + len(rows)) / max(count, 1), 1.0))
    return sum_.result()


def bring_in(
    given: Table, into: Table, pairs: Sequence[Pair], mode: Mode, report: Report, write: Write | None = None
) -> Checked:
    """Check the file and write all of it in one commit; what was done, or with problems what is wrong and nothing done.

    What the table refuses for the sake of one row is a problem of that row.

    Args:
        given: The file's rows.
        into: The table.
        pairs, mode: What goes where, and what happens to rows that are there.
        report: Hears the part that is done.
        write: Commits in the place of ``into.commit``, to record what was done.

    Raises:
        TableError: as :func:`check`, and what the table says otherwise; nothing is written then.
    """
    checked = check(given, into, pairs, mode, lambda part: report(part * 0.6))
    if checked.problem_count:
        return checked
    if checked.changes:
        try:
            with reporting(report, 0.6):
                (write or into.commit)(checked.changes)
        except ConstraintError as error:
            return _refused(checked, error.index, error.column, error.message)
        except ConflictError as error:
            return _refused(checked, error.index, "", "somebody changed the row meanwhile")
    with reporting(report):  # which keeps quiet about what is given up now
        tell(1.0)
    return checked


def _refused(checked: Checked, index: int, column: str, message: str) -> Checked:
    return checked._replace(problems=[Problem(checked.rows[index], column, message)], problem_count=1)


class _Sum:
    """Gathers changes and problems, page by page."""

    def __init__(self, into: Table, mode: Mode, schema: Schema) -> None:
        self._into, self._mode, self._schema = into, mode, schema
        self._changes: list[Change] = []
        self._rows: list[int] = []
        self._problems: list[Problem] = []
        self._wrong = self._updated = self._left_out = 0
        self._seen: dict[Key, int] = {}

    def take(self, start: int, rows: Sequence[dict[str, Any]], pairs: Sequence[Pair]) -> None:
        """Convert some rows of the file."""
        columns = [column for pair in pairs if (column := self._schema.column(pair.column)) is not None]
        made = [_row(row, pairs, columns, start + index + 1) for index, row in enumerate(rows)]
        there = self._there([values for values, _ in made]) if self._mode.updates else {}
        for index, (values, problems) in enumerate(made):
            number = start + index + 1
            change, more = self._change(number, values, there)
            problems = [*problems, *more]
            self._wrong += bool(problems)
            self._problems += problems[: MOST_PROBLEMS - len(self._problems)]
            if change is not None and not problems:
                self._changes.append(change)
                self._rows.append(number)

    def result(self) -> Checked:
        """What the whole file would do."""
        added = len(self._changes) - self._updated
        return Checked(self._changes, self._rows, added, self._updated, self._left_out, self._problems, self._wrong)

    def _change(
        self, number: int, values: dict[str, Any], there: Mapping[Key, str]
    ) -> tuple[Change | None, list[Problem]]:
        key = self._key(values)
        problems = self._twice(number, key)
        if key is not None and key in there:
            self._updated += not problems
            rest = {name: value for name, value in values.items() if name not in self._schema.key}
            return (Update(key, there[key], rest) if rest else None), problems
        if not self._mode.adds:
            self._left_out += 1
            return None, problems
        return Insert(_without_defaults(values, self._schema)), [*problems, *self._missing(number, values)]

    def _key(self, values: Mapping[str, Any]) -> Key | None:
        key = tuple(values.get(name) for name in self._schema.key)
        return key if key and None not in key else None

    def _twice(self, number: int, key: Key | None) -> list[Problem]:
        if key is None:
            return []
        first = self._seen.setdefault(key, number)
        if first == number:
            return []
        shown = ", ".join(map(str, key))
        return [Problem(number, self._schema.key[0], f"the key {shown} is in row {first:,} already", key[0])]

    def _missing(self, number: int, values: Mapping[str, Any]) -> list[Problem]:
        return [
            Problem(number, column.name, f"{heading(column)} must not be empty")
            for column in self._schema.columns
            if column.is_required and not column.has_default and not column.is_generated
            and values.get(column.name) is None
        ]  # fmt: skip

    def _there(self, rows: Sequence[Mapping[str, Any]]) -> dict[Key, str]:
        """Key → version of the rows that the table has."""
        keys = [key for row in rows if (key := self._key(row)) is not None]
        found: dict[Key, str] = {}
        for start in range(0, len(keys), _KEYS):
            some = tuple(keys[start : start + _KEYS])
            block = self._into.fetch(Query(keys=some, columns=self._schema.key), 0, len(some))
            found.update(zip(block.keys, block.versions, strict=True))
        return found


def _pages(given: Table, pairs: Sequence[Pair], count: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    query = Query(columns=tuple(dict.fromkeys(pair.given for pair in pairs)))
    interrupt = current()
    for start in range(0, count, _PAGE):
        if interrupt is not None:
            interrupt.check()
        block = given.fetch(query, start, min(start + _PAGE, count))
        whole = whole_columns(given, query, block, query.columns or ())
        if whole is None:
            raise TableError(mark("the file was changed while it was read"), hint=mark("try again"))
        block = Block(start, dict(zip(query.columns or (), whole, strict=True)), block.keys, block.versions)
        yield start, [block.row(index) for index in range(len(block))]


def _row(
    row: Mapping[str, Any], pairs: Sequence[Pair], columns: Sequence[Column], number: int
) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for pair, column in zip(pairs, columns, strict=True):
        value, message = converted(column, row[pair.given])
        values[column.name] = value
        if message:
            problems.append(Problem(number, column.name, message, row[pair.given]))
    return values, problems


def _without_defaults(values: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """The values of a new row: missing ones are left to the columns' defaults."""
    return {name: value for name, value in values.items()
            if value is not None or (column := schema.column(name)) is None or not column.has_default}
