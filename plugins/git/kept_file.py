"""One file as the index and the last commit have it, read and written by the thread that asks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import pygit2
from pygit2.enums import FileMode, FilterMode

from plugins.api import VersionError, say
from plugins.git.change import STAGED, diff_of
from plugins.git.repository import Repository
from plugins.git.staging import stage_content

#: Bytes by which a binary file is told, as git does; bytes of a text that is compared at most.
TOLD, LARGEST = 8_000, 16 << 20


class State(NamedTuple):
    """What the repository has of a file.

    Attributes:
        head, index: The ids of the contents, None for none.
        committed, staged: The contents.
        name: What the last commit calls the file.
    """

    head: Any
    index: Any
    committed: bytes
    staged: bytes
    name: str


class KeptFile:
    """A file of a working tree.

    Args:
        repository: The file's.
        path: The file, as git names it.
        renamed: Ids of trees and contents → what the last commit calls the file, kept between calls.
    """

    def __init__(self, repository: Repository, path: str, renamed: dict[Any, str]) -> None:
        self._kept, self._path, self._renamed = repository, path, renamed
        #: The thread's own.
        self._repository = repository.open()
        self.index = self._repository.index
        self.index.read(False)

    @property
    def is_conflicted(self) -> bool:
        """Whether a merge has left conflicts in it."""
        conflicts = self.index.conflicts
        return conflicts is not None and self._path in conflicts

    def state(self) -> State:
        """What there is of it."""
        repository, name = self._repository, self._path
        entry = self.index[name] if name in self.index else None  # noqa: SIM401 - an index has no get
        staged = _data(repository, entry.id) if entry is not None else b""
        head = None
        if not repository.head_is_unborn:
            tree = repository.head.peel(pygit2.Tree)
            head = _blob_of(tree, name)
            if head is None and entry is not None:
                name = self._name_in_head(tree, entry)
                head = _blob_of(tree, name)
        kept = entry.id if entry is not None else None
        if head is None:
            return State(None, kept, b"", staged, self._path)
        return State(head.id, kept, staged if head.id == kept else head.data, staged, name)

    def reason(self, texts: Sequence[bytes] = ()) -> str:
        """Why its lines cannot be compared; empty where they can."""
        program = self._repository.get_attr(self._path, "filter")
        if program:
            return say("git has it go through the filter {name}, which is not run here", name=program)
        if encoding := self._repository.get_attr(self._path, "working-tree-encoding"):
            return say("git keeps it in another encoding than {name}", name=encoding)
        if any(b"\0" in text[:TOLD] for text in texts):
            return say("it is a binary file for git")
        return say("it is too large") if any(len(text) > LARGEST for text in texts) else ""

    def cleaned(self, text: bytes) -> bytes:
        """A text of the file as the repository would have it: its line ends as attributes and configuration say."""
        return self._filtered(text, FilterMode.TO_ODB)

    def as_file(self, text: bytes) -> bytes:
        """What the repository has, as it would stand in the file."""
        return self._filtered(text, FilterMode.TO_WORKTREE)

    def put(self, text: bytes) -> None:
        """Have the index keep this text; both sides of a conflict go."""
        is_new = self.is_conflicted or self._path not in self.index
        mode = self._mode() if is_new else self.index[self._path].mode
        content = str(self._repository.create_blob(text))
        self._kept.change(stage_content, self._path, content, int(mode), ends_conflict=self.is_conflicted)

    def _filtered(self, text: bytes, mode: FilterMode) -> bytes:
        filters = self._repository.load_filter_list(self._path, mode) if text else None
        return filters.apply_to_buffer(text) if filters is not None else text

    def _mode(self) -> int:
        """A new file's mode, as git takes it from the disk (git-config, ``core.fileMode``)."""
        config = self._repository.config
        place = os.path.join(self._repository.workdir, self._path)
        is_kept = "core.filemode" not in config or config.get_bool("core.filemode")
        is_program = is_kept and os.path.exists(place) and os.stat(place).st_mode & 0o100
        return FileMode.BLOB_EXECUTABLE if is_program else FileMode.BLOB

    def _name_in_head(self, tree: Any, entry: Any) -> str:
        """What the last commit calls a file that is renamed in the index; its name where it is not."""
        key = (tree.id, entry.id)
        if key not in self._renamed:
            self._renamed.clear()
            self._renamed[key] = self._path
            for delta in diff_of(self._repository, STAGED).deltas:
                if delta.status_char() == "R" and os.fsdecode(delta.new_file.raw_path) == self._path:
                    self._renamed[key] = os.fsdecode(delta.old_file.raw_path)
        return self._renamed[key]


def _blob_of(tree: Any, path: str) -> Any:
    try:
        found = tree[path]
    except KeyError:
        return None
    return found if isinstance(found, pygit2.Blob) else None


def _data(repository: Any, identity: Any) -> bytes:
    found = repository.get(identity)
    if not isinstance(found, pygit2.Blob):
        raise VersionError(say("git has no file there"))
    return found.data
