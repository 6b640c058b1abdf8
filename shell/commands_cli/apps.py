"""``espalier apps [SERVER]``: the apps of a server, from the cache when it does not answer."""

from __future__ import annotations

import argparse
import sys

from kernel.error import EspalierError
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Print a line for each app; answers 1 when no server could tell anything."""
    servers = session.servers
    names = [arguments.server] if arguments.server else servers.names()
    code = 0 if names else 1
    try:
        for name in names:
            servers.checked_address(name)
            code = max(code, _list(name, session))
    finally:
        session.close()
    return code


def _list(server: str, session: Session) -> int:
    delivery = session.servers.delivery(server)
    try:
        apps = delivery.apps()
    except EspalierError as error:
        apps = delivery.cached_apps()
        print(f"espalier: {server} does not answer: {error.message}", file=sys.stderr)
        if not apps:
            return 1
    for app in apps:
        print(f"{f'{app.name}@{server}':<28}  {app.version:<8}  {app.title or app.name}")
    return 0
