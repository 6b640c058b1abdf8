"""What an app asks for, as its ``app.toml`` says it: channels, permissions, and what it requires of where it runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from kernel.nearest import did_you_mean
from kernel.words import mark

#: The channel of everybody who has not chosen another.
STABLE = "stable"
#: The channel of a staged roll-out: what some of those on ``stable`` get already.
NEXT = "next"
#: What stands before a person's own channel: ``~anna``; and what its owner may call it.
OWN, MINE = "~", "mine"
#: What an app may ask for → what people are told before its first run.
PERMISSIONS: dict[str, str] = {
    "net": mark("speaks with other computers"),
    "files": mark("reads and writes files of yours outside of its own folder"),
    "run": mark("starts other programs"),
    "clipboard": mark("reads the clipboard without being asked to paste"),
    "notify": mark("shows notifications while its window is not in front"),
    "devices": mark("uses cameras, microphones and Bluetooth"),
}
_CHANNEL = re.compile(r"[a-z][a-z0-9-]{0,31}")
_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]{0,63}")
_PLUGIN = re.compile(r"[a-z][a-z0-9_]{0,63}")
_VERSIONS = re.compile(r"\s*(?:[<>=!~]=|[<>])?\s*\d+(?:\.\d+)*\s*")

#: Keys to the place in the file, whether the value is meant, message, hint.
Found = tuple[tuple[str | int, ...], bool, str, str]


def is_channel(name: str) -> bool:
    """Whether a channel may be called so: ``stable``, ``beta``, or a person's own, ``~anna``."""
    return bool(_PERSON.fullmatch(name[1:]) if name.startswith(OWN) else _CHANNEL.fullmatch(name))


def need_problems(values: dict[str, Any]) -> Iterator[Found]:
    """What is wrong with ``channels``, ``permissions`` and ``requires`` of an app.toml, where their types are right."""
    for name in _texts(values.get("channels")):
        if not _CHANNEL.fullmatch(name) or name in (STABLE, NEXT, MINE):
            is_there = name in (STABLE, NEXT, MINE)
            hint = f"{name} is there anyway" if is_there else "small letters, digits and -, beginning with a letter"
            yield ("channels",), True, f"a channel cannot be called {name or 'nothing'}", hint
    for name in _texts(values.get("permissions")):
        if name not in PERMISSIONS:
            hint = did_you_mean(name, PERMISSIONS) or f"known: {', '.join(PERMISSIONS)}"
            yield ("permissions",), True, f"there is no permission {name}", hint
    yield from _script_problems(values.get("scripts"))
    requires = values.get("requires")
    for name, value in requires.items() if isinstance(requires, dict) else ():
        if name not in _REQUIREMENTS:
            yield ("requires", name), False, f"nothing called {name} can be required", did_you_mean(name, _REQUIREMENTS)
        else:
            yield from _REQUIREMENTS[name](("requires", name), value)


def _script_problems(values: Any) -> Iterator[Found]:
    for name, value in values.items() if isinstance(values, dict) else ():
        if name != "reload":
            yield ("scripts", name), False, f"scripts have no {name}", did_you_mean(name, ("reload",))
        elif not isinstance(value, bool):
            yield ("scripts", name), True, "reload must be true or false", ""


def least_version(text: str) -> str:
    """The lowest version that fits a requirement: ``0.1`` of ``>=0.1, <0.3`` and of ``0.1``; empty for any."""
    lower = [part.strip().removeprefix(">=").strip() for part in text.split(",")]
    return next((part for part in lower if part and part[0].isdigit()), "")


def fits(version: str, text: str) -> bool:
    """Whether a version fits a requirement: ``>=1.2, <2``, or ``1.2`` for that one and newer ones.

    Raises:
        ValueError: one of the two is no version.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    parts = [f">={part.strip()}" if part.strip()[:1].isdigit() else part.strip() for part in text.split(",")]
    try:
        return SpecifierSet(",".join(parts)).contains(Version(version), prereleases=True)
    except (InvalidSpecifier, InvalidVersion) as error:
        raise ValueError(f"{text} is no version") from error


def is_version(text: str) -> bool:
    """Whether it says which versions will do: ``1.2``, ``>=1.2, <2``."""
    return all(_VERSIONS.fullmatch(part) for part in text.split(","))


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _version_problems(place: tuple[str | int, ...], value: Any) -> Iterator[Found]:
    if not isinstance(value, str) or not is_version(value):
        yield place, True, f"{'.'.join(map(str, place))} must be a version", 'write "1.2" or ">=1.2, <2"'


def _plugin_problems(place: tuple[str | int, ...], value: Any) -> Iterator[Found]:
    if not isinstance(value, dict):
        yield place, True, "requires.plugins must be a table", 'write: plugins = { chart = "1" }'
        return
    for name, version in value.items():
        if not _PLUGIN.fullmatch(name):
            yield (*place, name), False, f"a plugin cannot be called {name}", "small letters, digits and _"
        yield from _version_problems((*place, name), version)


def _list_problems(place: tuple[str | int, ...], value: Any) -> Iterator[Found]:
    is_right = isinstance(value, dict) or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    if not is_right:
        yield place, True, f"{'.'.join(map(str, place))} must be a list of texts", ""


#: What may be required → what is wrong with it.
_REQUIREMENTS: dict[str, Callable[[tuple[str | int, ...], Any], Iterator[Found]]] = {
    "shell": _version_problems,
    "plugins": _plugin_problems,
    "wheels": _list_problems,
    "wheels_without_commands": _list_problems,
    "libraries": _list_problems,
}
