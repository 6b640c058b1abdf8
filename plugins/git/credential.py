"""What lets a person in at a remote: keys of the ssh agent and their folder, passwords of the keyring, what they type.

A secret that was typed is kept for its transfer alone; it goes into the keyring when the person wishes so and the
remote has taken it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pygit2
from pygit2.enums import CredentialType

from plugins.api import TableError, say

#: Names of keys in the person's folder, in ssh's own order (ssh_config(5), IdentityFile).
_KEYS = ("id_rsa", "id_ecdsa", "id_ed25519")
#: How often a password is asked for in one transfer.
_MOST_TRIES = 3


class Secret(NamedTuple):
    """What a person typed.

    Attributes:
        user: Empty where the address names one, or a key has none.
        text: The password or passphrase.
        is_kept: Whether the keyring shall have it.
    """

    user: str
    text: str
    is_kept: bool = False


class Wish(NamedTuple):
    """What is asked for.

    Attributes:
        text: The question.
        user: Who is meant; None where that is to be typed as well.
    """

    text: str
    user: str | None


#: Asks the person, and waits; None when they will not say.
Ask = Callable[[Wish], Secret | None]


class Credentials:
    """What libgit2 is given, one after the other, until the remote takes it or there is nothing more.

    Args:
        ask: Asks the person; without it nobody is asked.
    """

    def __init__(self, ask: Ask | None = None) -> None:
        self._ask = ask
        self._offers: dict[CredentialType, Iterator[Any]] = {}
        #: (Entry, user, secret) to remember once the remote has taken it.
        self._typed: list[tuple[str, str, str]] = []

    def next(self, url: str, user: str | None, allowed: CredentialType) -> Any:
        """The next thing to try.

        Raises:
            TableError: nothing is left.
        """
        for kind, offers in _OFFERS.items():
            if allowed & kind:
                given = next(self._offers.setdefault(kind, offers(self, url, user)), None)
                if given is not None:
                    return given
        hint = say("ssh-add gives the agent a key; the keyring may hold a password for {entry}", entry=entry_of(url))
        said = say("{url} lets nobody in without a key or a password that is accepted", url=without_password(url))
        raise TableError(said, hint=hint)

    def remember(self) -> None:
        """The remote has let the person in: the keyring gets what was typed for it, where that is wished."""
        import keyring
        from keyring.errors import KeyringError

        for entry, user, secret in self._typed[-1:]:
            try:
                keyring.set_password(entry, user, secret)
            except KeyringError as error:
                raise TableError(say("the keyring does not take the password: {error}", error=error)) from error

    def _names(self, _url: str, user: str | None) -> Iterator[Any]:
        yield pygit2.Username(user or "git")

    def _keys(self, _url: str, user: str | None) -> Iterator[Any]:
        yield pygit2.KeypairFromAgent(user or "git")
        for path in (Path.home() / ".ssh" / name for name in _KEYS):
            if path.is_file():
                yield from self._key(path, user or "git")

    def _key(self, path: Path, user: str) -> Iterator[Any]:
        public, entry = path.with_name(f"{path.name}.pub"), f"ssh:{path}"
        if not is_encrypted(path):
            yield pygit2.Keypair(user, public, path, "")
            return
        kept = _stored(entry, str(path))
        if kept is not None:
            yield pygit2.Keypair(user, public, path, kept[1])
        secret = self._asked(Wish(say("Passphrase of the key {path}", path=path), ""), entry, str(path))
        if secret is not None:
            yield pygit2.Keypair(user, public, path, secret.text)

    def _passwords(self, url: str, user: str | None) -> Iterator[Any]:
        entry = entry_of(url)
        kept = _stored(entry, user)
        if kept is not None:
            yield pygit2.UserPass(*kept)
        text = say("Password for {url}", url=without_password(url))
        for _ in range(_MOST_TRIES):
            secret = self._asked(Wish(text, user), entry, user or "")
            if secret is None:
                return
            yield pygit2.UserPass(secret.user or user or "", secret.text)
            text = say("{url} did not take it. Password for it", url=without_password(url))

    def _asked(self, wish: Wish, entry: str, user: str) -> Secret | None:
        secret = self._ask(wish) if self._ask is not None else None
        if secret is not None and secret.is_kept:
            self._typed.append((entry, secret.user or user, secret.text))
        elif secret is not None:
            self._typed.clear()
        return secret


#: Kind of credential → what there is of it.
_OFFERS: dict[CredentialType, Callable[[Credentials, str, str | None], Iterator[Any]]] = {
    CredentialType.USERNAME: Credentials._names,
    CredentialType.SSH_KEY: Credentials._keys,
    CredentialType.USERPASS_PLAINTEXT: Credentials._passwords,
}


def is_encrypted(path: Path) -> bool:
    """Whether a private key has a passphrase (OpenSSH's PROTOCOL.key: the cipher's name; else what PEM says)."""
    lines = path.read_text("ascii", "replace").splitlines()
    if not lines or "OPENSSH" not in lines[0]:
        return any("ENCRYPTED" in line for line in lines)
    try:
        data = base64.b64decode("".join(line for line in lines if not line.startswith("-")))
    except binascii.Error:
        return False
    start = len(b"openssh-key-v1\0") + 4
    return data[start : start + 4] != b"none"


def _stored(entry: str, user: str | None) -> tuple[str, str] | None:
    """User and secret of the system's keyring; None for none, or where there is no keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_credential(entry, user)
    except KeyringError:
        return None
    return None if found is None else (found.username, found.password)


def entry_of(url: str) -> str:
    """What the keyring's entry for an address is called."""
    parts = urlsplit(url)
    return f"git:{parts.scheme}://{parts.hostname}"


def without_password(url: str) -> str:
    """The address without a password that stands in it."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{parts.username or ''}@{parts.hostname}{port}").geturl()
