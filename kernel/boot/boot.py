"""Runs a boot queue: pop a name, import that agent, call its ``run_agent(queue)`` if it has one.

It knows nothing of what agents do and nothing of their arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kernel.boot.error import AgentError, BootTableError
from kernel.boot.importer import Importer
from kernel.boot.queue import Queue
from kernel.error import EspalierError
from kernel.nearest import did_you_mean, nearest_names


class Boot:
    """Boots names of a table.

    Args:
        table: Host or app name → the items of its queue.
        importer: Finds agents.
    """

    def __init__(self, table: Mapping[str, Iterable[Any]], importer: Importer) -> None:
        self._table = table
        self._importer = importer
        self._agents: dict[str, Any] = {}

    def run(self, name: str, queue: Queue | None = None) -> Queue:
        """Put the name's queue before what ``queue`` holds and run until nothing is left.

        Returns:
            The queue, empty, with its session.

        Raises:
            BootTableError: the table does not have the name.
            AgentError: see :meth:`run_queue`.
        """
        items = self._table.get(name)
        if items is None:
            hint = did_you_mean(name, self._table)
            raise BootTableError(f"nothing is known to boot under the name {name}", hint=hint)
        queue = Queue() if queue is None else queue
        queue.unshift(*items)
        return self.run_queue(queue)

    def run_queue(self, queue: Queue) -> Queue:
        """Run agents until the queue is empty.

        An agent with ``run_agent`` is called at every occurrence; one without acts once, by being imported.

        Raises:
            AgentError: an agent is not known, cannot be imported, or failed with an error that is not ours;
                what was left in the queue is in ``rest`` and in the message.
            EspalierError: as an agent raised it, with the queue's rest as a note.
        """
        while queue:
            name = queue.pop()
            queue.agent = name if isinstance(name, str) else repr(name)
            self._act(name, queue)
            queue.agent = ""
        return queue

    def _act(self, name: Any, queue: Queue) -> None:
        agent = self._find(name, queue)
        run_agent = getattr(agent, "run_agent", None)
        if run_agent is None:
            return
        try:
            run_agent(queue)
        except EspalierError as error:
            error.add_note(f"in the agent {name}; {_told(queue)}")
            raise
        except Exception as error:
            raise _failed(name, queue, "failed", error) from error

    def _find(self, name: Any, queue: Queue) -> Any:
        if not isinstance(name, str):
            raise AgentError(
                f"{name!r} stands in the boot queue where an agent's name should; {_told(queue)}",
                agent=repr(name),
                rest=queue.rest(),
            )
        if name in self._agents:
            return self._agents[name]
        try:
            agent = self._importer.find(name)
        except EspalierError as error:
            error.add_note(f"while the agent {name} was imported; {_told(queue)}")
            raise
        except Exception as error:
            raise _failed(name, queue, "cannot be imported", error) from error
        if agent is None:
            raise self._unknown(name, queue)
        self._agents[name] = agent
        return agent

    def _unknown(self, name: str, queue: Queue) -> AgentError:
        known = list(self._importer.names())
        nearest = nearest_names(name, known) or sorted(known)
        hint = f"known agents: {', '.join(nearest)}" if nearest else "no agents are known"
        return AgentError(f"unknown agent {name}; {_told(queue)}", agent=name, rest=queue.rest(), hint=hint)


def _failed(name: str, queue: Queue, what: str, error: Exception) -> AgentError:
    message = f"the agent {name} {what}: {type(error).__name__}: {error}; {_told(queue)}"
    return AgentError(message, agent=name, rest=queue.rest())


def _told(queue: Queue) -> str:
    rest = queue.rest()
    return f"left in the queue: {' '.join(map(str, rest))}" if rest else "nothing was left in the queue"
