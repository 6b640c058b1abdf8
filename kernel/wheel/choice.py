"""Which of a release's wheels are for this Python on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kernel.wheel.error import WheelError
from kernel.words import mark

if TYPE_CHECKING:
    from packaging.tags import Tag


def choose(values: Mapping[str, Any]) -> dict[str, str]:
    """Name → the file that fits best.

    Args:
        values: ``wheels`` of a manifest.

    Raises:
        WheelError: there is nothing for this machine, or the manifest is not what a server writes.
    """
    ranks = _ranks()
    found: dict[str, str] = {}
    for name, value in values.items():
        best = _best(name, value, ranks)
        if not best:
            raise WheelError(mark(f"the app has no {name} {value.get('version', '')} for {next(iter(ranks))}"))
        found[name] = best
    return found


def for_others(values: Mapping[str, Any]) -> set[str]:
    """The files of wheels that this machine does not take; none of those that are described wrongly."""
    ranks, found = _ranks(), set()
    for name, value in values.items():
        try:
            best = _best(name, value, ranks)
            found |= set(value["files"]) - {best}
        except WheelError:
            continue  # told when the app is opened
    return found


def _ranks() -> dict[Tag, int]:
    """Tag → how well it fits this machine, 0 the best."""
    from packaging.tags import sys_tags

    return {tag: rank for rank, tag in enumerate(sys_tags())}


def _best(name: str, value: Any, ranks: Mapping[Tag, int]) -> str:
    """The file of a wheel that fits best; empty when none does. Raises WheelError."""
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    try:
        tags = {path: parse_wheel_filename(path.rpartition("/")[2])[3] for path in value["files"]}
    except (InvalidWheelFilename, KeyError, TypeError, AttributeError) as error:
        raise WheelError(mark(f"the release describes its wheel {name} wrongly")) from error
    ranked = [(ranks[tag], path) for path, all_ in tags.items() for tag in all_ if tag in ranks]
    return min(ranked)[1] if ranked else ""
