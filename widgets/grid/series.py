"""How a series goes on from its first two values."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

_NUMBERS = (int, float, Decimal)


def next_value(first: Any, second: Any, count: int) -> Any:
    """The value ``count`` places behind the first: by the step between the two; by one where the second is the same
    or is no such value. What is neither number nor date stays what it is."""
    if isinstance(first, bool) or not isinstance(first, (*_NUMBERS, datetime.date)):
        return first
    if isinstance(first, _NUMBERS):
        is_like = isinstance(second, _NUMBERS) and not isinstance(second, bool) and second != first
        step = second - first if is_like and type(second) is type(first) else type(first)(1)
        return first + step * count
    step = second - first if type(second) is type(first) and second != first else datetime.timedelta(days=1)
    try:
        return first + step * count
    except OverflowError:
        return first
