"""Registers: what is yanked, deleted and recorded."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import NamedTuple

from plugins.scintilla.modal.row import BLOCK, CHAR, LINE, Refused

#: Registers that a person may write to.
WRITABLE = frozenset(string.ascii_letters + string.digits + '"-_+*')
READABLE = WRITABLE | frozenset(":/.%")


class Kept(NamedTuple):
    """What a register holds: text, shape, and the columns of a block."""

    text: str = ""
    shape: str = CHAR
    width: int = 0


class Store:
    """What registers hold; several texts may share one.

    Attributes:
        kept: Register → what is in it.
        last: The register that the unnamed one stands for.
        joined: What several carets have put on the clipboard together.
    """

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.last = "0"
        self.joined = ""


class Registers:
    """The registers of one text.

    Attributes:
        pieces: What each store has put on the clipboard during a command, by the store's identity.

    Args:
        clip, set_clip: The clipboard.
        read_only: Register → what it reads, asked when it is wanted.
        store: What they hold.
    """

    def __init__(
        self, clip: Callable[[], str], set_clip: Callable[[str], None], read_only: dict[str, Callable[[], str]],
        store: Store | None = None,
    ) -> None:  # fmt: skip
        self.store = store or Store()
        self.pieces: dict[int, str] = {}
        self._clip, self._set_clip, self._read_only = clip, set_clip, read_only

    @property
    def store(self) -> Store:
        """What they hold; each of several carets has one of its own."""
        return self._store

    @store.setter
    def store(self, store: Store) -> None:
        self._store, self._kept = store, store.kept

    def join(self, text: str, stores: list[Store]) -> None:
        """Put on the clipboard what several carets have yanked; each goes on to have its own."""
        for store in stores:
            store.joined = text
        self._set_clip(text)

    def get(self, name: str | None) -> Kept:
        """What a register holds.

        Raises:
            Refused: there is none of that name, or nothing in it.
        """
        name = name or '"'
        if name in self._read_only:
            text = self._read_only[name]()
            if not text:
                raise Refused
            return Kept(text)
        if name == "_" or name not in READABLE:
            raise Refused
        if name in "+*":
            return self._clipboard()
        found = self._kept.get(self._store.last if name == '"' else name.lower())
        if found is None:
            raise Refused
        return found

    def put(self, name: str, text: str, shape: str = CHAR, width: int = 0, *, is_quiet: bool = False) -> None:
        """Fill a register; a capital adds to its small one. A quiet one is not the unnamed one from now on."""
        if name == "_":
            return
        kept = Kept(text, shape, width)
        if name in "+*":
            self._kept[name] = kept
            self.pieces[id(self._store)] = text
            self._set_clip(text)
        elif name.isupper():
            name = name.lower()
            self._kept[name] = _added(self._kept.get(name), kept)
        else:
            self._kept[name] = kept
        self._store.last = self._store.last if is_quiet else name

    def yank(self, name: str | None, kept: Kept) -> None:
        """Take a text that was yanked."""
        self.put("0" if name in (None, '"') else name, *kept)

    def delete(self, name: str | None, kept: Kept, *, is_small: bool) -> None:
        """Take a text that was deleted: less than a line to ``-``, more to ``1``, what was there moves on.

        Args:
            name: The register that was named, if one was.
            kept: What was deleted.
            is_small: Whether it is less than a line.
        """
        if name == "_":
            return
        if name not in (None, '"'):
            self.put(name, *kept)
        if not is_small:
            for number in range(9, 1, -1):
                if str(number - 1) in self._kept:
                    self._kept[str(number)] = self._kept[str(number - 1)]
            self._kept["1"] = kept
            self._store.last = "1" if name in (None, '"') else self._store.last
        elif name in (None, '"'):
            self._kept["-"] = kept
            self._store.last = "-"

    def rows(self) -> list[tuple[str, Kept]]:
        """What the registers hold, by name."""
        return sorted(self._kept.items())

    def _clipboard(self) -> Kept:
        text = self._clip()
        if not text:
            raise Refused
        kept = self._kept.get("+") or self._kept.get("*")
        if kept is not None and text in (kept.text, self._store.joined):
            return kept
        return Kept(text, LINE if text.endswith("\n") else CHAR)


def _added(before: Kept | None, kept: Kept) -> Kept:
    if before is None:
        return kept
    if LINE in (before.shape, kept.shape):
        return Kept(before.text.removesuffix("\n") + "\n" + kept.text.removesuffix("\n") + "\n", LINE)
    if BLOCK in (before.shape, kept.shape):
        return Kept(before.text + "\n" + kept.text, BLOCK, max(before.width, kept.width))
    return Kept(before.text + kept.text, CHAR)
