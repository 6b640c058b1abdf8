"""What a version of Espalier needs of the installation that starts it: Python, libraries, the installed version."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any


def unmet(needs: Mapping[str, Any]) -> str:
    """What is missing here for a version with these needs, in words; empty when nothing is.

    Args:
        needs: ``python`` and ``shell``, as ``>=3.11``; ``dependencies``, as in pyproject.toml.
    """
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import InvalidSpecifier

    try:
        rows = [("Python", needs.get("python", ""), platform.python_version()),
                ("an installed Espalier", needs.get("shell", ""), installed_version())]  # fmt: skip
        for title, wanted, here in rows:
            if wanted and not _fits(here, wanted):
                return f"it needs {title} {wanted}, and this is {here}"
        for text in needs.get("dependencies", ()):
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate():
                try:
                    here = version(wanted.name)
                except PackageNotFoundError:
                    return f"it needs {wanted.name}, which is not installed"
                if not wanted.specifier.contains(here, prereleases=True):
                    return f"it needs {wanted.name} {wanted.specifier}, and {here} is installed"
    except (InvalidRequirement, InvalidSpecifier, TypeError, AttributeError) as error:
        return f"what it needs cannot be read: {error}"
    return ""


def installed_version() -> str:
    """The version of the installation."""
    try:
        return version("espalier")
    except PackageNotFoundError:
        return "0"


def is_older_than_installed(version: str) -> bool:
    """Whether the installation is of a newer version."""
    from packaging.version import InvalidVersion, Version

    try:
        return Version(version) < Version(installed_version())
    except InvalidVersion:
        return False


def _fits(here: str, wanted: str) -> bool:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(wanted).contains(here, prereleases=True)
