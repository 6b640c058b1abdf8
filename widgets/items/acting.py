"""What is done with whole rows of a list: deleted, duplicated; made when it is wanted first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.listing.row_action import RowActions
from widgets.listing.work import Work

if TYPE_CHECKING:
    from widgets.items.view import ItemView


def row_actions(view: ItemView) -> RowActions:
    """The actions of one view."""
    work = Work(view, view.notice)
    return RowActions(view, view.notice, work, lambda row: row_name(view, row))


def row_name(view: ItemView, row: int) -> str:
    """What the person calls a row: its title, else its number."""
    item = view.content.item(row)
    return f"“{item.title}”" if item is not None and item.title else f"row {row + 1:,}"
