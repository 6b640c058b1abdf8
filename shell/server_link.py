"""The servers this process talks to: names → addresses, one link and one delivery each, made on first use."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.config import Config
from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.nearest import did_you_mean
from shell.app import OpenError

if TYPE_CHECKING:
    from kernel.cache import Cache
    from kernel.delivery import Delivery
    from kernel.trust.known_server import KnownServer
    from kernel.trust.person import PersonKey
    from kernel.trust.seal import Seal, SealedRecords
    from kernel.trust.server_trust import ServerTrust
    from kernel.wire.link import Link
    from kernel.wire.tls import Security

#: Seconds between two tries to start a server that has died.
REVIVE_PAUSE_S = 5.0
#: What the embedded server is called.
LOCAL = "local"


class LazyLink:
    """A link whose address is found, and whose embedded server is started, on first use.

    Args:
        make: Makes the link; called once, unless it fails.
        revive: Starts the server again; called in a thread when the link goes offline.
        timeout_s: Seconds to wait for an answer when a call does not say.
    """

    def __init__(
        self, make: Callable[[], Link], timeout_s: float = 10.0, revive: Callable[[], object] | None = None
    ) -> None:
        self._make = make
        self._revive = revive
        self._revived_at = float("-inf")
        self._is_closed = False
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._made: Link | None = None

    @property
    def link(self) -> Link:
        """The link itself; may take as long as the start of a server."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
                if self._revive is not None:
                    self._made.on_state(self._follow)
            return self._made

    @property
    def is_made(self) -> bool:
        """Whether the link was used."""
        return self._made is not None

    @property
    def state(self) -> str:
        """See :attr:`kernel.wire.link.Link.state`; ``connecting`` before the first use."""
        return self._made.state if self._made is not None else "connecting"

    def call(self, command: str, args: Any, **options: Any) -> Any:
        """See :meth:`kernel.wire.link.Link.call`."""
        return self.link.call(command, args, **{"timeout_s": self._timeout_s, **options})

    def stream(self, command: str, args: Any, **options: Any) -> Iterator[bytes]:
        """See :meth:`kernel.wire.link.Link.stream`."""
        return self.link.stream(command, args, **options)

    def on_event(self, topic: str, listener: Callable[[Any], None]) -> Disposer:
        """See :meth:`kernel.wire.link.Link.on_event`."""
        return self.link.on_event(topic, listener)

    def on_state(self, listener: Callable[[str], None]) -> Disposer:
        """See :meth:`kernel.wire.link.Link.on_state`."""
        return self.link.on_state(listener)

    def close(self) -> None:
        """Close the link if there is one."""
        self._is_closed = True
        if self._made is not None:
            self._made.close()

    def _follow(self, state: str) -> None:
        """On the link's thread, which goes on trying to connect by itself."""
        now = time.monotonic()
        if state == "offline" and not self._is_closed and now - self._revived_at > REVIVE_PAUSE_S:
            self._revived_at = now
            threading.Thread(target=self._bring_back, name="start of the server", daemon=True).start()

    def _bring_back(self) -> None:
        try:
            if self._revive is not None and not self._is_closed:
                self._revive()
        except EspalierError as error:
            import logging

            logging.getLogger("espalier").warning("the embedded server does not start again: %s", error)


