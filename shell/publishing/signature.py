"""The publisher's own signature: where a server waits for it, what the server made is compared and signed here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.wire.error import RemoteError

if TYPE_CHECKING:
    from kernel.release import Manifest
    from kernel.trust.person import PersonKey


class Waiting(msgspec.Struct):
    """The answer of ``keys.waiting``: channel → manifest, and the roles that a signature goes on from."""

    waiting: dict[str, bytes]
    roles: dict[str, bytes]


def sign_waiting(link: Any, person: PersonKey, app: str, files: Mapping[str, str]) -> Manifest | None:
    """Sign the release of these files that waits at a server; answers it, or None when none waits for this person.

    Args:
        link: The link to the server.
        person: The person's key.
        app: The app's name.
        files: Path → SHA-256 of what was published, in hex.

    Raises:
        ReleaseError: the server made something else of the files, or others must sign as well.
        RemoteError: the server does not take the signature.
    """
    from securesystemslib.signer import CryptoSigner

    from kernel.release import Release, decode_offered
    from kernel.trust.publisher import check_content, may_sign, sign_app

    try:
        answer: Waiting = link.call("keys.waiting", {"app": app}, type=Waiting)
    except RemoteError as error:
        if error.code == "unknown_command":  # a server that signs nothing
            return None
        raise
    signer = CryptoSigner(person.private)
    if not answer.waiting or not may_sign(answer.roles, app, signer.public_key.keyid):
        return None
    manifests = {channel: decode_offered(Release(data)) for channel, data in answer.waiting.items()}
    channel, manifest = max(manifests.items(), key=lambda item: item[1].serial)
    check_content(manifest, files)
    role = sign_app(answer.roles, app, {channel: answer.waiting[channel]}, signer)
    link.call("keys.sign", {"app": app, "role": role})
    return manifest
