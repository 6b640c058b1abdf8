"""The versions of large roles that clients may hold, so that the next one travels as a change of theirs."""

from __future__ import annotations

import threading
from collections import OrderedDict

from kernel.trust.role_change import SMALL, RoleChange, change_of

#: Bytes of former versions, and changes, that are kept.
KEPT, CHANGES = 8 << 20, 64


class Past:
    """Former versions in memory; a server that has started anew sends the first ones whole. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._size = 0
        self._changes: OrderedDict[tuple[str, int, bytes], RoleChange | None] = OrderedDict()

    def keep(self, role: str, version: int, data: bytes) -> None:
        """Remember a version that is about to be replaced, or has just been made."""
        key = role, version
        if len(data) < SMALL:
            return
        with self._lock:
            self._size += len(data) - len(self._versions.pop(key, b""))
            self._versions[key] = data
            while self._size > KEPT and len(self._versions) > 1:
                self._size -= len(self._versions.popitem(last=False)[1])

    def change(self, role: str, seen: int, data: bytes) -> RoleChange | None:
        """The role as a change of the version that was seen; None when that is not known, or not worth it."""
        with self._lock:
            before = self._versions.get((role, seen))
            key = role, seen, data
            if before is None or before == data:
                return None
            if key in self._changes:
                return self._changes[key]
        made = change_of(data, before)
        with self._lock:
            self._changes[key] = made
            if len(self._changes) > CHANGES:
                self._changes.popitem(last=False)
        return made
