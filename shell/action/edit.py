"""Commands for edits: taking them back, doing them again, looking at what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError

if TYPE_CHECKING:
    from kernel.tables.history import Entry


def undo(window: Any) -> None:
    """Take the last edit back."""
    window.tables.open_history().undo(lambda entry, error: _tell(window, "undone", entry, error))


def redo(window: Any) -> None:
    """Do again what was undone last."""
    window.tables.open_history().redo(lambda entry, error: _tell(window, "done again", entry, error))


def show_history(window: Any) -> None:
    """Show the edits of this window as a table."""
    from widgets.history_card import HistoryCard

    if window.tables is None:
        raise EspalierError("nothing is edited here")
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


def _show_row(window: Any, entry: Entry) -> None:
    """Go to the first row that was changed, where it is among those that are shown."""
    from kernel.tables.change import Insert

    changes = entry.step.changes if entry.step is not None else ()
    key = next((change.key for change in changes if not isinstance(change, Insert)), None)
    view = window.active_view()
    if key is not None and getattr(view, "handle", None) is entry.place and hasattr(view, "go_to"):
        view.go_to(tuple(key))


def _tell(window: Any, verb: str, entry: Entry, error: Exception | None) -> None:
    from kernel.tables.error import ConflictError
    from widgets.history import title

    what = f"“{title(entry)}”"
    if error is None:
        _show_row(window, entry)
        partly = entry.step is not None and entry.step.is_partial
        detail = "Other rows that the database wrote along with it stay as they are." if partly else ""
        window.messages.report("warning" if partly else "info", f"{what} is {verb}", detail)
        return
    reason = str(getattr(error, "message", error))
    if isinstance(error, ConflictError):
        reason = "Somebody changed or deleted one of its rows since"
    window.messages.report("error", f"{what} could not be {verb}; nothing was changed", reason)
