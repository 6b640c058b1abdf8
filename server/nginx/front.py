"""The server behind nginx: the sockets between the two, nginx itself, and the files that it serves."""

from __future__ import annotations

import socket
from pathlib import Path

from kernel.wire.address import Address
from kernel.wire.listener import Server
from kernel.wire.tls import is_local, server_context
from server.catalogue import Catalogue
from server.certificate import certificate_file, server_key_of
from server.http.git_door import MAX_PUSH
from server.log import Log
from server.nginx.config import STATIC, Front
from server.nginx.process import Nginx, NginxError
from server.nginx.static import Static

#: Longest path of a unix socket, bytes: unix(7), without the zero at its end.
_MAX_PATH = 107


class InFront:
    """nginx for one server.

    Args:
        wire: The server's connections.
        catalogue: Its releases.
        own: Its own folder.
        log: Its log.
    """

    def __init__(self, wire: Server, catalogue: Catalogue, own: Path, log: Log) -> None:
        self._wire, self._catalogue, self._own, self._log = wire, catalogue, own.absolute(), log
        self._web_port = 0
        self.nginx: Nginx | None = None
        self._static: Static | None = None

    async def start(self, address: Address, *, is_tls: bool, web_port: int = 0) -> tuple[Address, str]:
        """Listen behind nginx, and start it; answers the real address, and the key that clients know.

        Args:
            address: Where nginx listens; port 0 takes a free one.
            is_tls: Take TLS alone also where only this machine's programs can come.
            web_port: A port for nginx's web server alone; 0 = none.

        Raises:
            NginxError: nginx is missing, or cannot listen there.
            CacheError: the certificate cannot be written.
        """
        file = certificate_file(self._own)
        self._web_port = web_port
        address = address._replace(port=address.port or _free_port(address.host))
        is_plain = is_local(address) and not is_tls
        front = Front(self._own / "nginx", address.host, address.port, file, is_plain, MAX_PUSH, web_port)
        nginx = Nginx(front, self._log)
        _check_path(front.socket("plain"))
        front.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._wire.listen_behind(front.socket("tls"), server_context(file))
        if is_plain:
            self._wire.listen_behind(front.socket("plain"))
        await self._wire.start(Address(path=front.socket("http")))
        await nginx.start()
        self.nginx = nginx
        self._static = Static(front.static, self._catalogue, self._log)
        return address, server_key_of(file)

    def hint(self, address: Address, key: str) -> str:
        """Where shells may take files of releases."""
        place = address._replace(port=self._web_port or address.port)
        return f"Shells may take files from https://{place}/{STATIC}#{key} (option network.mirrors)"

    def update(self) -> None:
        """The releases are others now. From any thread."""
        if self._static is not None:
            self._static.update()

    async def reload(self) -> None:
        """See :meth:`Nginx.reload`; a configuration that is wrong is told in the log."""
        if self.nginx is not None:
            try:
                await self.nginx.reload()
            except NginxError as error:
                self._log.error("nginx goes on as before", error=error, hint=error.hint)

    async def stop(self, grace_s: float) -> None:
        """End nginx and the writing of files."""
        if self._static is not None:
            self._static.close()
        if self.nginx is not None:
            await self.nginx.stop(grace_s)


def _free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _check_path(path: str) -> None:
    if len(path.encode()) > _MAX_PATH:
        raise NginxError(f"{path} is too long for a socket", hint="serve a repository whose path is shorter")
