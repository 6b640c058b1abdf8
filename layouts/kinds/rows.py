"""Kinds that show the rows of a table as items, or one of them whole."""

from __future__ import annotations

from layouts.kinds.kind import Event, Kind, Property

_TABLE = Property("table", "table", "The table.", argument=1, is_required=True)
#: What items say and how they are found, alike in lists and cards.
_ITEM = (
    Property("filter", "filter", "Only rows for which this is true."),
    Property("sort", "sort", "Order at first opening."),
    Property("title", "row", "The first line: a column (name), an expression over the row, or a text with "
             "{expressions} in braces; what the table's rows are called by when left out."),
    Property("subtitle", "row", "A quieter line below it."),
    Property("trailing", "row", "A text at the end: an amount, a date."),
    Property("tag", "row", "A word on a coloured ground at the end: a state, a kind."),
    Property("icon", "icon", "An icon before the texts."),
    Property("icon_column", "column", "A column that names the icon instead."),
    Property("image", "column", "A column with a picture, or the path of one in the app."),
    Property("letters", "boolean", "Whether items without a picture show the letters that their title begins with.",
             False),
    Property("section", "row", "Rows with the same value stand together under a heading."),
    Property("empty", "text", "What to say when there are no rows.", ""),
    Property("editable", "boolean", "Whether rows can be added, renamed and deleted.", True),
    Property("activate", "command", "What Return or a double click runs; it shows the row whole when left out."),
)  # fmt: skip
_KEYS = (
    ("Home, End", "the first, the last item"),
    ("PageUp, PageDown", "a view further"),
    ("Letters", "the next item that begins with them"),
    ("Shift with a moving key, Ctrl+A", "select"),
    ("Ctrl+Space", "take the item into what is selected, or out of it"),
    ("Ctrl+C", "copy"),
    ("F2", "edit the title, where it is a column of texts"),
    ("Ctrl+Insert", "new row, in the form beside or over the list"),
    ("Ctrl+Shift+D, Ctrl+Delete", "duplicate, delete the selected rows"),
    ("Alt+R", "put the rows in order again"),
    ("Return", "what the layout says, else the row whole"),
    ("Escape", "only the current item is selected"),
    ("Shift+F10, Menu", "what can be done here"),
    ("F9", "the row whole, and back"),
)

ROWS: tuple[Kind, ...] = (
    Kind(
        "list",
        "Rows of a table as lines: a title, a quieter second line, an icon or picture before them, something behind.",
        (_TABLE, *_ITEM),
        children=("style",),
        loader="widgets.list.list:List",
        keys=(("Up, Down", "the item above, below"), *_KEYS),
        events=(Event("current-changed", "current_changed", "Another row became the current one."),),
        role="List",
        example='list orders id=recent title="customer.name" subtitle="{placed} · {total}" tag="status"',
    ),
    Kind(
        "cards",
        "Rows of a table as cards beside each other, as many as fit: a picture or icon, a title, fields with labels.",
        (
            _TABLE,
            *_ITEM,
            Property("side", "choice", "Where picture or icon stands.", "top", choices=("top", "start")),
            Property("card_width", "integer", "The least width of a card, in pixels at 100 %.", 240),
        ),
        children=("show", "style"),
        loader="widgets.cards.cards:Cards",
        keys=(("Arrow keys", "the item beside, above, below"), *_KEYS),
        events=(Event("current-changed", "current_changed", "Another row became the current one."),),
        role="List",
        example='cards orders id=shelf title="customer.name" trailing="total" icon=order { show placed; show due }',
    ),
    Kind(
        "record",
        "The current row of a view whole: all its columns, the rows that it refers to, and the rows that refer to it. "
        "Without children it shows every column.",
        (
            Property("of", "binding", "The view's current row (orders_view.current).", is_required=True),
            Property("editable", "boolean", "Whether the fields can be edited.", True),
        ),
        children=("field", "check", "*"),
        loader="widgets.record.record:Record",
        keys=(
            ("Alt+PageUp, Alt+PageDown, Alt+Home, Alt+End", "the row before, the next, the first, the last"),
            ("Alt+Left, Escape", "back to where a reference was followed"),
            ("Ctrl+S, or leaving the row", "write the row"),
        ),
        role="Form",
        example="record of=orders_view.current",
    ),
)
