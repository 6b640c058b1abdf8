"""An app from a source server: its last good release from the cache at once, a newer one behind it.

A warm start needs no network: nothing here connects before :meth:`RemoteApp.refresh` or the first question
to a table.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.release import Manifest
from kernel.tables.contract import Source
from kernel.tables.error import InterruptedCallError, UnavailableError
from kernel.words import say
from shell.app import DEFAULT_ENTRY, AppInfo, Listeners, NotHereError, OpenError, Sources, StateListener
from shell.server_link import Servers

if TYPE_CHECKING:
    from kernel.code.tree import FileTree
    from kernel.outbox.outbox import Outbox
    from kernel.tables.remote import RemoteSource
    from layouts.app_brought import Brought
    from shell.behind import Behind
    from shell.watch import Watch

#: Seconds before the proof of the newest release ends at which another one is asked for; and between two questions.
RENEW_BEFORE_S, RENEW_PAUSE_S = 6 * 3600.0, 600.0
#: When a newer release is shown, by the option ``updates.policy``; the third is ``next start``.
AT_ONCE, ASK = "at once", "ask"
#: Kinds of sources that the server opens; those of plugins are opened here.
_SERVED = ("sqlite", "postgres")
#: Codes of answers that mean no more than that the server cannot answer now.
_AWAY_CODES = ("unavailable", "deadline", "cancelled")


class RemoteApp:
    """The app ``name`` of a known server or an address; implements :class:`shell.app.OpenedApp`.

    Args:
        servers: Links and deliveries of this process.
        server: A known server's name, ``local`` or an address.
        name: The app's name there.
        may_fetch: Whether to ask the server, and wait for it, when nothing of the app is in the cache.

    Raises:
        OpenError: the server does not have it, or it is away and nothing of the app is in the cache.
        NotHereError: nothing is in the cache, and the server was not to be asked.
    """

    def __init__(self, servers: Servers, server: str, name: str, *, may_fetch: bool = True) -> None:
        self._servers = servers
        self._delivery = servers.delivery(server)
        self._server = server
        self._name = name
        self._states = Listeners()
        self._releases = Listeners()
        self._problems = Listeners()
        self._offers = Listeners()
        self._offered: Manifest | None = None
        self._notices = Listeners()
        self._renewal: threading.Timer | None = None
        self._refreshing = threading.Lock()
        self._is_closed = False
        self._state = "connecting"
        self._disposers: list[Disposer] = []
        self._outboxes: list[Outbox] = []
        self._sending: dict[int, RemoteSource] = {}
        self._watch: Watch | None = None
        self.behind: Behind | None = None
        self.problem = ""
        manifest = self._delivery.cached(name)
        if manifest is None and not may_fetch:
            raise NotHereError(f"{name}@{server} was never opened here")
        self._manifest = manifest if manifest is not None else self._first()
        self.info = _info(self._manifest, server)
        self._sources = Sources(self.info.sources, self._open_source)

    @property
    def state(self) -> str:
        """See :attr:`shell.app.OpenedApp.state`."""
        return self._state

    @property
    def manifest(self) -> Manifest:
        """The release that files are read from."""
        return self._manifest

    @property
    def fetched_at(self) -> float:
        """When the server last said that this release is its newest, seconds since the epoch; 0 = unknown."""
        return self._delivery.checked_at(self._name)

    def read_file(self, path: str) -> bytes | None:
        """See :meth:`shell.app.OpenedApp.read_file`; a file that left the cache is fetched again."""
        if path not in self._manifest.files:
            return None
        return self._delivery.read(self._manifest, path)

    def tree(self) -> FileTree:
        """See :meth:`shell.app.OpenedApp.tree`: the files of the release that is the newest now."""
        from kernel.code.tree import ListedTree

        manifest = self._manifest
        digests = {path: file.sha256 for path, file in manifest.files.items()}
        return ListedTree(digests, lambda path: self._delivery.read(manifest, path), digests)

    def brought(self) -> Brought:
        """See :meth:`shell.app.OpenedApp.brought`."""
        from layouts.app_brought import Brought

        return Brought(self._manifest.wheels, self._manifest.libraries)

    def source(self, name: str = "") -> Source:
        """See :meth:`shell.app.OpenedApp.source`."""
        return self._sources.get(name)

    def remembered_table(self, source: str, table: str) -> Any:
        """See :meth:`shell.app.OpenedApp.remembered_table`."""
        try:
            opened: Any = self._sources.get(source)
            return opened.remembered_table(table) if hasattr(opened, "remembered_table") else None
        except OpenError:  # the view that opens it tells what is wrong with the name
            return None

    def on_state(self, listener: StateListener) -> Disposer:
        """See :meth:`shell.app.OpenedApp.on_state`."""
        listener(self._state)
        return self._states.add(listener)

    def on_release(self, listener: Callable[[], None]) -> Disposer:
        """See :meth:`shell.app.OpenedApp.on_release`."""
        return self._releases.add(listener)

    def on_problem(self, listener: Callable[[EspalierError], None]) -> Disposer:
        """Call the listener when the server answers, but what it offers is refused; the last good release stays."""
        return self._problems.add(listener)

    def on_offer(self, listener: Callable[[str], None]) -> Disposer:
        """Call the listener with the version of a newer release that waits until :meth:`take_offer`."""
        disposer = self._offers.add(listener)
        if self._offered is not None and self._servers.update_policy == ASK:
            listener(self._offered.version)
        return disposer

    def take_offer(self) -> None:
        """Show the newer release that waits; nothing happens when none does."""
        offered, self._offered = self._offered, None
        if offered is not None:
            self._show(offered)

    def on_notice(self, listener: Callable[[str, str], None]) -> Disposer:
        """Call the listener with what the person should know, a text and its detail: what was not told yet and more."""
        disposer = self._notices.add(listener)
        self._tell_met()
        return disposer

    @property
    def unproven_since(self) -> float:
        """Since when nothing proves that this release is the newest, seconds since the epoch; 0 = it is proven."""
        proof = self._delivery.proof()
        return proof.ended if proof is not None else 0.0

    def refresh(self) -> None:
        """Connect and ask for a newer release, in a thread; follow the link's state and the releases from then on."""
        threading.Thread(target=self._refresh, name=f"refresh of {self._name}", daemon=True).start()

    def close(self) -> None:
        """See :meth:`shell.app.OpenedApp.close`; the link belongs to the process and stays."""
        self._is_closed = True
        self._states.clear()
        self._releases.clear()
        self._problems.clear()
        self._offers.clear()
        self._notices.clear()
        if self._renewal is not None:
            self._renewal.cancel()
        while self._disposers:
            self._disposers.pop()()
        if self._watch is not None:
            self._watch.close()
        self._sources.close()

    def _first(self) -> Manifest:
        """The release of an app that was never opened here; this one waits for the server."""
        try:
            manifest = self._delivery.refresh(self._name, self._servers.channel_of(self._name))
        except UnavailableError as error:
            refused = self._delivery.refused.get(self._name)
            if refused is not None:
                raise OpenError(refused.message, hint=refused.hint or f"{self._server} is away") from error
            message = f"{self._name}@{self._server} was never opened here, and the server does not answer"
            raise OpenError(message, hint=error.message) from error
        self._state = "online"
        return manifest

    def _refresh(self) -> None:
        with self._refreshing:
            if self._is_closed:
                return
            try:
                self._connect()
            except EspalierError as error:
                self._go_offline(error)
                return
            self._take_newest()

    def _connect(self) -> None:
        """Follow the link and the releases, once."""
        link = self._servers.link(self._server)
        if not self._disposers:
            self._disposers.append(link.on_event(f"release:{self._name}", lambda _body: self.refresh()))
            self._disposers.append(link.on_state(lambda state: self._follow(state, link.failure)))

    def _take_newest(self) -> None:
        if self.behind is None:
            from shell.behind import Behind

            self.behind = Behind(lambda: self._states.tell(self._state))
        try:
            with self.behind.watching():
                manifest = self._delivery.refresh(self._name, self._servers.channel_of(self._name))
        except InterruptedCallError:
            return
        except UnavailableError as error:
            self._go_offline(error)
            return
        except EspalierError as error:
            if getattr(error, "code", "") in _AWAY_CODES:
                self._go_offline(error)
                return
            self._set_state("online")
            self._refuse(error)
            return
        self.problem = ""
        self._set_state("online")
        self._tell_met()
        self._renew_later()
        if _shown(manifest) == _shown(self._manifest):
            self._manifest, self._offered = manifest, None
        elif self._servers.update_policy == AT_ONCE:
            self._show(manifest)
        else:
            self._offer(manifest)

    def _show(self, manifest: Manifest) -> None:
        """Read from this release from now on."""
        self._manifest, self._offered = manifest, None
        self.info = _info(manifest, self._server)
        self._releases.tell()
        self._clean_up()

    def _offer(self, manifest: Manifest) -> None:
        """Keep a newer release for the next start, or until the person wants to see it."""
        before, self._offered = self._offered, manifest
        is_new = before is None or _shown(before) != _shown(manifest)
        if is_new and self._servers.update_policy == ASK:
            self._offers.tell(manifest.version)

    def _tell_met(self) -> None:
        """Tell of a server that is trusted since now, once there is somebody to tell."""
        if not self._notices:
            return
        fingerprint = self._servers.take_met(self._server)
        if fingerprint:
            from kernel.trust.fingerprint import shown

            self._notices.tell(
                say("{server} is trusted from now on", server=self._server),
                say(
                    "It was met for the first time. Its fingerprint is {fingerprint}; whoever runs the server can "
                    "compare it with the one that espalier keys list shows.",
                    fingerprint=shown(fingerprint),
                ),
            )

    def _renew_later(self) -> None:
        """Ask again before nothing proves any more that this release is the newest."""
        proof = self._delivery.proof()
        if self._renewal is not None:
            self._renewal.cancel()
        if proof is None or self._is_closed:
            return
        if proof.ended:
            self._states.tell(self._state)  # the bar says it
        self._renewal = threading.Timer(max(RENEW_PAUSE_S, proof.left_s - RENEW_BEFORE_S), self.refresh)
        self._renewal.daemon = True
        self._renewal.start()

    def _refuse(self, error: EspalierError) -> None:
        """What the server offers is not taken; told once, not at every try."""
        if error.message != self.problem:
            self.problem = error.message
            self._problems.tell(error)
            self._states.tell(self._state)

    def _clean_up(self) -> None:
        try:
            self._servers.clean_up()
        except EspalierError as error:  # the app itself is whole; the next release tries again
            self.problem = error.message

    def _tell_stranger(self, error: EspalierError) -> None:
        """Say that somebody else answers at the server's address, once: being offline would look the same."""
        from kernel.wire.error import UntrustedServerError

        if isinstance(error, UntrustedServerError) and error.message != self.problem:
            self.problem = error.message
            self._problems.tell(error)

    def _go_offline(self, error: EspalierError) -> None:
        self._tell_stranger(error)
        self.problem = error.message
        self._set_state("offline")

    def _follow(self, state: str, failure: EspalierError | None) -> None:
        """The link's state is the app's, but that nothing is online before the release was asked for."""
        if state == "offline" and failure is not None:
            self._tell_stranger(failure)
        self._set_state(state)

    def _set_state(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self._states.tell(state)

    def _open_source(self, name: str) -> Source:
        if self.info.sources[name].get("kind", "sqlite") not in _SERVED:
            return self._open_here(name)
        from kernel.tables.remote import RemoteSource

        link: Any = self._servers.lazy_link(self._server)
        outbox = self._outbox(name)
        source = RemoteSource(link, self._name, name, self._servers.records, self._server, outbox)
        if outbox is not None:
            outbox[0].on_change(lambda: self._states.tell(self._state))
            self._outboxes.append(outbox[0])
            self._sending[id(outbox[0])] = source
            self._follow_others(source)
        return source

    def _open_here(self, name: str) -> Source:
        """A source of a plugin's kind."""
        from shell.plugin_source import open_here
        from shell.watch import Watch

        description, permissions = self.info.sources[name], self._manifest.permissions
        source = open_here(name, description, permissions, self._servers.config, self.read_file)
        if hasattr(source, "poll"):
            self._watch = self._watch or Watch()
            self._watch.add(source)
        return source

    def _follow_others(self, source: RemoteSource) -> None:
        """Show soon what other processes add to the outbox of a source, or send of it."""
        from shell.watch import Shared, Watch

        self._watch = self._watch or Watch()
        self._watch.add(Shared(source))

    def send_waiting(self, outbox: Outbox) -> None:
        """Send what waits, in a thread, unless the server is away."""
        source = self._sending.get(id(outbox))
        if source is not None and source.edits is not None and not source.is_away():
            source.edits.send_soon()

    def source_of(self, outbox: Outbox) -> RemoteSource:
        """The source whose edits wait in it."""
        return self._sending[id(outbox)]

    def _outbox(self, name: str) -> tuple[Outbox, frozenset[str] | None] | None:
        """Where edits of the source wait, and for which tables they may; None when for none.

        What waits already is sent also when a newer release lets nothing wait any more.
        """
        sources = self.info.sources
        offline = sources.get(name or next(iter(sources), ""), {}).get("offline") or ()
        from kernel.digest import sha256_of

        place = sha256_of(f"{self._server}/{self._name}/{name}".encode()).hex()[:24]
        path = self._servers.data_directory / "outbox" / f"{self._name}-{place}.journal"
        if not offline and not path.exists():
            return None
        from kernel.outbox.outbox import Outbox

        return Outbox(path), None if offline is True else frozenset(offline)

    @property
    def outboxes(self) -> list[Outbox]:
        """The outboxes of the app's sources that were used."""
        return list(self._outboxes)


def _shown(manifest: Manifest) -> Manifest:
    """What of a release can be seen: the same files published again are no other version."""
    return msgspec.structs.replace(manifest, serial=0, commit="", created=0, previous="", channel="")


def _info(manifest: Manifest, server: str) -> AppInfo:
    return AppInfo(
        name=manifest.app,
        key=f"{manifest.app}@{server}",
        title=manifest.title or manifest.app,
        version=manifest.version,
        icon=manifest.icon,
        doc=manifest.doc,
        entry=tuple(manifest.entry) or DEFAULT_ENTRY,
        sources=manifest.sources,
        server=server,
    )
