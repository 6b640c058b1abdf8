"""End-to-end fixtures: a virtual desktop per test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from desktop import Desktop  # noqa: E402 - found beside this file


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A display of its own, a throw-away home; everything started on it ends with the test."""
    desktop = Desktop(tmp_path / "desktop")
    yield desktop
    desktop.close()
    assert not desktop.complaints()
