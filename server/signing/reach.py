"""Keys that must not be here: a server that can sign its own root or targets can be made to by whoever breaks in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from securesystemslib.signer import SSlibKey
from tuf.api.metadata import Root

from kernel.trust import key
from server.error import SigningError

#: Files that are no longer than a key may be one, bytes; and how many are looked at.
_LONGEST, _MOST = 16_384, 10_000


def check_reach(root: Root, folders: Iterable[Path]) -> None:
    """Refuse to go on when a private key of the root or of targets lies in one of the server's own folders.

    Raises:
        SigningError: names the file.
    """
    offline = {}
    for role in ("root", "targets"):
        offline |= {root.keys[keyid].keyval["public"]: role for keyid in root.roles[role].keyids}
    for path in _small_files(folders):
        try:
            found = key.parse_private(path.read_bytes())
        except OSError:
            continue
        if found is None:
            continue
        role = offline.get(SSlibKey.from_crypto(found.public_key()).keyval["public"])
        if role is not None:
            raise SigningError(
                f"the private key of '{role}' lies in {path}, where the server can read it",
                hint="move it away: to the config directory of whoever signs (espalier keys list tells where), better "
                "to a medium that is not connected; who breaks into the server could sign anything with it",
            )


def _small_files(folders: Iterable[Path]) -> Iterator[Path]:
    count = 0
    for folder in folders:
        for path in folder.rglob(f"*{key.SUFFIX}") if folder.is_dir() else ():
            if path.is_file() and path.stat().st_size <= _LONGEST:
                count += 1
                if count > _MOST:
                    return
                yield path
