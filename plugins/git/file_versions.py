"""The versions of one file of a working tree: compared with the index and HEAD, staged by hunks, committed, blamed.

Texts are compared as the repository has them, so line ends that git converts are no change. Neither hooks nor filters
that are programs are ever run; a file that needs one of those is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pygit2

from plugins.api import (
    Compared,
    EspalierError,
    Hunk,
    Version,
    VersionDetails,
    VersionError,
    changed_lines,
    line_after,
    lines_of,
    merged_hunks,
    reversed_hunk,
    say,
)
from plugins.git.change import STATES, commit_named, diff_of
from plugins.git.committing import commit_index
from plugins.git.files import commits_of
from plugins.git.kept_file import KeptFile, State
from plugins.git.log import moment, text_of_message
from plugins.git.path import shown_path
from plugins.git.repository import Repository
from plugins.git.staging import unstage_files

#: Versions of a file that are listed at most.
MOST = 500
#: How a line begins that git writes around a conflict.
_MARKS = (b"<<<<<<< ", b">>>>>>> ")


class FileOfGit:
    """See :class:`kernel.versions.FileVersions`.

    Args:
        repository: The file's.
        path: The file, as git names it.
    """

    can_stage = True

    def __init__(self, repository: Repository, path: str) -> None:
        self._repository, self._path = repository, path
        self.is_closed = False
        self.watched = (repository.folder,)
        self._blamed: tuple[Any, list[Version]] = (None, [])
        self._renamed: dict[Any, str] = {}

    @classmethod
    def of(cls, place: Path) -> FileOfGit | None:
        """See :func:`plugins.git.keeper.open_file`."""
        real = place.resolve()
        if pygit2.discover_repository(str(real.parent)) is None:
            return None
        try:
            repository = Repository(real.parent)
        except EspalierError as error:
            raise VersionError(error.message, hint=error.hint) from error
        if repository.worktree is None or repository.folder in real.parents:
            return None
        return cls(repository, real.relative_to(repository.worktree.resolve()).as_posix())

    def title(self) -> str:
        """The branch, or the short id of the commit that is checked out."""
        with _told():
            return _title(self._repository.open())

    def compare(self, text: bytes) -> Compared:
        """See the class."""
        with _told():
            repository, file = self._repository.open(), self._file()
            title = _title(repository)
            if file.is_conflicted:
                return Compared(title, reason=say("the merge left conflicts in it"), state="conflicted")
            state = file.state()
            if state.index is None:
                return Compared(title, state="ignored" if repository.path_is_ignored(self._path) else "new")
            if reason := file.reason((text, state.staged, state.committed)):
                return Compared(title, reason=reason)
            hunks = changed_lines(state.staged, file.cleaned(text))
            staged = [hunk for hunk, _ in _staged(state, hunks)]
            old = file.as_file(state.staged)
            committed = file.as_file(state.committed) if staged else b""
            against = say("what is staged") if staged else say("the last commit")
            return Compared(title, against, hunks=hunks, old=old, staged=tuple(staged), committed=committed)

    def stage(self, text: bytes, hunks: Sequence[Hunk]) -> None:
        """See the class."""
        with _told():
            file, state = self._ready(text)
            cleaned = file.cleaned(text)
            _refuse_others(hunks, changed_lines(state.staged, cleaned))
            file.put(merged_hunks(state.staged, cleaned, hunks))

    def unstage(self, text: bytes, hunks: Sequence[Hunk]) -> None:
        """See the class."""
        with _told():
            file, state = self._ready(text)
            pairs = _staged(state, changed_lines(state.staged, file.cleaned(text)))
            _refuse_others(hunks, [moved for moved, _ in pairs])
            taken = [reversed_hunk(_own_part(hunk, moved, own))
                     for moved, own in pairs for hunk in hunks if _is_part(hunk, moved)]  # fmt: skip
            left = merged_hunks(state.staged, state.committed, taken)
            if state.head is None and not left:
                self._repository.change(unstage_files, [self._path])
            else:
                file.put(left)

    def stage_file(self, text: bytes) -> None:
        """See the class."""
        with _told():
            file = self._file()
            if reason := file.reason():
                raise VersionError(say("it cannot be staged: {reason}", reason=reason))
            if file.is_conflicted and any(line.startswith(_MARKS) for line in text.splitlines()):
                raise VersionError(say("there are conflicts left"), hint=say("decide each of them first"))
            file.put(file.cleaned(text))

    def unstage_file(self) -> None:
        """See the class."""
        with _told():
            self._repository.change(unstage_files, [self._path])

    def commit(self, message: str, *, is_amending: bool = False) -> str:
        """See the class."""
        with _told():
            repository = self._repository.open()
            if is_amending and not message.strip() and not repository.head_is_unborn:
                message = text_of_message(repository.head.peel(pygit2.Commit))
            return commit_index(repository, message, is_amending=is_amending)

    def blame(self, text: bytes) -> list[Version | None]:
        """See the class."""
        with _told():
            file = self._file()
            cleaned, state = file.cleaned(text), file.state()
            if reason := file.reason((text, state.committed)):
                raise VersionError(say("it cannot be blamed: {reason}", reason=reason))
            by = self._versions_of_lines(self._repository.open(), state.name) if state.head is not None else []
            return list(_merged_versions(by, changed_lines(state.committed, cleaned), len(lines_of(cleaned))))

    def history(self) -> list[Version]:
        """See the class."""
        with _told():
            repository = self._repository.open()
            if repository.head_is_unborn:
                return []
            start = repository.head.peel(pygit2.Commit)
            return [version_of_commit(one) for one in islice(commits_of(repository, start, self._path), MOST)]

    def details(self, version: str) -> VersionDetails:
        """See the class."""
        with _told():
            repository = self._repository.open()
            commit = commit_named(repository, version)
            deltas = diff_of(repository, str(commit.id)).deltas
            files = tuple((STATES.get(one.status_char(), one.status_char()), shown_path(one.new_file.raw_path))
                          for one in deltas)  # fmt: skip
            return VersionDetails(version_of_commit(commit), text_of_message(commit).strip("\n"), files)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _file(self) -> KeptFile:
        return KeptFile(self._repository, self._path, self._renamed)

    def _ready(self, text: bytes) -> tuple[KeptFile, State]:
        """The file and what there is of it, where its hunks may be staged."""
        file = self._file()
        state = file.state()
        if state.index is None or file.is_conflicted:
            raise VersionError(say("this file is staged as a whole only"), hint=say("stage the file first"))
        if reason := file.reason((text, state.staged, state.committed)):
            raise VersionError(say("it cannot be staged: {reason}", reason=reason))
        return file, state

    def _versions_of_lines(self, repository: Any, name: str) -> list[Version]:
        """Who wrote each line of the last commit's file."""
        head = repository.head.target
        if self._blamed[0] != (head, name):
            known: dict[Any, Version] = {}
            lines: list[Version] = []
            for hunk in repository.blame(name, newest_commit=head):
                by = hunk.final_commit_id
                if by not in known:
                    known[by] = version_of_commit(repository[by])
                lines += [known[by]] * hunk.lines_in_hunk
            self._blamed = (head, name), lines
        return self._blamed[1]