class Servers:
    """Links and deliveries of one process; everything is made on first use.

    Args:
        config: Known servers, the cache's place and whether there is an embedded server.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._links: dict[str, LazyLink] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._cache: Cache | None = None
        self._seal: Seal | None = None
        self._person_key: PersonKey | None = None
        self._met: dict[str, str] = {}

    @property
    def config(self) -> Config:
        """The person's configuration."""
        return self._config

    def names(self) -> list[str]:
        """The servers that are known by name, the embedded one first."""
        embedded = [LOCAL] if self._config["server.embedded"] else []
        return embedded + [name for name in self._config.servers if name != LOCAL or not embedded]

    def renew(self) -> None:
        """Read the configuration again: another window may have added a server."""
        self._config.reload()

    def address(self, server: str) -> str:
        """The address of a known server, or of a text that is an address. Starts the embedded server for ``local``.

        Raises:
            OpenError: neither known nor an address.
        """
        known = self._config.servers.get(server)
        if known:
            return known
        if self._is_embedded(server):
            return self._embedded()
        return self.checked_address(server)

    def _is_embedded(self, server: str) -> bool:
        return server == LOCAL and not self._config.servers.get(LOCAL) and self._config["server.embedded"]

    def _embedded(self, *, may_replace: bool = True) -> str:
        """The address of the embedded server, which runs by then."""
        from server.embedded import ensure_running

        idle_s = self._config["server.embedded_idle"] / 1000
        return ensure_running(self._config.paths, idle_s=idle_s, may_replace=may_replace,
                              has_mirrors=self._config["tables.mirror"], plugins=self._config["plugins.folders"])

    def checked_address(self, server: str) -> str:
        """The address that the text is; a bare word must be a known server's name or have a port.

        Raises:
            OpenError: it is none.
        """
        from kernel.wire.address import parse_address
        from kernel.wire.error import AddressError

        if server in self._config.servers or server == LOCAL:
            return server
        try:
            address = str(parse_address(server))
        except AddressError as error:
            raise OpenError(f"{error.message}, and no known server has this name", hint=error.hint) from error
        if ":" not in server and "." not in server and server != "localhost":
            advice = f"espalier server add {server}=HOST:PORT adds it; or write {server}:5060"
            hint = did_you_mean(server, self.names()) or advice
            raise OpenError(f"there is no known server {server}", hint=hint)
        return address

    def lazy_link(self, server: str) -> LazyLink:
        """The link to a server, not yet connected."""
        if server not in self._links:
            timeout_s = self._config["network.request_timeout"] / 1000
            revive = (lambda: self._embedded(may_replace=False)) if self._is_embedded(server) else None
            self._links[server] = LazyLink(lambda: self._new_link(server), timeout_s, revive)
        return self._links[server]

    def link(self, server: str) -> Link:
        """The link to a server; see :meth:`address` for what can go wrong."""
        return self.lazy_link(server).link

    @property
    def update_policy(self) -> str:
        """When a newer release is shown: the option ``updates.policy``."""
        return self._config["updates.policy"]

    def channel_of(self, app: str) -> str:
        """The channel that the person wants of an app: of ``updates.channel``, its own word or else the one for all."""
        words = [word.strip() for word in self._config["updates.channel"].split(",") if word.strip()]
        own = (word.partition("=")[2].strip() for word in words if word.partition("=")[0].strip() == app)
        return next(own, "") or next((word for word in words if "=" not in word), "stable")

    def delivery(self, server: str) -> Delivery:
        """The releases of a server's apps, from the shared cache."""
        if server not in self._deliveries:
            from kernel.delivery import Delivery

            lazy = self.lazy_link(server)
            trust = self.trust(server)
            mirrors = self._config["network.mirrors"].split()
            self._deliveries[server] = Delivery(
                self.cache, server, lambda: lazy, trust, self.seal, mirrors, shell_version
            )
        return self._deliveries[server]

    def security(self, server: str) -> KnownServer | None:
        """The keys of connections with a server; None for sockets of this machine, which need none."""
        if self._is_embedded(server) or self._config.servers.get(server, server).startswith("unix:"):
            return None
        return self.known_server(server)

    def known_server(self, server: str) -> KnownServer:
        """What is known of the key that a server shows."""
        from kernel.trust.known_server import KnownServer, named_in
        from kernel.trust.state import States

        folder = self.data_directory / "trust"

        def named() -> tuple[str, ...]:
            state = States(folder).read(server)
            return named_in(state.root) if state is not None else ()

        return KnownServer(folder, server, named, self.person_key.introduce)

    @property
    def person_key(self) -> PersonKey:
        """This person's own key, made at its first use."""
        if self._person_key is None:
            from kernel.trust.person import PersonKey

            folder = Path(self._config.paths.config) / "keys"
            self._person_key = PersonKey(folder, has_keyring=self._config["trust.keyring"])
        return self._person_key

    def trust(self, server: str) -> ServerTrust | None:
        """The trust in a server's keys; None where the system vouches for it: over a socket of this machine."""
        if self._is_embedded(server) or self._config.servers.get(server, server).startswith("unix:"):
            return None
        from kernel.trust.server_trust import ServerTrust

        return ServerTrust(
            self.data_directory / "trust",
            server,
            self.cache,
            seal=self.seal,
            grace_s=self._config["trust.grace_days"] * 86_400.0,
            on_met=lambda fingerprint: self._note_met(server, fingerprint),
        )

    def _note_met(self, server: str, fingerprint: str) -> None:
        """A first contact is told where somebody else could stand in between."""
        from kernel.wire.address import parse_address
        from kernel.wire.tls import needs_tls

        if needs_tls(parse_address(self.address(server))):
            self._met[server] = fingerprint

    def take_met(self, server: str) -> str:
        """The fingerprint of a server that was met for the first time, once; else empty."""
        return self._met.pop(server, "")

    @property
    def data_directory(self) -> Path:
        """Where the person's own data live."""
        return Path(self._config.paths.data)

    @property
    def cache(self) -> Cache:
        """The person's cache."""
        if self._cache is None:
            from kernel.cache import Cache

            self._cache = Cache(self._config.paths.cache)
        return self._cache

    @property
    def seal(self) -> Seal:
        """What marks records of the cache as this person's own."""
        if self._seal is None:
            from kernel.trust.seal import Seal

            self._seal = Seal(self.data_directory / "trust" / "seal.key")
        return self._seal

    @property
    def records(self) -> SealedRecords:
        """Records of the cache that only this person's own programs can have written: layouts, texts, rows."""
        from kernel.trust.seal import SealedRecords

        return SealedRecords(self.cache, self.seal)

    @property
    def is_online(self) -> bool:
        """Whether any server has answered and still does."""
        return any(link.state == "online" for link in list(self._links.values()))

    def on_state(self, listener: Callable[[str], None]) -> Disposer:
        """Call the listener with the states of the links that were made by now, on the links' threads."""
        disposers = [link.on_state(listener) for link in list(self._links.values()) if link.is_made]
        return lambda: [dispose() for dispose in disposers] and None

    def clean_up(self) -> None:
        """Let what was not used for longest go from the cache when it holds more than ``cache.limit``.

        Raises:
            CacheError: the cache's directory cannot be written.
        """
        from kernel.delivery.held import clean_up

        clean_up(self.cache, self._config["cache.limit"])

    def close(self) -> None:
        """Close all links."""
        for link in self._links.values():
            link.close()

    def _new_link(self, server: str) -> Link:
        return self.new_link(self.address(server), self.security(server))

    def new_link(self, address: str, security: Security | None) -> Link:
        """A link of its own to an address; the caller closes it."""
        from kernel.wire.frame import Limits
        from kernel.wire.link import Link

        config = self._config
        limits = Limits(
            frame=config["network.frame_limit"],
            connect_s=config["network.connect_timeout"] / 1000,
            retry_first_s=config["network.retry_first"] / 1000,
            retry_longest_s=config["network.retry_longest"] / 1000,
        )
        return Link(address, limits=limits, name=config["network.name"], security=security)


def shell_version() -> str:
    """The version of this shell, as apps require it."""
    from pathlib import Path

    import resources
    from kernel.shipped import read_shipped

    return str(read_shipped(Path(resources.__path__[0]) / "surface.toml")["shell"])
