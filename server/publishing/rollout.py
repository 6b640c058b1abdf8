"""Staged roll-outs: which part of those on the stable channel gets what ``channels/next`` has already.

The part stands in ``rollout.toml`` of the repository: ``[orders]`` with ``percent = 10``. Who belongs to it follows
from the app and the person's name alone, so that a larger part holds everybody of a smaller one.
"""

from __future__ import annotations

import hashlib
import tomllib
from typing import Any

from kernel.error import EspalierError, Where

#: The file in the repository's top folder.
ROLLOUT_FILE = "rollout.toml"


class RolloutError(EspalierError):
    """``rollout.toml`` is wrong."""


def share_of(app: str, name: str) -> float:
    """Where a person stands among all, from 0 up to 100, the same each time."""
    digest = hashlib.sha256(f"{app}\0{name}".encode(errors="surrogatepass")).digest()
    return int.from_bytes(digest[:4]) * 100 / 2**32


def parse_rollout(content: bytes) -> dict[str, float]:
    """App → percent.

    Raises:
        RolloutError: the file is wrong; names the place.
    """
    try:
        values: dict[str, Any] = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RolloutError(f"this file is no TOML: {error}", where=Where(ROLLOUT_FILE)) from error
    found = {}
    for app, row in values.items():
        percent = row.get("percent") if isinstance(row, dict) else None
        is_right = isinstance(percent, int | float) and not isinstance(percent, bool) and 0 <= percent <= 100
        if not is_right or set(row) != {"percent"}:
            hint = "write percent = 10, from 0 to 100"
            raise RolloutError(f"the roll-out of {app} is wrong", where=Where(ROLLOUT_FILE), hint=hint)
        found[app] = float(percent)
    return found


def rollout_text(parts: dict[str, float]) -> bytes:
    """The file for these parts."""
    head = "# How much of those on the stable channel gets what channels/next has, in percent.\n"
    rows = (f"\n[{app}]\npercent = {percent:g}\n" for app, percent in sorted(parts.items()))
    return (head + "".join(rows)).encode()
