"""Finding and replacing in a surface: all matches marked and counted, steps from one to the next."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from plugins.api import say_count
from plugins.scintilla.code import Code
from plugins.scintilla.find import FindError, Match, Search, looked_for, matches, replacement

#: Matches that are counted and marked at most; seconds of a turn of the event loop that go into counting.
MOST, MARKED, SLICE_S = 1_000_000, 20_000, 0.02
#: Replacements from which on the text between the first and the last is put in as one.
AT_ONCE = 2_000


class Finder(QObject):
    """What is searched for in one text.

    Attributes:
        search: What it is; None = nothing.
        places: Start and end of each match that was found so far.
        is_whole: Whether all of the text was searched.
        within: The part that is searched; None = all.
    """

    counted = Signal()
    failed = Signal(str)

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self._code = code
        self.search: Search | None = None
        self.within: tuple[int, int] | None = None
        self.places: list[tuple[int, int]] = []
        self.is_whole = True
        self._running: Iterator[Match | None] | None = None
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._count)
        self._again = QTimer(self, singleShot=True, interval=150)
        self._again.timeout.connect(lambda: self.look_for(self.search))
        self._is_replacing = False
        code.edited.connect(self._hear)

    def look_for(self, search: Search | None) -> None:
        """Search for that from now on; tells ``counted``, once or more often, or ``failed``."""
        self._stop()
        self.search = search if search is not None and search.text else None
        self.places, self.is_whole = [], self.search is None
        if self.search is None:
            self._mark()
            self.counted.emit()
            return
        self._running = self._matches(is_patient=False)
        self._count()

    def close(self) -> None:
        """Search for nothing any more."""
        self.within = None
        self.look_for(None)

    def current(self) -> int:
        """Which of the matches is selected, from 0; -1 for none."""
        start, stop = self._code.selection
        index = bisect_left(self.places, (start, stop))
        return index if index < len(self.places) and self.places[index] == (start, stop) else -1

    def step(self, step: int, *, from_start: bool = False) -> bool | None:
        """Select the next or previous match, from the end on to the beginning.

        Args:
            step: 1 or -1.
            from_start: Whether one that begins where the selection does will do.

        Returns:
            Whether it went round; None where there is no match.
        """
        if self.search is None:
            return None
        start, stop = self._code.selection
        found, is_round = self._near(start, stop, step, from_start), False
        if found is None:
            found, is_round = self._edge(step), True
        if found is None:
            return None
        self._code.select(*found)
        return is_round

    def replace(self, template: str) -> bool:
        """Put the template in the place of the selected match, and go to the next; False where none is selected.

        Raises:
            FindError: the template is wrong.
        """
        start, stop = self._code.selection
        match = next((one for one in self._matches(start) if (one.start, one.stop) == (start, stop)), None)
        if self.search is None or match is None:
            return False
        new = replacement(self.search, match, template)
        match = None  # it holds the buffer, which is another after the change
        self._stop()
        with self._code.one_step():
            self._code.replace(start, stop, new)
        place = start + len(new) + (1 if start == stop else 0)
        self._code.select(place, place)
        self.look_for(self.search)
        self.step(1, from_start=True)
        return True

    def replace_all(self, template: str) -> int:
        """Put the template in the place of every match, as one step to undo; answers how many there were.

        Raises:
            FindError: the template is wrong; nothing was replaced.
        """
        if self.search is None:
            return 0
        self._stop()
        search = self.search
        made = [(one.start, one.stop, replacement(search, one, template)) for one in self._matches()]
        if not made:
            return 0
        code = self._code
        caret = code.caret
        self._is_replacing = True
        with code.one_step():
            if len(made) > AT_ONCE:
                _replace_between(code, made)
            else:
                for start, stop, new in reversed(made):
                    code.replace(start, stop, new)
        self._is_replacing = False
        shift = sum(len(new) - (stop - start) for start, stop, new in made if stop <= caret)
        place = min(max(caret + shift, 0), code.length)
        code.select(place, place)
        if self.within is not None:
            self.within = self.within[0], self.within[1] + sum(len(new) - (stop - start) for start, stop, new in made)
        self.look_for(self.search)
        return len(made)

    def told(self) -> str:
        """How many there are, and which of them is selected."""
        count = len(self.places)
        if not self.is_whole:
            return say_count("{count:,}+ match", "{count:,}+ matches", count)
        index = self.current()
        if index >= 0:
            place = f"{index + 1:,}"
            return say_count("{place} of {count:,} match", "{place} of {count:,} matches", count, place=place)
        return say_count("{count:,} match", "{count:,} matches", count)

    def _matches(self, start: int | None = None, *, is_patient: bool = True) -> Iterator[Any]:
        """All from a place on; with a None now and then, so that something else can be done."""
        low, high = self.within or (0, self._code.length)
        assert self.search is not None
        look = matches if is_patient else looked_for
        return look(self.search, self._code.host.buffer(), low if start is None else max(low, start), high)

    def _near(self, start: int, stop: int, step: int, from_start: bool) -> tuple[int, int] | None:
        """The next match behind or before the selection, among those that were found, else by a search."""
        if step > 0:
            place = start if from_start else max(stop, start + (1 if start == stop and self.current() >= 0 else 0))
            index = bisect_left(self.places, (place, -1))
            if index < len(self.places):
                return self.places[index]
            return None if self.is_whole else self._first(place)
        index = bisect_left(self.places, (start, -1))
        if index:
            return self.places[index - 1]
        return None

    def _edge(self, step: int) -> tuple[int, int] | None:
        """The first or last match."""
        if step > 0:
            return self.places[0] if self.places else None
        while self._running is not None:
            self._count(is_patient=True)
        return self.places[-1] if self.places else None

    def _first(self, start: int) -> tuple[int, int] | None:
        found = next(self._matches(start), None)
        return (found.start, found.stop) if found is not None else None

    def _count(self, *, is_patient: bool = False) -> None:
        """Search on, for a slice of a turn."""
        running, until = self._running, monotonic() + (3600 if is_patient else SLICE_S)
        if running is None:
            return
        try:
            for match in running:
                if match is not None:
                    self.places.append((match.start, match.stop))
                    if len(self.places) >= MOST:
                        break
                if (match is None or len(self.places) % 64 == 0) and monotonic() > until:
                    self.counted.emit()
                    self._turn.start()
                    return
            else:
                self.is_whole = True
        except FindError as error:
            self.is_whole, self._running, self.search = True, None, None
            self._mark()
            self.failed.emit(str(error.message if hasattr(error, "message") else error))
            return
        self._running = None
        self._mark()
        self.counted.emit()

    def _stop(self) -> None:
        """Let go of the buffer."""
        self._turn.stop()
        self._again.stop()
        self._running = None

    def _mark(self) -> None:
        self._code.mark_spans("find", [span for span in self.places[:MARKED] if span[1] > span[0]])

    def _hear(self) -> None:
        """The text is another: what is being searched was taken down."""
        if self.search is not None and not self._is_replacing:
            self._stop()
            self._again.start()


def _replace_between(code: Code, made: list[tuple[int, int, bytes]]) -> None:
    """Replace many: all between the first and the last as one piece."""
    first, last = made[0][0], made[-1][1]
    text = code.host.bytes(first, last)
    parts, place = [], first
    for start, stop, new in made:
        parts += [text[place - first : start - first], new]
        place = stop
    code.replace(first, last, b"".join(parts))
