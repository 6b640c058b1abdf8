"""The table ``status``: what differs in the working tree; its column ``staged`` is edited to stage and unstage."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any

import pygit2
from pygit2.enums import DiffOption

from plugins.api import Change, Column, Committed, ReadOnlyError, Schema, Update, mark, say
from plugins.git.change import empty_tree
from plugins.git.editing import everything, refuse_stale
from plugins.git.listed import RepositoryRows
from plugins.git.path import real_path, shown_path
from plugins.git.repository import Repository
from plugins.git.staging import stage_files, unstage_files

#: What a difference calls a file's change → what people read, for the index and for the working tree.
INDEX = {"A": "added", "M": "modified", "D": "deleted", "R": "renamed", "T": "type changed"}
WORKTREE = {
    "?": "untracked", "M": "modified", "D": "deleted", "R": "renamed", "T": "type changed", "X": "unreadable",
    "U": "conflicted",
}  # fmt: skip


class Status(RepositoryRows):
    """A row for each file that is not as the last commit has it."""

    schema = Schema(
        "status",
        (
            Column("path", "text", label=mark("File"), is_key=True, read_only_reason=mark("Rename the file itself")),
            Column("staged", "boolean", doc="Whether the next commit has all of its changes; edited to stage it."),
            Column("index", "text", label=mark("To be committed"), choices=tuple(INDEX.values()),
                   read_only_reason=mark("Stage the file")),
            Column("worktree", "text", label=mark("Not staged"), choices=tuple(WORKTREE.values()),
                   read_only_reason=mark("Edit the file itself")),
        ),
        key=("path",), label=("path",), title=mark("Status"), can_add=False, can_delete=False,
    )  # fmt: skip

    def stamp(self) -> Any:
        """What is in the index, in HEAD and, from the first look on, in the files."""
        return self._repository.state_stamp()

    def listed(self) -> Sequence[Sequence[Any]]:
        """The files, in the order of their names."""
        if self._repository.worktree is None:
            return ()
        self._repository.follow()
        return self._repository.look(changed_files)

    def close(self) -> None:
        """Stop watching the files."""
        self._repository.close()

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Stage and unstage whole files."""
        refuse_stale(self, changes)
        wanted: dict[bool, list[str]] = {True: [], False: []}
        for change in changes:
            if not isinstance(change, Update) or change.values.keys() != {"staged"}:
                raise ReadOnlyError(say("only the column staged can be edited here"))
            wanted[bool(change.values["staged"])].append(real_path(change.key[0]))
        for stage, paths in ((stage_files, wanted[True]), (unstage_files, wanted[False])):
            if paths:
                self._repository.change(stage, paths)
        return everything(self, self._repository, [change.key for change in changes if isinstance(change, Update)])


def changed_files(repository: Repository) -> list[tuple[Any, ...]]:
    """The rows of a repository's status."""
    opened = repository.open()
    if not opened.head_is_unborn:
        repository.whole.check_tree(opened, str(opened.head.peel(pygit2.Commit).tree_id))
    staged, worktree = differences(opened)
    # Both are in order; sorting a hundred thousand would keep other threads waiting.
    paths = dict.fromkeys(heapq.merge(staged, worktree))
    return [_row(path, INDEX.get(staged.get(path, "")), WORKTREE.get(worktree.get(path, ""))) for path in paths]


def differences(repository: Any) -> tuple[dict[bytes, str], dict[bytes, str]]:
    """Path → how it differs between HEAD and the index, and between the index and the files; a folder ends with ``/``.

    Two differences and not pygit2's own status, which would keep every other thread waiting for as long as it takes.
    """
    index = repository.index
    index.read(False)
    tree = empty_tree(repository) if repository.head_is_unborn else repository.head.peel(pygit2.Tree)
    flags = DiffOption.INCLUDE_TYPECHANGE
    staged = _changes(index.diff_to_tree(tree, flags, 0))
    worktree = _changes(index.diff_to_workdir(flags | DiffOption.INCLUDE_UNTRACKED | DiffOption.INCLUDE_UNREADABLE, 0))
    return {path: change for path, change in staged.items() if change != "U"}, worktree


def _changes(difference: Any) -> dict[bytes, str]:
    return {(delta.new_file or delta.old_file).raw_path: delta.status_char() for delta in difference.deltas}


def _row(path: bytes, index: str | None, worktree: str | None) -> tuple[str, bool | None, str | None, str | None]:
    staged = None if index and worktree else bool(index)
    return shown_path(path), staged, index, worktree
