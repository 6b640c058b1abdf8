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


@pytest.fixture
def shop_place(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A served shop whose server may come and go, with windows in this process; see ``test_offline.Place``."""
    from shell import desk as desk_module
    from tests.end_to_end.test_offline import Place, close

    monkeypatch.setattr(desk_module, "_DESKS", {})
    place = Place(tmp_path / "place")
    yield place
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for window in list(desk.windows):
            window._may_lose_edits = True
            close(window)
    if place.server is not None and place.server.process.poll() is None:
        place.server.kill()
