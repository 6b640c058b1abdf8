"""Lets a few rows take the ways that are meant for many: landmarks, parts, sorting by numpy, two threads."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from unittest import mock

#: Module → name → value while a few rows count as many.
_SMALL = {
    "ordering": {"MANY_ROWS": 1, "NEAR": 2, "HEAD": 2},
    "group": {"MANY_ROWS": 1, "PART": 2, "MOST_GROUPS": 1.0},
    "landmark": {"STEP": 2},
    "scan": {"PART": 2},
    "ranking": {"_CHUNK": 4, "_PIECE": 2},
    "estimate": {"_LOOK": 4},
}


@contextlib.contextmanager
def few_rows_count_as_many() -> Iterator[None]:
    """Within the block tables of two rows are large."""
    with contextlib.ExitStack() as stack:
        for module, values in _SMALL.items():
            for name, value in values.items():
                stack.enter_context(mock.patch(f"kernel.tables.sqlite.{module}.{name}", value))
        yield
