"""Commits, branches, merges and stashes: each done whole, or refused with what to do. No hook is ever run."""

from __future__ import annotations

import re
from typing import Any

import pygit2
from pygit2.enums import CheckoutStrategy, MergeAnalysis, RepositoryState

from plugins.api import TableError, say, say_count
from plugins.git.change import commit_named, content_at
from plugins.git.index import free_index, write_index
from plugins.git.setting import settings
from plugins.git.spared import refuse_changed, refuse_difference, refuse_paths, refuse_writing

#: How the option ``git.author`` names a person.
_AUTHOR = re.compile(r"(?P<name>[^<>\s][^<>]*?)\s*<(?P<address>[^<>\s]+@[^<>\s]+)>")


def commit_index(repository: Any, message: str, *, is_amending: bool = False) -> str:
    """Commit what is staged; during a merge with both parents.

    Returns:
        The new commit's id.

    Raises:
        TableError: there is nothing staged, no message, a conflict left, or nobody to name as the author.
    """
    text = message.strip()
    if not text:
        raise TableError(say("a commit needs a message"))
    index = repository.index
    index.read()
    if index.conflicts is not None:
        raise TableError(say("there are conflicts left"), hint=say("take a side of each file, or edit and stage it"))
    person = author_of(repository)
    tree = index.write_tree()
    if is_amending:
        return _amend(repository, text + "\n", tree, person)
    parents = _parents(repository)
    if len(parents) == 1 and repository[parents[0]].tree.id == tree or (not parents and not len(index)):
        raise TableError(say("nothing is staged"), hint=say("stage files, hunks or lines first"))
    identity = repository.create_commit("HEAD", person, person, text + "\n", tree, parents)
    repository.state_cleanup()
    return str(identity)


def _amend(repository: Any, message: str, tree: Any, person: Any) -> str:
    if repository.head_is_unborn:
        raise TableError(say("there is no commit to amend yet"))
    last = repository.head.peel(pygit2.Commit)
    return str(repository.amend_commit(last, "HEAD", committer=person, message=message, tree=tree))


def _parents(repository: Any) -> list[Any]:
    heads = [] if repository.head_is_unborn else [repository.head.target]
    if repository.state() == RepositoryState.MERGE:
        heads += [pygit2.Oid(hex=str(one)) for one in repository.listall_mergeheads()]
    return heads


def author_of(repository: Any) -> Any:
    """Who commits, as git's configuration names them, else the option ``git.author``.

    Raises:
        TableError: neither names anybody, or the option is not written so.
    """
    try:
        return repository.default_signature
    except (KeyError, pygit2.GitError, ValueError) as error:
        if named := settings().author.strip():
            return _signature(named)
        raise TableError(
            say("git does not know who you are"),
            hint=say('git config --global user.name "Your name" and user.email "you@example.org" say it'),
        ) from error


def _signature(named: str) -> Any:
    """Who ``Name <address>`` stands for, now."""
    found = _AUTHOR.fullmatch(named)
    if found is None:
        raise TableError(say("the option git.author names nobody: {text}", text=named[:80]),
                         hint=say("write it like Ann Example <ann@example.org>"))
    return pygit2.Signature(found["name"], found["address"])


def make_branch(repository: Any, name: str, start: str = "HEAD") -> None:
    """A new branch at a commit.

    Raises:
        TableError: the name is taken, or git allows no such name.
    """
    _check_new(repository, name)
    repository.branches.local.create(name, commit_named(repository, start))


def delete_branch(repository: Any, name: str, *, is_forced: bool = False) -> None:
    """Delete a branch whose commits are in HEAD; any other one when ``is_forced``.

    Raises:
        TableError: there is none, it is checked out, or its commits would be lost.
    """
    branch = _branch(repository, name)
    if branch.is_checked_out():
        raise TableError(say("{name} is checked out", name=name), hint=say("switch to another branch first"))
    ahead, _ = repository.ahead_behind(branch.target, repository.head.target)
    if ahead and not is_forced:
        raise TableError(
            say_count("{name} has {count} commit that no other branch has",
                      "{name} has {count} commits that no other branch has", ahead, name=name),
            hint=say("merge it first, or delete it with force"),
        )  # fmt: skip
    branch.delete()


def rename_branch(repository: Any, name: str, new: str) -> None:
    """Give a branch another name.

    Raises:
        TableError: there is none, the name is taken, or git allows no such name.
    """
    branch = _branch(repository, name)
    _check_new(repository, new)
    branch.rename(new)


def switch_branch(repository: Any, name: str) -> None:
    """Check a branch out; files that it would overwrite and that are changed here stop it before anything is written.

    Raises:
        TableError: there is no such branch, or changes here stand in the way.
    """
    branch = _branch(repository, name)
    free_index(repository)
    here = None if repository.head_is_unborn else repository.head.peel(pygit2.Tree)
    refuse_difference(here, branch.peel(pygit2.Tree))
    try:
        repository.checkout(branch, strategy=CheckoutStrategy.SAFE)
    except pygit2.GitError as error:
        raise TableError(say("cannot switch to {name}: {error}", name=name, error=error),
                         hint=say("commit or stash your changes first")) from error


