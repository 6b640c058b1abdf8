"""The rows that a view holds: pages of a query, asked for when they are shown, a limited number of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from kernel.tables.block import Block
from kernel.tables.change import Key

#: Rows of a page, and pages kept.
PAGE, KEPT = 128, 48


class Page:
    """One block with what was made of it for painting."""

    __slots__ = ("block", "looks", "ready", "texts")

    def __init__(self, block: Block) -> None:
        self.block = block
        self.texts: dict[int, list[Any]] = {}
        self.looks: dict[int, Any] = {}
        #: Row within the page → (generation, cells); see ``ready``.
        self.ready: dict[int, tuple[int, Any]] = {}


class RowCache:
    """Pages by number. ``count`` is None until it is known; ``is_exact`` says whether it is the truth or a guess."""

    def __init__(self) -> None:
        self.count: int | None = None
        self.is_exact = True
        self.pages: OrderedDict[int, Page] = OrderedDict()
        self.asked: dict[int, Callable[[], None]] = {}

    def set_count(self, count: int, is_exact: bool) -> None:
        """Take the number of rows."""
        self.count, self.is_exact = count, is_exact

    def put(self, number: int, block: Block) -> None:
        """Keep a page; the least recently used one goes when there are too many."""
        self.pages[number] = Page(block)
        self.pages.move_to_end(number)
        while len(self.pages) > KEPT:
            self.pages.popitem(last=False)

    def find(self, row: int) -> tuple[Page, int] | None:
        """The page that holds the row, and its index there; None when it is not here."""
        page = self.pages.get(row // PAGE)
        index = row % PAGE
        return (page, index) if page is not None and index < len(page.block) else None

    def key(self, row: int) -> Key | None:
        """The row's key, or None when the row is not here."""
        found = self.find(row)
        return found[0].block.keys[found[1]] if found else None

    def row_of(self, key: Key) -> int | None:
        """The position of the row with that key, among the rows that are here."""
        for number, page in self.pages.items():
            if key in page.block.keys:
                return number * PAGE + page.block.keys.index(key)
        return None

    def keys(self) -> set[Key]:
        """The keys of all rows that are here."""
        return {key for page in self.pages.values() for key in page.block.keys}

    def patch(self, block: Block) -> None:
        """Take newer values of rows that are here."""
        for index, key in enumerate(block.keys):
            row = self.row_of(key)
            found = self.find(row) if row is not None else None
            if found is None:
                continue
            page, at = found
            for path, values in block.columns.items():
                if path in page.block.columns:
                    page.block.columns[path][at] = values[index]
            page.block.versions[at] = block.versions[index]
            page.texts.pop(at, None)
            page.looks.pop(at, None)
            page.ready.pop(at, None)

    def forget(self) -> None:
        """Drop the requests that are under way."""
        for cancel in self.asked.values():
            cancel()
        self.asked.clear()
