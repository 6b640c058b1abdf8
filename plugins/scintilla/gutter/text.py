"""A text of the editor as it would stand in its file, and lines of the file as the editor shows them. No Qt here."""

from __future__ import annotations

import re
from typing import NamedTuple

from plugins.api import EspalierError, Hunk, lines_of, say
from plugins.scintilla.document import Form, write

_LONE_RETURN = re.compile(rb"\r(?!\n)")


class Shown(NamedTuple):
    """A text at one moment.

    Attributes:
        text: As the editor has it.
        form: How it is written.
    """

    text: bytes
    form: Form

    def reason(self) -> str:
        """Why its lines are not those of its file; empty where they are."""
        if b"\r" in self.text and _LONE_RETURN.search(self.text):
            return say("some of its lines end with a carriage return alone")
        return ""

    def data(self) -> bytes:
        """As it would stand in the file.

        Raises:
            EspalierError: a letter is not in the encoding.
        """
        return write(self.text, self.form)

    def lines(self, kept: bytes, start: int, stop: int | None = None) -> bytes:
        """Lines of what is kept, as the editor would have them; to the end where no stop is given.

        Raises:
            EspalierError: they are no text in the encoding of the file.
        """
        part = b"".join(lines_of(kept)[start:stop])
        if self.form.encoding == "utf-8":
            return part.removeprefix(b"\xef\xbb\xbf") if not start else part
        try:
            return part.decode(self.form.encoding).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise EspalierError(say("what stood there is in another encoding than the file")) from error


def touching(hunks: tuple[Hunk, ...], first: int, last: int, count: int) -> list[Hunk]:
    """The hunks that lines of a text are in; where lines are gone, the line that came in their place counts.

    Args:
        hunks: Of a comparison.
        first, last: Lines from 0.
        count: How many lines the text has.
    """
    places = [(first_line(one, count), one) for one in hunks]
    return [one for line, one in places if line <= last and first < max(one.new_stop, line + 1)]


def narrowed(hunk: Hunk, first: int, last: int) -> Hunk:
    """The part of a hunk that lines of a text are; all of it where lines are only gone.

    New lines take the place of old ones from above, each of one; what is gone besides goes with the last new line.
    """
    start, stop = max(hunk.new_start, first), min(hunk.new_stop, last + 1)
    if start >= stop:
        return hunk
    gone = hunk.old_stop - hunk.old_start
    begin = min(start - hunk.new_start, gone)
    end = gone if stop == hunk.new_stop else min(stop - hunk.new_start, gone)
    return Hunk(hunk.old_start + begin, hunk.old_start + end, start, stop)


def first_line(hunk: Hunk, count: int) -> int:
    """The line of a text at which a hunk is shown."""
    return min(hunk.new_start, count - 1)
