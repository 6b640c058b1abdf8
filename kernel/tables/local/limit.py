"""How much memory the engine may take; set once from the options by the process that opens the tables."""

from __future__ import annotations

#: Bytes of sort keys held at once.
sort_bytes = 1 << 30
#: Groups of one query.
most_groups = 1_000_000
