"""The git repository of apps, read through pygit2: apps are the folders ``apps/<name>`` of the main branch.

Only commits are served, never a work tree. ``git clone`` and ``git push`` reach the same path on their own.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pygit2

from kernel.error import Where
from layouts.app_needs import STABLE
from layouts.library import FOLDER
from server.error import RepositoryError
from server.shared import Shared, check_libraries, parts_of
from server.tree import LIMITS, Limits, TreeFile, list_files
from server.tree_edit import edited

#: Branches that are served, first one that exists; after them whatever HEAD names.
MAIN_BRANCHES = ("refs/heads/main", "refs/heads/master")
AUTHOR = ("Espalier", "espalier@localhost")
#: The ref that keeps what releases are made of, also where a branch's history was rewritten.
KEPT = "refs/espalier/kept"
#: The top folder of what other channels than stable have.
CHANNELS = "channels"
#: A person's name and address in a commit.
Author = tuple[str, str]


@contextlib.contextmanager
def reading(what: str, where: str = "") -> Iterator[None]:
    """Have git's own errors say what could not be read.

    Raises:
        RepositoryError: instead of them; our own pass.
    """
    try:
        yield
    except (pygit2.GitError, KeyError, ValueError, OSError) as error:
        raise RepositoryError(
            f"git's data are damaged: {what} cannot be read: {error}",
            where=Where(where) if where else None,
            hint="git fsck tells what is missing; git fetch from a whole clone brings it back",
        ) from error


class Repository:
    """A repository of apps; all methods may be called from any thread.

    Args:
        path: A bare repository, or a folder with a ``.git``.
        objects: A folder of more objects: those of a push that git has not taken yet.

    Attributes:
        git_dir: The git directory; of a linked work tree, the one that it shares with the others.

    Raises:
        RepositoryError: there is none.
    """

    def __init__(self, path: Path, objects: str = "") -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            self._git = pygit2.Repository(str(path), pygit2.enums.RepositoryOpenFlag.NO_SEARCH)
        except (pygit2.GitError, KeyError) as error:
            raise RepositoryError(f"{path} is no git repository: {error}") from error
        if objects:
            self._git.odb.add_disk_alternate(objects)
        self.git_dir = common_directory(Path(self._git.path))
        self._shared = Shared(self._git)

    def head(self) -> str:
        """The main branch's commit, 40 hex digits; empty when nothing was committed yet.

        Raises:
            RepositoryError: git's data are damaged; :meth:`apps`, :meth:`files` and :meth:`touches` as well.
        """
        with self._lock, reading("the main branch"):
            for name in MAIN_BRANCHES:
                if name in self._git.references:
                    return str(self._git.references[name].peel(pygit2.Commit).id)
            return "" if self._git.head_is_unborn else str(self._git.head.peel(pygit2.Commit).id)

    @property
    def is_bare(self) -> bool:
        """Whether there is no work tree."""
        return bool(self._git.is_bare)

    def main_branch(self) -> str:
        """The name of the branch that is served: ``refs/heads/main``."""
        with self._lock, reading("the main branch"):
            found = next((name for name in MAIN_BRANCHES if name in self._git.references), "")
            return found or str(self._git.references["HEAD"].target)

    def is_ahead(self, commit: str, before: str) -> bool:
        """Whether a commit has another one in its history."""
        with self._lock, reading("the history"):
            return not before or commit == before or self._git.descendant_of(commit, before)

    def changed_tops(self, before: str, after: str) -> list[str]:
        """Names in the top folder whose content differs between two commits; the first may be empty."""
        with self._lock, reading("the top folder"):
            trees = [self._git[commit].tree if commit else () for commit in (before, after)]
            old, new = ({entry.name: (entry.id, entry.filemode) for entry in tree} for tree in trees)
            return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))

    def apps(self, commit: str) -> dict[str, str]:
        """App name → the mark of its tree and libraries at that commit; see :mod:`server.shared`."""
        with self._lock, reading(f"commit {commit}"):
            tree = self._git[commit].tree
            return self._shared.marks(tree, app_trees(self._git, tree))

    def releases(self, commit: str) -> dict[str, dict[str, str]]:
        """App → channel → mark, of all channels: ``apps/<app>`` is stable, ``channels/<channel>/<app>`` another."""
        with self._lock, reading(f"commit {commit}"):
            tree = self._git[commit].tree
            found = {app: {STABLE: mark} for app, mark in self.apps(commit).items()}
            for channel, folder in folders_of(self._git, tree, CHANNELS).items():
                trees = {one.name: str(one.id) for one in self._git[folder] if one.type_str == "tree"}
                for app, mark in self._shared.marks(tree, trees).items():
                    found.setdefault(app, {})[channel] = mark
            return found

    def files(self, app: str, mark: str, limits: Limits = LIMITS, place: str = "") -> list[TreeFile]:
        """An app's files and, below ``libraries``, those of the libraries that it uses; an app's own go before.

        Args:
            app: Its name, for messages.
            mark: As :meth:`apps` answers it.
            limits: What the app and each library may hold.
            place: Its folder, for messages; ``apps/APP`` when left out.

        Raises:
            TreeError: a file may not be served, or a library is not there.
        """
        tree, libraries = parts_of(mark)
        with self._lock, reading("a file", f"apps/{app}"):
            check_libraries(app, libraries, self._library_names())
            found = {file.path: file for file in list_files(self._git, self._git[tree], place or f"apps/{app}", limits)}
            for name, oid in libraries.items():
                for file in list_files(self._git, self._git[oid], f"{FOLDER}/{name}", limits):
                    path = f"{FOLDER}/{name}/{file.path}"
                    found.setdefault(path, file._replace(path=path))
            return sorted(found.values())

    def _library_names(self) -> set[str]:
        head = self.head()
        tree = self._git[head].tree if head else None
        if tree is None or FOLDER not in tree or tree[FOLDER].type_str != "tree":
            return set()
        return {entry.name for entry in self._git[tree[FOLDER].id]}

    def top_file(self, commit: str, name: str) -> bytes | None:
        """A file of the top folder at that commit, or None."""
        with self._lock, reading(f"the file {name}"):
            tree = self._git[commit].tree
            return tree[name].data if name in tree and tree[name].type_str == "blob" else None

    def read(self, oid: str) -> bytes:
        """A file's content. libgit2 checks it against its id.

        Raises:
            RepositoryError: the object is missing or altered.
        """
        with self._lock, reading(f"the object {oid}"):
            return self._git[oid].data

    def touches(self, commit: str, known: Mapping[str, str]) -> dict[str, tuple[str, int]]:
        """App → (the newest commit that changed its folder or a library that it uses, how many commits did).

        Args:
            commit: Where to start.
            known: App → mark that needs no answer (it is the one of last time).
        """
        with self._lock, reading("the history"):
            wanted = {app for app, tree in self.apps(commit).items() if known.get(app) != tree}
            found: dict[str, tuple[str, int]] = {}
            if not wanted:
                return found
            for step in self._git.walk(commit, pygit2.enums.SortMode.TOPOLOGICAL):
                mine = self._marks(step, wanted)
                parents = [self._marks(parent, wanted) for parent in step.parents]
                for app in wanted & mine.keys():
                    if all(parent.get(app) != mine[app] for parent in parents):
                        newest, count = found.get(app, (str(step.id), 0))
                        found[app] = (newest, count + 1)
            return found

    def _marks(self, commit: pygit2.Commit, wanted: set[str]) -> dict[str, str]:
        trees = app_trees(self._git, commit.tree)
        return self._shared.marks(commit.tree, {app: trees[app] for app in wanted & trees.keys()})

    def commit_files(self, files: Mapping[str, bytes], message: str) -> str:
        """Put files (path in the repository → content) on top of the main branch; answers the new commit.

        The apps that ``files`` names are replaced as a whole; everything else of the tree stays.
        """
        with self._lock:
            head = self.head()
            index = pygit2.Index()
            if head:
                index.read_tree(self._git[head].tree)
            for app in {"/".join(path.split("/")[:2]) for path in files}:
                for entry in [entry.path for entry in index if entry.path.startswith(f"{app}/")]:
                    index.remove(entry)
            for path, content in files.items():
                index.add(pygit2.IndexEntry(path, self._git.create_blob(content), pygit2.enums.FileMode.BLOB))
            author = pygit2.Signature(*AUTHOR)
            branch = next((name for name in MAIN_BRANCHES if name in self._git.references), MAIN_BRANCHES[0])
            tree = index.write_tree(self._git)
            made = self._git.create_commit(branch, author, author, message, tree, [head] if head else [])
            if not self._git.is_bare:  # the work tree's index follows, or git would call every file deleted
                self._git.index.read_tree(tree)
                self._git.index.write()
            return str(made)

    def change(self, edits: Mapping[str, str | None], message: str, author: Author = AUTHOR, *,
               announce: Callable[[str], None] = lambda commit: None) -> str:  # fmt: skip
        """Put trees and files in their places on top of the main branch as one commit; answers it.

        Args:
            edits: Path → id of a tree or blob, or None to remove it.
            message: The commit's.
            author: Name and address of who did it.
            announce: Told the commit before the branch has it.

        Raises:
            RepositoryError: the branch moved meanwhile, or git's data cannot be written.
        """
        with self._lock, reading("the main branch"):
            head = self.head()
            branch = next((name for name in MAIN_BRANCHES if name in self._git.references), MAIN_BRANCHES[0])
            tree = edited(self._git, self._git[head].tree if head else None, edits)
            who = pygit2.Signature(*author)
            content = (who, who, message, tree, [head] if head else [])
            made = self._git.create_commit(None, *content)
            announce(str(made))
            if not self._git.is_bare:
                self._follow(tree)
            self._git.create_commit(branch, *content)  # the same one: fails when the branch has moved
            return str(made)

    def _follow(self, tree: str) -> None:
        """Bring the work tree to a tree; what a person changed there is in the way and stays."""
        try:
            self._git.checkout_tree(self._git[tree], strategy=pygit2.enums.CheckoutStrategy.RECREATE_MISSING)
        except pygit2.GitError as error:
            message = f"the work tree {self.path} has changes of its own: {error}"
            raise RepositoryError(message, hint="commit them there, or serve a bare repository") from error

    def write_blob(self, content: bytes) -> str:
        """Keep a file's content; answers its id."""
        with self._lock, reading("a new file"):
            return str(self._git.create_blob(content))

    def write_tree(self, files: Mapping[str, str]) -> str:
        """Keep a folder: path with forward slashes → id of a blob; answers its id."""
        with self._lock, reading("a new folder"):
            return edited(self._git, None, files)

    def mark_of(self, app: str, tree: str) -> str:
        """The mark of an app's tree with the libraries that the main branch has now."""
        with self._lock, reading("the main branch"):
            head = self.head()
            if not head:
                return tree
            return self._shared.marks(self._git[head].tree, {app: tree})[app]

    def tree_at(self, commit: str, path: str) -> str:
        """The id of the folder at a path; empty when there is none."""
        with self._lock, reading(f"commit {commit}"):
            try:
                entry = self._git[commit].tree[path]
            except KeyError:
                return ""
            return str(entry.id) if entry.type_str == "tree" else ""

    def keep(self, places: Mapping[str, str]) -> None:
        """Let git's own clean-up leave these objects alone, and no longer those of before: path → id, by one ref.

        Ids that are not here are left out.

        Raises:
            RepositoryError: git's data cannot be written.
        """
        with self._lock, reading("what is kept"):
            tree = edited(self._git, None, {path: oid for path, oid in places.items() if oid in self._git})
            if KEPT in self._git.references and str(self._git.references[KEPT].peel(pygit2.Tree).id) == tree:
                return
            who = pygit2.Signature(*AUTHOR)
            made = self._git.create_commit(None, who, who, "Keep what releases are made of", tree, [])
            self._git.references.create(KEPT, made, force=True)

    def has(self, oid: str) -> bool:
        """Whether an object is here."""
        with self._lock:
            return oid in self._git

    def author_of(self, commit: str) -> tuple[str, str]:
        """Who wrote a commit, by their own word, and its message."""
        with self._lock, reading(f"commit {commit}"):
            found = self._git[commit]
            return found.author.name, found.message.strip()

    def refuses_pushes(self) -> bool:
        """Whether git refuses a push to the branch that is checked out here."""
        name, wanted = PUSH_OPTION
        with self._lock:
            config = self._git.config
            return not self._git.is_bare and (name not in config or config[name] in ("refuse", "true"))

    def close(self) -> None:
        """Let go of git's files."""
        with self._lock:
            self._git.free()


