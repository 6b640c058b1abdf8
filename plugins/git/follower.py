"""Follows a transfer that a command has begun, and tells what became of it."""

from __future__ import annotations

from typing import Any

from plugins.api import Query, TableHandle, Workplace, say

#: States of a transfer that is not over.
UNDER_WAY = ("running", "asking", "stopping")
#: How it has ended → how the message looks.
_LEVELS = {"done": "success", "failed": "error", "cancelled": "info"}


class Follower:
    """Reads the row until it says how it has ended; it keeps itself until then.

    Args:
        place: Where the message is shown.
        handle: The table ``actions``.
        key: The row's.
    """

    def __init__(self, place: Workplace, handle: TableHandle, key: tuple[Any, ...]) -> None:
        self._place, self._handle, self._key = place, handle, key
        #: A function of its own, since a signal does not keep what it calls.
        self._slot = lambda _change: self._read()
        handle.changed.connect(self._slot)
        self._read()

    def _read(self) -> None:
        # The newest row comes first, and there is one transfer at a time.
        self._handle.fetch(Query(), 0, 1, self._take)

    def _take(self, answer: Any) -> None:
        if isinstance(answer, Exception) or not len(answer.keys) or answer.keys[0] != self._key:
            self._end()
            return
        state, action = answer.columns["state"][0], answer.columns["action"][0]
        if state not in UNDER_WAY and self._end():
            result = answer.columns["result"][0]
            said = say("{action}: {result}", action=action, result=result or say("Done"))
            self._place.message(_LEVELS[state], said)

    def _end(self) -> bool:
        """Follow it no more; False when that was so already."""
        if self._key == ():
            return False
        self._key = ()
        self._handle.changed.disconnect(self._slot)
        return True
