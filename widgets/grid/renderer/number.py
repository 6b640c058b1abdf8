"""Numbers that can be drawn as a length."""

from __future__ import annotations

import math
from decimal import Decimal


def finite(value: object) -> float | None:
    """The value as a float; None when it is no number, or none that a length can show."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) else None
