"""Notifications of pages as messages of the window: a few from each origin, then one line until it has been quiet."""

from __future__ import annotations

import time
from collections.abc import Callable

from plugins.api import say

#: So many of one origin are shown within so many seconds.
MOST, WITHIN_S = 3, 30.0
#: Letters of a page's own text that are shown.
_LONGEST = 200


class Notices:
    """Of one profile.

    Args:
        clock: Answers seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shown: dict[str, list[float]] = {}

    def take(self, origin: str, title: str, text: str) -> tuple[str, str] | None:
        """What is shown of a notification, as a text and its detail; None for one too many.

        One that is held back counts too: a page that does not stop is heard again when it has been quiet.
        """
        now = self._clock()
        times = [one for one in self._shown.get(origin, ()) if now - one < WITHIN_S]
        self._shown[origin] = [*times, now][-MOST - 1 :]
        if len(times) < MOST:
            return _short(title) or origin, say("{text} ({origin})", text=_short(text), origin=origin)
        if len(times) == MOST:
            told = say("{origin} sends many notifications", origin=origin)
            return told, say("further ones are not shown until it has been quiet for a while")
        return None


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
