"""A typed filter held against a table's columns before it is used: what is wrong, and where. No Qt here."""

from __future__ import annotations

import re

from kernel.expression import ExpressionError, parse
from kernel.tables.path import unknown_column
from kernel.tables.schema import Schema
from kernel.words import say, say_again


def check_filter(text: str, schema: Schema) -> None:
    """Raise for what is no filter of the table.

    Raises:
        ExpressionError: with the offset in the text, and the nearest name where one is unknown.
    """
    for name in parse(text).names:
        head = re.split(r"[.:]", name, maxsplit=1)[0]
        if schema.column(name) is None and (head == name or schema.reference(head) is None):
            problem = unknown_column(schema, name)
            raise ExpressionError(problem.message, offset=_offset(text, name), hint=problem.hint)


def told(error: ExpressionError) -> str:
    """The problem in a sentence: place, reason, hint."""
    hint = f"; {error.hint}" if error.hint else ""
    return say("At {column}: {message}{hint}", column=error.column, message=say_again(error.message), hint=hint)


def _offset(text: str, name: str) -> int:
    match = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text)
    return match.start() if match else 0
