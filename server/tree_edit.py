"""A git tree with some paths replaced: only the folders on the way are written anew."""

from __future__ import annotations

from collections.abc import Mapping

import pygit2

_FOLDER, _FILE = pygit2.enums.FileMode.TREE, pygit2.enums.FileMode.BLOB


def edited(git: pygit2.Repository, tree: pygit2.Tree | None, edits: Mapping[str, str | None]) -> str:
    """The id of ``tree`` with ``edits``: path → id of a tree or blob, or None to remove it; empty folders go.

    Raises:
        pygit2.GitError, KeyError: an object is not there, or a name cannot be one.
    """
    builder = git.TreeBuilder(tree) if tree is not None else git.TreeBuilder()
    below: dict[str, dict[str, str | None]] = {}
    for path, oid in edits.items():
        name, _, rest = path.partition("/")
        if rest:
            below.setdefault(name, {})[rest] = oid
        elif oid is not None:
            builder.insert(name, oid, _FOLDER if git[oid].type_str == "tree" else _FILE)
        elif builder.get(name) is not None:
            builder.remove(name)
    for name, inner in below.items():
        entry = builder.get(name)
        folder = git[entry.id] if entry is not None and entry.type_str == "tree" else None
        made = edited(git, folder, inner)  # type: ignore[arg-type]
        if len(git[made]):  # type: ignore[arg-type]
            builder.insert(name, made, _FOLDER)
        elif entry is not None:
            builder.remove(name)
    return str(builder.write())
