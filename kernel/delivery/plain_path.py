"""A look at all paths of a release at once, which passes the ordinary ones in a hundredth of the time.

It answers no more than that nothing is wrong; whatever it does not pass is looked at path by path in
:mod:`kernel.delivery.path`, which has the rules and the words for what is wrong.
"""

from __future__ import annotations

from collections.abc import Collection

#: Bytes that ordinary paths are made of.
_SAFE = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+()@,;=!#$%&'[]{}~ \n"
#: What no ordinary paths, each between slashes and in small letters, have anywhere.
_SUSPECT = ("//", "./", " /", "/.git")
#: How the names of devices begin, and what then makes one of them.
_DEVICES = {
    "/con": "./", "/prn": "./", "/aux": "./", "/nul": "./", "/com": "0123456789", "/lpt": "0123456789",
}  # fmt: skip


def are_plain(paths: Collection[str], longest: int) -> bool:
    """Whether all paths are ordinary: safe on every system, no two of them one file anywhere.

    Args:
        paths: Relative, with forward slashes.
        longest: Characters of a path at most.
    """
    if not paths:
        return True
    whole = "/" + "/\n/".join(paths) + "/"
    if not whole.isascii() or whole.encode().translate(None, _SAFE):
        return False
    folded = whole.lower()
    if folded.count("\n") != len(paths) - 1 or len(max(paths, key=len)) > longest:
        return False
    if any(part in folded for part in _SUSPECT) or any(_has_device(folded, *row) for row in _DEVICES.items()):
        return False
    return _are_apart(paths, folded[1:-1].split("/\n/"))


def _has_device(folded: str, start: str, ends: str) -> bool:
    """Whether some part may be a device's name; a few harmless ones are taken for one."""
    return start in folded and any(start + end in folded for end in ends)


def _are_apart(paths: Collection[str], folded: list[str]) -> bool:
    """Whether no two paths are one in small letters, no two folders are, and no file has a folder's name."""
    files = set(folded)
    folders = {path.rpartition("/")[0] for path in paths}
    above = folders
    while above := {folder.rpartition("/")[0] for folder in above} - folders:
        folders |= above
    folders.discard("")
    small = {folder.lower() for folder in folders}
    return len(files) == len(paths) and len(small) == len(folders) and files.isdisjoint(small)
