"""Lets a few rows take the ways that are meant for many: landmarks, parts, sorting by numpy, two threads."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

#: Module → name → value while a few rows count as many.
_SMALL = {
    "sqlite.ordering": {"MANY_ROWS": 1, "NEAR": 2, "HEAD": 2},
    "sqlite.head": {"_PLACES": 3, "_SAMPLES": 2, "_PART": 2, "_CHUNK": 3},
    "sqlite.group": {"MANY_ROWS": 1, "PART": 2, "MOST_GROUPS": 1.0},
    "sqlite.landmark": {"STEP": 2},
    "sqlite.scan": {"PART": 2},
    "sqlite.search": {"_FOLDED": 1},
    "sqlite.ranking": {"_CHUNK": 4, "_PIECE": 2},
    "sqlite.estimate": {"_LOOK": 4},
}
#: The same while columns are mirrored too, before they are asked for.
_MIRRORED = {
    "mirroring": {"is_waited_for": True, "many_rows": 1},
    "sqlite.mirror.order": {"STRETCH": 2},
    "sqlite.mirror.filter": {"STRETCH": 2, "_STEP": 1},
    "sqlite.mirror.group": {"STRETCH": 2},
}


@contextlib.contextmanager
def few_rows_count_as_many() -> Iterator[None]:
    """Within the block tables of two rows are large."""
    with _patched(_SMALL):
        yield


@contextlib.contextmanager
def few_rows_are_mirrored() -> Iterator[None]:
    """Within the block tables of two rows are large, and what can be answered by the mirror is.

    SQLite hands all values out here; in :func:`few_rows_count_as_many` they come from the file's pages.
    """
    with tempfile.TemporaryDirectory() as folder:
        where = {"mirroring": {**_MIRRORED["mirroring"], "folder": Path(folder)}}
        by_sql = {"sqlite.scan": {**_SMALL["sqlite.scan"], "find_stored": lambda *given: None}}
        with _patched(_SMALL | _MIRRORED | where | by_sql):
            yield


@contextlib.contextmanager
def _patched(modules: dict[str, dict[str, Any]]) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for module, values in modules.items():
            for name, value in values.items():
                stack.enter_context(mock.patch(f"kernel.tables.{module}.{name}", value))
        yield
