"""What names commits: branches, tags, HEAD, the stash."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pygit2

#: Where a reference stands → how people call it.
_SHORT = (("refs/heads/", ""), ("refs/remotes/", ""), ("refs/tags/", "tag: "), ("refs/", ""))


def names_by_commit(repository: Any, branch: str) -> tuple[list[str], dict[str, list[str]]]:
    """Ids that a history starts from, and the names of each commit that has some.

    Args:
        repository: A :class:`pygit2.Repository`.
        branch: A reference's name, ``HEAD``, or ``*`` for all.

    Raises:
        KeyError: there is no such reference.
    """
    names: dict[str, list[str]] = defaultdict(list)
    heads: list[str] = []
    current = "" if repository.head_is_unborn or repository.head_is_detached else repository.head.name
    head = [] if repository.head_is_unborn else [str(repository.head.target)]
    if head:
        names[head[0]].append(f"HEAD -> {short_name(current)}" if current else "HEAD")
    # Git goes through them by name, and to HEAD last.
    for reference in sorted(repository.references.iterator(), key=lambda one: one.raw_name):
        target = commit_of(reference)
        if target is None or reference.name == "refs/stash":
            continue
        if reference.name != current:
            names[target].append(short_name(reference.name))
        heads.append(target)
    heads += head
    if branch == "HEAD":
        heads = head
    elif branch != "*":
        heads = [str(repository.resolve_refish(branch)[0].id)]
    return list(dict.fromkeys(heads)), names


def commit_of(reference: Any) -> str | None:
    """The id of the commit that a reference leads to; None for one that leads nowhere, or to no commit."""
    try:
        return str(reference.peel(pygit2.Commit).id)
    except (pygit2.GitError, KeyError, ValueError):
        return None


def short_name(name: str) -> str:
    """``refs/heads/main`` → ``main``, ``refs/tags/1.0`` → ``tag: 1.0``."""
    for start, shown in _SHORT:
        if name.startswith(start):
            return shown + name.removeprefix(start)
    return name