def common_directory(git_dir: Path) -> Path:
    """Where the branches of ``git_dir`` are: itself, or what a linked work tree names."""
    link = git_dir / "commondir"
    return (git_dir / link.read_text().strip()).resolve() if link.is_file() else git_dir


def app_trees(git: pygit2.Repository, tree: pygit2.Tree) -> dict[str, str]:
    """App name → tree id: the folders of ``apps``."""
    return folders_of(git, tree, "apps")


def folders_of(git: pygit2.Repository, tree: pygit2.Tree, name: str) -> dict[str, str]:
    """Name → tree id: the folders in the top folder ``name``; none where there is no such folder."""
    if name not in tree or tree[name].type_str != "tree":
        return {}
    return {entry.name: str(entry.id) for entry in git[tree[name].id] if entry.type_str == "tree"}


def place_of(app: str, channel: str) -> str:
    """The folder of an app's content on a channel: ``apps/<app>``, or ``channels/<channel>/<app>``."""
    return f"apps/{app}" if channel == STABLE else f"{CHANNELS}/{channel}/{app}"


def is_repository(path: Path) -> bool:
    """Whether ``path`` itself (not a folder above it) is a repository, bare or with a work tree."""
    return (path / ".git").exists() or ((path / "objects").is_dir() and (path / "HEAD").is_file())


#: Has a pushed branch checked out as well, where git would refuse the push; and what to tell whoever has not set it.
PUSH_OPTION = ("receive.denyCurrentBranch", "updateInstead")


def create_repository(path: Path, *, is_bare: bool = True) -> Repository:
    """A new empty repository at ``path`` with the branch ``main``.

    Raises:
        RepositoryError: the directory cannot be written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        made = pygit2.init_repository(str(path), bare=is_bare, initial_head="main")
        if not is_bare:
            made.config[PUSH_OPTION[0]] = PUSH_OPTION[1]
    except (OSError, pygit2.GitError) as error:
        raise RepositoryError(f"cannot create a repository at {path}: {error}") from error
    return Repository(path)
