"""Looking at databases for other programs' writes: one that fails does not end the looks at the others."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from server.log import Log
from server.poll import Poller
from tests.waiting import PATIENCE_S


class Source:
    """Fails, or tells that it was looked at."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.looked = threading.Semaphore(0)

    def poll(self) -> bool:
        self.looked.release()
        if self.error:
            raise self.error
        return False


def test_one_source_that_fails_leaves_the_others_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.poll.LOOK_S", 0.02)
    log = Log(tmp_path / "log")
    poller = Poller(lambda topic: True, log)
    broken, good = Source(RuntimeError("a defect")), Source()
    poller.add("broken", broken)
    poller.add("good", good)
    for _ in range(3):
        assert broken.looked.acquire(timeout=PATIENCE_S) and good.looked.acquire(timeout=PATIENCE_S)
    poller.close()
    log.close()
    assert "RuntimeError: a defect" in (tmp_path / "log").read_text()
