"""From the root that is trusted to the server's newest one: each step signed by the keys before it and by its own."""

from __future__ import annotations

from typing import Any, NamedTuple

from tuf.api.metadata import Metadata, Root

from kernel.release import ReleaseError
from kernel.trust.document import UNREADABLE, decode_shared
from kernel.trust.fingerprint import fingerprint, shown
from kernel.trust.limit import MAX_ROOTS
from kernel.words import mark

PREFIX = "root."


class Step(NamedTuple):
    """How far the succession went: the root that holds now, its bytes, and why it went no further."""

    root: Root
    data: bytes
    problem: ReleaseError | None = None


def roots_of(bundle: dict[str, bytes]) -> dict[int, bytes]:
    """Version → root of a bundle, in rising order.

    Raises:
        ReleaseError: a name is none of a root, or there are too many.
    """
    numbers = {}
    for name, data in bundle.items():
        if name.startswith(PREFIX):
            number = name.removeprefix(PREFIX)
            if not number.isascii() or not number.isdigit() or str(int(number[:12])) != number:
                raise ReleaseError(mark(f"the server sent metadata of a strange name: {name[:40]!r}"))
            numbers[int(number)] = data
    if len(numbers) > MAX_ROOTS:
        raise ReleaseError(mark(f"the server sent {len(numbers)} roots, the limit is {MAX_ROOTS}"))
    return dict(sorted(numbers.items()))


def begin(server: str, pinned: str, bundle: dict[str, bytes]) -> Step:
    """The root to begin with, at the first contact.

    Args:
        server: As the person knows it.
        pinned: The fingerprint that the root must have; empty takes whatever the server says.
        bundle: What it sent.

    Raises:
        ReleaseError: there is no root, or none has the fingerprint.
    """
    found = ""
    for version, data in roots_of(bundle).items():
        metadata = decode_shared("root", data)
        root: Root = metadata.signed
        if root.version != version:
            raise ReleaseError(mark(f"{server} sent root {root.version} as root {version}"))
        found = fingerprint(root)
        if not pinned or found == pinned:
            verify(root, "root", metadata, server)
            return Step(root, data)
    if not found:
        raise ReleaseError(
            mark(f"{server} sent no root to begin with"), hint=mark("its operator can look with espalier keys list")
        )
    raise ReleaseError(
        mark(f"{server} is not the server that was expected: its fingerprint is {shown(found)}, not {shown(pinned)}"),
        hint=mark("ask who invited you; do not go on before both are the same"),
    )


def advance(server: str, data: bytes, bundle: dict[str, bytes]) -> Step:
    """The newest root that follows the one in ``data``.

    Steps that are right are kept also when a later one is wrong; the caller raises the problem once it has kept them.
    """
    current: Root = decode_shared("root", data).signed
    for version, following in roots_of(bundle).items():
        if version <= current.version:
            continue
        try:
            current, data = _step(server, current, version, following), following
        except ReleaseError as error:
            return Step(current, data, error)
    return Step(current, data)


def _step(server: str, current: Root, version: int, data: bytes) -> Root:
    if version != current.version + 1:
        raise ReleaseError(
            mark(
                f"{server} sent root {version} without the {version - current.version - 1} before it; a root is only "
                "believed by the one before"
            ),
            hint=mark("if the server lost them, its operator must restore them from a backup"),
        )
    metadata = decode_shared("root", data)
    root: Root = metadata.signed
    if root.version != version:
        raise ReleaseError(mark(f"{server} sent root {root.version} as root {version}"))
    verify(current, "root", metadata, server, mark("by the keys of the root before it"))
    verify(root, "root", metadata, server, mark("by its own keys"))
    return root


def verify(delegator: Any, role: str, metadata: Metadata[Any], server: str, whose: str = "") -> tuple[str, ...]:
    """The ids of the keys that have signed, when they are as many as ``delegator`` wants.

    Raises:
        ReleaseError: they are fewer.
    """
    try:
        result = delegator.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
    except UNREADABLE as error:
        raise ReleaseError(mark(f"the signatures of '{role}' of {server} cannot be checked: {error}")) from error
    if not result.verified:
        words = mark(f"'{role}' {metadata.signed.version} of {server} is signed")
        if whose:
            words = mark(f"'{role}' {metadata.signed.version} of {server} is signed {whose}")
        raise ReleaseError(
            mark(f"{words} with {len(result.signed)} of the {result.threshold} keys that are needed; it was refused"),
            hint=mark(
                "keys may have been replaced, somebody else may answer in the server's place, or this is another "
                "server of that name: ask who runs it"
            ),
        )
    return tuple(sorted(result.signed))
