"""Which files of a git tree may be served: plain files with portable names, within limits.

One file that may not refuses its whole app, so that no release is ever half of what its author pushed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from kernel.error import Where
from server.error import TreeError

if TYPE_CHECKING:
    import pygit2


class Limits(NamedTuple):
    """What one app may hold: files, bytes of a file, bytes together, bytes of a path, folders above each other."""

    files: int = 5_000
    file_bytes: int = 32 << 20
    total_bytes: int = 256 << 20
    path_bytes: int = 400
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
#: Names that Windows keeps for devices, with any extension.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
LIMITS = Limits()


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
        TreeError: names the first file that may not be served, and why.
    """
    files: list[TreeFile] = []
    total = 0
    for file in _walk(repository, tree, "", folder, limits):
        total += file.size
        if len(files) >= limits.files:
            raise TreeError(f"the app has more than {limits.files} files", where=Where(folder))
        if total > limits.total_bytes:
            raise TreeError(f"the app has more than {limits.total_bytes >> 20} MiB", where=Where(folder))
        files.append(file)
    return sorted(files)


def _walk(
    repository: pygit2.Repository, tree: pygit2.Tree, above: str, folder: str, limits: Limits
) -> Iterator[TreeFile]:
    seen: dict[str, str] = {}
    for entry in tree:
        path = f"{above}{entry.name}"
        problem = name_problem(entry.name or "") or REFUSED_MODES.get(entry.filemode, "")
        twin = seen.setdefault(unicodedata.normalize("NFC", entry.name or "").casefold(), entry.name or "")
        if not problem and twin != entry.name:
            problem = f"has the same name as {twin!r} on some systems"
        if not problem and len(path.encode()) > limits.path_bytes:
            problem = f"has a path of more than {limits.path_bytes} bytes"
        if not problem and path.count("/") >= limits.depth:
            problem = f"lies more than {limits.depth} folders deep"
        if not problem and entry.filemode != _FOLDER_MODE and entry.filemode not in _PLAIN_MODES:
            problem = f"has the unknown file mode {entry.filemode:o}"
        if problem:
            raise TreeError(f"this entry {problem}", where=Where(f"{folder}/{path}"))
        if entry.filemode == _FOLDER_MODE:
            yield from _walk(repository, repository[entry.id], f"{path}/", folder, limits)
            continue
        size = repository[entry.id].size
        if size > limits.file_bytes:
            raise TreeError(f"this entry has more than {limits.file_bytes >> 20} MiB", where=Where(f"{folder}/{path}"))
        yield TreeFile(path, str(entry.id), size)


def name_problem(name: str) -> str:
    """Why one part of a path cannot be used everywhere, or empty."""
    if name in ("", ".", ".."):
        return "leaves its folder"
    if name.lower() == ".git":
        return "has a name that git keeps for itself"
    if _FORBIDDEN.search(name):
        return "has a character in its name that other systems refuse"
    if name[-1] in ". ":
        return "ends in a dot or a space"
    if _RESERVED.match(name):
        return "has a name that Windows keeps for a device"
    try:
        name.encode()
    except UnicodeEncodeError:
        return "has a name that is no UTF-8"
    return ""
