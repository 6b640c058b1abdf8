"""``espalier keys``: who may sign what a server publishes. Keys of people stay in their config directory.

What changes is signed here and sent to the server, which takes it only when those keys have signed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kernel.nearest import did_you_mean
from kernel.tables.error import UnavailableError
from shell.command_line import UsageError
from shell.session import Session

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner

    from kernel.trust.admin import Change
    from server.signing.stopped import StoppedKeys


class Answer(msgspec.Struct):
    """What a server says of its keys."""

    roles: dict[str, bytes]
    spares: list[str]
    tls: str = ""


class Desk:
    """An admin at one server: its roles, the keys at hand, and the way back.

    Args:
        session: The command's session.
        server: A known server's name or an address, or the directory of one that is stopped.
    """

    def __init__(self, session: Session, server: str) -> None:
        self._session, self._server = session, server
        self._is_stopped = server not in session.config.servers and Path(server).expanduser().is_dir()
        self.answer = self._asked()
        self.folder = keyring(session) / _id_of(self.answer.roles)
        self.change = _change(self.known(), signers(session, self.folder), self.answer)

    def known(self) -> dict[str, bytes]:
        """The server's roles, and what was sent to it and is newer: a backup may have taken it back."""
        from kernel.trust.document import decode

        found = dict(self.answer.roles)
        for path in sorted((self.folder / "sent").glob("*.json")):
            role, data = path.name.removesuffix(".json"), path.read_bytes()
            is_newer = role not in found
            if role == "targets":
                is_newer = decode(role, data).signed.version > decode(role, found[role]).signed.version
            if is_newer:
                found[role] = data
        return found

    def send(self, said: str) -> int:
        """Sign what changed and send it, or keep it in files when other people must sign as well."""
        from kernel.trust import key

        for name, signer in self.change.made.items():
            _put_aside(self.folder / f"{name}{key.SUFFIX}")
            key.save(signer, self.folder / f"{name}{key.SUFFIX}")
        roles = self.change.signed()
        lacking = self.change.lacking(roles)
        if lacking:
            paths = [_write(self.folder / "waiting" / f"{role}.json", data) for role, data in roles.items()]
            print(f"Not sent yet: {', '.join(lacking)}.")
            print(f"Others sign with espalier keys sign {' '.join(paths)}; then espalier keys send … {self._server}")
            return 1
        self.take(roles)
        print(said)
        return 0

    def take(self, roles: Mapping[str, bytes]) -> None:
        """Have the server take roles, with those that were sent before and are missing there; keep copies."""
        missing = {role: data for role, data in self.known().items() if self.answer.roles.get(role) != data}
        self._give(missing | dict(roles))
        for role, data in roles.items():
            _write(self.folder / "sent" / f"{role}.json", data)


    def _asked(self) -> Answer:
        if self._is_stopped:
            with self._stopped() as server:
                return msgspec.convert(server.keys(), Answer)
        servers = self._session.servers
        servers.checked_address(self._server)
        try:
            return servers.link(self._server).call("keys", {}, type=Answer)
        except UnavailableError as error:
            hint = "on its own machine, name the directory of its repository instead of it"
            raise UnavailableError(error.message, hint=hint) from error

    def _give(self, roles: Mapping[str, bytes]) -> None:
        if self._is_stopped:
            with self._stopped() as server:
                server.take(roles)
        else:
            self._session.servers.link(self._server).call("keys.take", {"roles": roles})

    def _stopped(self) -> AbstractContextManager[StoppedKeys]:
        from server.main import stopped_keys

        return stopped_keys(Path(self._server).expanduser())


class Action(NamedTuple):
    """One action: how many words it takes, the server among them, and what does it."""

    words: str
    run: Callable[..., int]


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Do the action; answers the exit code.

    Raises:
        EspalierError: it cannot be done; nothing has changed.
    """
    action = ACTIONS.get(arguments.action)
    if action is None:
        hint = did_you_mean(arguments.action, ACTIONS) or "espalier keys --help tells more"
        raise UsageError(f"keys cannot {arguments.action}", hint=hint)
    wanted = action.words.split()
    if len(arguments.words) != len(wanted):
        raise UsageError(f"keys {arguments.action} takes {action.words or 'nothing more'}",
                         hint=f"espalier keys {arguments.action} {action.words}".rstrip())  # fmt: skip
    try:
        extra = {"is_alone": arguments.only} if arguments.action == "delegate" else {}
        return action.run(session, *arguments.words, **extra)
    finally:
        session.close()


def keyring(session: Session) -> Path:
    """Where the person's keys are."""
    return Path(session.config.paths.config) / "keys"


def signers(session: Session, folder: Path) -> list[CryptoSigner]:
    """The private keys at hand for a server: those in its folder, and the person's own."""
    from securesystemslib.signer import CryptoSigner

    from kernel.trust import key

    return [*key.in_folder(folder).values(), CryptoSigner(session.servers.person_key.private)]


def _list(session: Session, server: str) -> int:
    from kernel.trust import key
    from kernel.trust.fingerprint import fingerprint, shown
    from kernel.trust.moment import day

    desk = Desk(session, server)
    here = {signer.public_key.keyid for signer in signers(session, desk.folder)}
    root, targets = desk.change.root, desk.change.targets
    print(f"Fingerprint  {shown(fingerprint(root))}")
    print(f"Root         {root.version}, holds until {day(root.expires.timestamp())}")
    print(f"Targets      {targets.version}, hold until {day(targets.expires.timestamp())}")
    print(f"Your keys    {desk.folder}{'' if here else ' (none of this server)'}")
    rows = [(name, role, root.keys) for name, role in root.roles.items()]
    delegations = targets.delegations
    if delegations is not None:
        rows += [(_shown_role(name), role, delegations.keys) for name, role in (delegations.roles or {}).items()]
    for name, role, keys in sorted(rows, key=lambda row: (row[0].startswith("app "), row[0])):
        needed = f"{role.threshold} of {len(role.keyids)}" if len(role.keyids) > 1 else ""
        for keyid in role.keyids:
            where = "  (here)" if keyid in here else ""
            print(f"{name:<12} {key.written(keys[keyid])}  {needed}{where}".rstrip())
    return 0


