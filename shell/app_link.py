"""``espalier:`` links: an app by name (``espalier:shop@home``), or an invitation to a server (``espalier:join?…``)."""

from __future__ import annotations

from urllib.parse import unquote

from kernel.trust.invitation import SCHEME
from shell.app import OpenError
from shell.target import parse_name

_JOIN = "join?"


def words_of(link: str) -> list[str]:
    """The command line that a link stands for. It names apps only: no file or folder of this machine.

    Raises:
        OpenError: the link names no app.
    """
    rest = link.removeprefix(SCHEME)
    if rest.startswith(_JOIN):
        return ["server", "join", link]
    name = unquote(rest.strip("/"))
    if not name[:1].isalnum():
        raise OpenError(f"the link {link[:80]!r} names no app", hint="espalier:NAME@SERVER")
    parse_name(name)
    return ["open", name]
