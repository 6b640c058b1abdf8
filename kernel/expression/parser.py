"""Text → checked expression: Python's own parser, then a table of the nodes that are allowed."""

from __future__ import annotations

import _ast as ast  # of C; the one of Python adds a millisecond to a start, and nothing that is used here
import functools

from kernel.error import Where
from kernel.expression.compiled import Compiler
from kernel.expression.error import ExpressionError
from kernel.expression.expression import Expression
from kernel.expression.infix import rewrite
from kernel.words import mark

#: Characters in an expression.
MAX_LENGTH = 10_000
EQUALS = mark("a comparison is written with ==")


def parse(text: str, where: Where | None = None) -> Expression:
    """The checked expression of a text.

    Args:
        text: The expression.
        where: Its place in a file, for messages.

    Raises:
        ExpressionError: with the offset of what is wrong.
    """
    try:
        return _parse(text)
    except ExpressionError as error:
        raise ExpressionError(error.message, where, error.offset, hint=error.hint) from None


@functools.lru_cache(maxsize=1024)
def _parse(text: str) -> Expression:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(mark(f"the expression is longer than {MAX_LENGTH:,} characters"), offset=MAX_LENGTH)
    shift = len(text) - len(text.lstrip())
    if shift == len(text):
        raise ExpressionError(mark("the expression is empty"))
    rewritten, words = rewrite(text)
    source = rewritten[shift:].rstrip()
    try:
        tree = compile(source, "<expression>", "eval", ast.PyCF_ONLY_AST, dont_inherit=True).body
    except SyntaxError as error:
        last = max(words, default=-1)
        is_unfinished = last >= 0 and last + len(words[last]) == len(text.rstrip())
        offset = len(text.rstrip()) if is_unfinished else min(max((error.offset or 1) - 1, 0) + shift, len(text))
        message = EQUALS if text[offset : offset + 2] in ("=", "= ") else _readable(error.msg)
        is_clear = is_unfinished or message == EQUALS
        raise (None if is_clear else _near_miss(text)) or ExpressionError(message, offset=offset) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError(
            mark("the expression is nested too deeply or holds a character that no text may hold"),
            hint=mark("split it into computed columns"),
        ) from None
    compiler = Compiler(text, source, shift, words)
    run = compiler.compile(tree)
    return Expression(text, tuple(sorted(compiler.names)), run, tree)


def _near_miss(text: str) -> ExpressionError | None:
    from kernel.expression.near_miss import find_near_miss  # rarely needed

    miss = find_near_miss(text)
    return (
        ExpressionError(mark(f"{miss.written} is not known here"), offset=miss.offset, hint=miss.hint) if miss else None
    )


def _readable(message: str) -> str:
    """Python's message in this language's words."""
    if "Perhaps you forgot a comma" in message or message == "invalid syntax":
        return "this is no expression"
    if "cannot assign" in message or "Maybe you meant '=='" in message:
        return EQUALS
    return message