def _shown_role(name: str) -> str:
    return "pushes" if name == "apps" else f"app {name.removeprefix('apps/')}"


def _make(session: Session) -> int:
    person = session.servers.person_key
    print(person.public)
    print(f"This is your own key; its private half is in {person.place}.")
    return 0


def _rotate(session: Session, role: str, server: str) -> int:
    desk = Desk(session, server)
    desk.change.rotate(role)
    return desk.send(f"The key of {role} is another one now.")


def _revoke(session: Session, text: str, server: str) -> int:
    from kernel.trust import key

    desk = Desk(session, server)
    roles = desk.change.revoke(key.parse(text))
    return desk.send(f"That key signs nothing any more; it signed {', '.join(roles)}.")


def _delegate(session: Session, app: str, text: str, server: str, is_alone: bool = False) -> int:
    from kernel.delivery.path import is_app_name
    from kernel.trust import key

    if not is_app_name(app):
        raise UsageError(f"'{app}' is no name of an app", hint="a-z, 0-9, - and _")
    desk = Desk(session, server)
    desk.change.delegate(app, key.parse(text), is_alone=is_alone)
    alone = ", and nobody else: what is pushed waits for that signature" if is_alone else ""
    return desk.send(f"That key signs {app} now{alone}.")


def _add(session: Session, role: str, text: str, server: str) -> int:
    from kernel.trust import key

    desk = Desk(session, server)
    desk.change.add(role, key.parse(text))
    return desk.send(f"That key signs {role} as well now.")


def _threshold(session: Session, role: str, number: str, server: str) -> int:
    if not number.isdigit():
        raise UsageError(f"'{number}' is no number of keys")
    desk = Desk(session, server)
    desk.change.require(role, int(number))
    return desk.send(f"{role} needs {number} signatures now.")


def _renew(session: Session, server: str) -> int:
    desk = Desk(session, server)
    desk.change.renew([desk.answer.tls] if desk.answer.tls else [])
    return desk.send("Root and targets hold for their full time again.")


def _restored(session: Session, server: str) -> int:
    desk = Desk(session, server)
    desk.change.restore()
    return desk.send("The server signs with new keys now; its clients follow it again at their next contact.")


def _sign(session: Session, file: str) -> int:
    from kernel.trust.admin import add_signatures

    path = Path(file)
    role, data = path.name.removesuffix(".json"), _read(path)
    found = {signer.public_key.keyid: signer for signer in signers(session, path.parent)}
    for folder in keyring(session).iterdir() if keyring(session).is_dir() else ():
        found |= {signer.public_key.keyid: signer for signer in signers(session, folder)}
    named = [signer for keyid, signer in found.items() if keyid.encode() in data]
    if not named:
        print("None of your keys may sign this.")
        return 1
    _write(path, add_signatures(role, data, named))
    print(f"Signed {path} with {len(named)} {'key' if len(named) == 1 else 'keys'}.")
    return 0


def _send(session: Session, file: str, server: str) -> int:
    path = Path(file)
    Desk(session, server).take({path.name.removesuffix(".json"): _read(path)})
    print(f"{server} has taken it.")
    return 0


def _forget(session: Session, server: str) -> int:
    from kernel.trust.state import States

    known = States(session.servers.data_directory / "trust").forget(server)
    print(f"{server} will be met anew." if known else f"Nothing was known of {server}.")
    return 0 if known else 1


#: Action → row.
ACTIONS: dict[str, Action] = {
    "list": Action("SERVER", _list),
    "make": Action("", _make),
    "rotate": Action("ROLE SERVER", _rotate),
    "revoke": Action("KEY SERVER", _revoke),
    "delegate": Action("APP KEY SERVER", _delegate),
    "add": Action("ROLE KEY SERVER", _add),
    "threshold": Action("ROLE NUMBER SERVER", _threshold),
    "renew": Action("SERVER", _renew),
    "restored": Action("SERVER", _restored),
    "sign": Action("FILE", _sign),
    "send": Action("FILE SERVER", _send),
    "forget": Action("SERVER", _forget),
}


def _change(roles: Mapping[str, bytes], signers: list[CryptoSigner], answer: Answer) -> Change:
    from kernel.trust.admin import Change

    return Change(roles, signers, answer.spares)


def _id_of(roles: Mapping[str, bytes]) -> str:
    """What a server's keys are kept under: the start of the SHA-256 of its first root."""
    from kernel.digest import sha256_of

    if "root.1" not in roles:
        raise UsageError("this server signs nothing")
    return sha256_of(roles["root.1"]).hex()[:16]


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        json.loads(data)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    return data


def _write(path: Path, data: bytes) -> str:
    from kernel.cache.durable import write_file

    write_file(str(path.parent), path.name, [data])
    return str(path)


def _put_aside(path: Path) -> None:
    """Keep a key that is replaced: what is waiting for other signatures may still need it."""
    number = 1
    while path.exists():
        aside = path.with_name(f"{path.stem}-before-{number}{path.suffix}")
        if not aside.exists():
            path.rename(aside)
        number += 1

