"""One repository, opened for reading by any thread; says when its references or its index are others.

libgit2 does the work: it runs no hooks, no filters but line ends, and no program that the repository names.
"""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pygit2

from plugins.api import EspalierError, SourceError, TableError, databases_below, say, watch_option

if TYPE_CHECKING:
    from plugins.git.watch import Watch
    from plugins.git.whole import Whole

Answer = TypeVar("Answer")
#: What is looked at for changes of references, relative to the repository's own folder.
_FILES = ("HEAD", "packed-refs", "logs/HEAD", "MERGE_HEAD", "refs/stash")


class Repository:
    """A repository by its place: a working tree, a bare folder, or any folder inside a working tree.

    Attributes:
        folder: The repository's own folder (``.git``).
        worktree: The working tree, None for a bare repository.

    Raises:
        SourceError: there is none, or it is somebody else's, or damaged.
    """

    def __init__(self, place: Path) -> None:
        self._local = threading.local()
        self._place = place.absolute()
        try:
            found = pygit2.discover_repository(str(place))
            if found is None:
                raise SourceError(say("there is no git repository at {path}", path=place),
                                  hint=say("name a folder that git init or git clone has made"))
            self._path = found
            opened = self.open()
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise SourceError(say("the repository {path} cannot be opened: {error}", path=place, error=error),
                              hint=_hint(str(error), place)) from error
        self.folder = Path(opened.path)
        self.common = Path(_common_folder(self.folder))
        self.worktree = Path(opened.workdir) if opened.workdir else None
        #: Raised by whoever sees a file of the working tree change.
        self.touched = 0
        #: Told after the repository was changed from here, or its files from elsewhere.
        self.listeners: list[Callable[[], None]] = []
        self._watch: Watch | None = None
        self._unfollow: Callable[[], None] = lambda: None
        self._watching = threading.Lock()

    def open(self) -> Any:
        """The calling thread's own :class:`pygit2.Repository`; objects of it stay with that thread."""
        if not hasattr(self._local, "repository"):
            self._local.repository = pygit2.Repository(self._path)
        return self._local.repository

    def object(self, identity: str) -> Any:
        """An object by its id, read by the calling thread.

        Raises:
            TableError: it is missing or damaged.
        """
        self.whole.check(identity)
        try:
            return self.open()[identity]
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise TableError(say("the object {id} cannot be read: {error}", id=identity[:12], error=error),
                             hint=say("git fsck says what is damaged")) from error

    def look(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """What ``work(repository, *arguments)`` says, which reads files of the working tree.

        All such work goes this way: where the program has one of the files open as a database, it is done in a process
        of its own, by plain data in and out.

        Args:
            work: A function of a module, called with a :class:`Repository`.
            arguments: Plain data.
        """
        if self.worktree is None:
            return work(self, *arguments)
        with databases_below(self.worktree) as there:
            if not there:
                return work(self, *arguments)
            from plugins.git.apart import APART

            return APART.do(self._place, there, work, arguments)

    def change(self, work: Callable[..., Answer], *arguments: Any, **options: Any) -> Answer:
        """Do ``work(repository, *arguments)``, which writes the index or files; see :meth:`look`.

        Writing the index reads files that were changed in the same moment as it.

        Args:
            work: A function of a module, called with a :class:`pygit2.Repository`.
            arguments, options: Plain data.
        """
        return self.look(_with_opened, work, arguments, options)

    @functools.cached_property
    def whole(self) -> Whole:
        """Finds objects that are cut off."""
        from plugins.git.whole import Whole

        return Whole(self.common / "objects")

    def follow(self) -> None:
        """Hear of changed files of the working tree from now on, where there is one."""
        with self._watching:
            if self._watch is None and self.worktree is not None:
                from plugins.git.watch import Watch

                self._watch = Watch(self.worktree, self.folder, self.tell)

    def follow_context(self) -> None:
        """Have tables looked at again when differences are shown with other lines around; nothing in a server."""
        with contextlib.suppress(EspalierError):  # nobody's configuration is read there
            self._unfollow = watch_option("git.context", lambda _lines: self.tell())

    def close(self) -> None:
        """Stop hearing of files."""
        self._unfollow()
        with self._watching:
            watch, self._watch = self._watch, None
        if watch is not None:
            watch.stop()

    def tell(self) -> None:
        """Have every table looked at again; from any thread."""
        self.touched += 1
        for listener in self.listeners:
            listener()

    def references_stamp(self) -> tuple[Any, ...]:
        """Another value once a reference, HEAD or a merge under way is another; a few calls of stat."""
        folders = [self.common / "refs"]
        stamps = [_stamp(self.folder / name) for name in _FILES] + [_stamp(self.common / "packed-refs")]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(Path(entry.path))
                        else:
                            status = entry.stat(follow_symlinks=False)
                            stamps.append((entry.path, status.st_mtime_ns, status.st_ino))
            except FileNotFoundError:
                continue
        return tuple(stamps)

    def stash_stamp(self) -> tuple[Any, ...]:
        """Another value once something was put aside or forgotten."""
        return _stamp(self.common / "logs" / "refs" / "stash")

    def state_stamp(self) -> tuple[Any, ...]:
        """Another value once a reference, the index or a watched file is another."""
        return (self.references_stamp(), _stamp(self.folder / "index"), self.touched)


def shown(raw: bytes | str) -> str:
    """A name or a text of a repository as people read it: UTF-8, other bytes shown as what they are."""
    return raw if isinstance(raw, str) else raw.decode("utf-8", "backslashreplace")


def _with_opened(repository: Repository, work: Callable[..., Any], arguments: Any, options: Any) -> Any:
    return work(repository.open(), *arguments, **options)


def _common_folder(folder: Path) -> Path:
    """The folder that working trees of one repository share (gitrepository-layout, ``commondir``)."""
    try:
        named = (folder / "commondir").read_text().strip()
    except OSError:
        return folder
    return (folder / named).resolve()


def _stamp(path: Path) -> tuple[Any, ...]:
    try:
        status = path.stat()
    except OSError:
        return (str(path), 0)
    return (str(path), status.st_mtime_ns, status.st_size, status.st_ino)


def _hint(error: str, place: Path) -> str:
    """What to do about an error of opening."""
    if "owned" in error:
        command = f"git config --global --add safe.directory {place}"
        return say("it belongs to another person; {command} trusts it", command=command)
    return ""
