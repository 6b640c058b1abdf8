"""``espalier update SERVER``: the newest Espalier that the server publishes, used from the next start on."""

from __future__ import annotations

import argparse

from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Fetch, verify and note it."""
    from shell.version_install import APP, install

    servers = session.servers
    try:
        servers.checked_address(arguments.server)
        delivery = servers.delivery(arguments.server)
        manifest = delivery.refresh(APP)
        is_new = install(manifest, delivery.reader(manifest), _id(manifest))
    finally:
        session.close()
    words = "is used from the next start on" if is_new else "is in use already"
    print(f"Espalier {manifest.version} of {arguments.server} {words}")
    return 0


def _id(manifest: object) -> str:
    from kernel.digest import sha256_of

    return sha256_of(manifest.encode()).hex()  # type: ignore[attr-defined]
