"""Which way this process started, for the start trace, ``--debug`` and the process that is kept ready for the next."""

from __future__ import annotations

import os


class Way:
    """How a process began. On the way to every start: without :mod:`typing`.

    Attributes:
        text: ``ready``, or ``first:`` and why no process was ready for it.
        socket: Where a process that is ready for starts like this one listens; empty when there can be none.
        environment: The variables as they were then: libraries set some of their own later.
    """

    def __init__(self, text: str, socket: str = "", environment: dict[str, str] | None = None) -> None:
        self.text, self.socket, self.environment = text, socket, environment or {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Way) and vars(self) == vars(other)


_taken = [Way("first: not from the command line")]


def tell(text: str, socket: str = "") -> None:
    """Note the way."""
    _taken[0] = Way(text, socket, dict(os.environ))


def taken() -> Way:
    """What was noted."""
    return _taken[0]
