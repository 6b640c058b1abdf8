"""What can go wrong with the cache."""

from __future__ import annotations

from kernel.error import EspalierError


class CacheError(EspalierError):
    """The cache cannot be written (disk full, no permission); what was there before is still there."""
