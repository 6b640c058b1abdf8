"""Times in metadata and in sentences about them, always UTC in the one and the person's own in the other."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

#: The field of our own in roles, and in it the time at which a timestamp was signed.
FIELD, MADE = "espalier", "made"
_FORM = "%Y-%m-%dT%H:%M:%SZ"


def written(seconds: float) -> str:
    """The moment as metadata has it."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime(_FORM)


def as_date(seconds: float) -> datetime:
    """The moment as python-tuf wants it, whole seconds."""
    return datetime.fromtimestamp(int(seconds), UTC)


def signed_time(signed: Any) -> float:
    """When the server signed the role by its own word, never after it expires; 0 when it does not say."""
    made = signed.unrecognized_fields.get(FIELD)
    text = made.get(MADE) if isinstance(made, dict) else None
    if not isinstance(text, str):
        return 0.0
    try:
        moment = datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return 0.0
    return min(moment, signed.expires).timestamp()


def day(seconds: float) -> str:
    """``3 May 2026``."""
    then = time.localtime(seconds)
    return f"{then.tm_mday} {time.strftime('%B %Y', then)}"


def described(seconds: float) -> str:
    """``3 May 2026, 14:05``."""
    return f"{day(seconds)}, {time.strftime('%H:%M', time.localtime(seconds))}"
