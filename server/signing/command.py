"""The wire commands about keys: what is signed, and new roots and targets, which prove by themselves who sent them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.release import ReleaseError
from kernel.wire.call import Call
from kernel.wire.command import NoArgs, Row
from kernel.wire.error import RemoteError
from server.arguments import RolesArgs
from server.error import SigningError
from server.signing.signing import Signing


class KeyCommands:
    """What ``espalier keys`` asks a running server.

    Args:
        signing: The server's.
        on_change: Called when who may sign has changed.
        tls: Answers the key of the server's connections; empty when they have none.
    """

    def __init__(self, signing: Signing, on_change: Callable[[], None], tls: Callable[[], str] = str) -> None:
        self._signing, self._on_change, self._tls = signing, on_change, tls

    def rows(self) -> tuple[Row, ...]:
        """The commands."""
        return (
            Row("keys", "Who may sign what, and keys that no role names yet.", NoArgs, self.keys),
            Row("keys.take", "Take a new root or targets.", RolesArgs, self.take, is_blocking=True),
        )

    def keys(self, call: Call, args: NoArgs) -> dict[str, Any]:
        """All roles, the public keys of the server that may take the place of others, and that of its connections."""
        return {"roles": self._signing.all_roles(), "spares": self._signing.spares(), "tls": self._tls()}

    def take(self, call: Call, args: RolesArgs) -> None:
        """Take what an admin has signed.

        Raises:
            RemoteError: it was refused; nothing has changed.
        """
        try:
            self._signing.take_top(args.roles)
        except (ReleaseError, SigningError) as error:
            raise RemoteError("bad_arguments", error.message, {"hint": error.hint} if error.hint else {}) from error
        self._on_change()
