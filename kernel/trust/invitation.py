"""Invitations: a link that names a server and its keys, so that the first contact is verified too.

``espalier:join?name=home&address=beast:5060&key=…&root=…``; a file holds such a link in its first line that is no
comment (``#``).
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from kernel.error import EspalierError
from kernel.trust import fingerprint
from kernel.wire.address import parse_address
from kernel.words import mark

SCHEME = "espalier:"
_START = f"{SCHEME}join?"
#: Longest text that is looked at.
_LONGEST = 4096
_NAME = re.compile(r"[\w-]{1,64}")
_KEY = re.compile(r"[0-9a-f]{64}")


class InvitationError(EspalierError):
    """A text that is no invitation, or one that was cut."""


class Invitation(NamedTuple):
    """What an invitation says.

    Attributes:
        name: What the server is called.
        address: Where it is.
        key: SHA-256 of its public TLS key, in hex; empty when it does without.
        root: Its fingerprint; empty when it signs nothing.
    """

    name: str
    address: str
    key: str = ""
    root: str = ""

    def link(self) -> str:
        """The link."""
        values = {name: value for name, value in self._asdict().items() if value}
        return _START + urlencode(values, safe=":[]")


def parse_invitation(text: str) -> Invitation:
    """The invitation of a link, or of a file's content.

    Raises:
        InvitationError: it is none, or one that names keys which cannot be.
    """
    lines = (line.strip() for line in text[:_LONGEST].splitlines())
    link = next((line for line in lines if line and not line.startswith("#")), "")
    if not link.startswith(_START):
        raise InvitationError(mark("this is no invitation"), hint=mark(f"one begins with {_START}"))
    pairs = parse_qsl(link.removeprefix(_START))
    values = dict(pairs)
    if len(values) != len(pairs) or not values.keys() <= set(Invitation._fields):
        raise InvitationError(
            mark("the invitation names something twice, or something unknown"), hint=mark("ask for a new one")
        )
    if not {"name", "address"} <= values.keys() or not values.keys() & {"key", "root"}:
        raise InvitationError(mark("the invitation is not whole"), hint=mark("copy all of it, or ask for a new one"))
    found = Invitation(**values)
    if not _NAME.fullmatch(found.name):
        raise InvitationError(
            mark(f"a server cannot be called {found.name[:80]!r}"), hint=mark("letters, digits, - and _")
        )
    if found.key and not _KEY.fullmatch(found.key):
        raise InvitationError(mark("the invitation's key is none"), hint=mark("copy all of it, or ask for a new one"))
    if found.root and not fingerprint.parse(found.root):
        raise InvitationError(
            mark("the invitation's fingerprint is none"), hint=mark("copy all of it, or ask for a new one")
        )
    return found._replace(address=str(parse_address(found.address)), root=fingerprint.parse(found.root))
