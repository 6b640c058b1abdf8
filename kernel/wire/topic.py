"""Topics: who wants to hear of what. Encodes an event once and hands it to every subscriber."""

from __future__ import annotations

import asyncio
from typing import Any

from kernel.wire import frame


class Topics:
    """Subscribers by topic. ``publish`` may be called from any thread, the rest from the loop's only."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._sessions: dict[str, dict[Any, None]] = {}
        self._topics: dict[Any, dict[str, None]] = {}

    def subscribe(self, session: Any, topic: str) -> None:
        """``session`` gets the topic's events from now on; twice is once."""
        self._sessions.setdefault(topic, {})[session] = None
        self._topics.setdefault(session, {})[topic] = None

    def unsubscribe(self, session: Any, topic: str) -> None:
        """No more events of that topic for ``session``."""
        for held, key, value in ((self._sessions, topic, session), (self._topics, session, topic)):
            if key in held:
                held[key].pop(value, None)
                if not held[key]:
                    del held[key]

    def forget(self, session: Any) -> None:
        """The session is gone."""
        for topic in self.topics_of(session):
            self.unsubscribe(session, topic)

    def topics_of(self, session: Any) -> list[str]:
        """The topics that ``session`` hears."""
        return list(self._topics.get(session, ()))

    def has_subscribers(self, topic: str) -> bool:
        """Whether anybody listens; a hint only, when asked from another thread."""
        return topic in self._sessions

    def publish(self, topic: str, body: Any, called: str = "") -> None:
        """Send ``body`` to all subscribers, in the order of the calls; from any thread.

        A body None tells them to fetch again. ``called`` is what the topic is called on the wire, where several groups
        of subscribers hear of one thing each its own; empty = as it is called here.
        """
        loop = self.loop
        if loop is None or loop.is_closed():
            return
        data = frame.pack(frame.EVENT, [called or topic, body])
        try:
            loop.call_soon_threadsafe(self._deliver, topic, called or topic, data)
        except RuntimeError:
            if not loop.is_closed():  # closed meanwhile: there is nobody left to tell
                raise

    def sessions_of(self, topic: str) -> list[Any]:
        """Who hears the topic."""
        return list(self._sessions.get(topic, ()))

    def _deliver(self, topic: str, called: str, data: bytes) -> None:
        for session in self.sessions_of(topic):
            session.send_event(called, data)


class Backlog:
    """Events that wait while a client does not read: at most ``limit`` per topic, then one "fetch again"."""

    def __init__(self, limit: int = 64) -> None:
        self._limit = limit
        self._waiting: dict[str, list[bytes]] = {}

    def add(self, topic: str, data: bytes) -> None:
        """Keep one packed event."""
        waiting = self._waiting.setdefault(topic, [])
        waiting.append(data)
        if len(waiting) > self._limit:
            waiting[:] = [frame.pack(frame.EVENT, [topic, None])]

    def take(self) -> list[bytes]:
        """What waits, and an empty backlog."""
        taken = [data for waiting in self._waiting.values() for data in waiting]
        self._waiting.clear()
        return taken

    def __bool__(self) -> bool:
        return bool(self._waiting)
