"""Written values → typed values, one reader for each property type of the kind table."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from kernel.error import Where
from kernel.expression import Expression, ExpressionError, parse, parse_template
from kernel.nearest import did_you_mean
from layouts.action import assignment
from layouts.kdl import Value
from layouts.kdl.syntax import place_in
from layouts.kinds.kind import Property
from layouts.node import Formula, Template

_NAME = re.compile(r"[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)*")
_SIZES = re.compile(r"\s*\d+(?:\.\d+)?\s*(?:,\s*\d+(?:\.\d+)?\s*)*")
_UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
_DURATION = re.compile(r"\s*(?P<count>\d{1,9})\s*(?P<unit>ms|s|min|h)\s*")
_WORDS = re.compile(r"[\w-]*")
_QUOTES = "texts stand in double quotes"


class ValueProblem(Exception):
    """A value does not fit; ``where`` is its place, or one inside it."""

    def __init__(self, message: str, where: Where, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint


class Rewriting(NamedTuple):
    """How names of expressions are replaced while components are resolved: text → text."""

    expression: Callable[[str], str] = str


def read_value(value: Value, row: Property, rewriting: Rewriting) -> Any:
    """The typed value of a property.

    Raises:
        ValueProblem: it does not fit the property's type.
    """
    return _READERS[row.type](value, row, rewriting)


def _text(value: Value, row: Property, rewriting: Rewriting) -> str | Template:
    if isinstance(value.value, bool) or value.value is None:
        raise ValueProblem(f"{row.name} must be a text, not {value.source}", value.where, _QUOTES)
    if not isinstance(value.value, str):
        return value.source
    if "{" not in value.value and "}" not in value.value:
        return value.value
    try:
        found = parse_template(value.value)
        parts = [part if isinstance(part, str) else _part(part, rewriting) for part in found]
    except ExpressionError as error:
        raise ValueProblem(error.message, place_in(value, error.offset), error.hint) from None
    joined: list[str | Formula] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return "".join(joined) if all(isinstance(part, str) for part in joined) else Template(tuple(joined))  # type: ignore[arg-type]


def _part(expression: Expression, rewriting: Rewriting) -> str | Formula:
    text = rewriting.expression(expression.text)
    rewritten = parse(text)
    if text != expression.text and not rewritten.names:
        constant = rewritten.evaluate(lambda name: None)
        if isinstance(constant, str):
            return constant
    return Formula(text.strip(), rewritten.names)


def _formula(value: Value, row: Property, rewriting: Rewriting) -> Formula:
    if not isinstance(value.value, str):
        text = {"#true": "true", "#false": "false", "#null": "null"}.get(value.source, value.source)
        return Formula(text, ())
    text = value.value
    try:
        parse(text)
        text = rewriting.expression(text)
        return Formula(text, parse(text).names)
    except ExpressionError as error:
        raise ValueProblem(error.message, place_in(value, error.offset), error.hint) from None


def _row(value: Value, row: Property, rewriting: Rewriting) -> Formula | Template | str:
    """What is said of each row: with braces a text, else an expression."""
    if isinstance(value.value, str) and "{" in value.value:
        return _text(value, row, rewriting)
    return _formula(value, row, rewriting)


def _integer(value: Value, row: Property, rewriting: Rewriting) -> int | Formula:
    if isinstance(value.value, str):
        return _formula(value, row, rewriting)
    if isinstance(value.value, bool) or not isinstance(value.value, int):
        raise ValueProblem(f"{row.name} must be a whole number, not {value.source}", value.where)
    return value.value


def _number(value: Value, row: Property, rewriting: Rewriting) -> float | Formula:
    if isinstance(value.value, str):
        return _formula(value, row, rewriting)
    if isinstance(value.value, bool) or not isinstance(value.value, int | float):
        raise ValueProblem(f"{row.name} must be a number, not {value.source}", value.where)
    return value.value


def _boolean(value: Value, row: Property, rewriting: Rewriting) -> bool | Formula:
    if isinstance(value.value, str):
        return _formula(value, row, rewriting)
    if not isinstance(value.value, bool):
        raise ValueProblem(f"{row.name} must be #true or #false, not {value.source}", value.where)
    return value.value


def _choice(value: Value, row: Property, rewriting: Rewriting) -> str | Formula:
    written = value.value if isinstance(value.value, str) else value.source
    if written in row.choices:
        return written
    if not isinstance(value.value, str) or _WORDS.fullmatch(written):
        hint = did_you_mean(written, row.choices) or f"choices: {', '.join(row.choices)}"
        raise ValueProblem(f"{row.name} cannot be {written or 'empty'}", value.where, hint)
    return _formula(value, row, rewriting)


def _token(value: Value, row: Property, rewriting: Rewriting) -> str:
    written = str(value.value)
    if written in row.choices:
        return written
    hint = did_you_mean(written, row.choices) or f"known: {', '.join(row.choices)}"
    raise ValueProblem(f"{row.name} cannot be {written or 'empty'}", value.where, hint)


def _name(value: Value, row: Property, rewriting: Rewriting) -> str:
    if not isinstance(value.value, str) or not _NAME.fullmatch(value.value):
        shown = value.source or value.value
        raise ValueProblem(f"{row.name} must be a plain word, not {shown}", value.where, "letters, digits, _ and -")
    return value.value


def _plain(value: Value, row: Property, rewriting: Rewriting) -> str:
    if not isinstance(value.value, str):
        raise ValueProblem(f"{row.name} must be a text, not {value.source}", value.where, _QUOTES)
    return value.value


def _filled(value: Value, row: Property, rewriting: Rewriting) -> str:
    if not _plain(value, row, rewriting).strip():
        raise ValueProblem(f"{row.name} is empty", value.where)
    return value.value


def _column(value: Value, row: Property, rewriting: Rewriting) -> str:
    """A column's path; a database may call a column by a blank."""
    if not _plain(value, row, rewriting):
        raise ValueProblem(f"{row.name} is empty", value.where)
    return value.value


