"""Rows whose text contains another one, found by SQLite's own LIKE where it decides as Espalier does, by two threads.

That is where both texts are ASCII, or no letter beyond ASCII can be a part of what is found. Texts of which LIKE cannot
tell, and those that hold a zero, at which it ends, are few here: they are read beside, and Python looks into each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from kernel.tables.contract import Report
from kernel.tables.query import Query
from kernel.tables.sqlite.joined import BORDER
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.part_row import MisfitError, part_row
from kernel.tables.sqlite.spread import Span, spread

if TYPE_CHECKING:
    from kernel.tables.sqlite.connection import Connections, Reader
    from kernel.tables.sqlite.landmark import Landmarks
    from kernel.tables.sqlite.plan import Plan

#: Rows of a part, and of those that are looked at first.
PART, SAMPLE = 1 << 15, 2048
_SAMPLES = 8
#: Up to this part of texts may be odd, and a pattern so long: SQLite takes no more than 50,000 bytes.
_FEW, _LONGEST = 0.05, 4096
#: What letters beyond ASCII are folded to that holds letters of ASCII: ``ß``, ``ſ``, the Kelvin sign, ligatures.
FOLDED = frozenset(letter.casefold() for letter in "ßŉſǰẖẗẘẙẚẞİ\u212aﬀﬁﬂﬃﬄﬅﬆ")


def may_sift(plan: Plan, reader: Reader, landmarks: Landmarks, column: str, text: str) -> bool:
    """Whether LIKE can tell of nearly all texts of a column, by a look at some parts of the table."""
    if not text.isascii():
        return False
    odd = _odd(f"t0.{quote(column)}", text)
    sql = f"SELECT count(*), total({odd}) {_table(plan)} WHERE t0.{plan.shape.rowid} BETWEEN ? AND ?"
    spans = landmarks.spans(SAMPLE)
    found = [part_row(reader.connection, sql, span) for span in spans[:: max(len(spans) // _SAMPLES, 1)]]
    return sum(odd for _, odd in found) <= _FEW * sum(count for count, _ in found)


def sifted(
    connections: Connections,
    reader: Reader,
    plan_of: Callable[[Reader], Plan],
    query: Query,
    landmarks: Landmarks,
    text: str,
    report: Report,
) -> np.ndarray:
    """The numbers of the rows whose text contains another one, in their own order.

    Args:
        query: Sorts by the column, and filters by nothing else.
        text: ASCII, in small letters, not empty.

    Raises:
        MisfitError: values that are no texts may be among them, or the text is too long.
    """
    if len(text) > _LONGEST:
        raise MisfitError
    (sort,) = query.sort
    statements: dict[int, tuple[str, list[Any]]] = {}

    def read(reader: Reader, span: Span) -> np.ndarray:
        if id(reader) not in statements:
            statements[id(reader)] = _statement(plan_of(reader), query, sort.column, text)
        sql, parameters = statements[id(reader)]
        count, others, plain, odd, texts = part_row(reader.connection, sql, [*parameters[:-1], *span, parameters[-1]])
        if others:
            raise MisfitError
        found = _numbers(plain)
        if count > len(found):
            found = np.sort(np.concatenate([found, _odd_ones(_numbers(odd), texts, text)]))
        return found

    return np.concatenate(spread(connections, reader, landmarks.spans(PART), read, report) or [_numbers(None)])


def _statement(plan: Plan, query: Query, column: str, text: str) -> tuple[str, list[Any]]:
    """Of a part's rows that may be meant: how many, how many are no texts, the numbers of those that are plain, of
    those that are odd, and their texts. The parameters end with the pattern."""
    where, parameters = plan.condition(query)
    sql, rowid, odd = f"t0.{quote(column)}", f"t0.{plan.shape.rowid}", _odd(f"t0.{quote(column)}", text)
    # Numbers come before texts, bytes behind them; LIKE takes numbers as texts, and bytes as nothing.
    other = f"(+{sql} < '' OR +{sql} >= x'')"
    marked = "".join(f"!{letter}" if letter in "%_!" else letter for letter in text)
    selected = (
        "count(*)",
        f"total({other})",
        f"group_concat(CASE WHEN {odd} THEN NULL ELSE {rowid} END)",
        f"group_concat(CASE WHEN {odd} THEN {rowid} END)",
        f"group_concat(CASE WHEN {odd} THEN {sql} END, '{BORDER.decode()}')",
    )
    like = f"{sql} LIKE ?" if marked == text else f"{sql} LIKE ? ESCAPE '!'"
    return (
        f"SELECT {', '.join(selected)} {_table(plan)}{f'{where} AND' if where else ' WHERE'}"
        f" {rowid} BETWEEN ? AND ? AND ({like} OR {odd} OR +{sql} >= x'')",
        [*parameters, f"%{marked}%"],
    )


def _odd(sql: str, text: str) -> str:
    """Whether a text has a zero, at which LIKE and its length end; where it matters, or letters beyond ASCII."""
    return f"(length({sql}) <> length(CAST({sql} AS BLOB)))" if meets_letters(text) else f"(instr({sql}, char(0)) > 0)"


def meets_letters(text: str) -> bool:
    """Whether a letter beyond ASCII may be a part of what is found: folded it is, or overlaps, a part of the text."""
    return any(
        folded in text
        or text in folded
        or any(text.startswith(folded[at:]) or text.endswith(folded[:at]) for at in range(1, len(folded)))
        for folded in FOLDED
    )


def _odd_ones(numbers: np.ndarray, joined: bytes, text: str) -> np.ndarray:
    """The numbers of the odd texts that do."""
    try:
        texts = joined.decode().split(BORDER.decode())
    except UnicodeDecodeError as error:
        raise MisfitError from error
    if len(texts) != len(numbers):
        raise MisfitError
    return numbers[[text in one.casefold() for one in texts]]


def _numbers(text: bytes | None) -> np.ndarray:
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.empty(0, np.int64)


def _table(plan: Plan) -> str:
    return f"FROM {plan.table_sql} AS t0 NOT INDEXED"
