"""Commands that write rows into a file, and bring rows of a file in."""

from __future__ import annotations

from typing import Any

from kernel.error import EspalierError
from kernel.words import say
from shell.focus import kind_of


def export_rows(window: Any) -> None:
    """Ask how, then export the rows of the list that had the focus last."""
    from widgets.exchange.export_card import ExportCard

    _card(window, "export", ExportCard).show_for(_list(window))


def import_rows(window: Any) -> None:
    """Ask for a file, then bring its rows into the table of the list that had the focus last."""
    from widgets.exchange.import_card import ImportCard

    rows = _list(window)
    schema = rows.handle.schema
    if schema is None or not rows.can_edit():
        reason = schema.read_only_reason if schema is not None else ""
        raise EspalierError(reason or say("the rows of this list cannot be edited"))
    _card(window, "import", ImportCard).show_for(rows.handle)


def _list(window: Any) -> Any:
    view = window.active_view()
    if view is None or kind_of(view) not in ("grid", "list", "cards"):
        raise EspalierError(say("there is no list here"))
    return view


def _card(window: Any, name: str, made_by: Any) -> Any:
    if window.context is None:
        raise EspalierError(say("nothing is shown here"))
    made = window.cards.made.get(name)
    if made is not None and made.context is not window.context:  # the layout was read again
        made.deleteLater()
        made = None
    if made is None:
        made = window.cards.made[name] = made_by(window, window.context)
    return made
