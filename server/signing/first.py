"""The first keys of a server, made without a question: its own beside its roles, the offline ones with the person.

Where they stay on the machine of whoever starts the server, they are also used without a question before they expire.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.digest import sha256_of
from kernel.error import EspalierError
from kernel.trust import key
from kernel.trust.admin import Change
from kernel.trust.document import decode
from kernel.trust.role import first_root, first_targets, lasts_s, sign
from server.log import Log
from server.signing.store import SPARES, Store

if TYPE_CHECKING:
    from server.signing.signing import Signing


def offline_folder(keyring: Path, first: bytes) -> Path:
    """Where a person keeps the offline keys of the server whose first root is ``first``."""
    return keyring / sha256_of(first).hex()[:16]


def make_first(store: Store, keyring: Path, now: float | None = None, tls: Iterable[str] = ()) -> Path:
    """Make keys, root 1 and targets 1; answers the folder of the offline keys.

    The root is written last: what broke off before is begun anew.

    Args:
        store: The server's roles; without a root.
        keyring: The folder of a person's keys.
        now: Seconds since the epoch, for tests.
        tls: SHA-256 of the server's public TLS keys, which the root vouches for.

    Raises:
        SigningError, CacheError: something cannot be written.
    """
    now = time.time() if now is None else now
    own = list(store.keys().values())
    while len(own) < 3 + SPARES:
        own.append(store.make_key())
    snapshot, timestamp, pushes = own[:3]
    offline = {"root": key.new_signer(), "targets": key.new_signer()}
    root = first_root(
        {
            "root": [offline["root"].public_key],
            "targets": [offline["targets"].public_key],
            "snapshot": [snapshot.public_key],
            "timestamp": [timestamp.public_key],
        },
        now,
        tls,
    )
    root_data = sign(root, [offline["root"]])
    folder = offline_folder(keyring, root_data)
    for name, signer in offline.items():
        key.save(signer, folder / f"{name}{key.SUFFIX}")
    store.write("targets", sign(first_targets(pushes.public_key, now), [offline["targets"]]))
    store.write("root.1", root_data)
    return folder


def renew_offline(signing: Signing, folder: Path, log: Log, now: float | None = None) -> bool:
    """Renew root and targets when half of their time is over and their keys are in ``folder``; answers whether.

    Keys that cannot be used leave everything as it is: the log says when it is time (:meth:`Signing.renew`).
    """
    now = time.time() if now is None else now
    roles = signing.all_roles()
    ends = min(one.expires.timestamp() for one in (signing.root, decode("targets", roles["targets"]).signed))
    if ends - now > lasts_s("root") / 2 or not folder.is_dir():
        return False
    try:
        change = Change(roles, key.in_folder(folder).values(), now=now)
        change.renew()
        signing.take_top(change.signed())
    except EspalierError as error:
        log.error("root and targets cannot be renewed", error=error, hint="espalier keys renew")
        return False
    log.info("root and targets are renewed")
    return True
