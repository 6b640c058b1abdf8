"""Expressions that may search without end: found by their form, tried in a process that can be ended. No Qt here.

Python's ``re`` cannot be interrupted. ``(a+)+$`` takes twice the time for every further letter of a line that does
not fit.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from functools import lru_cache
from re import _constants, _parser
from typing import Any

#: Seconds that such an expression may take for all of a text.
LONGEST_S = 2.0
_TRY = """
import ast, re, sys
expression, _, text = sys.stdin.buffer.read().partition(b"\\0\\0\\0")
text = text if sys.argv[1] == "bytes" else text.decode("utf-8", "surrogatepass")
for _ in re.finditer(ast.literal_eval(expression.decode()), text, int(sys.argv[2])):
    pass
"""
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
#: What was tried last: expression, text → whether it ends.
_known: dict[tuple[Any, ...], bool] = {}


@lru_cache(maxsize=16)
def is_risky(pattern: str) -> bool:
    """Whether something that repeats without a bound stands in something that does, too; False for no expression."""
    try:
        return _has_nested(_parser.parse(pattern), is_within=False)
    except (re.error, OverflowError, RecursionError):
        return False


def ends(pattern: re.Pattern[Any], text: Any) -> bool:
    """Whether a search through all of a text ends in time; tried once for a text."""
    data = bytes(text)
    key = (pattern, len(data), zlib.crc32(data))
    if key not in _known:
        _known.clear()
        _known[key] = _tried(pattern, data)
    return _known[key]


def _tried(pattern: re.Pattern[Any], data: bytes) -> bool:
    kind = "bytes" if isinstance(pattern.pattern, bytes) else "letters"
    expression = repr(pattern.pattern).encode("utf-8", "backslashreplace")
    command = [sys.executable, "-I", "-S", "-c", _TRY, kind, str(pattern.flags)]
    try:
        subprocess.run(command, input=expression + b"\0\0\0" + data, timeout=LONGEST_S, capture_output=True)
    except subprocess.TimeoutExpired:
        return False
    return True


def _has_nested(parsed: Any, *, is_within: bool) -> bool:
    for operation, value in parsed:
        is_repeat = operation in _REPEATS and value[1] == _constants.MAXREPEAT
        if is_repeat and is_within:
            return True
        if any(_has_nested(inner, is_within=is_within or is_repeat) for inner in _inner(value)):
            return True
    return False


def _inner(value: Any) -> list[Any]:
    """The expressions within a part of one."""
    if isinstance(value, _parser.SubPattern):
        return [value]
    if isinstance(value, list | tuple):
        return [found for one in value for found in _inner(one)]
    return []
