"""What items say: made once per row from its page, and kept there until the row changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.tables.change import Key
from widgets.grid.shown_text import LONGEST, shown_text
from widgets.grid.store import Store
from widgets.grid.style import RowStyle, emphasis_of, outer_names, reader_with, row_styles
from widgets.items.row_text import RowText

if TYPE_CHECKING:
    from widgets.items.view import ItemView

#: Properties of an item's kinds that are texts over the row.
TEXTS = ("title", "subtitle", "trailing", "tag")


class Item(NamedTuple):
    """One item, ready to be painted. ``fields`` are (label, text) pairs; ``picture`` is a value of ``image``."""

    title: str
    subtitle: str = ""
    trailing: str = ""
    tag: str = ""
    icon: str = ""
    picture: Any = None
    fields: tuple[tuple[str, str], ...] = ()
    emphasis: str = ""

    def spoken(self) -> str:
        """What a screen reader says."""
        pairs = [f"{label} {text}" for label, text in self.fields if text]
        return ", ".join(text for text in (self.title, self.subtitle, self.trailing, self.tag, *pairs) if text)


class ItemContent:
    """Reads a view's pages.

    Attributes:
        texts: Property → its text over the row, of those that the layout gives.
        fields: Columns of cards.
        store: Pictures.
    """

    def __init__(self, view: ItemView) -> None:
        self._view = view
        self.texts: dict[str, RowText] = {}
        self.fields: list[Any] = []
        self.store = Store(view)  # type: ignore[arg-type] - it needs a viewport and a context
        self.styles: list[RowStyle] = row_styles(view.node)
        self._outer: frozenset[str] = frozenset()
        self.icon: str = view.node.get("icon") or ""
        self.icon_path: str = view.node.get("icon_column") or ""
        self.image_path: str = view.node.get("image") or ""
        #: Key → the title that was typed and is being written.
        self._typed: dict[Key, str] = {}

    def take_schema(self, schema: Any) -> tuple[str, ...]:
        """Learn the columns; answers the paths that a page needs."""
        from widgets.grid.column import grid_columns, query_columns

        node, scope = self._view.node, self._view.context.scope
        given = {name: node.get(name) for name in TEXTS if node.get(name) is not None}
        if "title" not in given:
            given["title"] = _label_of(schema)
        self.texts = {name: RowText(value, schema, scope) for name, value in given.items()}
        self._outer = outer_names(self.styles, schema)
        self.fields = grid_columns(node, schema) if node.of_kind("show") else []
        for column in self.fields:
            column.dress(self._view.look.column(column.classes))
        paths = dict.fromkeys(query_columns(self.fields, self.styles, schema))
        for text in self.texts.values():
            paths.update(text.paths)
        paths.update(dict.fromkeys(path for path in (self.icon_path, self.image_path) if path))
        return tuple(paths)

    def outer_names(self) -> tuple[str, ...]:
        """Names of the window that items say."""
        said = (name for text in self.texts.values() for name in text.outer)
        return tuple(dict.fromkeys((*said, *sorted(self._outer))))

    def reader(self, row: int) -> Callable[[str], Any] | None:
        """A function path → value for one row, or None when the row is not here."""
        found = self._view.rows.cache.find(row)
        if found is None:
            return None
        columns, index = found[0].block.columns, found[1]
        return lambda path: columns[path][index] if path in columns else None

    def item(self, row: int) -> Item | None:
        """What the row says, or None when it is not here."""
        found = self._view.rows.cache.find(row)
        if found is None:
            return None
        kept, index = found[0].looks, found[1]
        if index not in kept:
            kept[index] = self._make(self.reader(row))
        typed = self._typed.get(tuple(found[0].block.keys[index])) if self._typed else None
        return kept[index] if typed is None else kept[index]._replace(title=typed)

    def show_title(self, key: Key, text: str | None) -> None:
        """Show a typed title in the place of the stored one; None: the stored one again."""
        if text is None:
            self._typed.pop(key, None)
        else:
            self._typed[key] = text
        self._view.viewport().update()

    def item_of(self, block: Any, index: int) -> Item:
        """What a row of a block says that was read for it alone."""
        return self._make(lambda path: block.columns[path][index] if path in block.columns else None)

    def _make(self, read: Any) -> Item:
        texts = {name: shown_text(text.text(read)[: 4 * LONGEST]) for name, text in self.texts.items()}
        icon = str(read(self.icon_path) or "") if self.icon_path else ""
        fields = tuple((column.label, shown_text(column.write(column.shown_value(read)))) for column in self.fields)
        over = reader_with(read, self._outer, self._view.context.scope.read)
        emphasis = emphasis_of(self.styles, over).get("", "") if self.styles else ""
        picture = read(self.image_path) if self.image_path else None
        return Item(icon=icon or self.icon, picture=picture, fields=fields, emphasis=emphasis, **texts)

    def forget(self) -> None:
        """Items are made anew: a name of the window changed, or the theme."""
        for page in self._view.rows.cache.pages.values():
            page.looks.clear()


def _label_of(schema: Any) -> Any:
    """The columns that a row is called by, else its key, as a text over the row."""
    from layouts.node import Formula, Template

    names = [name for name in schema.label if schema.column(name) is not None]
    names = names or [column.name for column in schema.columns if column.type == "text"][:1] or list(schema.key)
    parts: list[Any] = []
    for name in names:
        parts += [" "] if parts else []
        parts.append(Formula(name, (name,)))
    return parts[0] if len(parts) == 1 else Template(tuple(parts))
