"""The tables ``branches``, ``stashes`` and ``remotes``: what names commits, and where others are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pygit2

from plugins.api import Change, Column, Committed, Delete, Insert, ReadOnlyError, Schema, TableError, Update, mark, say
from plugins.git.committing import (
    apply_stash,
    delete_branch,
    drop_stash,
    make_branch,
    rename_branch,
    stash_changes,
    switch_branch,
)
from plugins.git.editing import everything, refuse_stale
from plugins.git.listed import RepositoryRows
from plugins.git.log import moment, text_of_message
from plugins.git.reference import commit_of

_FIXED = mark("It is worked out from the repository")


class Branches(RepositoryRows):
    """Branches here, branches of remotes, and tags.

    A new row makes a branch, a deleted one deletes it, ``is_current`` checks it out and ``name`` renames it.
    """

    schema = Schema(
        "branches",
        (
            Column("reference", "text", is_key=True, is_generated=True, doc="The whole name: refs/heads/main."),
            Column("name", "text", label=mark("Branch"), is_required=True),
            Column("kind", "text", choices=("branch", "remote", "tag"), is_generated=True),
            Column("is_current", "boolean", label=mark("Current"), doc="Whether it is checked out; edited to switch."),
            Column("upstream", "text", is_generated=True, doc="The branch that it follows."),
            Column("ahead", "integer", is_generated=True, doc="Commits that its upstream does not have."),
            Column("behind", "integer", is_generated=True, doc="Commits of its upstream that it does not have."),
            Column("commit", "text", doc="The commit's id; of a new branch any name of a commit.", has_default=True),
            Column("summary", "text", is_generated=True),
            Column("committed", "datetime", label=mark("Last commit"), is_generated=True),
        ),
        key=("reference",), label=("name",), title=mark("Branches"),
    )  # fmt: skip

    def listed(self) -> Sequence[Sequence[Any]]:
        """In the order of their whole names."""
        repository = self._repository.open()
        return [row for name in sorted(repository.references) if (row := _branch(repository, name)) is not None]

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Make, rename, switch to and delete branches, one after the other."""
        refuse_stale(self, changes)
        return everything(self, self._repository, [self._repository.change(_edit_branch, one) for one in changes])


def _edit_branch(repository: Any, change: Change) -> tuple[str]:
    if isinstance(change, Insert):
        name = str(change.values.get("name") or "")
        make_branch(repository, name, str(change.values.get("commit") or "HEAD"))
        if change.values.get("is_current"):
            switch_branch(repository, name)
        return (f"refs/heads/{name}",)
    reference = str(change.key[0])
    if not reference.startswith("refs/heads/"):
        raise ReadOnlyError(say("{name} is no branch of this repository", name=reference))
    name = reference.removeprefix("refs/heads/")
    if isinstance(change, Delete):
        delete_branch(repository, name)
        return (reference,)
    if not change.values.keys() <= {"name", "is_current"}:
        raise ReadOnlyError(say("only its name and whether it is checked out can be edited"))
    if change.values.get("is_current") is False:
        raise TableError(say("one branch is always checked out"), hint=say("switch to another one instead"))
    if change.values.get("is_current"):
        switch_branch(repository, name)
    if "name" in change.values:
        rename_branch(repository, name, str(change.values["name"]))
        return (f"refs/heads/{change.values['name']}",)
    return (reference,)


#: Where a reference stands → its kind.
_KINDS = {"refs/heads/": "branch", "refs/remotes/": "remote", "refs/tags/": "tag"}


def _branch(repository: Any, name: str) -> tuple[Any, ...] | None:
    start, kind = next(((start, kind) for start, kind in _KINDS.items() if name.startswith(start)), ("", ""))
    if not kind or name.endswith("/HEAD"):
        return None
    target = commit_of(repository.references[name])
    if target is None:
        return None
    commit = repository[target]
    short = name.removeprefix(start)
    is_current = kind == "branch" and not repository.head_is_unborn and repository.head.name == name
    upstream, ahead, behind = _upstream(repository, short, target) if kind == "branch" else (None, None, None)
    time = commit.committer
    return (name, short, kind, is_current and not repository.head_is_detached, upstream, ahead, behind, target,
            text_of_message(commit).partition("\n")[0], moment(time.time, time.offset))


