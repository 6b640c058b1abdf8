"""The table ``status``: what differs in the working tree; its column ``staged`` is edited to stage and unstage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pygit2.enums import FileStatus

from plugins.api import Change, Column, Committed, ReadOnlyError, Schema, Update, mark, say
from plugins.git.editing import everything, refuse_stale
from plugins.git.listed import RepositoryRows
from plugins.git.path import real_path, shown_path
from plugins.git.staging import stage_files, unstage_files

#: Flag → what people read, for the index and for the working tree.
INDEX = {
    FileStatus.INDEX_NEW: "added", FileStatus.INDEX_MODIFIED: "modified", FileStatus.INDEX_DELETED: "deleted",
    FileStatus.INDEX_RENAMED: "renamed", FileStatus.INDEX_TYPECHANGE: "type changed",
}  # fmt: skip
WORKTREE = {
    FileStatus.WT_NEW: "untracked", FileStatus.WT_MODIFIED: "modified", FileStatus.WT_DELETED: "deleted",
    FileStatus.WT_RENAMED: "renamed", FileStatus.WT_TYPECHANGE: "type changed", FileStatus.WT_UNREADABLE: "unreadable",
    FileStatus.CONFLICTED: "conflicted",
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
        found = self._repository.open().status(untracked_files="normal")
        return [_row(path, flags) for path, flags in sorted(found.items()) if flags != FileStatus.CURRENT]

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
        repository = self._repository.open()
        stage_files(repository, wanted[True])
        unstage_files(repository, wanted[False])
        return everything(self, self._repository, [change.key for change in changes if isinstance(change, Update)])


def _row(path: str, flags: FileStatus) -> tuple[str, bool | None, str | None, str | None]:
    index = next((text for flag, text in INDEX.items() if flags & flag), None)
    worktree = next((text for flag, text in WORKTREE.items() if flags & flag), None)
    staged = None if index and worktree else bool(index)
    return shown_path(path), staged, index, worktree
