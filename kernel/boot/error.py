"""What can go wrong while booting."""

from __future__ import annotations

from kernel.error import EspalierError


class AgentError(EspalierError):
    """An agent that is not known, cannot be imported, lacks an argument or failed.

    Attributes:
        agent: Its name.
        rest: What was still in the queue behind it.
    """

    def __init__(self, message: str, *, agent: str, rest: tuple[object, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.agent = agent
        self.rest = rest


class BootTableError(EspalierError):
    """A boot table that cannot be used, or a name that is not in it."""
