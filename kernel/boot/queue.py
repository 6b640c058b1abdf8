"""The boot queue: names of agents and their arguments, and what the agents share."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from kernel.boot.error import AgentError


class Queue:
    """Agents and arguments, taken from the front.

    An agent takes its own arguments out with :meth:`pop`, sends a message by :meth:`push` (handled after all
    that waits) and execs by :meth:`unshift` (handled next).

    Attributes:
        session: What the agents share; any object, a plain dict when none is given.
        agent: The agent that runs now, empty outside of one.
    """

    def __init__(self, items: Iterable[Any] = (), session: Any = None) -> None:
        self._items: deque[Any] = deque(items)
        self.session: Any = {} if session is None else session
        self.agent = ""

    def pop(self) -> Any:
        """Take the item at the front out of the queue.

        Raises:
            AgentError: there is none; names the agent that asked for it.
        """
        if not self._items:
            message = f"the agent {self.agent} wants an argument, but the boot queue is at its end"
            raise AgentError(message if self.agent else "the boot queue is empty", agent=self.agent)
        return self._items.popleft()

    def push(self, *items: Any) -> None:
        """Put items at the back, in their order: a message."""
        self._items.extend(items)

    def unshift(self, *items: Any) -> None:
        """Put items at the front so that the first of them comes next: an exec."""
        self._items.extendleft(reversed(items))

    def rest(self) -> tuple[Any, ...]:
        """What still waits, front first; the queue stays as it is."""
        return tuple(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rest())

    def __repr__(self) -> str:
        return f"Queue({list(self._items)!r})"
