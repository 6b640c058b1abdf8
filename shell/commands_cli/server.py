"""``espalier server``: the servers that are known and their keys; adding, inviting to, trusting and removing one."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from kernel.trust.fingerprint import parse, shown
from kernel.trust.invitation import SCHEME, Invitation, parse_invitation
from kernel.wire.address import parse_address
from shell.command_line import UsageError
from shell.meeting import ask, forget, keep
from shell.session import Session

_HEX = frozenset("0123456789abcdef")


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Do the action; answers the exit code."""
    try:
        return _ACTIONS[arguments.action](arguments, session)
    finally:
        session.close()


def _list(arguments: argparse.Namespace, session: Session) -> int:
    rows = [invitation_of(session, name) for name in session.config.servers]
    if arguments.json:
        print(json.dumps([row._asdict() for row in rows], indent=2))
        return 0
    if not rows:
        print("No server is known; espalier server add NAME=HOST:PORT adds one", file=sys.stderr)
    for row in rows:
        root = shown(row.root) if row.root else "nothing signed yet"
        print(f"{row.name:<16}  {row.address:<28}  key {row.key[:16] or 'none':<16}  {root}")
    return 0


def _add(arguments: argparse.Namespace, session: Session) -> int:
    name, equals, address = arguments.name.partition("=")
    if not equals or not name.replace("-", "").replace("_", "").isalnum():
        raise UsageError("server add needs a name and an address", hint="espalier server add home=beast:5060")
    wanted = Invitation(name, str(parse_address(address)), _key(arguments.key), _root(arguments.fingerprint))
    return _meet(session, wanted)


def _join(arguments: argparse.Namespace, session: Session) -> int:
    text = arguments.name
    if not text.startswith(SCHEME):
        try:
            text = Path(text).expanduser().read_text(encoding="utf-8") if text else ""
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", "") or "it is no text"
            hint = f"give the link, which begins with {SCHEME}join?, or the file that holds it"
            raise UsageError(f"the invitation {text[:80]} cannot be read: {reason}", hint=hint) from error
    return _meet(session, parse_invitation(text))


def _meet(session: Session, wanted: Invitation) -> int:
    met = ask(session, wanted)
    found = met.invitation
    keep(session, found)
    print(f"{found.name} is {found.address}, with {met.apps} {'app' if met.apps == 1 else 'apps'}")
    checked = {True: "as expected", False: "taken as it came"}
    if found.key:
        print(f"its key          {found.key}  ({checked[bool(wanted.key)]})")
    if found.root:
        print(f"its fingerprint  {shown(found.root)}  ({checked[bool(wanted.root)]})")
    if (found.key and not wanted.key) or (found.root and not wanted.root):
        print("Compare what came with what the server's administrator says, before you open an app of it")
    return 0


def _invite(arguments: argparse.Namespace, session: Session) -> int:
    found = invitation_of(session, _known(arguments.name, session))
    if arguments.address:
        found = found._replace(address=str(parse_address(arguments.address)))
    if not found.key and not found.root:
        raise UsageError(
            f"nothing is known of the keys of {found.name}", hint=f"open an app of it first: espalier apps {found.name}"
        )
    print(found.link())
    return 0


def _trust(arguments: argparse.Namespace, session: Session) -> int:
    name, key = _known(arguments.name, session), _key(arguments.key)
    if not key:
        raise UsageError(
            "server trust needs the key", hint=f"espalier server trust {name} --key KEY, as espalier serve prints it"
        )
    session.servers.known_server(name).pin(key)
    print(f"{name} is believed with the key {key}")
    return 0


def _git(arguments: argparse.Namespace, session: Session) -> int:
    """Tell how git gets at the repository: it takes the server's key in the place of an authority's word."""
    from base64 import b64encode

    from kernel.wire.tls import needs_tls

    name = _known(arguments.name, session)
    address = parse_address(session.config.servers[name])
    if address.path:
        raise UsageError(f"{name} has no port that git could ask", hint="clone its repository by its path")
    place = f"{str(address).removeprefix('tls:')}/apps.git"
    if not needs_tls(address):
        print(f"git clone http://{place}")
        return 0
    keys = session.servers.known_server(name).keys
    if not keys:
        raise UsageError(f"no key of {name} is known yet", hint=f"ask it something first: espalier apps {name}")
    pins = ";".join(f"sha256//{b64encode(bytes.fromhex(key)).decode()}" for key in keys)
    print(f"git clone -c http.sslVerify=false -c 'http.pinnedPubkey={pins}' https://{place}")
    return 0


def _remove(arguments: argparse.Namespace, session: Session) -> int:
    name = _known(arguments.name, session)
    forget(session, name)
    print(f"{name} is not known any more; what its apps left in the cache goes with the next clean-up")
    return 0


def _me(arguments: argparse.Namespace, session: Session) -> int:
    key = session.servers.person_key
    print(key.public)
    print(f"Kept in {key.place}; an administrator gives it to you below [people] of roles.toml", file=sys.stderr)
    return 0


def invitation_of(session: Session, name: str) -> Invitation:
    """What is known of a server."""
    trust = session.servers.trust(name)
    state = trust.state if trust is not None else None
    root = state.fingerprint if state is not None else ""
    key = next(iter(session.servers.known_server(name).keys), "")
    return Invitation(name, session.config.servers[name], key, root)


def _known(name: str, session: Session) -> str:
    if name in session.config.servers:
        return name
    from kernel.nearest import did_you_mean

    hint = did_you_mean(name, session.config.servers) or "espalier server list"
    raise UsageError(f"there is no known server {name}" if name else "which server?", hint=hint)


def _key(text: str) -> str:
    plain = "".join(text.split()).lower()
    if plain and (len(plain) != 64 or not _HEX.issuperset(plain)):
        raise UsageError(f"{text[:80]!r} is no key of a server", hint="64 hex digits, as espalier serve prints them")
    return plain


def _root(text: str) -> str:
    plain = parse(text)
    if text and not plain:
        raise UsageError(f"{text[:80]!r} is no fingerprint", hint="40 hex digits, as espalier keys list prints them")
    return plain


_ACTIONS = {
    "list": _list, "add": _add, "join": _join, "invite": _invite, "git": _git, "trust": _trust, "remove": _remove,
    "me": _me,
}  # fmt: skip
