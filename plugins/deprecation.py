"""Names of the door that go: they work until the next version of it, and who uses one is told once.

A row of :data:`RENAMED` keeps an older name of ``plugins.api``; :func:`deprecated` keeps an older function. Both name
what to use instead and the version that has it no more.
"""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


class Old(NamedTuple):
    """An older name.

    Attributes:
        instead: What to use.
        until: The version of the door that has it no more.
    """

    instead: str
    until: int


#: Older name of plugins.api → what it is called now.
RENAMED: dict[str, Old] = {}
#: (plugin, name, version) of what was told already.
_told: set[tuple[str, str, int]] = set()


class PluginDeprecationWarning(DeprecationWarning):
    """A plugin uses what the next version of the door has no more."""


def deprecated(instead: str, until: int) -> Callable[[Function], Function]:
    """Mark a function of the door as one that goes.

    Args:
        instead: What to use.
        until: The version of the door that has it no more.
    """

    def mark(function: Function) -> Function:
        @functools.wraps(function)
        def run(*arguments: Any, **keywords: Any) -> Any:
            tell(function.__name__, Old(instead, until), _caller(2))
            return function(*arguments, **keywords)

        run.__deprecated__ = f"use {instead}; gone with version {until}"  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return mark


def renamed(name: str, door: Any) -> Any:
    """What an older name of the door means now; whoever asked is told.

    Raises:
        AttributeError: there is no such name.
    """
    old = RENAMED.get(name)
    if old is None:
        from kernel.nearest import did_you_mean

        hint = did_you_mean(name, door.__all__)
        raise AttributeError(f"plugins.api has no {name}{f' ({hint})' if hint else ''}")
    tell(name, old, _caller(3))
    return getattr(door, old.instead)


def tell(name: str, old: Old, module: str) -> None:
    """Warn of an older name, once for each plugin and version of the door."""
    from plugins.code import host

    plugin = host.plugin_of(module)
    user = plugin.id if plugin is not None else module
    key = (user, name, old.until)
    if key not in _told:
        _told.add(key)
        message = f"{user} uses {name}, which plugins.api {old.until} has no more: use {old.instead}"
        warnings.warn(message, PluginDeprecationWarning, stacklevel=4)


def _caller(depth: int) -> str:
    """The module that is so many calls away, Python's own machinery of importing left out."""
    frame = sys._getframe(depth)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("importlib"):
        frame = frame.f_back
    return str(frame.f_globals.get("__name__", ""))
