"""Ranking by use: what was run often and lately comes first. Kept in the app's state."""

from __future__ import annotations

import time

from shell.state import State

_NAME = "palette.use"
_KEPT = 200
_HALF_LIFE_S = 14 * 24 * 3600.0
#: What counts as not used any more.
_NEVER = 0.01


class Ranking:
    """How much an entry was used, fading with a half-life of two weeks."""

    def __init__(self, state: State, clock=time.time) -> None:
        self._state = state
        self._clock = clock

    def weight(self, name: str) -> float:
        """0 for an entry that was never used; each use adds one, which fades."""
        return _faded(self._uses().get(name), self._clock())

    def weights(self) -> dict[str, float]:
        """The weight of everything that was used and is not faded away."""
        now = self._clock()
        return {name: left for name, entry in self._uses().items() if (left := _faded(entry, now)) > _NEVER}

    def use(self, name: str) -> None:
        """Count one use, now."""
        now = self._clock()
        uses = dict(self._uses())
        uses[name] = [_faded(uses.get(name), now) + 1.0, now]
        kept = sorted(uses.items(), key=lambda item: -_faded(item[1], now))[:_KEPT]
        self._state.remember(_NAME, dict(kept))

    def _uses(self) -> dict:
        uses = self._state.recall(_NAME, {})
        return uses if isinstance(uses, dict) else {}


def _faded(entry: object, now: float) -> float:
    """The weight left of ``[weight, time]``; anything else in a damaged state counts as never used."""
    if not isinstance(entry, list) or len(entry) != 2 or not all(isinstance(part, int | float) for part in entry):
        return 0.0
    weight, when = entry
    return weight * 0.5 ** (max(0.0, now - when) / _HALF_LIFE_S)
