"""The command that shows who changed the current row: from the server's audit, or from this window's own edits."""

from __future__ import annotations

from typing import Any

from kernel.error import EspalierError
from kernel.tables.change import Key
from kernel.tables.query import Query
from kernel.tables.row_history import Line, lines_of_audit, lines_of_edits
from kernel.tables.schema import title_of
from kernel.words import mark, say

#: What is said above the lines of a database that keeps no history.
_LOCAL = mark("A database on this computer keeps no history: these are the edits of this window that it still knows.")


def show_row_history(window: Any) -> None:
    """Show what was done to the current row, newest first.

    Raises:
        EspalierError: there is no current row.
    """
    view = window.active_view()
    key = _key_of(view)
    if key is None or view.handle.open_history is None:  # the lists of cards are not tables of the app
        raise EspalierError(say("there is no row here whose history is kept"))
    handle, journal = view.handle, window.tables.open_history().journal
    entries = list(journal.entries)

    def read(table: Any) -> tuple[list[Line], str]:
        history = getattr(table, "history", None)
        if history is not None:
            return lines_of_audit(history(key), table.schema), ""
        block = table.fetch(Query(keys=(key,)), 0, 1)
        now = block.row(0) if len(block) else None
        return lines_of_edits(entries, handle, key, now, table.schema), say(_LOCAL)

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            reason = str(getattr(answer, "message", answer))
            window.messages.report("warning", say("The history of this row cannot be shown"), reason)
            return
        lines, said = answer
        card = window.cards.made.get("row history")
        if card is None:
            from widgets.row_history_card import RowHistoryCard

            card = window.cards.made["row history"] = RowHistoryCard(window, window.context)
        name = handle.schema.title or title_of(handle.schema.name)
        card.said.setVisible(bool(said))
        card.show_lines(say("History of {name} {text}", name=name, text=', '.join(map(str, key))), said, lines)

    handle.call(read, take)


def _key_of(view: Any) -> Key | None:
    """The key of the row that a form shows, or of the current row of a list."""
    row = getattr(view, "row", None)
    if row is not None:
        return row.key
    current = getattr(view, "current", None)
    return tuple(current.key) if getattr(current, "key", None) is not None else None
