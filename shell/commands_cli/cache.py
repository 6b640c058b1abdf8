"""``espalier cache stat|verify|gc|keep``: what the person's cache holds, whether it is whole, and keeping it fit."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from kernel.cache import Cache
from kernel.delivery.held import held_apps
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Print what was found or done; answers 1 when something is damaged."""
    return ACTIONS[arguments.action](session)


def _stat(session: Session) -> int:
    from kernel.cache.inspection import facts

    cache = session.servers.cache
    held = facts(cache)
    print(f"{cache.directory}")
    limit = session.config["cache.limit"]
    print(f"{_bytes(held.size)} of {_bytes(limit)} in {_segments(held.segments)}: {held.blobs} files")
    for server, app, manifest, is_previous in held_apps(cache):
        size = sum({file.sha256: file.size for file in manifest.files.values()}.values())
        was = "  the one before" if is_previous else ""
        name = f"{app}@{server}"
        print(f"{name:<28}  {manifest.version:<8}  {len(manifest.files):>6} files  {_bytes(size):>9}{was}")
    return 0


def _verify(session: Session) -> int:
    from kernel.cache.inspection import verify

    cache = session.servers.cache
    found = verify(cache)
    damaged = set(found.damaged)
    print(f"{found.whole} files are whole")
    for path in found.unreadable:
        print(f"{path} cannot be read: its index is damaged; what was in it is fetched again when it is needed")
    for line in _named(cache, damaged):
        print(line)
    return 1 if found.unreadable or damaged else 0


def _named(cache: Cache, damaged: set[str]) -> Iterator[str]:
    """A line for each damaged file: of which apps it is."""
    left = set(damaged)
    for server, app, manifest, _ in held_apps(cache):
        for path, file in manifest.files.items():
            if file.sha256 in left:
                left.discard(file.sha256)
                yield f"{app}@{server}: {path} is damaged; it is fetched again when it is read"
    for sha256 in sorted(left):
        yield f"{sha256} is damaged; no app needs it, and espalier cache gc removes it"


def _gc(session: Session) -> int:
    from kernel.cache.clean_up import sweep
    from kernel.delivery.held import clean_up

    cache = session.servers.cache
    swept = sweep(cache)
    freed = clean_up(cache, 0)
    print(f"{_bytes(freed)} freed, {_bytes(cache.size())} are needed by apps or were used just now")
    if swept:
        print(f"{swept} unfinished files of programs that ended were removed")
    return 0


def _keep(session: Session) -> int:
    """Fetch the newest release of each app that is here, so that it opens at once and offline; then make room."""
    from kernel.error import EspalierError

    servers, problems = session.servers, 0
    names = dict.fromkeys((server, app) for server, app, *_ in held_apps(servers.cache))
    try:
        for server, app in names:
            try:
                manifest = servers.delivery(server).refresh(app, servers.channel_of(app))
                print(f"{f'{app}@{server}':<28}  {manifest.version}")
            except EspalierError as error:
                problems += 1
                print(f"{f'{app}@{server}':<28}  stays as it is: {error}")
        servers.clean_up()
    finally:
        servers.close()
    return 1 if problems == len(names) > 0 else 0


#: Action → what it does.
ACTIONS: dict[str, Callable[[Session], int]] = {"stat": _stat, "verify": _verify, "gc": _gc, "keep": _keep}


def _segments(count: int) -> str:
    return "1 segment" if count == 1 else f"{count} segments"


def _bytes(count: int) -> str:
    """``1.2 MB``."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"
