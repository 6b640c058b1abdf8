"""What an app brings besides its own files' meaning: wheels and native libraries, looked through and resolved."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from kernel.error import EspalierError, Where
from layouts.app_manifest import APP_FILE, AppDescription

#: The folder of an app that its wheels are in, by which a release without any is told at a look.
WHEELS = "wheels/"


class Brought(NamedTuple):
    """What a manifest says of them; empty for most apps.

    Attributes:
        wheels: Name → version and files; see :mod:`kernel.wheel.release`.
        libraries: Name → descriptions; see :mod:`kernel.library.release`.
    """

    wheels: dict[str, Any] = {}
    libraries: dict[str, Any] = {}


class Unfit(NamedTuple):
    """One reason why they cannot be released; ``keys`` leads to the place in app.toml when ``path`` is empty."""

    path: str
    keys: tuple[str, ...]
    message: str
    hint: str


class BroughtError(EspalierError):
    """The wheels or libraries of an app cannot be used."""


def look_through(
    app: AppDescription, paths: Collection[str], read_file: Callable[[str], bytes | None]
) -> tuple[Brought, list[Unfit]]:
    """What the app brings, and everything that is wrong with it.

    Args:
        app: Its description.
        paths: Its files.
        read_file: One of them.
    """
    wheels: dict[str, Any] = {}
    libraries: dict[str, Any] = {}
    found: list[Unfit] = []
    if "wheels" in app.requires or any(path.startswith(WHEELS) for path in paths):
        from kernel.wheel.release import check_wheels

        names = app.requires.get("wheels_without_commands", ())
        wheels, problems = check_wheels(app.requires.get("wheels", []), paths, read_file, names)
        found += [Unfit(one.path, ("requires", "wheels"), one.message, one.hint) for one in problems]
    if app.libraries:
        from kernel.library.release import check_libraries

        libraries, errors = check_libraries(app.libraries, read_file)
        found += [Unfit("", ("libraries",), one.message, one.hint) for one in errors]
    return Brought(wheels, libraries), found


def brought_by(app: AppDescription, paths: Collection[str], read_file: Callable[[str], bytes | None]) -> Brought:
    """What the app brings, for its manifest.

    Raises:
        BroughtError: something is wrong with it; says the first thing.
    """
    brought, found = look_through(app, paths, read_file)
    if found:
        raise BroughtError(found[0].message, where=Where(found[0].path or APP_FILE), hint=found[0].hint)
    return brought
