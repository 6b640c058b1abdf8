"""The wire commands about keys: what is signed, and new roots and targets, which prove by themselves who sent them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from kernel.release import ReleaseError
from kernel.wire.call import Call
from kernel.wire.command import NoArgs, Row
from kernel.wire.error import RemoteError
from server.arguments import AppArgs, AppRoleArgs, RolesArgs
from server.error import SigningError
from server.signing.signing import Signing


class KeyCommands:
    """What ``espalier keys`` asks a running server.

    Args:
        signing: The server's.
        on_change: Called when who may sign has changed.
        tls: Answers the key of the server's connections; empty when they have none.
        on_signed: Called when a publisher has signed what waited for it.
    """

    def __init__(
        self,
        signing: Signing,
        on_change: Callable[[], None],
        tls: Callable[[], str] = str,
        on_signed: Callable[[], None] = lambda: None,
    ) -> None:
        self._signing, self._on_change, self._tls, self._on_signed = signing, on_change, tls, on_signed

    def rows(self) -> tuple[Row, ...]:
        """The commands."""
        return (
            Row("keys", "Who may sign what, and keys that no role names yet.", NoArgs, self.keys),
            Row("keys.take", "Take a new root or targets.", RolesArgs, self.take, is_blocking=True),
            Row("keys.waiting", "Releases of an app that wait for their publisher.", AppArgs, self.waiting),
            Row("keys.sign", "Take an app's role from its publisher.", AppRoleArgs, self.sign, is_blocking=True),
        )

    def keys(self, call: Call, args: NoArgs) -> dict[str, Any]:
        """All roles, the public keys of the server that may take the place of others, and that of its connections."""
        return {"roles": self._signing.all_roles(), "spares": self._signing.spares(), "tls": self._tls()}

    def take(self, call: Call, args: RolesArgs) -> None:
        """Take what an admin has signed.

        Raises:
            RemoteError: it was refused; nothing has changed.
        """
        with _answered():
            self._signing.take_top(args.roles)
        self._on_change()

    def waiting(self, call: Call, args: AppArgs) -> dict[str, Any]:
        """Channel → manifest of what waits, and the roles that a signature goes on from."""
        roles = self._signing.all_roles()
        wanted = ("targets", "apps", f"apps/{args.app}")
        return {
            "waiting": self._signing.waiting_of(args.app),
            "roles": {role: data for role, data in roles.items() if role in wanted},
        }

    def sign(self, call: Call, args: AppRoleArgs) -> None:
        """Take what a publisher has signed.

        Raises:
            RemoteError: it was refused; nothing has changed.
        """
        with _answered():
            self._signing.take_signed(args.app, args.role)
        self._on_signed()


@contextlib.contextmanager
def _answered() -> Iterator[None]:
    try:
        yield
    except (ReleaseError, SigningError) as error:
        raise RemoteError("bad_arguments", error.message, {"hint": error.hint} if error.hint else {}) from error
