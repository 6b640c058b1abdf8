"""Looking now and then whether another program wrote into a hosted database, while somebody watches its tables."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from kernel.error import EspalierError
from server.log import Log

#: Seconds between looks.
LOOK_S = 1.0


class Pollable(Protocol):
    """A source that must be asked for other programs' changes."""

    def poll(self) -> bool:
        """Tell the listeners of such changes; answers whether there were any."""


class Poller:
    """A thread that polls sources, started with the first one.

    Args:
        has_subscribers: Whether anybody hears a topic now.
        log: The server's log.
    """

    def __init__(self, has_subscribers: Callable[[str], bool], log: Log) -> None:
        self._has_subscribers = has_subscribers
        self._log = log
        self._lock = threading.Lock()
        self._topics: dict[str, Pollable] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, topic: str, source: Pollable) -> None:
        """Poll ``source`` while ``topic`` has subscribers."""
        with self._lock:
            self._topics[topic] = source
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="espalier-poll", daemon=True)
                self._thread.start()

    def remove(self, topic: str) -> None:
        """Look no more for that topic."""
        with self._lock:
            self._topics.pop(topic, None)

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            with self._lock:
                topics = list(self._topics.items())
            for source in {id(source): source for topic, source in topics if self._has_subscribers(topic)}.values():
                self._look(source)

    def _look(self, source: Pollable) -> None:
        """One look; whatever goes wrong, the other sources are looked at."""
        try:
            source.poll()
        except EspalierError as error:
            self._log.warning("cannot look at a database", error=error)
        except Exception as error:
            self._log.error("cannot look at a database", error=f"{type(error).__name__}: {error}")
