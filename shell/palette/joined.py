"""Many short texts as one: one search finds where something stands in any of them, one comparison how words begin.

No Qt here.
"""

from __future__ import annotations

from typing import Any

#: Places of one kind that are looked for.
_PLACES = 600
#: Letters that are known of how words begin.
BEGINNING = 2


class Joined:
    """Texts behind a line feed each.

    Args:
        texts: Words with a space between them.

    Attributes:
        text: All of them.
    """

    def __init__(self, texts: list[str]) -> None:
        import numpy as np

        self.text = "\n" + "\n".join(texts)
        lengths = np.fromiter((len(text) + 1 for text in texts), "int64", len(texts))
        self._starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        codes = np.frombuffer(f"{self.text}\n\n".encode("utf-32-le", "surrogatepass"), "uint32")
        before = np.flatnonzero((codes[:-2] == ord("\n")) | (codes[:-2] == ord(" ")))
        self._words, self._is_first = before, codes[before] == ord("\n")
        self._begins = (codes[before + 1] << 16) | (codes[before + 2] & 0xFFFF)

    def hits(self, wanted: str) -> list[int]:
        """Where it stands, up to as many places as are looked for."""
        found: list[int] = []
        at = self.text.find(wanted)
        while at >= 0 and len(found) < _PLACES:
            found.append(at)
            at = self.text.find(wanted, at + 1)
        return found

    def rows(self, hits: Any) -> list[int]:
        """Which texts places in the joined text belong to, each once, in order."""
        if not len(hits):
            return []
        return list(dict.fromkeys((self._starts.searchsorted(hits, side="right") - 1).tolist()))

    def begun(self, wanted: str, *, is_first: bool) -> list[int]:
        """The texts with a word that begins with a letter or two: their first word, or a later one."""
        import numpy as np

        # NOTE: letters beyond the first 65,536 count as others too; the close look tells them apart.
        codes = [ord(letter) & 0xFFFF for letter in wanted]
        begins = self._begins >> 16 if len(codes) < BEGINNING else self._begins
        fits = (begins == codes[0] << 16 | codes[1]) if len(codes) == BEGINNING else begins == codes[0]
        fits &= self._is_first if is_first else ~self._is_first
        return self.rows(self._words[np.flatnonzero(fits)[:_PLACES]])
