"""Finds objects that are cut off before libgit2 reads them.

WORKAROUND libgit2: a loose object whose file ends too early keeps git_odb_read busy for ever: until a version that
says so instead.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from pathlib import Path
from typing import Any

import pygit2
from pygit2.enums import FileMode

from plugins.api import TableError, say


class Whole:
    """The loose objects that were there when it was made; each is looked at once. Those that come later are whole.

    Args:
        objects: The repository's folder ``objects``.
    """

    def __init__(self, objects: Path) -> None:
        self._objects = objects
        self._unseen: set[str] = set()
        for start in os.listdir(objects):
            if len(start) == 2:
                with contextlib.suppress(OSError):  # a folder may go meanwhile
                    self._unseen.update(f"{start}{name}" for name in os.listdir(objects / start))

    def check(self, identity: str) -> None:
        """Refuse an object that is cut off.

        Raises:
            TableError: it is.
        """
        if identity not in self._unseen:
            return
        if _is_cut_off(self._objects / identity[:2] / identity[2:]):
            why = say("it is cut off")
            raise TableError(say("the object {id} cannot be read: {error}", id=identity[:12], error=why),
                             hint=say("git fsck says what is damaged"))
        self._unseen.discard(identity)

    def check_tree(self, repository: Any, tree: str, other: str = "") -> None:
        """Refuse when a folder of a tree is cut off, or one in which it differs from another tree.

        Args:
            repository: A :class:`pygit2.Repository`.
            tree, other: Ids; empty for none.
        """
        pairs = [(tree, other)] if self._unseen else []
        while pairs:
            ours, theirs = (self._folders(repository, identity) for identity in pairs.pop())
            both = [(ours.get(name, ""), theirs.get(name, "")) for name in ours.keys() | theirs.keys()]
            pairs += [pair for pair in both if pair[0] != pair[1]]

    def check_difference(self, difference: Any) -> None:
        """Refuse when a file of a difference is cut off."""
        if self._unseen:
            for delta in difference.deltas:
                self.check(str(delta.old_file.id))
                self.check(str(delta.new_file.id))

    def check_file(self, repository: Any, tree: str, path: str) -> None:
        """Refuse when a file of a tree, or a folder on the way to it, is cut off."""
        for name in os.fsencode(path).split(b"/") if self._unseen else ():
            self.check(tree)
            entries = {entry.raw_name: str(entry.id) for entry in repository[pygit2.Oid(hex=tree)]}
            tree = entries.get(name, "")
            if not tree:
                return
        self.check(tree)

    def _folders(self, repository: Any, tree: str) -> dict[bytes, str]:
        if not tree:
            return {}
        self.check(tree)
        found = repository[pygit2.Oid(hex=tree)]
        return {entry.raw_name: str(entry.id) for entry in found if entry.filemode == FileMode.TREE}


def _is_cut_off(path: Path) -> bool:
    inflate = zlib.decompressobj()
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 16):
                inflate.decompress(part)
    except (OSError, zlib.error):
        return False  # libgit2 says what is wrong with it
    return not inflate.eof
