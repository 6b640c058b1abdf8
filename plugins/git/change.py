"""What differs between two states: a commit and the one before, HEAD and the index, the index and the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pygit2
from pygit2.enums import DiffOption

from plugins.api import TableError, say

if TYPE_CHECKING:
    from plugins.git.whole import Whole

#: What a change stands for that is no commit yet.
STAGED, UNSTAGED = "staged", "unstaged"
#: What libgit2 calls a file's change → what people read.
STATES = {
    "A": "added", "D": "deleted", "M": "modified", "R": "renamed", "C": "copied", "T": "type changed",
    "?": "untracked", "U": "conflicted",
}  # fmt: skip


class Change(NamedTuple):
    """One file's change, named ``state:path``: ``staged:src/a.py``, or a commit's id before the colon."""

    state: str
    path: str

    def text(self) -> str:
        """As a column holds it."""
        return f"{self.state}:{self.path}"

    @classmethod
    def read(cls, text: str) -> Change:
        """What :meth:`text` wrote."""
        state, _, path = str(text).partition(":")
        return cls(state, path)


def diff_of(repository: Any, state: str, context: int = 3, whole: Whole | None = None) -> Any:
    """The difference that a state names; nothing where there is no working tree to stage from.

    Args:
        repository: A :class:`pygit2.Repository`.
        state: ``staged``, ``unstaged``, or a commit's name; a merge is compared with its first parent.
        context: Lines that stand around a change.
        whole: Refuses what is cut off.

    Returns:
        A :class:`pygit2.Diff`, with renames found, or an empty tuple.

    Raises:
        TableError: there is no such commit.
    """
    flags = DiffOption.INCLUDE_TYPECHANGE
    if state in (STAGED, UNSTAGED) and repository.is_bare:
        return ()
    if state == UNSTAGED:
        flags |= DiffOption.INCLUDE_UNTRACKED | DiffOption.SHOW_UNTRACKED_CONTENT | DiffOption.RECURSE_UNTRACKED_DIRS
        repository.index.read(False)
        difference = repository.index.diff_to_workdir(flags, context)
    elif state == STAGED:
        if whole is not None and not repository.head_is_unborn:
            whole.check_tree(repository, str(repository.head.peel(pygit2.Commit).tree_id))
        tree = empty_tree(repository) if repository.head_is_unborn else repository.head.peel(pygit2.Tree)
        difference = repository.index.diff_to_tree(tree, flags, context)
    else:
        commit = commit_named(repository, state)
        if whole is not None:
            before = str(commit.parents[0].tree_id) if commit.parents else ""
            whole.check_tree(repository, str(commit.tree_id), before)
        if commit.parents:
            difference = repository.diff(commit.parents[0], commit, flags=flags, context_lines=context)
        else:
            difference = commit.tree.diff_to_tree(flags=flags, context_lines=context, swap=True)
    if whole is not None:
        whole.check_difference(difference)
    if state != UNSTAGED:
        difference.find_similar()
    return difference


def commit_named(repository: Any, name: str) -> Any:
    """The commit of an id, a branch or a tag.

    Raises:
        TableError: there is none.
    """
    try:
        return repository.revparse_single(name).peel(pygit2.Commit)
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise TableError(say("there is no commit {name}", name=name[:40])) from error


def content_at(tree: Any, path: str) -> tuple[Any, int] | None:
    """What identifies the content that a tree has at a path: id and mode; None where it has none."""
    try:
        entry = None if tree is None else tree[path]
    except KeyError:
        return None
    return None if entry is None else (entry.id, entry.filemode)


def empty_tree(repository: Any) -> Any:
    """The tree without files, which a repository without commits is compared with."""
    return repository[repository.TreeBuilder().write()]
