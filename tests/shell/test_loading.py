"""An app on its way: the bar and its bytes, giving up, and trying again with what has come."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from kernel.cache import Cache
from kernel.delivery import Delivery
from kernel.delivery.progress import Progress, current_report
from kernel.tables.interrupt import current
from shell import fetching
from shell.app import OpenError
from shell.fetching import Fetch
from shell.loading import LoadingPage
from tests.attacks.straight import APP, Straight, whole
from widgets.theme import Theme

WaitUntil = Callable[..., None]
CHANCE = random.Random(4)
FILES = {f"picture{number}.bin": CHANCE.randbytes(1_200_000) for number in range(4)}


@pytest.fixture
def theme(qapp: Any) -> Theme:
    return Theme("light")


def test_the_bar_follows_and_tells_bytes(theme: Theme, wait_until: WaitUntil) -> None:
    state: list[Progress | None] = [None]
    given_up: list[bool] = []
    body = QWidget()
    page = LoadingPage(theme, "Getting shop@home …", lambda: state[0], lambda: given_up.append(True), body)
    assert page.bar.maximum() == 0
    state[0] = Progress(1_250_000, 5_000_000)
    wait_until(lambda: page.amount.text() == "1.3 MB of 5.0 MB" or page.amount.text() == "1.2 MB of 5.0 MB")
    assert page.bar.value() * 4 == page.bar.maximum() and page.bar.accessibleName() == "Getting shop@home …"
    page.button.click()
    assert given_up == [True] and not page.button.isEnabled() and page.amount.text() == "Giving up …"
    body.deleteLater()


class Slow:
    """A server that sends one file and waits until it is told to go on."""

    def __init__(self, folder: Path) -> None:
        self.shop = Straight()
        self.shop.publish(FILES)
        self.shop.spoil = self._slowly
        self.first, self.gate = threading.Event(), threading.Event()
        self.folder = folder

    def _slowly(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for number, piece in enumerate(pieces):
            if number == 1:
                self.first.set()
                interrupt = current()
                while not self.gate.wait(0.01):
                    assert interrupt is not None
                    interrupt.check()
            yield piece

    def delivery(self) -> Delivery:
        return self.shop.delivery(self.folder)


def test_a_fetch_that_is_given_up_keeps_what_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil, qapp: Any
) -> None:
    slow = Slow(tmp_path / "cache")
    monkeypatch.setattr(fetching, "open_target", lambda target, session: slow.delivery().refresh(APP))
    session: Any = SimpleNamespace(servers=None, given=SimpleNamespace(picture=""))
    fetch = Fetch("shop@home", session)
    fetch.start()
    wait_until(slow.first.is_set)
    wait_until(lambda: fetch.progress is not None and fetch.progress.done > 0)
    assert fetch.progress is not None and fetch.progress.total == sum(map(len, FILES.values()))
    fetch.cancel()
    with pytest.raises(OpenError, match="shop@home was not fetched: it was cancelled"):
        fetch.wait()
    kept = Cache(slow.folder)
    assert len(kept.missing(slow.shop.blobs)) == len(FILES) - 1
    slow.gate.set()
    fetch.start()
    assert fetch.wait() is not None
    assert whole(slow.delivery(), FILES)
    assert fetch.progress.total == sum(map(len, FILES.values())) - 1_200_000
    assert current_report() is None
