"""The tables ``files``, ``blame``, ``history`` and ``conflicts``: what the repository keeps of each file."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from typing import Any

import pygit2

from plugins.api import Change, Column, Committed, ReadOnlyError, Schema, TableError, Update, mark, say
from plugins.git.change import commit_named, content_at
from plugins.git.committing import take_side
from plugins.git.editing import everything, refuse_stale
from plugins.git.listed import FileRows, RepositoryRows
from plugins.git.log import moment, text_of_message
from plugins.git.path import real_path, shown_path
from plugins.git.repository import shown
from plugins.git.staging import stage_files

_TAKE = mark("Whose content ends the conflict: this branch's, the merged one's, or the file as it is now.")
_FIXED = mark("It is worked out from the repository")
#: What kind of thing a tree's entry is (git-ls-tree, by the mode's first digits).
_TYPES = {0o100000: "file", 0o120000: "link", 0o160000: "submodule"}


class Files(RepositoryRows):
    """The files of the last commit."""

    schema = Schema(
        "files",
        (
            Column("path", "text", label=mark("File"), is_key=True),
            Column("type", "text", choices=("file", "program", "link", "submodule")),
            Column("id", "text", doc="The id of its content."),
        ),
        key=("path",), label=("path",), is_editable=False, read_only_reason=_FIXED, title=mark("Files"),
    )  # fmt: skip

    def listed(self) -> Sequence[Sequence[Any]]:
        """In git's order."""
        repository = self._repository.open()
        if repository.head_is_unborn:
            return ()
        tree = repository.head.peel(pygit2.Commit).tree_id
        self._repository.whole.check_tree(repository, str(tree))
        index = pygit2.Index()
        index.read_tree(repository[tree])
        return [(shown_path(entry.path), _type(int(entry.mode)), str(entry.id)) for entry in index]


def _type(mode: int) -> str:
    kind = _TYPES.get(mode & 0o170000, "file")
    return "program" if kind == "file" and mode & 0o111 else kind


class Blame(FileRows):
    """Who wrote each line of a file: ``file`` is its path, or ``commit:path`` for an earlier state."""

    schema = Schema(
        "blame",
        (
            Column("file", "text", is_key=True),
            Column("line", "integer", is_key=True, doc="From 1."),
            Column("commit", "text", doc="The commit that wrote it."),
            Column("author", "text"),
            Column("date", "datetime"),
            Column("summary", "text"),
            Column("text", "text"),
        ),
        key=("file", "line"), is_editable=False, read_only_reason=_FIXED, title=mark("Blame"),
    )  # fmt: skip

    def rows_of(self, value: Any) -> Sequence[Sequence[Any]]:
        """The file's lines."""
        repository = self._repository.open()
        name, path = _named(repository, str(value))
        commit = commit_named(repository, name)
        self._repository.whole.check_file(repository, str(commit.tree_id), path)
        lines = _blob(commit, path, value).data.splitlines()
        rows: list[Sequence[Any]] = []
        people: dict[Any, tuple[Any, ...]] = {}
        for hunk in repository.blame(path, newest_commit=commit.id):
            by = people.setdefault(hunk.final_commit_id, ())
            if not by:
                by = people[hunk.final_commit_id] = _by(self._repository.object(str(hunk.final_commit_id)))
            first = hunk.final_start_line_number
            rows += [(value, line, *by, shown(lines[line - 1])) for line in range(first, first + hunk.lines_in_hunk)
                     if line <= len(lines)]
        return rows


class FileHistory(FileRows):
    """The commits that changed a file, newest first: ``file`` is its path, or ``commit:path``."""

    schema = Schema(
        "history",
        (
            Column("file", "text", is_key=True),
            Column("commit", "text", is_key=True),
            Column("author", "text"),
            Column("date", "datetime"),
            Column("summary", "text"),
            Column("change", "text", doc="state:path, as the table diff takes it."),
        ),
        key=("file", "commit"), is_editable=False, read_only_reason=_FIXED, title=mark("History of a file"),
    )  # fmt: skip

    def rows_of(self, value: Any) -> Sequence[Sequence[Any]]:
        """The commits, as ``git log -- file`` simplifies a history (git-log, "History Simplification")."""
        repository = self._repository.open()
        name, path = _named(repository, str(value))
        rows = []
        for commit in commits_of(repository, commit_named(repository, name), path):
            identity, author, date, summary = _by(commit)
            rows.append((value, identity, author, date, summary, f"{identity}:{shown_path(path)}"))
        return rows


