"""Names that modules of apps and wheels may not have: Python's own and ours. Light: every start looks at them."""

from __future__ import annotations

import sys
from collections.abc import Iterable

#: Our rooms, and the binding of Qt: one in a process.
OURS = frozenset(
    ("kernel", "layouts", "server", "widgets", "plugins", "shell", "resources", "benchmarks", "PySide6", "shiboken6")
)
#: Folders of an app in which its modules begin, in this order.
ROOTS = ("scripts/", "")


def is_reserved(name: str) -> bool:
    """Whether a module of that top name is Python's or ours, whatever files an app has."""
    return name in OURS or name in sys.stdlib_module_names


def is_of_plugin(path: str) -> bool:
    """Whether a file of an app is one of a plugin that it brings: a module of a package of its own, by another name."""
    return path.startswith("plugins/") and path.count("/") > 1


def shadowing(paths: Iterable[str]) -> list[tuple[str, str]]:
    """The files of an app that would be modules by a reserved name: (path, name), by path."""
    found = []
    for path in paths:
        if path.endswith(".py") and not is_of_plugin(path):
            root = next(root for root in ROOTS if path.startswith(root))
            name = path[len(root) :].partition("/")[0].removesuffix(".py")
            if is_reserved(name):
                found.append((path, name))
    return sorted(found)