def merge_branch(repository: Any, name: str) -> str:
    """Merge a branch or a commit into the one that is checked out.

    Returns:
        What happened: ``nothing``, ``forward``, ``merged``, or ``conflicts``, which are in the index then.

    Raises:
        TableError: there is none, or changes here stand in the way.
    """
    if repository.state() != RepositoryState.NONE:
        raise TableError(say("a merge is under way"), hint=say("commit it or give it up first"))
    theirs = commit_named(repository, name)
    analysis, _ = repository.merge_analysis(theirs.id)
    if analysis & MergeAnalysis.UP_TO_DATE:
        return "nothing"
    free_index(repository)
    _refuse_changes(repository)
    _refuse_merged(repository, theirs)
    if analysis & MergeAnalysis.FASTFORWARD:
        repository.checkout_tree(theirs.tree, strategy=CheckoutStrategy.SAFE)
        repository.references[_head(repository)].set_target(theirs.id, f"merge {name}: Fast-forward")
        return "forward"
    person = author_of(repository)
    repository.merge(theirs.id)
    if repository.index.conflicts is not None:
        _write_bases(repository)
        return "conflicts"
    tree = repository.index.write_tree()
    message = f"Merge {name} into {repository.head.shorthand}\n"
    repository.create_commit("HEAD", person, person, message, tree, [repository.head.target, theirs.id])
    repository.state_cleanup()
    return "merged"


def _write_bases(repository: Any) -> None:
    """Have the files that could not be joined say what both sides began from, too (git-merge, "diff3")."""
    paths = [side.path for sides in repository.index.conflicts for side in sides if side is not None]
    strategy = CheckoutStrategy.FORCE | CheckoutStrategy.ALLOW_CONFLICTS | CheckoutStrategy.CONFLICT_STYLE_DIFF3
    repository.checkout_index(strategy=strategy | CheckoutStrategy.DISABLE_PATHSPEC_MATCH, paths=paths)


def give_up_merge(repository: Any) -> None:
    """Make everything what it was before the merge.

    Raises:
        TableError: none is under way.
    """
    if repository.state() == RepositoryState.NONE:
        raise TableError(say("no merge is under way"))
    free_index(repository)
    refuse_changed(repository)
    repository.reset(repository.head.target, pygit2.enums.ResetMode.HARD)
    repository.state_cleanup()


def take_side(repository: Any, path: str, side: str) -> None:
    """End a file's conflict with one side's content.

    Args:
        repository: A :class:`pygit2.Repository`.
        path: The file, as git names it.
        side: ``ours`` or ``theirs``.

    Raises:
        TableError: the file has no conflict.
    """
    index = free_index(repository)
    if index.conflicts is None or path not in index.conflicts:
        raise TableError(say("{path} has no conflict", path=path))
    refuse_paths([path])
    _, ours, theirs = index.conflicts[path]
    chosen = ours if side == "ours" else theirs
    del index.conflicts[path]
    if chosen is not None:
        index.add(pygit2.IndexEntry(path, chosen.id, chosen.mode))
    write_index(repository, index)
    if chosen is None:
        repository.checkout_index(strategy=CheckoutStrategy.FORCE | CheckoutStrategy.REMOVE_UNTRACKED, paths=[path])
    else:
        repository.checkout_index(strategy=CheckoutStrategy.FORCE, paths=[path])


def stash_changes(repository: Any, message: str = "", *, has_untracked: bool = False) -> None:
    """Put all changes aside.

    Raises:
        TableError: there are none.
    """
    free_index(repository)
    refuse_changed(repository)
    try:
        repository.stash(author_of(repository), message or None, include_untracked=has_untracked)
    except (KeyError, pygit2.GitError) as error:
        raise TableError(say("there is nothing to put aside: {error}", error=error)) from error


def apply_stash(repository: Any, number: int = 0, *, is_kept: bool = False) -> None:
    """Bring back what was put aside.

    Raises:
        TableError: there is none of that number, or changes here stand in the way.
    """
    free_index(repository)
    stashes = repository.listall_stashes()
    if 0 <= number < len(stashes):
        kept = repository[stashes[number].commit_id]
        refuse_difference(kept.parents[0].tree, kept.tree)
    try:
        (repository.stash_apply if is_kept else repository.stash_pop)(number)
    except (KeyError, pygit2.GitError) as error:
        raise TableError(say("stash {number} cannot be brought back: {error}", number=number, error=error),
                         hint=say("commit your changes first")) from error


def drop_stash(repository: Any, number: int) -> None:
    """Forget what was put aside.

    Raises:
        TableError: there is none of that number.
    """
    try:
        repository.stash_drop(number)
    except (KeyError, pygit2.GitError) as error:
        raise TableError(say("there is no stash {number}", number=number)) from error


def _check_new(repository: Any, name: str) -> None:
    if not pygit2.reference_is_valid_name(f"refs/heads/{name}") or name.startswith("-"):
        raise TableError(say("{name} is no name for a branch", name=name), hint=say("letters, digits, - and / are"))
    if name in repository.branches.local:
        raise TableError(say("there is a branch {name} already", name=name))


def _branch(repository: Any, name: str) -> Any:
    if name not in repository.branches.local:
        raise TableError(say("there is no branch {name}", name=name))
    return repository.branches.local[name]


def _head(repository: Any) -> str:
    return "HEAD" if repository.head_is_detached else repository.head.name


def _refuse_merged(repository: Any, theirs: Any) -> None:
    """Refuse where a merge would write a database that the program has open."""
    ours = repository.head.peel(pygit2.Tree)
    common = repository.merge_base(repository.head.target, theirs.id)
    before = repository[common].tree if common is not None else None

    def is_written(path: str) -> bool:
        content = content_at(theirs.tree, path)
        return content not in (content_at(ours, path), content_at(before, path))

    refuse_writing(is_written)


def _refuse_changes(repository: Any) -> None:
    """Changes that are staged would be part of the merge."""
    if repository.head_is_unborn:
        raise TableError(say("there is no commit to merge into yet"))
    if len(list(repository.index.diff_to_tree(repository.head.peel(pygit2.Tree)).deltas)):
        raise TableError(say("there are staged changes"), hint=say("commit or stash them first"))
