"""Any value as bytes in the order of :func:`kernel.tables.order.order_key`, for sorting by what Python works out."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

from kernel.expression.operation import text_of
from kernel.tables.order import text_key

_NUMBER, _TEXT, _BYTES, _OTHER = b"\1", b"\2", b"\3", b"\4"
#: Makes exponents positive; they have four bytes.
_BIAS = 1 << 31
_REVERSED = bytes(255 - byte for byte in range(256))


def sort_key(value: Any) -> bytes | None:
    """What to sort a value by, compared byte by byte; null stays null."""
    if value is None:
        return None
    if isinstance(value, str):
        return _TEXT + text_key(value)
    if isinstance(value, datetime.date | datetime.time):
        return _TEXT + text_of(value).encode()
    if isinstance(value, bytes):
        return _BYTES + value
    if isinstance(value, int | float | Decimal):
        return _NUMBER + _number_key(value)
    return _OTHER + repr(value).encode(errors="surrogatepass")


def _number_key(value: int | float | Decimal) -> bytes:
    """Sign, exponent, digits; those of a negative number turned round."""
    if isinstance(value, float) and not math.isfinite(value):
        return b"\0" if value < 0 else b"\xff"
    sign, digits, exponent = Decimal(value).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    if not text:
        return b"\x80"
    size = (len(text) + int(exponent) + _BIAS).to_bytes(4, "big")
    key = size + text.rstrip("0").encode() + b"\0"
    return b"\x40" + key.translate(_REVERSED) if sign else b"\xc0" + key