def _staged(state: State, hunks: Sequence[Hunk]) -> list[tuple[Hunk, Hunk]]:
    """What is staged: each hunk with its new lines as lines of the text, and with those of the index."""
    if state.head == state.index:
        return []
    return [(one._replace(new_start=line_after(one.new_start, hunks),
                          new_stop=line_after(one.new_stop, hunks, is_stop=one.new_stop > one.new_start)), one)
            for one in changed_lines(state.committed, state.staged)]  # fmt: skip


@contextmanager
def _told() -> Iterator[None]:
    """What libgit2 and the tables raise, as errors of the seam."""
    try:
        yield
    except VersionError:
        raise
    except EspalierError as error:
        raise VersionError(error.message, hint=error.hint) from error
    except (pygit2.GitError, KeyError, ValueError, OSError) as error:
        raise VersionError(say("git cannot do it: {error}", error=error)) from error


def version_of_commit(commit: Any) -> Version:
    """The version that a commit is."""
    author = commit.author
    name = author.raw_name.decode("utf-8", "backslashreplace")
    summary = text_of_message(commit).lstrip("\n").partition("\n")[0]
    return Version(str(commit.id), name, moment(author.time, author.offset), summary)


def _merged_versions(versions: Sequence[Version], hunks: Sequence[Hunk], count: int) -> Iterator[Version | None]:
    """The lines' versions after changes that nobody has committed."""
    place = 0
    for hunk in (*hunks, Hunk(len(versions), len(versions), count, count)):
        yield from versions[place : hunk.old_start]
        yield from [None] * (hunk.new_stop - hunk.new_start)
        place = hunk.old_stop


def _refuse_others(wanted: Sequence[Hunk], there: Sequence[Hunk]) -> None:
    if not all(any(_is_part(hunk, one) for one in there) for hunk in wanted):
        raise VersionError(say("this change is another by now"), hint=say("look at it again"))


def _is_part(hunk: Hunk, of: Hunk) -> bool:
    """Whether a hunk is another, or some lines of it."""
    is_old_within = of.old_start <= hunk.old_start <= hunk.old_stop <= of.old_stop
    return is_old_within and of.new_start <= hunk.new_start <= hunk.new_stop <= of.new_stop


def _own_part(hunk: Hunk, moved: Hunk, own: Hunk) -> Hunk:
    """A part of a staged hunk with its new lines as those of the index.

    Raises:
        VersionError: the staged lines were changed again, so that none of them belongs to a line of the text.
    """
    if hunk == moved:
        return own
    if moved.new_stop - moved.new_start != own.new_stop - own.new_start:
        raise VersionError(say("these lines were changed again"), hint=say("take the whole change out"))
    ahead = own.new_start - moved.new_start
    return hunk._replace(new_start=hunk.new_start + ahead, new_stop=hunk.new_stop + ahead)


def _title(repository: Any) -> str:
    if repository.head_is_unborn:
        name = repository.references["HEAD"].raw_target
        return (name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else str(name)).removeprefix(
            "refs/heads/"
        )
    return str(repository.head.target)[:7] if repository.head_is_detached else repository.head.shorthand
