"""``espalier version``: for reports."""

from __future__ import annotations

import argparse

from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Print the versions; answers the exit code. Reads metadata only, so Qt is not loaded."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    print(f"espalier {version('espalier')}")
    for package in ("PySide6-Essentials", "msgspec", "pygit2"):
        try:
            print(f"{package} {version(package)}")
        except PackageNotFoundError:
            print(f"{package} is not installed")
    print(f"Python {platform.python_version()} on {platform.platform()}")
    return 0
