"""Makes named tuples in a third of the time that :mod:`typing` takes for them.

A start makes sixty, and Python has a text compiled for each of them and for each of their annotations. This is in
force only for a block, around the imports of a start. What is made differs from Python's in one thing: annotations
stay the texts that they are in every other class. Classes of more than plain fields and methods are made as ever.
"""

from __future__ import annotations

import collections
import sys
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

#: The last version of Python whose named tuples are known here.
_LAST_KNOWN = (3, 13)
#: Whether ``typing`` tells what is in a class its name; properties hear that.
_TELLS_NAMES = sys.version_info >= (3, 13)
_ARGUMENTS_FROM = len("lambda ")


def _tuple_new(cls: Any, values: Any) -> Any:
    """Stands for the name that the code below looks up where :func:`collections.namedtuple` puts it."""
    raise NotImplementedError


#: Code that makes a tuple, by the number of its fields; the names are filled in.
_MAKERS = {function.__code__.co_argcount: function.__code__ for function in (
    lambda _cls, a: _tuple_new(_cls, (a,)),
    lambda _cls, a, b: _tuple_new(_cls, (a, b)),
    lambda _cls, a, b, c: _tuple_new(_cls, (a, b, c)),
    lambda _cls, a, b, c, d: _tuple_new(_cls, (a, b, c, d)),
    lambda _cls, a, b, c, d, e: _tuple_new(_cls, (a, b, c, d, e)),
    lambda _cls, a, b, c, d, e, f: _tuple_new(_cls, (a, b, c, d, e, f)),
    lambda _cls, a, b, c, d, e, f, g: _tuple_new(_cls, (a, b, c, d, e, f, g)),
    lambda _cls, a, b, c, d, e, f, g, h: _tuple_new(_cls, (a, b, c, d, e, f, g, h)),
    lambda _cls, a, b, c, d, e, f, g, h, i: _tuple_new(_cls, (a, b, c, d, e, f, g, h, i)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j: _tuple_new(_cls, (a, b, c, d, e, f, g, h, i, j)),
)}  # fmt: skip


@contextmanager
def quick_records() -> Iterator[None]:
    """Within the block, plain subclasses of ``NamedTuple`` are made here; blocks may lie in each other."""
    meta = type(typing._NamedTuple)
    if sys.version_info[:2] > _LAST_KNOWN or hasattr(collections, "eval"):
        yield
        return
    ordinary = meta.__new__

    def new(cls: Any, name: str, bases: Any, body: dict[str, Any]) -> Any:
        fields = body.get("__annotations__")
        if bases != (typing._NamedTuple,) or not fields or not _is_plain(fields, body):
            return ordinary(cls, name, bases, body)
        return _make(name, fields, body)

    meta.__new__, collections.eval = new, _evaluated
    try:
        yield
    finally:
        meta.__new__ = ordinary
        del collections.eval


def _is_plain(fields: dict[str, Any], body: dict[str, Any]) -> bool:
    """Whether there is nothing in it that ``typing`` would look at more closely, or refuse."""
    if set(map(type, fields.values())) != {str} or not typing._prohibited.isdisjoint(body):
        return False
    if not {"__classcell__", "__eq__"}.isdisjoint(body):
        return False
    if _TELLS_NAMES and any(hasattr(value, "__set_name__") for value in body.values()):
        return False
    has_default = [name in body for name in fields]
    return has_default == sorted(has_default)  # those with a default come last


def _make(name: str, fields: dict[str, str], body: dict[str, Any]) -> Any:
    defaults = [body[field] for field in fields if field in body]
    made = collections.namedtuple(name, fields, defaults=defaults, module=body["__module__"])
    made.__annotations__ = made.__new__.__annotations__ = fields
    for key, value in body.items():
        if key not in typing._special and key not in fields:
            setattr(made, key, value)
    return made


def _evaluated(text: str, names: dict[str, Any]) -> Any:
    """The function that :func:`collections.namedtuple` writes as ``lambda _cls, x, y: _tuple_new(_cls, (x, y))``."""
    end = text.find(":")
    arguments = tuple(text[_ARGUMENTS_FROM:end].rstrip(",").split(", "))
    code = _MAKERS.get(len(arguments))
    if code is None or text != _text(arguments):
        return eval(compile(text, "<string>", "eval", dont_inherit=True), names)
    flags = code.co_flags & ~annotations.compiler_flag
    filled = code.replace(co_varnames=arguments, co_filename="<string>", co_firstlineno=1, co_flags=flags)
    return FunctionType(filled, names)


def _text(arguments: tuple[str, ...]) -> str:
    fields = ", ".join(arguments[1:]) + "," * (len(arguments) == 2)
    return f"lambda _cls, {fields}: _tuple_new(_cls, ({fields}))"
