"""What may stand at a place of an expression that is being typed: columns, functions, operators, values.

Plain text in, plain rows out; who shows them asks the table for values of ``value_of`` when it is set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kernel.expression.function import FUNCTIONS
from kernel.expression.infix import TOKEN
from kernel.tables.schema import Schema

#: Operator or word between two operands, what it means.
OPERATORS: tuple[tuple[str, str], ...] = (
    ("==", "equals"), ("!=", "differs from"), ("contains", "has the words, in small or capital letters"),
    ("startswith", "begins with"), ("endswith", "ends with"), ("matches", "has all the words, in any order"),
    (">", "greater"), (">=", "greater or equal"), ("<", "less"), ("<=", "less or equal"), ("in", "is one of [a, b]"),
    ("not in", "is none of [a, b]"), ("and", "both"), ("or", "one of both"), ("+", "plus"), ("-", "minus"),
    ("*", "times"), ("/", "divided by"),
)  # fmt: skip
#: Words that may begin an operand.
CONSTANTS: tuple[tuple[str, str], ...] = (
    ("not", "the opposite"), ("null", "nothing"), ("true", "yes"), ("false", "no"),
)  # fmt: skip
#: Operators whose right side is a value of the column on their left.
_TAKE_VALUES = ("==", "!=", "contains", "startswith", "endswith", "matches", "in", ">", ">=", "<", "<=")
#: What is offered at most.
MOST = 60


class Item(NamedTuple):
    """One offer: what is inserted, its kind (column, function, operator, word, value), and what it means."""

    text: str
    kind: str
    doc: str = ""


class Completion(NamedTuple):
    """The offers at a place.

    Attributes:
        start: Where the text begins that an offer replaces; it ends at the cursor.
        partial: What stands there already, without an opening quote.
        items: The best first.
        value_of: The column whose values fit here, or empty.
    """

    start: int
    partial: str
    items: tuple[Item, ...] = ()
    value_of: str = ""


class _Place(NamedTuple):
    """What stands before the cursor: whether an operand has just ended, the open text, the column compared with."""

    is_after_operand: bool
    start: int
    partial: str
    is_in_text: bool
    value_of: str


def complete(text: str, cursor: int, schema: Schema, lookup: Callable[[str], Schema | None]) -> Completion:
    """The offers at a place of an expression.

    Args:
        text: The expression as it is typed so far.
        cursor: The place, in characters from 0.
        schema: Of the table that it is about.
        lookup: Table name → schema, for columns behind references; None where it is not known.
    """
    place = _place(text[:cursor])
    if place.is_in_text:
        return Completion(place.start, place.partial, _values(schema, place), place.value_of)
    if place.is_after_operand:
        offers = [Item(name, "operator", doc) for name, doc in OPERATORS]
    else:
        offers = [
            *_values(schema, place), *_columns(schema, place.partial, lookup),
            *(Item(f"{one.name}(", "function", one.doc) for one in FUNCTIONS.values()),
            *(Item(name, "word", doc) for name, doc in CONSTANTS),
        ]  # fmt: skip
    return Completion(place.start, place.partial, _ranked(offers, place.partial), place.value_of)


def quoted(value: str) -> str:
    """A text as an expression writes it."""
    return f'"{value}"' if '"' not in value and "\\" not in value and value.isprintable() else repr(value)


def _place(before: str) -> _Place:
    tokens = [(match.start(), match.group()) for match in TOKEN.finditer(before) if not match.group().isspace()]
    opened = next((at for at, (_, token) in enumerate(tokens) if token in ("'", '"')), None)
    if opened is not None:
        start = tokens[opened][0]
        return _Place(False, start, before[start + 1 :], True, _compared(_words(tokens[:opened])))
    start = len(before)
    partial = ""
    if tokens and not before[-1:].isspace():
        # A name is typed with the dots in it.
        at = len(tokens)
        while at and _is_part(tokens[at - 1][1]) and _touches(tokens, at, len(before)):
            at -= 1
        if at < len(tokens):
            start = tokens[at][0]
            partial, tokens = before[start:], tokens[:at]
    words = _words(tokens)
    return _Place(bool(words) and _ends_operand(words[-1]), start, partial, False, _compared(words))


def _is_part(token: str) -> bool:
    return token == "." or token[0].isalpha() or token[0] == "_"


def _touches(tokens: list[tuple[int, str]], at: int, end: int) -> bool:
    start, token = tokens[at - 1]
    return start + len(token) == (tokens[at][0] if at < len(tokens) else end)


def _words(tokens: list[tuple[int, str]]) -> list[str]:
    """Operators of two signs, dotted names and ``not in`` as one word each."""
    words: list[str] = []
    end = -1
    for start, token in tokens:
        before = words[-1] if words else ""
        is_joined = start == end and (
            before + token in ("==", "!=", ">=", "<=") or before.endswith(".") or (token == "." and _is_part(before))
        )
        if is_joined or (before == "not" and token == "in"):
            words[-1] = before + (" " if token == "in" else "") + token
        else:
            words.append(token)
        end = start + len(token)
    return words


def _ends_operand(word: str) -> bool:
    if word[0].isalpha() or word[0] == "_":
        known = {name for name, _ in OPERATORS} | {"not", "if", "else"}
        return word not in known
    return word[0].isdigit() or word[0] in "'\")]"


def _compared(words: list[str]) -> str:
    """The column that the value at the end of these words is compared with, or empty."""
    while words and words[-1] in ("[", ",", "(") or (len(words) > 1 and words[-1][0] in "'\"" and "[" in words):
        words = words[:-1]
    if len(words) < 2 or words[-1].removeprefix("not ") not in _TAKE_VALUES:
        return ""
    left = words[-2]
    return left if _ends_operand(left) and _is_part(left) else ""


def _values(schema: Schema, place: _Place) -> tuple[Item, ...]:
    """Values that are known without asking: choices, yes and no."""
    column = schema.column(place.value_of) if place.value_of else None
    if column is None:
        return ()
    if column.type == "boolean":
        return _ranked([Item("true", "value"), Item("false", "value")], place.partial)
    known = [Item(quoted(one) if isinstance(one, str) else str(one), "value") for one in column.choices]
    return _ranked(known, place.partial)


def _columns(schema: Schema, partial: str, lookup: Callable[[str], Schema | None]) -> list[Item]:
    """Columns of the table, or behind the reference that the typed name leads through."""
    from kernel.tables.quick_filter import name_text

    head, dot, _ = partial.rpartition(".")
    prefix, found = "", schema
    for step in head.split(".") if dot else ():
        reference = found.reference(step)
        target = lookup(reference.table) if reference is not None else None
        if target is None:
            return []
        prefix, found = f"{prefix}{step}.", target
    items = [Item(name_text(prefix + column.name), "column", _doc(column)) for column in found.columns]
    items += [Item(f"{prefix}{one.name}.", "column", f"of {one.table}") for one in found.references]
    return list(dict.fromkeys(items))


def _doc(column: object) -> str:
    return getattr(column, "doc", "") or getattr(column, "type", "")


def _ranked(items: list[Item], partial: str) -> tuple[Item, ...]:
    """Those that begin with what is typed, then those that contain it."""
    wanted = partial.casefold()
    if not wanted:
        return tuple(items[:MOST])
    plain = [(item, item.text.casefold().strip("\"'").removeprefix("col('")) for item in items]
    first = [item for item, text in plain if text.startswith(wanted)]
    rest = [item for item, text in plain if wanted in text and not text.startswith(wanted)]
    return tuple((first + rest)[:MOST])
