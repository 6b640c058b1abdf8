"""What is wrong with wheels."""

from __future__ import annotations

from kernel.error import EspalierError


class WheelError(EspalierError):
    """A wheel cannot be read or used, or the wheels of an app do not fit together."""
