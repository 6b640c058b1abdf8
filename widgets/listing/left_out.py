"""New rows that the filter of their view leaves out: it is said, with a way to show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from kernel.tables.change import Key
from kernel.tables.query import Query
from kernel.words import say
from widgets.grid.mark import Answer

#: Rows that are asked about at once.
_PART = 10_000


def tell_left_out(view: Any, keys: Sequence[Key]) -> None:
    """Ask whether new rows pass the filters of a view, and say so where they do not.

    Args:
        view: Shows rows; its ``handle``, ``rows``, ``notice_of_rows`` and ``take_kept`` are used.
        keys: Of rows that were stored a moment ago.
    """
    handle, query = view.handle, view.rows.query()
    if not query.filter or not keys:
        return
    wanted = msgspec.structs.replace(query, sort=(), columns=())

    def take(passing: int) -> None:
        if passing < len(keys):
            ask_declared(len(keys) - passing)

    def ask_declared(left: int) -> None:
        """What the filter of the table's declaration leaves out is never shown here."""
        if len(keys) > 1:
            view.rows.go_after(lambda: _say(view, keys, left, False))
            return

        def say(shown: Any) -> None:
            may_show = shown == 1 and _condition(view, keys[0]) is not None
            # Where the person is then is known when the rows are here.
            view.rows.go_after(lambda: _say(view, keys, left, may_show))

        handle.count(handle.merge(Query(keys=tuple(keys))), view.rows.if_there(say))

    _count(handle, wanted, keys, view.rows.if_there(take))


def _count(handle: Any, query: Query, keys: Sequence[Key], done: Callable[[int], None], known: int = 0) -> None:
    """Count those of the rows that pass a query, in parts: a source takes no more at once, and others read between."""
    part = msgspec.structs.replace(query, keys=tuple(keys[:_PART]))

    def take(answer: Any) -> None:
        if not isinstance(answer, int):
            return
        if len(keys) > _PART:
            _count(handle, query, keys[_PART:], done, known + answer)
        else:
            done(known + answer)

    handle.count(part, take)


def _say(view: Any, keys: Sequence[Key], left: int, may_show: bool) -> None:
    """Say it at the view; a record that covers it was opened for the new row, and shows another one by now."""
    from widgets.record.over import over

    if len(keys) == 1:
        text = say("The new row is saved. The filter leaves it out here")
    else:
        text = say(
            "{number:,} new rows are saved. The filter leaves {left:,} of them out here", number=len(keys), left=left
        )
    record = over(view)
    if record is not None and record.record.has_edits():
        view.context.reporter.report("info", text)
        return
    if record is not None:
        record.close_over()
    show = Answer(say("Show it"), lambda: show_left_out(view, keys[0]), "primary")
    answers = (Answer(say("Leave it"), lambda: None), show) if may_show else ()
    view.notice_of_rows().say(text, tone="warning", answers=answers, takes_focus=bool(answers) and view.hasFocus())


def show_left_out(view: Any, key: Key) -> None:
    """Show a row among the others until the filter is another, and go to it."""
    view.rows.keep(_condition(view, key))
    view.setFocus()
    view.rows.go_after(lambda: view.go_to(key))


def _condition(view: Any, key: Key) -> tuple[str, dict[str, Any]] | None:
    """The filter that only this row passes; None where its key is none of its columns."""
    schema = view.handle.schema
    if schema is None or any(schema.column(name) is None for name in schema.key):
        return None
    values = {f"kept_{at}": value for at, value in enumerate(key)}
    return " and ".join(f"{name} == kept_{at}" for at, name in enumerate(schema.key)), values
