"""Deleting and duplicating the selected rows of a view: all of them or none, those that are not here as well."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.tables.change import Change, Insert
from kernel.tables.reporting import reporting
from kernel.words import say, say_count
from widgets.listing.cache import PAGE
from widgets.listing.left_out import tell_left_out
from widgets.listing.ranges import Span, count_of
from widgets.listing.span import read_spans

if TYPE_CHECKING:
    from widgets.grid.notice import Notice
    from widgets.listing.deleting import Deleting
    from widgets.listing.work import Work

#: Part of the work that reading the rows is.
_READING = 0.3
#: Rows that are duplicated at once at most.
MOST_COPIES = 10_000


class RowActions:
    """One view's actions on whole rows.

    Args:
        view: The view: its ``handle``, ``rows``, ``selection`` and ``current`` are used.
        notice: Where questions and refusals are said.
        work: Runs them.
        name_of: What the person calls the row at a place.
    """

    def __init__(self, view: Any, notice: Notice, work: Work, name_of: Callable[[int], str]) -> None:
        self.view, self.notice, self.work, self.name_of = view, notice, work, name_of

    @cached_property
    def deleting(self) -> Deleting:
        """What deletes rows; made when it is wanted."""
        from widgets.listing.deleting import Deleting

        return Deleting(self)

    def may(self, action: str) -> bool:
        """Whether the person may ``edit``, ``add`` or ``delete`` rows here; if not, it is said."""
        view = self.view
        reason = view.why_not(action)
        if view.can_edit() and not reason:
            return True
        if view.can_edit():
            self.notice.say(reason, tone="warning")
        else:
            self.notice.say_read_only(None)
        return False

    def stored_spans(self) -> list[Span]:
        """The selected rows as ranges of places, without a new one that is not stored yet."""
        count = self.view.rows.cache.count or 0
        return [(top, min(bottom, count - 1)) for top, bottom in self.view.selection.spans() if top < count]

    def expected(self, spans: list[Span]) -> dict[int, Any]:
        """Place → key of the rows in these ranges that are here, so that no others are written than were seen."""
        return {
            number * PAGE + index: key
            for number, page in self.view.rows.cache.pages.items()
            for index, key in enumerate(page.block.keys)
            if any(top <= number * PAGE + index <= bottom for top, bottom in spans)
        }

    def ask_delete(self) -> None:
        """Ask whether the selected rows shall go; needs rows that may be deleted."""
        self.deleting.ask()

    # -- duplicating ----------------------------------------------------------------------------------------------

    def duplicate(self) -> None:
        """New rows with the values of the selected ones, but for keys and what is worked out."""
        view, schema = self.view, self.view.handle.schema
        spans = self.stored_spans()
        count = count_of(spans)
        if not self.may("add") or not count:
            return
        if count > MOST_COPIES:
            self.notice.say(f"{count:,} rows are too many to duplicate; at most {MOST_COPIES:,} at once")
            return
        names = tuple(one.name for one in schema.columns if not one.is_generated and one.name not in schema.key)
        query, table = msgspec.structs.replace(view.rows.query(), columns=names), view.rows.opener()
        writer, expected = view.handle.writer(), self.expected(spans)
        title = say_count("{verb} {count:,} row", "{verb} {count:,} rows", count, verb=say("Duplicate"))

        def work(report: Any) -> Any:
            changes: list[Change] = []
            for block in read_spans(table(), query, spans, expected, lambda part: report(part * _READING)):
                changes += [Insert(block.row(index)) for index in range(len(block))]
            with reporting(report, _READING):
                return writer(changes, title)

        def done(answer: Any) -> None:
            if isinstance(answer, Exception):
                self.work.fail(title, answer, self.duplicate)
            elif answer.keys:
                view.selection.clear()
                view.current.key = answer.keys[0]
                view.rows.reload()
                tell_left_out(view, [tuple(key) for key in answer.keys])

        self.work.run(title, work, done)
