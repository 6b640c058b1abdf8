"""A publisher's own signature: the role of one app, signed with the key of a person to whom it is delegated."""

from __future__ import annotations

import time
from collections.abc import Mapping

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Targets

from kernel.release import Manifest, ReleaseError, decode_manifest
from kernel.trust import role as making
from kernel.trust.bundle import app_role, delegator_of
from kernel.trust.document import decode
from kernel.trust.key import written
from kernel.words import mark


def may_sign(roles: Mapping[str, bytes], app: str, keyid: str) -> bool:
    """Whether the key is one of those that sign the app's releases.

    Args:
        roles: Role → signed bytes, as the server has them.
        app: The app's name.
        keyid: The key's id.
    """
    delegator = _delegator(roles, app)
    return delegator is not None and keyid in delegator.get_delegated_role(app_role(app)).keyids


def sign_app(
    roles: Mapping[str, bytes], app: str, releases: Mapping[str, bytes], signer: CryptoSigner, now: float | None = None
) -> bytes:
    """The app's next role, signed: what it named so far, and these releases.

    Args:
        roles: Role → signed bytes, as the server has them.
        app: The app's name.
        releases: Channel → the bytes of its new manifest; empty bytes take the channel's release back.
        signer: The person's key.
        now: Seconds since the epoch.

    Raises:
        ReleaseError: the key may not sign the app, or others must sign as well.
    """
    role, delegator = app_role(app), _delegator(roles, app)
    keyid = signer.public_key.keyid
    if delegator is None or keyid not in delegator.get_delegated_role(role).keyids:
        hint = mark(f"an admin lets it: espalier keys delegate {app} {written(signer.public_key)}")
        raise ReleaseError(mark(f"your key may not sign releases of '{app}'"), hint=hint)
    if delegator.get_delegated_role(role).threshold > 1:
        raise ReleaseError(mark(f"releases of '{app}' need the signatures of several publishers"))
    now = time.time() if now is None else now
    content: Targets = decode(role, roles[role]).signed if role in roles else making.new_targets(role, now)
    facts = {}
    for channel, data in releases.items():
        content.targets.pop(f"{role}/{channel}", None)
        if data:
            manifest = decode_manifest(data)
            facts[channel] = {"serial": manifest.serial, "version": manifest.version}
    content.targets |= making.app_targets(app, {channel: releases[channel] for channel in facts}, facts)
    return making.sign(making.renew(content, role, now), [signer])


def check_content(manifest: Manifest, expected: Mapping[str, str]) -> None:
    """Refuse to sign another content than one's own.

    Args:
        manifest: What a server made of it.
        expected: Path → SHA-256 of one's own files, in hex. Files of shared libraries may come in besides.

    Raises:
        ReleaseError: names the first file that is another, missing or added.
    """
    for path in sorted(expected.keys() | manifest.files.keys()):
        made = manifest.files.get(path)
        if path not in expected and path.startswith("libraries/"):
            continue
        if made is None or path not in expected or made.sha256 != expected[path]:
            file = mark(f"'{path}' of '{manifest.app}'")
            said = mark(f"the server altered the file {file}, so that its release was not signed")
            if made is None:
                said = mark(f"the server lacks the file {file}, so that its release was not signed")
            elif path not in expected:
                said = mark(f"the server added the file {file}, so that its release was not signed")
            raise ReleaseError(
                said,
                hint=mark("publish again; if it stays so, ask who runs the server"),
            )


def _delegator(roles: Mapping[str, bytes], app: str) -> Targets | None:
    pushes = decode("apps", roles["apps"]).signed if "apps" in roles else None
    return delegator_of(decode("targets", roles["targets"]).signed, pushes, app)
