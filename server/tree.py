"""Which files of a git tree may be served: plain files, within limits, whose paths clients accept.

One file that may not refuses its whole app, so that no release is ever half of what its author pushed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from kernel.delivery.path import check_path
from kernel.error import Where
from server.error import TreeError

if TYPE_CHECKING:
    import pygit2


class Limits(NamedTuple):
    """What one app may hold: files, bytes of a file, bytes together, folders above each other.

    The server's own, below what clients accept: it keeps an app's hashes in memory and reads all of it at a push.
    """

    files: int = 5_000
    file_bytes: int = 32 << 20
    total_bytes: int = 256 << 20
    depth: int = 16


class TreeFile(NamedTuple):
    """One file: path within the app with forward slashes, git's object id, size in bytes."""

    path: str
    oid: str
    size: int


#: git file mode → why such an entry is refused. Plain and executable files and folders are fine.
REFUSED_MODES = {
    0o120000: "is a symbolic link",
    0o160000: "is a submodule",
}
_PLAIN_MODES = frozenset((0o100644, 0o100755, 0o100664))
_FOLDER_MODE = 0o040000
LIMITS = Limits()
#: Files that are told of one app.
MOST_PROBLEMS = 100


def list_files(
    repository: pygit2.Repository, tree: pygit2.Tree, folder: str, limits: Limits = LIMITS
) -> list[TreeFile]:
    """All files below ``tree``, sorted by path.

    Args:
        repository: Where the objects are.
        tree: The app's folder.
        folder: Its path in the repository, for messages.
        limits: What is allowed.

    Raises:
        TreeError: names the first file that may not be served, and why; ``problems`` has all of them.
    """
    files: list[TreeFile] = []
    problems: list[TreeError] = []
    total = 0
    for file in _walk(repository, tree, "", folder, limits, problems):
        total += file.size
        if len(files) >= limits.files:
            raise TreeError(f"the app has more than {limits.files} files", where=Where(folder))
        if total > limits.total_bytes:
            raise TreeError(f"the app has more than {limits.total_bytes >> 20} MiB", where=Where(folder))
        files.append(file)
    if problems:
        raise TreeError(problems[0].message, where=problems[0].where, problems=problems)
    return sorted(files)


def _walk(
    repository: pygit2.Repository,
    tree: pygit2.Tree,
    above: str,
    folder: str,
    limits: Limits,
    problems: list[TreeError],
) -> Iterator[TreeFile]:
    for entry in tree:
        path = f"{above}{entry.name}"
        problem = check_path(path) or REFUSED_MODES.get(entry.filemode, "")
        if not problem and path.count("/") >= limits.depth:
            problem = f"lies more than {limits.depth} folders deep"
        if not problem and entry.filemode != _FOLDER_MODE and entry.filemode not in _PLAIN_MODES:
            problem = f"has the unknown file mode {entry.filemode:o}"
        if problem:
            problems.append(TreeError(f"this path {problem}", where=Where(f"{folder}/{path}")))
            if len(problems) >= MOST_PROBLEMS:
                raise TreeError(problems[0].message, where=problems[0].where, problems=problems)
            continue
        if entry.filemode == _FOLDER_MODE:
            yield from _walk(repository, repository[entry.id], f"{path}/", folder, limits, problems)
            continue
        size = repository.odb.read_header(entry.id)[1]
        if size > limits.file_bytes:
            raise TreeError(f"this entry has more than {limits.file_bytes >> 20} MiB", where=Where(f"{folder}/{path}"))
        yield TreeFile(path, str(entry.id), size)
