"""Who of those that speak HTTP is served now: fairly among machines, and never more than the server bears."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator

from server.http.request import HttpError

#: git's processes at once, and those of one machine.
AT_ONCE, SHARE = 16, 4
#: Requests that wait for a place, and those of one machine.
WAITING, WAITING_SHARE = 256, 32


class Places:
    """Places for git's processes. Used on one event loop.

    A machine whose share is taken waits for itself alone: others go before it, in the order in which they came.
    """

    def __init__(
        self, at_once: int = AT_ONCE, share: int = SHARE, waiting: int = WAITING, waiting_share: int = WAITING_SHARE
    ) -> None:
        self._at_once, self._share = at_once, share
        self._most_waiting, self._waiting_share = waiting, waiting_share
        self._taken: Counter[str] = Counter()
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []

    @contextlib.asynccontextmanager
    async def place(self, machine: str) -> AsyncIterator[None]:
        """A place, waited for.

        Raises:
            HttpError: too many wait already; says how many are served.
        """
        await self._wait(machine)
        try:
            yield
        finally:
            self._give_back(machine)

    async def _wait(self, machine: str) -> None:
        if self._has_room(machine):
            self._taken[machine] += 1
            return
        mine = sum(one == machine for one, _ in self._waiting)
        if len(self._waiting) >= self._most_waiting or mine >= self._waiting_share:
            raise HttpError("503 Service Unavailable", self.bound(), ("Retry-After: 10",))
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((machine, turn))
        try:
            await turn  # whoever gives a place back has counted it for us
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back(machine)
            else:
                self._waiting.remove((machine, turn))
            raise

    def bound(self) -> str:
        """The bound in words."""
        return (
            f"this server serves {self._at_once} git requests at once, {self._share} of one machine, and as many wait "
            "as may; try again in a moment"
        )

    def _has_room(self, machine: str) -> bool:
        return self._taken.total() < self._at_once and self._taken[machine] < self._share

    def _give_back(self, machine: str) -> None:
        self._taken[machine] -= 1
        if not self._taken[machine]:
            del self._taken[machine]
        for number, (one, turn) in enumerate(self._waiting):
            if self._has_room(one):
                del self._waiting[number]
                self._taken[one] += 1
                turn.set_result(None)
                return
