"""Where items are: rows in lines of so many, under headings where sections begin. Whole numbers of pixels, no Qt.

Rows are counted from 0 through all sections, so that an item's number is its row's position in the query.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence


class Flow:
    """The places of ``count`` items.

    Args:
        count: Items.
        per_line: Items beside each other, at least one.
        line: Height of a line in pixels.
        heading: Height of a section's heading in pixels.
        starts: The first item of each section, rising from 0; empty without sections.
    """

    def __init__(
        self, count: int, per_line: int = 1, line: int = 1, heading: int = 0, starts: Sequence[int] = ()
    ) -> None:
        self.count, self.per_line, self.line, self.heading = count, max(per_line, 1), line, heading
        self.starts = [start for start in starts if start < count]
        #: Where each section begins, its heading included.
        self._tops: list[int] = []
        top = 0
        for index, start in enumerate(self.starts):
            self._tops.append(top)
            end = self.starts[index + 1] if index + 1 < len(self.starts) else count
            top += heading + self._lines(end - start) * line
        self.height = top if self.starts else self._lines(count) * line

    def _lines(self, items: int) -> int:
        return -(-items // self.per_line)

    def section_of(self, item: int) -> int:
        """The section an item is in, -1 without sections."""
        return bisect_right(self.starts, item) - 1

    def start_of(self, section: int) -> int:
        """The first item of a section."""
        return self.starts[section] if section >= 0 else 0

    def end_of(self, section: int) -> int:
        """The item behind the last one of a section."""
        return self.starts[section + 1] if 0 <= section < len(self.starts) - 1 else self.count

    def heading_top(self, section: int) -> int:
        """Where a section's heading begins."""
        return self._tops[section]

    def place(self, item: int) -> tuple[int, int]:
        """(pixel where the item's line begins, its column)."""
        section = self.section_of(item)
        top = self._tops[section] + self.heading if section >= 0 else 0
        line, column = divmod(item - self.start_of(section), self.per_line)
        return top + line * self.line, column

    def section_at(self, pixel: int) -> int:
        """The section that a pixel is in, its heading included; -1 without sections."""
        return bisect_right(self._tops, pixel) - 1

    def item_at(self, pixel: int, column: int = 0) -> int:
        """The item at a pixel, or -1: on a heading, beside the last one of a section, outside."""
        if not 0 <= pixel < self.height or not 0 <= column < self.per_line:
            return -1
        section = self.section_at(pixel)
        below = pixel - (self._tops[section] + self.heading if section >= 0 else 0)
        item = self.start_of(section) + below // self.line * self.per_line + column
        return item if below >= 0 and item < self.end_of(section) else -1

    def first_at(self, pixel: int) -> int:
        """The first item of the line at a pixel; at a heading the one behind it."""
        if not self.count:
            return 0
        pixel = min(max(pixel, 0), self.height - 1)
        section = self.section_at(pixel)
        below = max(pixel - (self._tops[section] + self.heading if section >= 0 else 0), 0)
        return self.start_of(section) + below // self.line * self.per_line

    def between(self, top: int, bottom: int) -> range:
        """The items of all lines that pixels from ``top`` to before ``bottom`` touch."""
        if not self.count or bottom <= 0 or top >= self.height:
            return range(0)
        last = self.first_at(bottom - 1)
        last = min(last + self.per_line, self.end_of(self.section_of(last)))
        return range(self.first_at(top), last)

    def sections_between(self, top: int, bottom: int) -> range:
        """The sections that these pixels touch."""
        if not self.starts or bottom <= 0 or top >= self.height:
            return range(0)
        return range(max(self.section_at(top), 0), self.section_at(bottom - 1) + 1)

    def step(self, item: int, lines: int) -> int:
        """The item so many lines below (or above, when negative), in the same column or the nearest to it."""
        for _ in range(abs(lines)):
            item = self._below(item) if lines > 0 else self._above(item)
        return item

    def _below(self, item: int) -> int:
        section = self.section_of(item)
        column = (item - self.start_of(section)) % self.per_line
        behind, end = item - column + self.per_line, self.end_of(section)
        if behind < end:
            return min(behind + column, end - 1)
        return item if end >= self.count else min(end + column, self.end_of(section + 1) - 1)

    def _above(self, item: int) -> int:
        section = self.section_of(item)
        start = self.start_of(section)
        column = (item - start) % self.per_line
        if item - column > start:
            return item - self.per_line
        if start == 0:
            return item
        before = self.start_of(section - 1)
        return min(start - 1, before + (start - 1 - before) // self.per_line * self.per_line + column)
