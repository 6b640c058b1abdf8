"""What a person may ask of a table: a query checked name by name and put under the row filter of the grants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from kernel.expression import parse
from kernel.tables.error import ForbiddenError, UnknownColumnError
from kernel.tables.path import Path, find_path, unknown_column
from kernel.tables.query import Query
from kernel.tables.schema import Schema
from layouts.grant import PERSON_NAMES
from server.sight import Sight

Lookup = Callable[[str], Schema | None]


class View(NamedTuple):
    """A table as it is and as one person has it.

    Attributes:
        whole, mine: Its schema, and the part of it that the person reads.
        find_whole, find_mine: Any table's schema; for the person None where the table may not be read.
        sight: What the person may do with it.
        rows_of: Any table's row filter for reading; empty = all rows.
    """

    whole: Schema
    mine: Schema
    find_whole: Lookup
    find_mine: Lookup
    sight: Sight
    rows_of: Callable[[str], str]


class Seen(NamedTuple):
    """A query that may be asked, and what is to be done with its answer.

    Attributes:
        query: What the table is asked.
        columns: The columns wanted, in order; None for groups.
        hidden: Those that are null in every row: labels of rows that the person may not read.
        guarded: Path → its way: null where it leads to a row out of sight.
    """

    query: Query
    columns: tuple[str, ...] | None
    hidden: frozenset[str]
    guarded: dict[str, Path]


def seen_query(view: View, query: Query) -> Seen:
    """The query as the person may ask it.

    Raises:
        UnknownColumnError: it names what the person cannot read, exactly as if that were not there.
        ForbiddenError: it searches or sorts by values of rows that are partly out of sight.
        TableError: the app's own row filter is wrong; nothing is shown then.
    """
    for name in query.computed:
        if name in PERSON_NAMES:
            raise UnknownColumnError(f"{name} cannot be computed")
    for name in _used_names(view, query):
        _check_name(view, query, name)
    hidden, guarded = set(), {}
    columns = query.columns
    if columns is None:
        columns = tuple(column.name for column in view.mine.columns)
    for path in columns if not (query.group or query.aggregates) else ():
        kind = _kind(view, path)
        if isinstance(kind, Path):
            guarded[path] = kind
        elif kind == "hidden" and path.endswith(":label"):
            hidden.add(path)
        elif kind == "hidden" or (kind == "unknown" and path not in query.computed):
            raise _unknown(view, path, kind)
    asked = msgspec.structs.replace(query, columns=tuple(path for path in columns if path not in hidden))
    return Seen(under(view, asked), columns, frozenset(hidden), guarded)


def under(view: View, query: Query, *actions: str) -> Query:
    """The query under the row filter of these actions; of reading when none is given."""
    rows = view.sight.rows(*(actions or ("read",)))
    if not rows:
        return query
    check_row_filter(view, rows)
    parse(query.filter or "true")  # alone, so that no bracket of it closes one of ours
    text = f"({rows}) and ({query.filter})" if query.filter.strip() else rows
    return msgspec.structs.replace(query, filter=text, parameters={**query.parameters, **view.sight.parameters})


def check_row_filter(view: View, text: str) -> None:
    """Refuse a row filter with a name that a query could give a meaning to.

    Raises:
        ForbiddenError: nothing may be shown under it.
    """
    for name in parse(text).names:
        is_own = find_path(view.whole, name, view.find_whole) is not None
        if is_own == (name in PERSON_NAMES):
            raise ForbiddenError(
                f"the app's grants for {view.whole.name} are wrong: {name} "
                + ("is a column of the table, too" if is_own else "is no column of the table"),
                hint="tell whoever looks after the app",
            )


def _used_names(view: View, query: Query) -> Iterator[str]:
    """The names that anything but ``columns`` reads."""
    for text in (query.filter, *query.group, *(one.of for one in query.aggregates), *query.computed.values()):
        if text.strip() and text not in query.computed:
            yield from (text,) if find_path(view.whole, text, view.find_whole) else parse(text).names
    for sort in query.sort:
        if not (query.group or query.aggregates):
            yield sort.column


def _check_name(view: View, query: Query, name: str) -> None:
    kind = _kind(view, name)
    if isinstance(kind, Path):
        target = kind.steps[-1].table
        raise ForbiddenError(f"{name} can be shown, but not searched or sorted by: you do not see all of {target}")
    if kind == "hidden" or (kind == "unknown" and name not in query.computed and name not in query.parameters):
        raise _unknown(view, name, kind)


def _unknown(view: View, name: str, kind: str) -> UnknownColumnError:
    """The error about a name, in the same words whether there is such a column out of sight or not."""
    error = unknown_column(view.mine, name)
    error.is_hidden = kind == "hidden"
    return error


def _kind(view: View, name: str) -> str | Path:
    """``unknown`` to the table, ``hidden`` from the person, ``open``, or a way to rows partly out of sight."""
    whole = find_path(view.whole, name, view.find_whole)
    if whole is None:
        return "unknown"
    mine = find_path(view.mine, name, view.find_mine)
    if mine is None or [column.name for column in mine.columns] != [column.name for column in whole.columns]:
        return "hidden"
    if any(view.rows_of(step.table) for step in whole.steps):
        return whole
    return "open"
