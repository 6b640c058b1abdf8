"""Whether SQLite's locks on a file still stand, as another process sees them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.waiting import PATIENCE_S

_WRITE = """import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None).execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    sys.exit(str(error))
"""


def is_free(path: Path) -> bool:
    """Whether another process could write the database now."""
    command = [sys.executable, "-I", "-S", "-c", _WRITE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.stderr.strip() in ("", "database is locked"), done.stderr
    return done.returncode == 0
