"""The parts of a source server put together: repository, catalogue, hosted tables, watch and wire."""

from __future__ import annotations

import asyncio
from pathlib import Path

from kernel.wire.address import Address
from kernel.wire.frame import Limits
from kernel.wire.listener import Server
from server.catalogue import Catalogue
from server.command import Handlers, commands
from server.hosting import Hosting
from server.log import Log
from server.note import Notes
from server.repository import Repository
from server.watch import Watcher


class SourceServer:
    """Serves one repository until :meth:`stop`.

    Args:
        repository: The repository of apps; closed with the server.
        log: The server's log.
        data: Where hosted databases live; in the git directory when None.
        limits: What is accepted from clients.
    """

    def __init__(
        self, repository: Repository, log: Log, *, data: Path | None = None, limits: Limits | None = None
    ) -> None:
        own = repository.git_dir / "espalier"
        self.repository = repository
        self.catalogue = Catalogue(repository, Notes(own, log), log)
        self.catalogue.update()
        self.hosting = Hosting(data or own / "data", self.catalogue, self._publish, self._has_subscribers, log)
        self.wire = Server(commands(Handlers(repository, self.catalogue, self.hosting)), limits=limits)
        self._log = log
        self._watcher: Watcher | None = None

    async def start(self, address: str | Address) -> Address:
        """Listen and watch; answers the real address.

        Raises:
            WireError: the address cannot be used.
        """
        real = await self.wire.start(address)
        self._watcher = Watcher(self.repository.git_dir, self.look, self._log)
        return real

    async def stop(self, grace_s: float = 3.0) -> None:
        """Give what is under way ``grace_s`` seconds, then close connections, databases and the repository."""
        await self.wire.stop(grace_s)
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """Close everything but the connections."""
        if self._watcher is not None:
            self._watcher.close()
        self.hosting.close()
        self.repository.close()

    def look(self) -> None:
        """Publish what was pushed since the last look and tell the subscribers."""
        changed = self.catalogue.update()
        for app in sorted(changed):
            self.hosting.take_release(app)
            published = self.catalogue.published.get(app)
            self._publish(f"release:{app}", {"release": published.release.id if published else ""})
        if changed:
            self._publish("apps", {"changed": sorted(changed)})

    def _publish(self, topic: str, body: object) -> None:
        self.wire.publish(topic, body)

    def _has_subscribers(self, topic: str) -> bool:
        return self.wire.topics.has_subscribers(topic)
