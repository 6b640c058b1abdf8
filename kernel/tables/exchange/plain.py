"""Values as the texts that files without types hold, and as JSON holds them: the same on every machine."""

from __future__ import annotations

import base64
import datetime
from decimal import Decimal
from typing import Any

from kernel.tables.block import LargeBlob
from kernel.tables.error import TableError
from kernel.words import mark


def plain_text(value: Any) -> str:
    """A value as text: ISO dates, a point in numbers, ``true`` and ``false``, files as Base64."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else str(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, LargeBlob):
        raise TableError(
            mark(f"a file of {value.size:,} bytes is too large to be exported"),
            hint=mark("leave its column out"),
        )
    return str(value)
