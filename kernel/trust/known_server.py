"""The key that a server shows on its TLS connections: named by its root, or pinned at the first contact."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from kernel.digest import sha256_of
from kernel.error import EspalierError
from kernel.wire.error import UntrustedServerError
from kernel.wire.tls import Introduction
from kernel.words import mark

#: What introduces this person over a connection; see :meth:`kernel.wire.tls.Security.introduce`.
Introduce = Callable[[bytes], Introduction | None]


class _Field(msgspec.Struct):
    tls: list[str] = []


class _Content(msgspec.Struct):
    espalier: _Field = msgspec.field(default_factory=_Field)


class _Signed(msgspec.Struct):
    """A root, as far as it names keys for TLS; it was verified before it was kept."""

    signed: _Content


def named_in(root: bytes) -> tuple[str, ...]:
    """The keys that a verified root, as it was signed, names for TLS; none without a root."""
    if not root:
        return ()
    found = msgspec.json.decode(root, type=_Signed).signed.espalier
    return tuple(found.tls)


class KnownServer:
    """Implements :class:`kernel.wire.tls.Security` for one server.

    What its root names counts before what was pinned, so that a server may change its key without its clients' help.

    Args:
        directory: Where pins live; among the person's data.
        server: As the person knows it.
        named: Answers the keys that the server's verified root names; none when there is no root, or it names none.
        introduce: Introduces this person.
        on_met: Gets the key of a server that was met for the first time and is pinned from now on.
    """

    def __init__(
        self,
        directory: str | Path,
        server: str,
        named: Callable[[], tuple[str, ...]],
        introduce: Introduce,
        on_met: Callable[[str], None] | None = None,
    ) -> None:
        self._path = os.path.join(directory, f"{sha256_of(server.encode()).hex()[:32]}.tls")
        self._server, self._named, self._on_met = server, named, on_met
        self.introduce = introduce

    @property
    def pinned(self) -> str:
        """The key of the first contact, or the one that was given before; empty before both."""
        try:
            with open(self._path) as file:
                return file.read().strip()
        except FileNotFoundError:
            return ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are believed: those that its root names, else the pinned one; none before the first contact."""
        return self._named() or tuple(filter(None, (self.pinned,)))

    def pin(self, key: str) -> None:
        """Believe this key from now on.

        Raises:
            CacheError: it cannot be written.
        """
        from kernel.cache.durable import write_file

        write_file(os.path.dirname(self._path), os.path.basename(self._path), [f"{key}\n".encode()])

    def forget(self) -> None:
        """Meet the server anew the next time."""
        if os.path.exists(self._path):
            os.unlink(self._path)

    def check_server(self, key: str) -> None:
        """See :meth:`kernel.wire.tls.Security.check_server`."""
        try:
            allowed = self.keys
            if not allowed:
                self.pin(key)
        except (EspalierError, OSError, msgspec.DecodeError) as error:
            hint = getattr(error, "hint", "")
            raise UntrustedServerError(
                mark(f"the key of {self._server} cannot be checked: {error}"), hint=hint
            ) from error
        if not allowed:
            if self._on_met is not None:
                self._on_met(key)
        elif key not in allowed:
            raise UntrustedServerError(
                mark(
                    f"whoever answers for {self._server} shows another key than the server that is known by this name "
                    f"({key[:16]}…); nothing was sent"
                ),
                hint=mark(
                    f"if its administrator confirms the new key: espalier server trust {self._server} --key {key}"
                ),
            )
