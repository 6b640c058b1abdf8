"""Texts with expressions in braces: ``"{orders.count} orders"``; ``{{`` and ``}}`` are braces."""

from __future__ import annotations

from kernel.error import Where
from kernel.expression.error import ExpressionError
from kernel.expression.expression import Expression
from kernel.expression.parser import parse
from kernel.words import mark


def parse_template(text: str, where: Where | None = None) -> list[str | Expression]:
    """Literal texts and expressions in order; empty literals are left out.

    Raises:
        ExpressionError: a brace has no partner, or an expression is wrong; the offset counts from the
            template's start.
    """
    parts: list[str | Expression] = []
    literal = ""
    position = 0
    while position < len(text):
        letter = text[position]
        if letter in "{}" and text[position : position + 2] == letter * 2:
            literal += letter
            position += 2
        elif letter == "{":
            end = _end(text, position, where)
            if literal:
                parts.append(literal)
            literal = ""
            parts.append(_parse_at(text, position + 1, end, where))
            position = end + 1
        elif letter == "}":
            raise ExpressionError(
                mark("a closing brace without an opening one"), where, position, hint=mark("write }} for a brace")
            )
        else:
            literal += letter
            position += 1
    return [*parts, literal] if literal else parts


def _end(text: str, start: int, where: Where | None) -> int:
    """Where the brace opened at ``start`` closes, texts in quotes skipped."""
    quote = ""
    position = start + 1
    while position < len(text):
        letter = text[position]
        if quote:
            if letter == "\\":
                position += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"":
            quote = letter
        elif letter == "}":
            return position
        position += 1
    raise ExpressionError(
        mark("an opening brace without a closing one"), where, start, hint=mark("write {{ for a brace")
    )


def _parse_at(text: str, start: int, stop: int, where: Where | None) -> Expression:
    try:
        return parse(text[start:stop])
    except ExpressionError as error:
        raise ExpressionError(error.message, where, start + error.offset, hint=error.hint) from None
