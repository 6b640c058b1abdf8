"""Taking one edit back, or doing it again: put together with what others changed since, or decided by the person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kernel.tables.change import Change, Key
from kernel.tables.error import InterruptedCallError
from kernel.tables.history import Entry, Renames, Step, commit_recorded, renames
from kernel.tables.merge import Merge, SeenOf, UndecidedError, commit_merged
from kernel.tables.reporting import reporting
from kernel.words import mark, say

if TYPE_CHECKING:
    from widgets.history import History

#: Changes from which on it is shown how far it is.
MANY = 1_000

#: Why an edit stays as it is when its long work was given up.
GIVEN_UP = mark("it was given up")

Chosen = list[tuple[int, Change]]


class Long(Protocol):
    """Does long work off the GUI thread and shows how far it is, with a way to give it up."""

    def __call__(self, text: str, work: Callable[[Any], Any], done: Callable[[Any], None], *,
                 given_up: Callable[[], None]) -> None:  # fmt: skip
        """See :meth:`widgets.grid.block.BlockWork.run`."""


class Surroundings(NamedTuple):
    """What a window does for its history.

    Attributes:
        long_work: Where an edit of a table is worked on with progress; None where no view shows the table.
        decide: Asks what clashes: ``decide(entry, merge, take, later)``; None where nobody can be asked.
    """

    long_work: Callable[[Entry], Long | None] = lambda _entry: None
    decide: Callable[[Entry, Merge, Callable[[Chosen], None], Callable[[], None]], None] | None = None


class Turned(NamedTuple):
    """How it ended: the way back from it, which rows have other keys or versions now, and how many were merged."""

    step: Step | None
    renamed: Renames
    merged: int


class _Attempt(NamedTuple):
    """What is to be written.

    Attributes:
        changes: The entry's, or those that are left of them.
        places: Where they stand in the entry's step.
        seen_of: What stands in their columns as far as it is known.
        others: Rows that somebody else changed as well.
    """

    changes: Sequence[Change]
    places: Sequence[int]
    seen_of: SeenOf
    others: tuple[Key, ...] = ()


class Turn:
    """One entry's turn; ``done(answer)`` gets a :class:`Turned` or the exception, on the GUI thread.

    Args:
        history: Whose journal and surroundings are used.
        entry: The entry; it has a step.
        done: Hears how it ended.
    """

    def __init__(self, history: History, entry: Entry, done: Callable[[Any], None]) -> None:
        self._surroundings, self._entry, self._done = history.surroundings, entry, done
        step = entry.step
        assert step is not None
        self._step = step
        self._write(_Attempt(history.journal.changes_of(entry), range(len(step.changes)), step.seen_of))

    def _write(self, attempt: _Attempt) -> None:
        entry = self._entry

        def work(table: Any) -> Turned:
            written = entry.place.noting(attempt.changes, lambda: commit_merged(
                lambda some: commit_recorded(table, some), table, attempt.changes, attempt.seen_of
            ))  # fmt: skip
            committed, step = written.answer
            places = [attempt.places[place] for place in written.places]
            renamed = renames(entry, committed, step, places, (*attempt.others, *written.merged))
            return Turned(step, renamed, len(written.merged))

        def take(answer: Any) -> None:
            if isinstance(answer, UndecidedError) and self._surroundings.decide is not None:
                self._ask(answer.merge, attempt)
            else:
                self._done(answer)

        self._run(len(attempt.changes), work, take)

    def _run(self, count: int, work: Callable[[Any], Any], take: Callable[[Any], None]) -> None:
        place = self._entry.place
        long_work = self._surroundings.long_work(self._entry) if count >= MANY else None
        if long_work is None:
            place.call(work, take, is_write=True)
            return

        def reported(report: Any) -> Any:
            with reporting(report):
                return work(place.table())

        from widgets.history import title

        verb = say("Doing again") if self._entry.state == "undone" else say("Undoing")
        given_up = InterruptedCallError(say(GIVEN_UP))
        long_work(f"{verb} “{title(self._entry)}”", reported, take, given_up=lambda: self._done(given_up))

    def _ask(self, merge: Merge, attempt: _Attempt) -> None:
        """Let the person decide row by row; nothing is written until they do."""
        assert self._surroundings.decide is not None
        theirs = {merge.places[clash.index]: clash.theirs for clash in merge.clashes}
        others = (*attempt.others, *merge.merged, *(tuple(clash.change.key) for clash in merge.clashes))

        def take(chosen: Chosen) -> None:
            if not chosen:
                self._entry.lose(say("its rows were left as somebody else changed them"))
                self._done(InterruptedCallError(say("its rows were left as somebody else changed them")))
                return
            at = [place for place, _ in chosen]

            def seen_of(index: int) -> Any:
                return theirs.get(at[index]) or attempt.seen_of(at[index])

            places = [attempt.places[place] for place in at]
            self._write(_Attempt([change for _, change in chosen], places, seen_of, others))

        def later() -> None:
            self._done(InterruptedCallError(say("nothing was decided")))

        self._surroundings.decide(self._entry, merge, take, later)
