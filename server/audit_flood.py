"""How much of the audit refusals may take: who may do nothing must not fill a disk, nor push out what others did.

What is let through is cut to a size; what goes beyond a minute's share is counted, and told by one line.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import msgspec

from server.audit_entry import Entry, Note, as_text, now

#: Lines of refusals that one person at one machine, and all together, may leave in a minute.
ONE_A_MINUTE, ALL_A_MINUTE = 60, 600
#: Lines of one refused commit, and characters of a text in one line.
MOST_ROWS, MOST_LETTERS = 20, 2_000
MINUTE_S = 60.0
#: Who is counted: person, whether that is certain, machine.
Who = tuple[str, bool, str]


def cut(note: Note) -> Note:
    """The note, with what a refused commit brought along cut to a size; everything else as it is."""
    if not _is_refusal(note):
        return note
    entries = [_cut(entry) for entry in note.entries[:MOST_ROWS]]
    left = len(note.entries) - len(entries)
    if left:
        last = entries[-1]
        entries[-1] = msgspec.structs.replace(last, reason=f"{last.reason}; and {left} more changes of this commit")
    return msgspec.structs.replace(note, entries=tuple(entries))


class Flood:
    """Counts refusals by minutes. Safe from any thread.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._began = clock()
        self._count = 0
        self._by_who: dict[Who, int] = {}
        self._left_out: dict[Who, tuple[int, Note]] = {}

    def lets(self, note: Note) -> bool:
        """Whether the note is to be written; else it is counted. Ask for :meth:`summaries` before."""
        if not _is_refusal(note):
            return True
        with self._lock:
            who, lines = _who(note), min(len(note.entries), MOST_ROWS)
            mine = self._by_who.get(who, 0)
            if mine + lines <= ONE_A_MINUTE and self._count + lines <= ALL_A_MINUTE:
                self._by_who[who] = mine + lines
                self._count += lines
                return True
            if who not in self._left_out and len(self._left_out) >= ALL_A_MINUTE:
                who = ("", False, "")  # so many names at once are one line as well
            count, first = self._left_out.get(who, (0, note))
            self._left_out[who] = count + len(note.entries), first
            return False

    @property
    def wait_s(self) -> float | None:
        """Seconds until there is something to be told of what was left out; None when nothing was."""
        with self._lock:
            return max(0.0, self._began + MINUTE_S - self._clock()) if self._left_out else None

    def summaries(self, *, is_all: bool = False) -> list[Note]:
        """A note for each who was left out in a minute that is over.

        Args:
            is_all: Also of the minute that is not.
        """
        with self._lock:
            if not is_all and self._clock() < self._began + MINUTE_S:
                return []
            found = [_summary(who, count, first) for who, (count, first) in self._left_out.items()]
            if self._clock() >= self._began + MINUTE_S:
                self._began, self._count, self._by_who = self._clock(), 0, {}
            self._left_out = {}
            return found


def _is_refusal(note: Note) -> bool:
    return bool(note.entries) and all(entry.action == "refused" for entry in note.entries)


def _who(note: Note) -> Who:
    return note.person, note.is_verified, note.origin.rpartition(":")[0] or note.origin


def _summary(who: Who, count: int, first: Note) -> Note:
    person, is_verified, machine = who
    entry = first.entries[0]
    reason = f"{count} more like this within a minute, which are not listed: {entry.reason}"
    row = Entry(_short(entry.table), (), "refused", reason=_short(reason))
    return Note(now(), person or "many", is_verified, machine, first.app, first.source, (row,))


def _cut(entry: Entry) -> Entry:
    table, reason = _short(entry.table), _short(entry.reason)
    before, after = (_cut_values(values) for values in (entry.before, entry.after))
    key = tuple(_short(part) if isinstance(part, str) else part for part in entry.key[:20])
    return Entry(table, key, entry.action, before, after, reason)


def _cut_values(values: dict[str, object]) -> dict[str, object]:
    """The values when they are short; else their beginning as a text."""
    if not values:
        return values
    text = as_text(values)
    return values if len(text) <= MOST_LETTERS else {"…": f"{text[:MOST_LETTERS]}… ({len(text)} letters)"}


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
