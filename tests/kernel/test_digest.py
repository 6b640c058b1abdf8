"""SHA-256 by either way is the same."""

from __future__ import annotations

import hashlib

import pytest

from kernel.digest import LARGE, sha256_of


@pytest.mark.parametrize("size", [0, 1, 1000, LARGE - 1, LARGE, LARGE + 1])
def test_both_ways_agree(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    assert sha256_of(memoryview(data)[:size]) == hashlib.sha256(data[:size]).digest()
