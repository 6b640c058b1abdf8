"""The order of values that every source keeps: nulls, numbers, texts without regard to ASCII case, bytes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from kernel.expression.operation import text_of

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
Row = TypeVar("Row")


def order_key(value: Any) -> tuple[int, Any]:
    """What to sort a value by."""
    if value is None:
        return 0, 0
    if isinstance(value, str):
        return 2, value.translate(_LOWER)
    if isinstance(value, datetime.date | datetime.time):
        return 2, text_of(value)
    if isinstance(value, bytes):
        return 3, value
    return 1, value


def exact_key(values: Sequence[Any]) -> tuple[Any, ...]:
    """What to sort a row's key by: as :func:`order_key`, but texts by their exact letters."""
    return tuple((2, value) if isinstance(value, str) else order_key(value) for value in values)


def sort_rows(rows: list[Row], keys: Sequence[tuple[Callable[[Row], Any], bool]]) -> None:
    """Sort in place by (row → value, is descending), most important first; ties stay as they are."""
    for value_of, is_descending in reversed(keys):
        rows.sort(key=lambda row, value_of=value_of: order_key(value_of(row)), reverse=is_descending)
