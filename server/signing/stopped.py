"""Who may sign what a server publishes, while no process serves its repository."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from server.certificate import FILE, server_key_of
from server.error import SigningError
from server.log import Log
from server.repository import Repository
from server.signing.signing import Signing
from server.signing.store import Store, lock


class StoppedKeys:
    """What a running server answers to ``espalier keys``, see :mod:`server.signing.command`.

    Args:
        signing: The server's.
        tls: The key of its connections; empty when it never had any.
    """

    def __init__(self, signing: Signing, tls: str) -> None:
        self._signing, self._tls = signing, tls

    def keys(self) -> dict[str, Any]:
        """All roles, the public keys that may take the place of others, and that of connections."""
        return {"roles": self._signing.all_roles(), "spares": self._signing.spares(), "tls": self._tls}

    def take(self, roles: Mapping[str, bytes]) -> None:
        """Take what an admin has signed.

        Raises:
            ReleaseError, SigningError: it was refused; nothing has changed.
        """
        self._signing.take_top(roles)


@contextlib.contextmanager
def stopped_keys(directory: Path) -> Iterator[StoppedKeys]:
    """The keys of a repository's server; no server starts there meanwhile.

    Raises:
        RepositoryError: there is no repository.
        SigningError: it never signed anything, its keys cannot be read, or a server runs.
    """
    repository = Repository(directory)
    own = repository.git_dir / "espalier"
    repository.close()
    if not Store(own / "trust").has_root:
        raise SigningError(f"nothing was signed in {directory} yet", hint="the first espalier serve makes the keys")
    held = lock(own / "trust")
    log = Log(level="warning", form="text")
    try:
        tls = server_key_of(own / FILE) if (own / FILE).exists() else ""
        yield StoppedKeys(Signing(Store(own / "trust"), log), tls)
    finally:
        log.close()
        os.close(held)
