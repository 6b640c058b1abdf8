"""The wheels of a release: those that app.toml pins, found among the app's files, looked through and fitted together.

``[requires] wheels = ["rich==13.7.0"]`` names each wheel with its one version; the files are in the app's folder
``wheels/``, several of one version for several machines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple

from kernel.wheel.archive import Archive
from kernel.wheel.check import check_wheel
from kernel.wheel.shell_package import SHELL_PACKAGES
from kernel.words import mark

#: The folder of an app that its wheels are in.
FOLDER = "wheels/"

ReadFile = Callable[[str], bytes | None]


class Problem(NamedTuple):
    """What keeps an app from having its wheels; ``path`` is the wheel's file, empty for the pins."""

    path: str
    message: str
    hint: str = ""


def check_wheels(
    pins: Any, paths: Collection[str], read_file: ReadFile, without_commands: Collection[str] = ()
) -> tuple[dict[str, Any], list[Problem]]:
    """The ``wheels`` of a manifest, and everything that is wrong.

    Args:
        pins: ``requires.wheels`` of app.toml.
        paths: The app's files.
        read_file: A file of the app.
        without_commands: Names of wheels whose commands for a terminal are left out.
    """
    pinned, problems = _pinned(pins)
    archives: dict[str, Archive] = {}
    for path in sorted(path for path in paths if path.startswith(FOLDER) and path.endswith(".whl")):
        archive, wrong = check_wheel(path, read_file(path) or b"", without_commands)
        problems += [Problem(path, one.message, one.hint) for one in wrong]
        if archive is not None and not wrong:
            archives[path] = archive
    if problems:
        return {}, problems
    problems = [*_unpinned(pinned, archives), *_unmet(pinned, archives), *_twice(archives)]
    if problems:
        return {}, problems
    files: dict[str, list[str]] = {name: [] for name in sorted(pinned)}
    for path, archive in archives.items():
        files[archive.name].append(path)
    return {name: {"version": pinned[name], "files": found} for name, found in files.items()}, []


def _pinned(pins: Any) -> tuple[dict[str, str], list[Problem]]:
    """Name → version."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, str] = {}
    problems: list[Problem] = []
    hint = 'write wheels = ["rich==13.7.0"]'
    if not isinstance(pins, Sequence) or isinstance(pins, str):
        return {}, [Problem("", mark("requires.wheels must be a list of texts"), hint)]
    for text in pins:
        try:
            wanted = Requirement(text)
        except (InvalidRequirement, TypeError):
            problems.append(Problem("", mark(f"{text!r} names no wheel and its version"), hint))
            continue
        versions = list(wanted.specifier)
        is_pin = len(versions) == 1 and versions[0].operator == "==" and not versions[0].version.endswith("*")
        if not is_pin or wanted.url or wanted.marker:
            problems.append(Problem("", mark(f"{text} does not name one version"), hint))
            continue
        name = canonicalize_name(wanted.name)
        if found.setdefault(name, versions[0].version) != versions[0].version:
            problems.append(Problem("", mark(f"{name} is pinned twice, to {found[name]} and {versions[0].version}")))
    return found, problems


def _unpinned(pinned: dict[str, str], archives: dict[str, Archive]) -> Iterator[Problem]:
    """Pins and files are of each other."""
    from packaging.version import Version

    for path, archive in archives.items():
        if archive.name not in pinned:
            hint = mark(f'write wheels = ["{archive.name}=={archive.version}"] below [requires], or remove the file')
            yield Problem(path, mark(f"app.toml does not require {archive.name}"), hint)
        elif Version(pinned[archive.name]) != archive.version:
            wanted = f"{archive.name} {pinned[archive.name]}"
            yield Problem(path, mark(f"app.toml requires {wanted}, and this is {archive.version}"))
    there = {archive.name for archive in archives.values()}
    for name, version in pinned.items():
        if name not in there:
            hint = f"pip download --no-deps --only-binary :all: -d wheels {name}=={version}"
            yield Problem("", mark(f"there is no wheel of {name} {version} in the folder {FOLDER}"), hint)


def _unmet(pinned: dict[str, str], archives: dict[str, Archive]) -> Iterator[Problem]:
    """What wheels need of others is there in a version that does."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    for path, archive in archives.items():
        for text in archive.about("METADATA").get_all("Requires-Dist") or ():
            try:
                wanted = Requirement(text)
            except InvalidRequirement:
                yield Problem(path, mark(f"{archive.name} requires {text!r}, which cannot be read"))
                continue
            if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
                continue
            name = canonicalize_name(wanted.name)
            version = pinned.get(name) or _version_here(name)
            if version is None:
                hint = mark(f"add it to requires.wheels, and its file to {FOLDER}")
                yield Problem(path, mark(f"{archive.name} requires {name}, which the app does not have"), hint)
            elif not wanted.specifier.contains(version, prereleases=True):
                yield Problem(path, mark(f"{archive.name} requires {name}{wanted.specifier}, and there is {version}"))


def _twice(archives: dict[str, Archive]) -> Iterator[Problem]:
    """No file of one wheel is another wheel's as well."""
    owners: dict[str, Archive] = {}
    for path, archive in archives.items():
        for name in sorted(archive.paths):
            owner = owners.setdefault(name, archive)
            if owner.name != archive.name:
                yield Problem(path, mark(f"{name} is a file of {owner.path} too"))
                break


def _version_here(name: str) -> str | None:
    """The version of a library that the shell works with; None for others."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name) if name in SHELL_PACKAGES else None
    except PackageNotFoundError:
        return None
