"""From a session to its window on the screen."""

from __future__ import annotations

import gc
from types import SimpleNamespace
from typing import Any

import pytest

from shell.loop import show


@pytest.mark.parametrize("was_collecting", [True, False])
def test_a_window_that_does_not_open_leaves_garbage_collection_as_it_was(
    qapp: Any, monkeypatch: pytest.MonkeyPatch, was_collecting: bool
) -> None:
    def fail(_session: object) -> None:
        assert not gc.isenabled()
        raise RuntimeError("no window")

    before = gc.isenabled()
    monkeypatch.setattr("shell.loop.has_display", lambda _environ: True)
    monkeypatch.setattr("shell.window.open_window", fail)
    session = SimpleNamespace(waiting=None, windows=[], given=SimpleNamespace(picture=""), is_program=False)
    (gc.enable if was_collecting else gc.disable)()
    try:
        with pytest.raises(RuntimeError, match="no window"):
            show(session)
        assert gc.isenabled() is was_collecting
    finally:
        (gc.enable if before else gc.disable)()
