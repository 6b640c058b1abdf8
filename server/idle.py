"""When the embedded server may end: nobody is connected, and nobody was told a moment ago that it runs."""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import Callable, Collection
from pathlib import Path

from server.embedded import lock_path


async def wait_until_idle(sessions: Collection[object], socket_path: Path, idle_s: float) -> Callable[[], None]:
    """Wait until there was no client for ``idle_s`` seconds.

    Returns:
        Lets go of the start lock, which is held so that nobody is sent here any more; call it after the end.
    """
    last_seen = time.monotonic()
    while True:
        await asyncio.sleep(min(1.0, idle_s / 4))
        if sessions:
            last_seen = time.monotonic()
        elif time.monotonic() - last_seen >= idle_s:
            release = _try_lock(lock_path(socket_path), idle_s)
            if release is not None:
                if not sessions:
                    return release
                release()
            last_seen = time.monotonic()


async def hold_start_lock(socket_path: Path, longest_s: float = 5.0) -> Callable[[], None]:
    """Wait for the start lock, so that no shell finds a server that is about to end.

    Returns:
        Lets go of it; call it after the end. Without the lock when a shell keeps it longer than ``longest_s``.
    """
    end = time.monotonic() + longest_s
    while time.monotonic() < end:
        release = _try_lock(lock_path(socket_path), 0.0)
        if release is not None:
            return release
        await asyncio.sleep(0.02)
    return lambda: None


def _try_lock(path: Path, idle_s: float) -> Callable[[], None] | None:
    """Take the start lock, unless a shell holds it or held it within ``idle_s`` seconds; without a file at once."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:  # the directory is gone, and every shell with it
        return lambda: None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    if idle_s and time.time() - os.fstat(descriptor).st_mtime < idle_s:
        os.close(descriptor)
        return None
    return lambda: os.close(descriptor)
