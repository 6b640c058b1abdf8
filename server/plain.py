"""What a request may hold where any value may come: keys and parameters are plain values, never lists or maps.

Checked when the arguments are decoded, so that no source meets a value that cannot be looked up.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from kernel.tables.change import Change, Insert
from kernel.tables.query import Query

_PLAIN = frozenset((
    type(None), bool, int, float, str, bytes, Decimal, datetime.date, datetime.time, datetime.datetime,
))  # fmt: skip
#: Those that can be no number at all.
_NUMBERS = frozenset((float, Decimal))


def check_key(key: Sequence[Any]) -> None:
    """Refuse what is no key of any row.

    Raises:
        ValueError: a part of it is a list or a map, or no number.
    """
    kinds = set(map(type, key))
    if not kinds <= _PLAIN:
        raise ValueError("a key holds plain values only")
    if kinds & _NUMBERS and any(_is_no_number(value) for value in key):
        raise ValueError("a key holds no NaN")


def check_query(query: Query) -> None:
    """Refuse keys as :func:`check_key`, and parameters that are neither plain values nor lists of them.

    Raises:
        ValueError: says which.
    """
    for key in query.keys or ():
        check_key(key)
    for name, value in query.parameters.items():
        if not _PLAIN.issuperset(map(type, value if isinstance(value, list | tuple) else (value,))):
            raise ValueError(f"the parameter {name!r} is no plain value")


def check_changes(changes: Iterable[Change]) -> None:
    """Refuse keys as :func:`check_key`.

    Raises:
        ValueError: says what is wrong with one.
    """
    for change in changes:
        if not isinstance(change, Insert):
            check_key(change.key)


def _is_no_number(value: Any) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else value != value
