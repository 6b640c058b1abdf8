"""Which libraries each app uses, and the mark that tells one content of an app with its libraries from another.

A mark is the id of the app's tree, and ``NAME=ID`` for the tree of each library that it uses, in order of name; the id
is empty for one that is not there. An app without libraries has the mark that it always had.
"""

from __future__ import annotations

import pygit2

from kernel.error import Where
from kernel.nearest import did_you_mean
from layouts.library import FOLDER, names_in
from server.error import TreeError


class Shared:
    """The libraries that the apps of one repository use; every file is read once."""

    def __init__(self, git: pygit2.Repository) -> None:
        self._git = git
        self._by_blob: dict[str, frozenset[str]] = {}
        self._by_tree: dict[str, frozenset[str]] = {}

    def marks(self, tree: pygit2.Tree, apps: dict[str, str]) -> dict[str, str]:
        """App → its mark.

        Args:
            tree: Of a commit.
            apps: App → id of its tree there.
        """
        if FOLDER not in tree or tree[FOLDER].type_str != "tree":
            libraries: dict[str, str] = {}
        else:
            libraries = {one.name: str(one.id) for one in self._git[tree[FOLDER].id] if one.type_str == "tree"}
        return {app: self._mark(oid, libraries) for app, oid in apps.items()}

    def _mark(self, oid: str, libraries: dict[str, str]) -> str:
        used: dict[str, str] = {}
        waiting = [oid]
        while waiting:
            for name in self._names(waiting.pop()) - used.keys():
                used[name] = libraries.get(name, "")
                if used[name]:
                    waiting.append(used[name])
        return " ".join([oid, *(f"{name}={used[name]}" for name in sorted(used))])

    def _names(self, oid: str) -> frozenset[str]:
        """The libraries that the layouts below a tree name."""
        if oid not in self._by_tree:
            try:
                found = self._names_below(oid)
            except (pygit2.GitError, KeyError):  # damaged: whoever publishes the app reads it too, and is told
                return frozenset()
            self._by_tree[oid] = found
        return self._by_tree[oid]

    def _names_below(self, oid: str) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for entry in self._git[oid]:
            if entry.type_str == "tree":
                found |= self._names(str(entry.id))
            elif entry.type_str == "blob" and entry.name.endswith(".kdl"):
                found |= self._names_of_blob(str(entry.id))
        return found

    def _names_of_blob(self, oid: str) -> frozenset[str]:
        if oid not in self._by_blob:
            self._by_blob[oid] = names_in(self._git[oid].data)
        return self._by_blob[oid]


def parts_of(mark: str) -> tuple[str, dict[str, str]]:
    """The app's tree, and library → tree."""
    tree, *uses = mark.split(" ")
    return tree, dict(use.split("=", 1) for use in uses)


def check_libraries(app: str, libraries: dict[str, str], known: set[str]) -> None:
    """Refuse an app that uses a library which is not there.

    Raises:
        TreeError: names the library and the one that is like it.
    """
    for name, oid in libraries.items():
        if not oid:
            message = f"the app uses the library '{name}', but there is no {FOLDER}/{name}"
            hint = did_you_mean(name, known) or f"push {FOLDER}/{name} beside apps"
            raise TreeError(message, where=Where(f"apps/{app}"), hint=hint)
