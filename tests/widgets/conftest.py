"""Fixtures of the widgets' tests: what is decided by the clock is decided the same on every machine."""

from __future__ import annotations

import pytest

from widgets.items import jump
from widgets.listing import reading


@pytest.fixture(autouse=True)
def patient_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows wait for their number however long it takes, so that no slow machine shows a guess in its place.

    Tests of what is shown meanwhile take this back.
    """
    monkeypatch.setattr(reading, "_GRACE_ALONE_MS", 60_000)
    monkeypatch.setattr(reading, "_GRACE_MS", 60_000)


@pytest.fixture(autouse=True)
def slow_typists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters that are typed in a list belong together, however long a machine takes for each."""
    monkeypatch.setattr(jump, "_TOGETHER_S", 600.0)
