"""What is wrong with native libraries."""

from __future__ import annotations

from kernel.error import EspalierError


class LibraryError(EspalierError):
    """A native library cannot be read or loaded, or the libraries of an app do not fit together."""
