"""A text in memory: the plain one of the protocol, for tests and for trying a grammar without a window."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.scintilla.modal.text import Piece, Place, depth

#: Lines of a piece.
_PIECE = 64


class MemoryText:
    """Lines, and the states to go back to."""

    def __init__(self, text: str = "") -> None:
        self.tab_width, self.uses_tabs, self.is_read_only = 4, False, False
        self.has_end = text.endswith("\n")
        self.lines = text.removesuffix("\n").split("\n")
        self._depth, self._changed = 0, Place(0, 0)
        self._before: list[tuple[list[str], bool]] = []
        self._after: list[tuple[list[str], bool]] = []
        self._start: tuple[list[str], bool] | None = None

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines) + ("\n" if self.has_end else "")

    @property
    def line_count(self) -> int:
        """See :class:`Text`."""
        return len(self.lines)

    @property
    def size(self) -> int:
        """See :class:`Text`."""
        return hash(tuple(self.lines))

    def line(self, number: int) -> str:
        """See :class:`Text`."""
        return self.lines[number]

    def get(self, start: Place, stop: Place) -> str:
        """See :class:`Text`."""
        if start.line == stop.line:
            return self.lines[start.line][start.column : stop.column]
        middle = self.lines[start.line + 1 : stop.line]
        return "\n".join([self.lines[start.line][start.column :], *middle, self.lines[stop.line][: stop.column]])

    def replace(self, start: Place, stop: Place, new: str) -> None:
        """See :class:`Text`."""
        self._note()
        whole = self.lines[start.line][: start.column] + new + self.lines[stop.line][stop.column :]
        self.lines[start.line : stop.line + 1] = whole.split("\n")

    def remove_lines(self, first: int, last: int) -> None:
        """See :class:`Text`."""
        self._note()
        del self.lines[first : last + 1]
        self.has_end = self.has_end and bool(self.lines)
        self.lines = self.lines or [""]

    def new_line(self, place: Place) -> Place:
        """See :class:`Text`."""
        line = self.lines[place.line]
        indent = line[: min(depth(line), place.column)]
        rest = line[place.column :]
        stop = Place(place.line, place.column + len(rest) - len(rest.lstrip(" \t")))
        self.replace(place, stop if indent or rest.strip() else place, "\n" + indent)
        return Place(place.line + 1, len(indent))

    def pieces(self, line: int, step: int) -> Iterator[Piece]:
        """See :class:`Text`."""
        if step > 0:
            for first in range(line, len(self.lines), _PIECE):
                yield Piece(first, "\n".join(self.lines[first : first + _PIECE]))
            return
        for last in range(line, -1, -_PIECE):
            first = max(last - _PIECE + 1, 0)
            yield Piece(first, "\n".join(self.lines[first : last + 1]))

    def begin(self) -> None:
        """See :class:`Text`."""
        if not self._depth:
            self._start = None
        self._depth += 1

    def end(self) -> None:
        """See :class:`Text`."""
        self._depth -= 1
        if not self._depth:
            self._start = None

    def open(self) -> None:
        """See :class:`Text`."""

    def pause(self) -> None:
        """See :class:`Text`."""
        self._start = None

    def changed_place(self) -> Place:
        """See :class:`Text`."""
        return self._changed

    def undo(self) -> bool:
        """See :class:`Text`."""
        return self._swap(self._before, self._after)

    def redo(self) -> bool:
        """See :class:`Text`."""
        return self._swap(self._after, self._before)

    def _swap(self, source: list[tuple[list[str], bool]], target: list[tuple[list[str], bool]]) -> bool:
        if not source:
            return False
        self._start = None
        target.append((self.lines, self.has_end))
        was, (self.lines, self.has_end) = self.lines, source.pop()
        pairs = enumerate(zip(was, self.lines, strict=False))
        shorter = min(len(was), len(self.lines))
        line = next((index for index, (one, other) in pairs if one != other), shorter)
        self._changed = Place(min(line, len(self.lines) - 1), 0)
        return True

    def _note(self) -> None:
        if self._depth and self._start is not None:
            return
        self._start = list(self.lines), self.has_end
        self._before.append(self._start)
        self._after.clear()