def _upstream(repository: Any, branch: str, target: str) -> tuple[str | None, int | None, int | None]:
    try:
        upstream = repository.branches.local[branch].upstream
    except (KeyError, ValueError, pygit2.GitError):
        return None, None, None
    if upstream is None:
        return None, None, None
    return upstream.shorthand, *repository.ahead_behind(target, upstream.target)


class Stashes(RepositoryRows):
    """What was put aside: a new row puts all changes aside, a deleted one is forgotten."""

    schema = Schema(
        "stashes",
        (
            Column("number", "integer", is_key=True, is_generated=True, doc="0 is the last one."),
            Column("message", "text"),
            Column("commit", "text", is_generated=True, doc="The id of the commit that keeps it."),
            Column("is_applied", "boolean", label=mark("Bring back"), doc="Edited to bring it back and forget it."),
        ),
        key=("number",), label=("message",), title=mark("Stashes"),
    )  # fmt: skip

    def listed(self) -> Sequence[Sequence[Any]]:
        """The last one first."""
        found = self._repository.open().listall_stashes()
        return [(number, stash.message, str(stash.commit_id), False) for number, stash in enumerate(found)]

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Put changes aside, bring them back and forget them."""
        refuse_stale(self, changes)
        keys = []
        for change in sorted(changes, key=lambda one: 0 if isinstance(one, Insert) else -one.key[0]):
            if isinstance(change, Insert):
                self._repository.change(stash_changes, str(change.values.get("message") or ""))
                keys.append((0,))
                continue
            keys.append(change.key)
            if isinstance(change, Delete):
                self._repository.change(drop_stash, change.key[0])
            elif change.values == {"is_applied": True}:
                self._repository.change(apply_stash, change.key[0])
            else:
                raise ReadOnlyError(say("a stash is what it is"))
        return everything(self, self._repository, keys)

    def stamp(self) -> Any:
        """Dropping one may leave the reference as it is, but never the log of it."""
        return (self._repository.references_stamp(), self._repository.stash_stamp())


class Remotes(RepositoryRows):
    """The repositories that this one knows; rows are added, edited and deleted."""

    schema = Schema(
        "remotes",
        (
            Column("name", "text", label=mark("Remote"), is_key=True, is_required=True),
            Column("url", "text", label=mark("Address"), is_required=True),
            Column("push_url", "text", label=mark("Address for pushing")),
        ),
        key=("name",), label=("name",), title=mark("Remotes"),
    )  # fmt: skip

    def stamp(self) -> Any:
        """They stand in the configuration."""
        return (self._repository.common / "config").stat().st_mtime_ns

    def listed(self) -> Sequence[Sequence[Any]]:
        """In the order of their names."""
        return [(one.name, one.url, one.push_url) for one in self._repository.open().remotes]

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Add, rename, move and remove remotes."""
        refuse_stale(self, changes)
        remotes = self._repository.open().remotes
        keys = []
        for change in changes:
            name = str(change.values.get("name") or "") if isinstance(change, Insert) else str(change.key[0])
            try:
                keys.append((_edit_remote(remotes, name, change),))
            except (pygit2.GitError, KeyError, ValueError) as error:
                raise TableError(say("the remote {name} cannot be written: {error}", name=name, error=error)) from error
        return everything(self, self._repository, keys)


def _edit_remote(remotes: Any, name: str, change: Change) -> str:
    if isinstance(change, Delete):
        remotes.delete(name)
        return name
    if isinstance(change, Insert):
        remotes.create(name, str(change.values.get("url") or ""))
    elif "url" in change.values:
        remotes.set_url(name, str(change.values["url"]))
    if change.values.get("push_url"):
        remotes.set_push_url(name, str(change.values["push_url"]))
    if isinstance(change, Update) and "name" in change.values:
        remotes.rename(name, str(change.values["name"]))
        return str(change.values["name"])
    return name
