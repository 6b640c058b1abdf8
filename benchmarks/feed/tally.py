"""What every subscriber saw, and when: the same count for Espalier and its peer."""

from __future__ import annotations

import time
from typing import NamedTuple

from benchmarks.feed.work import processor_s


class Figures(NamedTuple):
    """One run: latency from a commit's sending to a subscriber's hearing of it, in ms, commits a second, and the
    server's processor time for each edit, in ms."""

    p50_ms: float
    p99_ms: float
    worst_ms: float
    commits_s: float
    server_ms: float
    events: int
    problem: str


class Tally:
    """Counts for ``clients`` subscribers who each must hear of every row once.

    Args:
        clients: How many subscribers.
        rows: How many rows are written in all.
        server: The id of the server's process.
    """

    def __init__(self, clients: int, rows: int, server: int) -> None:
        self._rows = rows
        self._server, self._worked_s = server, processor_s(server)
        self._sent: dict[str, float] = {}
        self._heard: list[dict[str, int]] = [{} for _ in range(clients)]
        self._delays: list[float] = []
        self._left = clients * rows
        self.events = 0
        self._twice = 0
        self._faults: dict[str, None] = {}
        self._began, self._ended = 0.0, 0.0

    @property
    def is_done(self) -> bool:
        """Whether everybody has heard of everything."""
        return self._left == 0

    def fail(self, what: str) -> None:
        """Something went wrong that must not."""
        self._faults[what] = None

    def sending(self, name: str) -> None:
        """A row is being sent now."""
        now = time.perf_counter()
        self._began = self._began or now
        self._sent[name] = now

    def answered(self) -> None:
        """A commit was answered now."""
        self._ended = time.perf_counter()

    def heard(self, client: int, name: str) -> None:
        """A subscriber hears of a row now."""
        seen = self._heard[client]
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            self._twice += 1
            return
        self._left -= 1
        self._delays.append(time.perf_counter() - self._sent[name])

    def figures(self, stored: list[str]) -> Figures:
        """The figures; ``stored`` are the rows that are in the table afterwards. The connections are still open."""
        delays = sorted(self._delays) or [0.0]
        wanted, found = set(self._sent), set(stored)
        faults = {
            "rows lost": len(wanted - found),
            "rows twice": len(stored) - len(found),
            "events lost": self._left,
            "events twice": self._twice,
        }
        problem = ", ".join([*self._faults, *(f"{count} {what}" for what, count in faults.items() if count)])
        at = lambda part: delays[min(int(len(delays) * part), len(delays) - 1)] * 1000  # noqa: E731
        worked = (processor_s(self._server) - self._worked_s) * 1000 / max(self._rows, 1)
        took = max(self._ended - self._began, 1e-9)
        return Figures(at(0.5), at(0.99), delays[-1] * 1000, len(wanted) / took, worked,
                       self.events, problem)  # fmt: skip
