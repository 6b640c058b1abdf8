"""The text of the editor as the modal engine sees it: Scintilla's lines, decoded when they are asked for.

A line is kept until the text or the line that is asked for is another, so that walking along one costs nothing. Line
ends are ``\\n`` here and the file's own in Scintilla.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from plugins.scintilla.host import SCI
from plugins.scintilla.modal.text import Piece, Place

if TYPE_CHECKING:
    from plugins.scintilla.code import Code

#: Bytes of the first piece and of the largest.
_FIRST, _LARGEST = 1 << 15, 1 << 20


class ScintillaText:
    """See :class:`plugins.scintilla.modal.text.Text`.

    Args:
        code: The surface.
        is_typing: Whether a person types: then the empty line behind the last line end is a line.
    """

    def __init__(self, code: Code, is_typing: Callable[[], bool]) -> None:
        self._code, self._send, self._is_typing = code, code.send, is_typing
        self._depth = 0
        self._is_open = False
        self._kept: tuple[int, str, bool] = (-1, "", True)

    # -- reading --------------------------------------------------------------------------------------------------

    @property
    def tab_width(self) -> int:
        """Columns of a tab."""
        return self._send(SCI.SCI_GETTABWIDTH)

    @tab_width.setter
    def tab_width(self, width: int) -> None:
        self._code.set_tab_width(width)

    @property
    def uses_tabs(self) -> bool:
        """Whether it indents with tabs."""
        return bool(self._send(SCI.SCI_GETUSETABS))

    @uses_tabs.setter
    def uses_tabs(self, uses_tabs: bool) -> None:
        self._code.set_tabs(uses_tabs)

    @property
    def line_count(self) -> int:
        """Lines, without the empty one behind the last line end."""
        count = self._send(SCI.SCI_GETLINECOUNT)
        if self._is_typing():
            return count
        is_empty = self._send(SCI.SCI_POSITIONFROMLINE, count - 1) == self._send(SCI.SCI_GETLENGTH)
        return count - 1 if count > 1 and is_empty else count

    @property
    def is_read_only(self) -> bool:
        """Whether it is only shown."""
        return self._code.is_read_only

    @property
    def size(self) -> int:
        """Bytes."""
        return self._send(SCI.SCI_GETLENGTH)

    def line(self, number: int) -> str:
        """See :class:`Text`."""
        if self._kept[0] != number:
            data = self._code.line_text(number)
            text = data.decode("utf-8", "surrogateescape")
            self._kept = number, text, len(text) == len(data)
        return self._kept[1]

    def get(self, start: Place, stop: Place) -> str:
        """See :class:`Text`."""
        if start.line == stop.line:
            return self.line(start.line)[start.column : stop.column]
        return _text(self._code.host.bytes(self.position(start), self.position(stop)))

    def pieces(self, line: int, step: int) -> Iterator[Piece]:
        """See :class:`Text`."""
        count, size = self.line_count, _FIRST
        while 0 <= line < count:
            code = self._code
            if step > 0:
                first, last = line, min(self._line_at(code.line_start(line) + size), count - 1)
                line = last + 1
            else:
                first, last = min(self._line_at(max(code.line_start(line) - size, 0)), line), line
                line = first - 1
            yield Piece(first, _text(code.host.bytes(code.line_start(first), code.line_stop(last))))
            size = min(size * 2, _LARGEST)

    def _line_at(self, position: int) -> int:
        return self._send(SCI.SCI_LINEFROMPOSITION, min(position, self.size))

    def forget(self) -> None:
        """The text may be another."""
        self._kept = -1, "", True

    # -- places ---------------------------------------------------------------------------------------------------

    def position(self, place: Place) -> int:
        """The byte of a place."""
        if place.line >= self._send(SCI.SCI_GETLINECOUNT):
            return self.size
        start, text = self._code.line_start(place.line), self.line(place.line)
        if self._kept[2]:
            return start + min(place.column, len(text))
        return start + len(text[: place.column].encode("utf-8", "surrogateescape"))

    def place(self, position: int) -> Place:
        """The place of a byte; in the empty line behind the last line end the end of the line before."""
        line = self._send(SCI.SCI_LINEFROMPOSITION, position)
        if line >= self.line_count:
            return Place(line - 1, len(self.line(line - 1)))
        data = self._code.host.bytes(self._code.line_start(line), position)
        return Place(line, min(len(data.decode("utf-8", "surrogateescape")), len(self.line(line))))

    # -- changing -------------------------------------------------------------------------------------------------

    def replace(self, start: Place, stop: Place, new: str) -> None:
        """See :class:`Text`."""
        self.open()
        data = new.encode("utf-8", "surrogateescape")
        if b"\n" in data and self._code.line_end != b"\n":
            data = data.replace(b"\n", self._code.line_end)
        first = self.position(start)
        last = first if stop == start else self.position(stop)
        self._code.replace(first, last, data)
        self.forget()

    def remove_lines(self, first: int, last: int) -> None:
        """See :class:`Text`."""
        self.open()
        code = self._code
        if last + 1 < self._send(SCI.SCI_GETLINECOUNT):
            start, stop = code.line_start(first), code.line_start(last + 1)
        else:
            start, stop = code.line_stop(first - 1) if first else 0, self.size
        code.replace(start, stop, b"")
        self.forget()

    def new_line(self, place: Place) -> Place:
        """See :class:`Text`: as Return does it."""
        self.open()
        position = self.position(place)
        self._send(SCI.SCI_SETEMPTYSELECTION, position)
        self._send(SCI.SCI_NEWLINE)
        self.forget()
        return self.place(self._send(SCI.SCI_GETCURRENTPOS))

    # -- steps ----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """See :class:`Text`. Scintilla hears of it at the first change."""
        self._depth += 1

    def end(self) -> None:
        """See :class:`Text`."""
        self._depth -= 1
        if not self._depth:
            self.pause()

    def open(self) -> None:
        """See :class:`Text`."""
        self.forget()
        if self._depth and not self._is_open:
            self._is_open = True
            self._send(SCI.SCI_BEGINUNDOACTION)

    def pause(self) -> None:
        """See :class:`Text`."""
        if self._is_open:
            self._is_open = False
            self._send(SCI.SCI_ENDUNDOACTION)

    def changed_place(self) -> Place:
        """See :class:`Text`."""
        return self.place(self._send(SCI.SCI_GETCURRENTPOS))

    def undo(self) -> bool:
        """See :class:`Text`."""
        return self._travel(SCI.SCI_CANUNDO, SCI.SCI_UNDO)

    def redo(self) -> bool:
        """See :class:`Text`."""
        return self._travel(SCI.SCI_CANREDO, SCI.SCI_REDO)

    def _travel(self, can: int, go: int) -> bool:
        self.pause()
        if not self._send(can) or self.is_read_only:
            return False
        self._send(go)
        self.forget()
        return True


def _text(data: bytes) -> str:
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.decode("utf-8", "surrogateescape")
