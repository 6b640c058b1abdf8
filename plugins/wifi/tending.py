"""Searches for networks as often as the options say, and which access points no search has found for too long."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from plugins.api import EspalierError, TableError, UnavailableError, option, watch_option

if TYPE_CHECKING:
    from plugins.wifi.network_manager import NetworkManager

#: A search is under way already, or NetworkManager is away, which others tell.
_REFUSED = (TableError, UnavailableError, TimeoutError, OSError, EOFError)
_NAMES = ("wifi.interface", "wifi.scan-seconds", "wifi.gone-seconds")


def chosen_interface() -> str:
    """The only adapter that counts; empty for all."""
    return str(option("wifi.interface", "")).strip()


class Tending:
    """Runs beside the connection to NetworkManager, and sleeps while no option wants anything of it.

    Args:
        manager: What is looked after.

    Attributes:
        gone: Paths of the access points that were not found for longer than the option allows.
    """

    def __init__(self, manager: NetworkManager) -> None:
        self._manager = manager
        self.gone: frozenset[str] = frozenset()
        self._changed = asyncio.Event()
        self._scanned = 0.0
        #: As rows were made last: from the first on, so that none is ever made for another one.
        self._interface = chosen_interface()
        self._stops: list[Callable[[], None]] = []

    def follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear of the options from now on; from any thread. In a server there are none."""

        def hear(_value: object) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self.wake)

        with contextlib.suppress(EspalierError):
            self._stops = [watch_option(name, hear) for name in _NAMES]

    def leave(self) -> None:
        """Hear of the options no more."""
        for stop in self._stops:
            stop()
        self._stops = []

    def wake(self) -> None:
        """Something is another: look at once. On the bus's thread."""
        self._changed.set()

    async def run(self) -> None:
        """Look after the networks until this is cancelled."""
        while True:
            self._changed.clear()
            await self._scan()
            gone, interface = frozenset(self._too_old()), chosen_interface()
            if (gone, interface) != (self.gone, self._interface):
                self.gone, self._interface = gone, interface
                self._manager.touch()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), self._pause())

    async def _scan(self) -> None:
        every = float(option("wifi.scan-seconds", 0))
        if not every or time.monotonic() - self._scanned < every:
            return
        self._scanned = time.monotonic()
        for path in self._manager.adapters():
            with contextlib.suppress(*_REFUSED):
                await self._manager.request_scan(path)

    def _too_old(self) -> Iterator[str]:
        allowed = float(option("wifi.gone-seconds", 0))
        if allowed:
            now = _since_boot()
            yield from (path for path, seen in self._manager.last_seen() if now - seen > allowed)

    def _pause(self) -> float | None:
        """Seconds until something is to be done again; None for never."""
        every, allowed = float(option("wifi.scan-seconds", 0)), float(option("wifi.gone-seconds", 0))
        waits = [self._scanned + every - time.monotonic()] if every else []
        if allowed:
            now = _since_boot()
            waits += [seen + allowed - now for path, seen in self._manager.last_seen() if path not in self.gone]
        return max(min(waits), 0.05) if waits else None


def _since_boot() -> float:
    """The clock of ``LastSeen``: seconds, those asleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
