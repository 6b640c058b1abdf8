"""The columns that items of a list, or cards, have on paper: each of their texts, then the columns of cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from layouts.node import Node
from widgets.grid.column import GridColumn
from widgets.items.row_text import RowText

if TYPE_CHECKING:
    from widgets.items.view import ItemView

#: Letters of a text at most.
_LONGEST = 300


class ItemColumn(NamedTuple):
    """One text of an item, with what a sheet asks of a column."""

    label: str
    row_text: RowText
    align: str = "start"
    is_flexible: bool = True
    look: str = ""

    def text(self, read: Callable[[str], Any]) -> str:
        """What it says of a row, on one line."""
        return " ".join(self.row_text.text(read)[:_LONGEST].split())


def item_columns(view: ItemView) -> list[Any]:
    """Texts that read their outer names as they are now, so that another thread may ask them."""
    schema, scope = view.handle.schema, view.context.scope.copy()
    texts = []
    for name, text in view.content.texts.items():
        path = next(iter(text.paths), "") if len(text.paths) == 1 else ""
        is_column = schema is not None and schema.column(path) is not None
        label = GridColumn(Node("show", properties={"column": path}), schema).label if is_column else ""
        texts.append(ItemColumn(label, text.read_in(scope), "end" if name == "trailing" else "start"))
    return [*texts, *view.content.fields]
