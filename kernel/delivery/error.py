"""What can go wrong between a server and the cache."""

from __future__ import annotations

from kernel.error import EspalierError


class DeliveryError(EspalierError):
    """A release or a file of it cannot be had: not in the cache, refused, or not what the release says."""
