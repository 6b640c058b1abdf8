"""Whether columns of large tables are mirrored, and where; set once from the options by the process that opens them."""

from __future__ import annotations

from pathlib import Path

#: Where mirrors are written; None: nothing is mirrored.
folder: Path | None = None
#: Whether who asks waits for the mirror instead of taking the slow way while it is made behind.
is_waited_for = False
#: Rows of a table from which on its columns are mirrored.
many_rows = 500_000
#: Bytes of all mirrors of the process.
most_bytes = 4 << 30
