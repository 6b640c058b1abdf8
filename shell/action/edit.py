"""Commands for edits: taking them back, doing them again, looking at what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.words import say

if TYPE_CHECKING:
    from kernel.tables.history import Entry
    from kernel.tables.merge import Merge
    from widgets.history import History
    from widgets.history_turn import Long


def undo(window: Any) -> None:
    """Take the last edit back."""
    _history(window).undo(lambda entry, error: _tell(window, say("undone"), entry, error))


def redo(window: Any) -> None:
    """Do again what was undone last."""
    _history(window).redo(lambda entry, error: _tell(window, say("done again"), entry, error))


def show_history(window: Any) -> None:
    """Show the edits of this window as a table."""
    from widgets.history_card import HistoryCard

    if window.tables is None:
        raise EspalierError(say("nothing is edited here"))
    card = window.cards.made.get("history")
    if card is None:
        run = window.registry.run
        card = HistoryCard(window, window.context, lambda: run("edit.undo"), lambda: run("edit.redo"))
        window.cards.made["history"] = card
    card.show_history(window.tables.open_history())


def show_unsent(window: Any) -> None:
    """Show the edits that the server would not take."""
    from shell.unsent_card import UnsentCard

    card = window.cards.made.get("unsent")
    if card is None:
        card = window.cards.made["unsent"] = UnsentCard(window)
    card.show_edits()


def _history(window: Any) -> History:
    """The window's edits; what clashes is asked about in it, and long work is shown in the view of its table."""
    from widgets.conflict_walk import walk
    from widgets.history_turn import Surroundings

    def decide(entry: Entry, merge: Merge, take: Any, later: Any) -> None:
        walk(window, window.context, entry.place, merge, take, later=later)

    history = window.tables.open_history()
    history.surroundings = Surroundings(lambda entry: _long_work(window, entry), decide)
    return history


def _long_work(window: Any, entry: Entry) -> Long | None:
    """Where work on the entry's table is shown, or None."""
    for view in (window.active_view(), *window.context.views.values()):
        if getattr(view, "handle", None) is entry.place and hasattr(view, "block") and view.isVisible():
            return view.block.work.run
    return None


def _show_row(window: Any, entry: Entry) -> None:
    """Go to the first row that was changed, where it is among those that are shown and the person edits nothing."""
    from kernel.tables.change import Insert

    changes = entry.step.changes if entry.step is not None else ()
    key = next((change.key for change in changes if not isinstance(change, Insert)), None)
    view = window.active_view()
    is_there = getattr(view, "handle", None) is entry.place and hasattr(view, "go_to")
    if key is not None and is_there and not view.holds_person():
        view.go_to(tuple(key))


def _tell(window: Any, verb: str, entry: Entry, error: Exception | None) -> None:
    from kernel.tables.error import ConflictError, InterruptedCallError
    from widgets.conflict_text import merged_text
    from widgets.history import title
    from widgets.history_turn import GIVEN_UP

    what = f"“{title(entry)}”"
    if error is None:
        _show_row(window, entry)
        merged = window.tables.open_history().merged
        partly = entry.step is not None and entry.step.is_partial
        detail = say("Other rows that the database wrote along with it stay as they are.") if partly else ""
        said = say("{what} is {verb}", what=what, verb=verb)
        said = merged_text(said, merged) if merged else said
        window.messages.report("warning" if partly else "info", said, detail)
        return
    reason = str(getattr(error, "message", error))
    if isinstance(error, InterruptedCallError):
        if reason != GIVEN_UP:  # the view that showed the work has said it
            window.messages.report(
                "info", say("{what} is not {verb}", what=what, verb=verb), reason[:1].upper() + reason[1:]
            )
        return
    if isinstance(error, ConflictError):
        reason = say("Somebody changed or deleted one of its rows since")
    said = say("{what} could not be {verb}; nothing was changed", what=what, verb=verb)
    window.messages.report("error", said, reason)
