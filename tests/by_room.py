"""Hands tests out to several processes, a room at a time."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling


class ByRoom(LoadScopeScheduling):
    """A process takes a whole folder below ``tests``, in its order, and then the next one that nobody has.

    So what modules share is made once, and each test stands behind the same ones in every run.
    """

    def _split_scope(self, nodeid: str) -> str:  # xdist's name
        return nodeid.split("/")[1]