def commits_of(repository: Any, start: Any, path: str) -> Iterator[Any]:
    """The commits that changed ``path``; where a parent has the same content, that parent alone is followed."""
    waiting = [(-start.commit_time, 0, start)]
    seen, number = {start.id}, 0
    while waiting:
        _, _, commit = heapq.heappop(waiting)
        content = content_at(commit.tree, path)
        same = next((parent for parent in commit.parents if content_at(parent.tree, path) == content), None)
        if same is None and (commit.parents or content is not None):
            yield commit
        for parent in [same] if same is not None else commit.parents:
            if parent.id not in seen:
                seen.add(parent.id)
                number += 1
                heapq.heappush(waiting, (-parent.commit_time, number, parent))


class Conflicts(RepositoryRows):
    """Files that a merge could not join, each side by the id of its content; ``take`` is edited to end a conflict."""

    schema = Schema(
        "conflicts",
        (
            Column("path", "text", label=mark("File"), is_key=True, is_generated=True),
            Column("take", "text", label=mark("Take"), choices=("ours", "theirs", "file"), doc=_TAKE),
            Column("base", "text", is_generated=True, doc="The content that both sides started from."),
            Column("ours", "text", is_generated=True, doc="The content of the branch that is checked out."),
            Column("theirs", "text", is_generated=True, doc="The content of the branch that is merged."),
        ),
        key=("path",), label=("path",), title=mark("Conflicts"), can_add=False, can_delete=False,
    )  # fmt: skip

    def stamp(self) -> Any:
        """They stand in the index."""
        return self._repository.state_stamp()

    def listed(self) -> Sequence[Sequence[Any]]:
        """In the order of their names."""
        index = self._repository.open().index
        index.read()
        rows = []
        for sides in index.conflicts or ():
            path = next(side.path for side in sides if side is not None)
            rows.append((shown_path(path), None, *(str(side.id) if side is not None else None for side in sides)))
        return sorted(rows, key=lambda row: row[0])

    def commit(self, changes: Sequence[Change]) -> Committed:
        """End conflicts by a side, or by the file as it is now."""
        refuse_stale(self, changes)
        for change in changes:
            if not isinstance(change, Update) or change.values.keys() != {"take"}:
                raise ReadOnlyError(say("only the column take can be edited here"))
        for change in changes:
            assert isinstance(change, Update)
            path, side = real_path(change.key[0]), change.values["take"]
            if side == "file":
                self._repository.change(stage_files, [path])
            elif side:
                self._repository.change(take_side, path, str(side))
        return everything(self, self._repository, [change.key for change in changes if isinstance(change, Update)])


def _named(repository: Any, value: str) -> tuple[str, str]:
    """The commit's name and the path of ``path`` or ``commit:path``."""
    before, colon, rest = value.partition(":")
    if colon and before:
        try:
            repository.revparse_single(before)
        except (KeyError, ValueError, pygit2.GitError):
            return "HEAD", real_path(value)
        return before, real_path(rest)
    return "HEAD", real_path(value)


def _blob(commit: Any, path: str, value: Any) -> Any:
    try:
        entry = commit.tree[path]
    except KeyError:
        entry = None
    if not isinstance(entry, pygit2.Blob):
        raise TableError(say("the commit has no file {name}", name=value))
    return entry


def _by(commit: Any) -> tuple[str, str, Any, str]:
    author = commit.author
    return (str(commit.id), author.raw_name.decode("utf-8", "backslashreplace"), moment(author.time, author.offset),
            text_of_message(commit).lstrip("\n").partition("\n")[0])
