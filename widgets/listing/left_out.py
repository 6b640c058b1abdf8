"""New rows that the filter of their view leaves out: it is said, with a way to show them."""

from __future__ import annotations

from typing import Any

import msgspec

from kernel.tables.change import Key
from kernel.tables.query import Query
from kernel.words import say
from widgets.grid.mark import Answer


def tell_left_out(view: Any, keys: list[Key]) -> None:
    """Ask whether new rows pass the filters of a view, and say so where they do not.

    Args:
        view: Shows rows; its ``handle``, ``rows``, ``notice_of_rows`` and ``take_kept`` are used.
        keys: Of rows that were stored a moment ago.
    """
    handle, query = view.handle, view.rows.query()
    if not query.filter or not keys:
        return
    wanted = msgspec.structs.replace(query, keys=tuple(keys), sort=(), columns=())

    def take(passing: Any) -> None:
        if isinstance(passing, int) and passing < len(keys):
            ask_declared(len(keys) - passing)

    def ask_declared(left: int) -> None:
        """What the filter of the table's declaration leaves out is never shown here."""
        def say(shown: Any) -> None:
            may_show = len(keys) == 1 and shown == 1 and _condition(view, keys[0]) is not None
            # Where the person is then is known when the rows are here.
            view.rows.go_after(lambda: _say(view, keys, left, may_show))

        handle.count(handle.merge(Query(keys=tuple(keys))), say)

    handle.count(wanted, take)


def _say(view: Any, keys: list[Key], left: int, may_show: bool) -> None:
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