def _sizes(value: Value, row: Property, rewriting: Rewriting) -> str:
    if isinstance(value.value, bool) or not _SIZES.fullmatch(str(value.value)):
        raise ValueProblem(f"{row.name} must be numbers with commas between", value.where, 'write "2,3"')
    return str(value.value)


def _keys(value: Value, row: Property, rewriting: Rewriting) -> str:
    """Group keys, each of them an expression."""
    from kernel.tables.key_list import split_list

    keys = split_list(_plain(value, row, rewriting))
    for key in keys:
        _part_of(value, key)
    return ", ".join(keys)


def _figures(value: Value, row: Property, rewriting: Rewriting) -> str:
    from kernel.tables.key_list import KeyListError, parse_figures

    try:
        figures = parse_figures(_plain(value, row, rewriting))
    except KeyListError as error:
        raise ValueProblem(error.message, value.where, error.hint) from None
    for figure in figures:
        if figure.of:
            _part_of(value, figure.of)
    return ", ".join(figure.name for figure in figures)


def _part_of(value: Value, text: str) -> None:
    """An expression that is a part of a written text."""
    try:
        parse(text)
    except ExpressionError as error:
        where = place_in(value, str(value.value).find(text) + max(error.offset, 0))
        raise ValueProblem(error.message, where, error.hint) from None


def _whole(value: Value, row: Property, rewriting: Rewriting) -> int:
    if isinstance(value.value, bool) or not isinstance(value.value, int):
        raise ValueProblem(f"{row.name} must be a whole number, not {value.source}", value.where)
    return value.value


def _action(value: Value, row: Property, rewriting: Rewriting) -> str | Template | Formula:
    """An assignment is a formula over its target and what its expression reads; the rest is a text."""
    text = _filled(value, row, rewriting)
    found = assignment(text)
    if found is None:
        return _text(value, row, rewriting)
    try:
        parse(found[1])
        target, expression = rewriting.expression(found[0]), rewriting.expression(found[1])
        return Formula(f"{target} = {expression}", tuple(sorted({target, *parse(expression).names})))
    except ExpressionError as error:
        offset = text.find(found[1]) + max(error.offset, 0)
        raise ValueProblem(error.message, place_in(value, offset), error.hint) from None


def _duration(value: Value, row: Property, rewriting: Rewriting) -> int:
    match = _DURATION.fullmatch(str(value.value)) if isinstance(value.value, str) else None
    if match is None or not int(match["count"]):
        shown = value.source or value.value
        raise ValueProblem(f"{row.name} must be a time, not {shown}", value.where, 'write "500 ms", "5 s" or "2 min"')
    return int(match["count"]) * _UNITS[match["unit"]]


def _any(value: Value, row: Property, rewriting: Rewriting) -> Any:
    return value.value


def _binding(value: Value, row: Property, rewriting: Rewriting) -> Formula:
    formula = _formula(value, row, rewriting)
    if len(formula.names) != 1:
        raise ValueProblem(
            f"{row.name} must name one value, not an expression", value.where, "as in orders_view.current"
        )
    return formula


_READERS: dict[str, Callable[[Value, Property, Rewriting], Any]] = {
    "text": _text,
    "name": _name,
    "token": _token,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "choice": _choice,
    "expression": _formula,
    "row": _row,
    "binding": _binding,
    "filter": _formula,
    "column": _column,
    "table": _filled,
    "command": _filled,
    "icon": _filled,
    "key": _filled,
    "sort": _plain,
    "format": _plain,
    "sizes": _sizes,
    "keys": _keys,
    "figures": _figures,
    "plain": _plain,
    "whole": _whole,
    "action": _action,
    "duration": _duration,
    "any": _any,
}
