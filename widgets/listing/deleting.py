"""Deleting rows of a view: asked first, all of them or none, those that are not here as well.

Rows go as the person saw them when they were asked. What somebody else changed since is shown, and goes or stays then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from kernel.tables.by_key import blocks_of
from kernel.tables.change import Change, Delete, Key
from kernel.tables.merge import Merge, UndecidedError, commit_merged
from kernel.tables.outline.row import OUTLINE, GroupRow
from kernel.tables.query import Query
from kernel.tables.reporting import reporting
from kernel.words import say, say_count
from widgets.asked import agreed
from widgets.grid.mark import Answer
from widgets.listing.cache import PAGE
from widgets.listing.ranges import Span, count_of
from widgets.listing.span import MovedError, read_spans

if TYPE_CHECKING:
    from widgets.listing.row_action import RowActions

#: Part of the work that reading the rows is.
_READING = 0.3
#: Rows that are deleted at once at most, beyond which a table is emptied otherwise.
MOST = 1_000_000


class _Seen(NamedTuple):
    """A row as the person saw it: its version, empty where it is not checked, and the values of its columns."""

    version: str
    values: dict[str, Any]


class Doomed(NamedTuple):
    """What the person was asked about.

    Attributes:
        spans: Ranges of places.
        places: Place → key of the rows that were here.
        rows: Key → how it was seen.
    """

    spans: list[Span]
    places: dict[int, Key]
    rows: dict[Key, _Seen]

    @property
    def title(self) -> str:
        """What the edit is called."""
        count = count_of(self.spans)
        return say_count("{verb} {count:,} row", "{verb} {count:,} rows", count, verb=say("Delete"))


class Deleting:
    """One view's deleting.

    Args:
        actions: The view's actions on rows, whose view, notice and work are used.
    """

    def __init__(self, actions: RowActions) -> None:
        self._actions, self._view, self._notice, self._work = actions, actions.view, actions.notice, actions.work

    def ask(self) -> None:
        """Ask whether the selected rows shall go; needs rows that may be deleted."""
        spans = self._actions.stored_spans()
        total = count_of(spans)
        if total > MOST:
            self._notice.say(f"{total:,} rows are too many to delete at once; at most {MOST:,}")
            return
        if total == 0:
            return
        first, last = self._actions.name_of(spans[0][0]), self._actions.name_of(spans[-1][1])
        what = (
            say("these {total:,} rows, {first} to {last}", total=total, first=first, last=last) if total > 1 else first
        )
        is_kept = self._view.handle.open_history is not None
        back = say("Ctrl+Z brings them back.") if total > 1 else say("Ctrl+Z brings it back.")
        doomed = self._look(spans)
        answers = (Answer(say("Cancel"), lambda: None), Answer(say("Delete"), lambda: self._delete(doomed), "danger"))
        text = f"{say('Delete {what}?', what=what)} {back if is_kept else say('This cannot be undone.')}"
        if not agreed(text, lambda: self._delete(doomed)):
            self._notice.say(text, tone="error", answers=answers)

    def _look(self, spans: list[Span]) -> Doomed:
        """The rows as they are on screen now."""
        view, places = self._view, self._actions.expected(spans)
        own = {key for key, _ in view.editing.marks} if hasattr(view, "editing") else set()
        rows = {}
        for place, key in places.items():
            block, index = view.rows.cache.pages[place // PAGE].block, place % PAGE
            if OUTLINE in block.columns and isinstance(block.columns[OUTLINE][index], GroupRow):
                continue
            values = {name: value for name, value in block.row(index).items() if view.handle.schema.column(name)}
            # What the person writes at this moment is no change by somebody else.
            is_own = key in own or key in view.handle.own
            rows[tuple(key)] = _Seen("" if is_own else block.versions[index], values)
        return Doomed(spans, places, rows)

    def _delete(self, doomed: Doomed) -> None:
        view = self._view
        schema, table, writer = view.handle.schema, view.rows.opener(), view.handle.writer()
        names = tuple(name for name in schema.key if schema.column(name) is not None)
        query = msgspec.structs.replace(view.rows.query(), columns=names)

        def work(report: Any) -> int:
            source = table()
            changes: list[Change] = []
            if len(doomed.places) == count_of(doomed.spans):
                blocks = blocks_of(source, Query(columns=names), list(doomed.rows))
            else:
                blocks = read_spans(source, query, doomed.spans, doomed.places, lambda part: report(part * _READING))
            for block in blocks:
                for key, version in zip(map(tuple, block.keys), block.versions, strict=True):
                    seen = doomed.rows.get(key)
                    changes.append(Delete(key, (seen and seen.version) or version))
            with reporting(report, _READING):
                return _commit(source, writer, changes, doomed)

        self._work.run(doomed.title, work, lambda answer: self._end(doomed, answer))

    def _end(self, doomed: Doomed, answer: Any) -> None:
        if isinstance(answer, UndecidedError):
            self._compare(doomed, answer.merge)
            return
        self._view.selection.clear()
        if isinstance(answer, MovedError):
            # NOTE: other rows stand at these places now; nobody was asked about them.
            self._work.say_refused(doomed.title, answer)
        elif isinstance(answer, Exception):
            self._work.fail(doomed.title, answer, lambda: self._delete(doomed))

    def _compare(self, doomed: Doomed, merge: Merge) -> None:
        """Show what somebody else changed, row by row; then those go that still shall."""
        from widgets.conflict_walk import walk

        view, writer, table = self._view, self._view.handle.writer(), self._view.rows.opener()
        theirs = {tuple(clash.change.key): clash for clash in merge.clashes}
        shown = {**doomed.rows, **{key: _Seen(clash.version, clash.theirs) for key, clash in theirs.items()}}

        def take(chosen: list[tuple[int, Change]]) -> None:
            if not chosen:
                view.context.reporter.report("info", say("{title}: nothing was deleted", title=doomed.title))
                return
            left = Doomed(doomed.spans, doomed.places, shown)
            changes = [change for _, change in chosen]

            def work(report: Any) -> int:
                with reporting(report):
                    return _commit(table(), writer, changes, left)

            self._work.run(doomed.title, work, lambda answer: self._end(left, answer))

        walk(view.window(), view.context, view.handle, merge, take)


def _commit(table: Any, writer: Callable[[Any, str], Any], changes: list[Change], doomed: Doomed) -> int:
    """Delete the rows but those that somebody else deleted already; how many were left to delete."""
    keys = [tuple(change.key) for change in changes if isinstance(change, Delete)]

    def seen_of(place: int) -> dict[str, Any]:
        seen = doomed.rows.get(keys[place])
        return seen.values if seen is not None else {}

    def write(some: Any) -> Any:
        return writer(some, doomed.title) if some else None

    return len(commit_merged(write, table, changes, seen_of).places)
