"""Getting to know a server: its keys are asked for, compared with what an invitation says, and kept; or nothing is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from kernel.delivery.delivery import Catalogue
from kernel.error import EspalierError
from kernel.trust.invitation import Invitation
from kernel.wire.error import UntrustedServerError
from kernel.wire.tls import Introduction
from kernel.words import say
from shell.session import Session


class MeetingError(EspalierError):
    """A server is not the one that is meant, or its name is taken."""


class Met(NamedTuple):
    """What was found out of a server: its keys (empty where it has none) and how many apps it offers."""

    invitation: Invitation
    apps: int


class _Signed(msgspec.Struct):
    """Of the answer of the command ``release``, what was signed."""

    metadata: dict[str, bytes] = {}


class _Stranger:
    """Implements :class:`kernel.wire.tls.Security` for a server that is met: notes its key, if it is the wanted one."""

    def __init__(self, wanted: str, introduce: Callable[[bytes], Introduction | None]) -> None:
        self.shown = ""
        self._wanted = wanted
        self.introduce = introduce

    def check_server(self, key: str) -> None:
        """See :meth:`kernel.wire.tls.Security.check_server`."""
        self.shown = key
        if self._wanted and key != self._wanted:
            raise UntrustedServerError(
                say("the server there has another key ({key}) than the invitation names; nothing was kept",
                    key=f"{key[:16]}…"),
                hint=say("ask whoever invited you before you go on"),
            )  # fmt: skip


def ask(session: Session, invitation: Invitation) -> Met:
    """Ask a server for its keys, and keep nothing yet. Waits for the server.

    Args:
        session: Whose configuration and key.
        invitation: Its name and address, and the keys that are expected; those that are left out are taken as they
            come.

    Raises:
        MeetingError: another server has the name, or it signs nothing though a fingerprint is expected.
        UnavailableError, UntrustedServerError: it does not answer, or shows another key.
        ReleaseError: what it has signed is wrong, or has another fingerprint.
    """
    known = session.config.servers.get(invitation.name)
    if known is not None and known != invitation.address:
        raise MeetingError(
            say("{name} is known already, at {address}", name=invitation.name, address=known),
            hint=say("choose another name, or first: espalier server remove {name}", name=invitation.name),
        )
    stranger = _Stranger(invitation.key, session.servers.person_key.introduce)
    with session.servers.new_link(invitation.address, stranger) as link:
        apps = link.call("apps", {}, type=Catalogue).apps
        root = _signed_root(invitation, link, apps[0].name if apps else "")
    if invitation.root and not root:
        raise MeetingError(
            say("the server signs nothing, so that its fingerprint cannot be checked"),
            hint=say("ask whoever invited you before you go on"),
        )
    return Met(invitation._replace(key=stranger.shown, root=root), len(apps))


def keep(session: Session, found: Invitation) -> None:
    """Keep what was found out of a server under its name: from now on no other one is believed.

    Raises:
        ReleaseError: another server is known by the name.
        ConfigError, CacheError: it cannot be kept.
    """
    trust = session.servers.trust(found.name)
    if found.root and trust is not None:
        trust.pin(found.root)
    if found.key:
        session.servers.known_server(found.name).pin(found.key)
    session.config.set_server(found.name, found.address)


def _signed_root(invitation: Invitation, link: Any, app: str) -> str:
    """The fingerprint of what the server has signed, which is verified; empty when it signs nothing."""
    if not app:
        return ""
    from kernel.cache import Cache
    from kernel.trust.server_trust import ServerTrust

    with tempfile.TemporaryDirectory(prefix="espalier-meeting-") as folder:
        trust = ServerTrust(folder, invitation.name, Cache(folder))
        if invitation.root:
            trust.pin(invitation.root)
        signed = link.call("release", {"app": app, "have": "", "seen": trust.seen(app)}, type=_Signed)
        trust.take(app, signed.metadata)
        state = trust.state
        return state.fingerprint if state is not None and state.root else ""


def forget(session: Session, name: str) -> bool:
    """Know nothing of a server any more, not even its address; answers whether something was known."""
    trust = session.servers.trust(name)
    was_known = name in session.config.servers
    session.servers.known_server(name).forget()
    if trust is not None:
        trust.forget()
    session.config.set_server(name, None)
    return was_known
