"""Option types: how a value is checked when it comes from TOML, and read when it comes as text.

One row per type. A check answers the value in its canonical Python type or raises ValueRefusedError.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.config.error import ValueRefusedError
from kernel.nearest import did_you_mean
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.config.option import Option

_DURATION_UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
_SIZE_UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_WRITTEN_UNITS = {
    "duration": _DURATION_UNITS,
    "size": {name: size for name, size in _SIZE_UNITS.items() if name != "B"},
}
_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_AMOUNT = re.compile(r"\s*(\d{1,18}(?:\.\d{1,9})?)\s*([A-Za-z]*)\s*", re.ASCII)


class Type(NamedTuple):
    """One option type: what it is, the check of a TOML value, and what a plain text becomes before the check."""

    doc: str
    check: Callable[[Any, Option], Any]
    from_text: Callable[[str], Any] = str


#: What a boolean must be.
_EITHER = mark("true or false")


def _text(value: Any, option: Option) -> str:
    if not isinstance(value, str):
        raise ValueRefusedError("must be a text")
    return value


def _choice(value: Any, option: Option) -> str:
    if value not in option.choices:
        hint = did_you_mean(str(value), option.choices)
        raise ValueRefusedError(f"must be one of {', '.join(option.choices)}", hint)
    return value


def _boolean(value: Any, option: Option) -> bool:
    if not isinstance(value, bool):
        raise ValueRefusedError(f"must be {_EITHER}")
    return value


def _integer(value: Any, option: Option) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueRefusedError("must be a whole number")
    return _within(value, option)


def _number(value: Any, option: Option) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
        raise ValueRefusedError("must be a number")
    return _within(float(value), option)


def _amount(units: dict[str, int], what: str) -> Callable[[Any, Option], int]:
    def check(value: Any, option: Option) -> int:
        if isinstance(value, str):
            match = _AMOUNT.fullmatch(value)
            unit = next((name for name in units if match and name.lower() == match[2].lower()), "")
            if not match or (match[2] and not unit):
                raise ValueRefusedError(f"must be {what}")
            value = round(float(match[1]) * units.get(unit, 1))
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueRefusedError(f"must be {what}")
        return _within(value, option)

    return check


def _within(value: Any, option: Option) -> Any:
    if option.minimum is not None and value < option.minimum:
        raise ValueRefusedError(f"must be at least {option.minimum}")
    if option.maximum is not None and value > option.maximum:
        raise ValueRefusedError(f"must be at most {option.maximum}")
    return value


def _read_integer(text: str) -> Any:
    return int(text) if re.fullmatch(r"[+-]?\d{1,18}", text.strip(), re.ASCII) else text


def _read_number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _read_boolean(text: str) -> Any:
    return _BOOLEANS.get(text.strip().lower(), text)


#: Type name → row.
TYPES: dict[str, Type] = {
    "text": Type("a text", _text),
    "path": Type("a path; ~ is the home directory; empty = the platform's usual place", _text),
    "choice": Type("one of the listed words", _choice),
    "boolean": Type("true or false (also yes, no, on, off outside of the file)", _boolean, _read_boolean),
    "integer": Type("a whole number", _integer, _read_integer),
    "number": Type("a number", _number, _read_number),
    "duration": Type(
        'milliseconds, or a text with its unit: "500 ms", "10 s", "5 min", "1 h"',
        _amount(_DURATION_UNITS, mark('a number of milliseconds or a text like "10 s"')),
        _read_integer,
    ),
    "size": Type(
        'bytes, or a text with its unit: "64 MB", "1 GiB"',
        _amount(_SIZE_UNITS, mark('a number of bytes or a text like "64 MB"')),
        _read_integer,
    ),
}


def check_value(option: Option, value: Any) -> Any:
    """The value of a TOML file in the option's Python type.

    Raises:
        ValueRefusedError: the option cannot have it.
    """
    return TYPES[option.type].check(value, option)


def read_value(option: Option, text: str) -> Any:
    """The value of a text of the environment or the command line; raises as :func:`check_value`."""
    return check_value(option, TYPES[option.type].from_text(text))


def write_value(option: Option, value: Any) -> str:
    """A canonical value as people write it: ``true``, ``10 s``, ``64 MB``; texts as they are."""
    if option.type == "boolean":
        return "true" if value else "false"
    units = _WRITTEN_UNITS.get(option.type)
    if units is None or not value:
        return str(value)
    unit = max((name for name in units if value % units[name] == 0), key=units.__getitem__, default="")
    if not unit:
        return str(value)
    return f"{value // units[unit]} {unit}"
