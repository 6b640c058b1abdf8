"""Which of a release's wheels are for this Python on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.wheel.error import WheelError


def choose(values: Mapping[str, Any]) -> dict[str, str]:
    """Name → the file that fits best.

    Args:
        values: ``wheels`` of a manifest.

    Raises:
        WheelError: there is nothing for this machine, or the manifest is not what a server writes.
    """
    from packaging.tags import sys_tags
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    ranks = {tag: rank for rank, tag in enumerate(sys_tags())}
    found: dict[str, str] = {}
    for name, value in values.items():
        try:
            tags = {path: parse_wheel_filename(path.rpartition("/")[2])[3] for path in value["files"]}
        except (InvalidWheelFilename, KeyError, TypeError, AttributeError) as error:
            raise WheelError(f"the release describes its wheel {name} wrongly") from error
        ranked = [(ranks[tag], path) for path, all_ in tags.items() for tag in all_ if tag in ranks]
        if not ranked:
            raise WheelError(f"the app has no {name} {value.get('version', '')} for {next(iter(ranks))}")
        found[name] = min(ranked)[1]
    return found
