"""The parts of a source server put together: repository, catalogue, hosted tables, watch and wire."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.wire.address import Address, parse_address
from kernel.wire.frame import Limits
from kernel.wire.listener import Server
from kernel.wire.tls import is_local, server_context
from layouts.grant import Grant
from server.audit import KEEP_DAYS, KEEP_ROWS, Audit
from server.catalogue import Catalogue
from server.certificate import certificate_file, server_key_of
from server.command import Handlers, commands
from server.hosting import Hosting
from server.http.git_door import GitDoor
from server.log import Log
from server.note import Notes
from server.published import Published
from server.publishing.command import PublishCommands
from server.publishing.fitness import Fitness
from server.publishing.hook import install
from server.publishing.operation import Publishing
from server.publishing.teller import Publishers, event_of, tell_again, tell_audit
from server.repository import Repository
from server.topic import channels_of, parse_topic
from server.upload import COMMIT_LIMIT
from server.watch import Watcher

if TYPE_CHECKING:
    from server.nginx.front import InFront
    from server.signing.renewal import Renewal
    from server.signing.signing import Signing


class SourceServer:
    """Serves one repository until :meth:`stop`.

    Args:
        repository: The repository of apps; closed with the server.
        log: The server's log.
        data: Where hosted databases live; in the git directory when None.
        limits: What is accepted from clients.
        keep: Days and lines that the audit keeps; 0 = all.
        commit_limit: Bytes of one commit at most.
        signing: Signs releases before they are served.
        plugin_folders: Folders of plugins besides the shipped ones, whose kinds layouts may use.

    Attributes:
        key: What clients know the server by (SHA-256 of its public key, in hex); empty when it does without TLS.
    """

    def __init__(
        self,
        repository: Repository,
        log: Log,
        *,
        data: Path | None = None,
        limits: Limits | None = None,
        keep: tuple[int, int] = (KEEP_DAYS, KEEP_ROWS),
        commit_limit: int = COMMIT_LIMIT,
        signing: Signing | None = None,
        plugin_folders: Sequence[Path] = (),
    ) -> None:
        own = repository.git_dir / "espalier"
        self.repository = repository
        self.publishers = Publishers(own)
        self.catalogue = Catalogue(
            repository, Notes(own, log), log, fitness=Fitness(repository, own, plugin_folders), signing=signing,
            who_did=self.publishers.find,
        )  # fmt: skip
        self.catalogue.update()
        self.hosting = Hosting(
            data or own / "data",
            self.catalogue,
            self._publish,
            self._has_subscribers,
            log,
            Audit((data or own) / "audit.sqlite", log, *keep),
            self._later,
        )
        tell_again(self.hosting.audit, self.catalogue.notes)
        self._tell()
        handlers = Handlers(repository, self.catalogue, self.hosting, commit_limit, signing)
        self.sending = handlers.sending
        self.catalogue.on_made = self.sending.prepare
        table = commands(handlers)
        self._renewal: Renewal | None = None
        if signing is not None:
            from server.signing.command import KeyCommands
            from server.signing.renewal import Renewal

            for row in KeyCommands(signing, self._tell_keys, lambda: self.key, self._look_anew).rows():
                table.add(row)
            self._renewal = Renewal(signing, log)
        publishing = Publishing(repository, self.catalogue, self.publishers, self.hosting.audit, self.look)
        for row in PublishCommands(repository, self.catalogue, self.hosting, publishing, self._publish).rows():
            table.add(row)
        hooks = install(repository, own, (data or own) / "audit.sqlite", log)
        self._git = GitDoor(repository.git_dir, hooks, lambda: self.catalogue.policy, log)
        self.wire = Server(table, limits=limits, foreign=self._git.take)
        self._log = log
        self._watcher: Watcher | None = None
        self._front: InFront | None = None
        self.key = ""

    async def start(self, address: str | Address, *, is_tls: bool = False) -> Address:
        """Listen and watch; answers the real address.

        Args:
            address: Where.
            is_tls: Over TLS also where nobody but this machine's programs can listen; everywhere else in any case.

        Raises:
            WireError: the address cannot be used.
            CacheError: the server's certificate cannot be written.
        """
        address = parse_address(address) if isinstance(address, str) else address
        tls = None
        if not address.path and (is_tls or not is_local(address)):
            file = await asyncio.to_thread(certificate_file, self.repository.git_dir / "espalier")
            tls, self.key = server_context(file), server_key_of(file)
        real = await self.wire.start(address, tls)
        self._watcher = Watcher(self.repository.git_dir, self.look, self._log)
        return real

    async def start_behind_nginx(self, address: Address, *, is_tls: bool = False, web_port: int = 0) -> Address:
        """As :meth:`start`, with nginx at the address and this server behind it; see :mod:`server.nginx`.

        Raises:
            NginxError: there is no nginx, or it cannot listen there.
            CacheError: the server's certificate cannot be written.
        """
        from server.nginx.front import InFront

        self._front = InFront(self.wire, self.catalogue, self.repository.git_dir / "espalier", self._log)
        real, self.key = await self._front.start(address, is_tls=is_tls, web_port=web_port)
        self._watcher = Watcher(self.repository.git_dir, self.look, self._log)
        return real

    @property
    def is_behind_nginx(self) -> bool:
        """Whether nginx has the port."""
        return self._front is not None

    def hints(self, address: Address) -> list[str]:
        """Lines for people about what else there is at the address."""
        return [] if self._front is None else [self._front.hint(address, self.key)]

    async def reload(self) -> None:
        """Have nginx take its configuration anew, where there is one."""
        if self._front is not None:
            await self._front.reload()

    async def stop(self, grace_s: float = 3.0) -> None:
        """Give what is under way ``grace_s`` seconds, then close connections, databases and the repository."""
        self._git.close()
        if self._front is not None:
            await self._front.stop(grace_s)
        await self.wire.stop(grace_s)
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """Close everything but the connections."""
        if self._watcher is not None:
            self._watcher.close()
        if self._renewal is not None:
            self._renewal.close()
        self.hosting.close()
        self.repository.close()

    def look(self) -> None:
        """Publish what was pushed since the last look and tell the subscribers."""
        before = self.catalogue.published, (self.catalogue.roles, self.catalogue.people)
        changed = self.catalogue.update()
        self._part_from_regranted(*before)
        for app in sorted(changed):
            self.hosting.take_release(app)
            published = self.catalogue.published.get(app)
            self._publish(f"release:{app}", {"release": published.release.id if published else ""})
        if changed:
            self._publish("apps", {"changed": sorted(changed)})
            if self._front is not None:
                self._front.update()
        self._tell()

    def _tell(self) -> None:
        """Put what was released and refused into the audit, and tell who listens for it."""
        for app, entry in self.catalogue.take_news():
            tell_audit(self.hosting.audit, app, entry)
            self._publish(f"publishing:{app}", event_of(app, entry))

    def _look_anew(self) -> None:
        """Serve what has waited for a signature."""
        self.catalogue.look_anew()
        self.look()

    def _tell_keys(self) -> None:
        """Have every shell ask again: who may sign has changed."""
        for app, published in self.catalogue.published.items():
            self._publish(f"release:{app}", {"release": published.release.id})

    def _part_from_regranted(self, published: dict[str, Published], people: tuple[object, object]) -> None:
        """End the connections whose subscriptions were granted otherwise; their clients come back by themselves."""
        now = self.catalogue
        regranted = {
            app
            for app in published.keys() | now.published.keys()
            if (old := _grants(published, app)) != (new := _grants(now.published, app))
            or ((old or new) and people != (now.roles, now.people))
        }
        loop = self.wire.topics.loop
        if regranted and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._part, regranted)

    def _part(self, apps: set[str]) -> None:
        for session in list(self.wire.sessions):
            if any(topic.startswith("table:") and parse_topic(topic).app in apps for topic in channels_of(session)):
                session.end()

    def _publish(self, topic: str, body: object, called: str = "") -> None:
        if hasattr(self, "wire"):  # at the start there is nobody to tell
            self.wire.publish(topic, body, called)

    def _later(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call back on the loop's thread; dropped when the server has ended."""
        loop = self.wire.topics.loop
        if loop is not None and not loop.is_closed():
            with contextlib.suppress(RuntimeError):  # closed meanwhile: there is nobody left to tell
                loop.call_soon_threadsafe(loop.call_later, seconds, callback)

    def _has_subscribers(self, topic: str) -> bool:
        return self.wire.topics.has_subscribers(topic)


def _grants(published: dict[str, Published], app: str) -> tuple[Grant, ...]:
    return published[app].grants if app in published else ()
