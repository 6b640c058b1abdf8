"""Fixtures of the widgets' tests: rows whose number comes with them."""

from __future__ import annotations

import pytest

from widgets.listing import reading


@pytest.fixture(autouse=True)
def patient_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows wait for their number however long it takes, so that no slow machine shows a guess in its place.

    Tests of what is shown meanwhile take this back.
    """
    monkeypatch.setattr(reading, "_GRACE_ALONE_MS", 60_000)
    monkeypatch.setattr(reading, "_GRACE_MS", 60_000)
