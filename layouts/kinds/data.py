"""Kinds that show and edit tables."""

from __future__ import annotations

from layouts.kinds.grid_tool import TOOL_KEYS
from layouts.kinds.kind import Event, Kind, Property

#: Editors by name; ``auto`` takes the one of the column's type (see ``widgets/editor/``).
EDITORS = (
    "auto", "text", "longtext", "integer", "decimal", "date", "time", "datetime", "boolean", "choice", "lookup", "file",
)  # fmt: skip

#: Looks of a grid's cells by name; ``auto`` takes the one of the column's type (see ``widgets/grid/renderer/``).
LOOKS = (
    "auto", "text", "link", "tag", "check", "progress", "bar", "scale", "color", "image", "sparkline", "lanes",
)  # fmt: skip

#: What grids and trees have in common.
_GRID = (
    Property("table", "table", "The table.", argument=1, is_required=True),
    Property("filter", "filter", "Only rows for which this is true."),
    Property("sort", "sort", "Order at first opening."),
    Property("editable", "boolean", "Whether cells can be edited.", True),
    Property("empty", "text", "What to say when there are no rows.", ""),
    Property("filters", "boolean", "Whether boxes to filter by stand below the headings.", False),
    Property("numbers", "boolean", "Whether rows are numbered at their start; a click there selects.", False),
    Property("frozen", "integer", "How many columns, from the first on, stay in sight.", 0),
    Property("density", "choice", "How high its rows are.", "normal", choices=("normal", "roomy")),
    Property("activate", "command", "What Return or a double click runs where cells are not edited."),
)

DATA: tuple[Kind, ...] = (
    Kind(
        "grid",
        "Rows of a table in columns, edited in place. Without children it shows every column.",
        (
            *_GRID,
            Property("group", "keys", "What its rows are grouped by at first opening (status, year(placed))."),
        ),
        children=("show", "style", "check"),
        loader="widgets.grid:Grid",
        keys=(
            ("Arrow keys, PageUp, PageDown, Home, End, Ctrl+Home, Ctrl+End", "move"),
            ("F2, Return or typing", "edit the cell"),
            ("Return, Tab", "accept and go on, within what is selected"),
            ("Ctrl+Return in a cell", "write it into all selected cells"),
            ("Escape", "take the edit back"),
            ("Space", "switch a boolean cell"),
            ("Ctrl+Insert", "new row"),
            ("Ctrl+Delete", "delete the row"),
            ("Ctrl+C, Ctrl+Shift+C", "copy, with headings"),
            ("Ctrl+X, Ctrl+V", "cut, paste"),
            ("Delete", "empty the selected cells"),
            ("Ctrl+D, Ctrl+R", "fill down, fill right"),
            ("Alt+D", "fill down as a series"),
            ("Ctrl+Shift+D", "duplicate the selected rows"),
            ("Shift with a moving key, Ctrl+A", "select"),
            ("Shift+Space, Ctrl+Space", "select whole rows, whole columns"),
            ("Shift+F8", "keep what is selected and select more"),
            ("Shift+F10, Menu", "what can be done here"),
            ("Right, Left, Space, Return on a group; Right, Left, Space in the first column of a tree", "open, close"),
            ("* there", "open everything below"),
            *TOOL_KEYS,
            ("F9", "the row whole, and back"),
            ("Tab where no cell is edited, F6", "leave the grid"),
        ),
        events=(Event("current-changed", "current_changed", "Another row became the current one."),),
        role="Table",
        example='grid orders id=orders_view filter="customer.name contains find.text" { show id; show total }',
    ),
    Kind(
        "tree",
        "Rows of a table, each below the row that it belongs to by a reference of the table to itself: parts of parts, "
        "people and whom they report to. Otherwise a grid.",
        (
            *_GRID,
            Property("by", "column", "The reference (part_of); the table's only one to itself when left out."),
        ),
        children=("show", "style", "check"),
        loader="widgets.tree:Tree",
        keys=(
            ("Right, Left in the first column", "open; close, or to the row above"),
            ("Space in the first column", "open, close"),
            ("* in the first column", "open everything below"),
            ("Alt+T", "show the rows as a list, and as a tree again"),
            ("Ctrl+Insert", "new row below the current one"),
            ("F9", "the row whole, and back"),
            ("All others", "as in a grid"),
        ),
        events=(Event("current-changed", "current_changed", "Another row became the current one."),),
        role="Table",
        example="tree orders id=branches { show id; show total }",
    ),
    Kind(
        "pivot",
        "Figures of a table by row keys and column keys, with totals. The person can change keys and figures.",
        (
            Property("table", "table", "The table.", argument=1, is_required=True),
            Property("filter", "filter", "Only rows for which this is true."),
            Property("rows", "keys", "What a row stands for at first opening (customer.country)."),
            Property("columns", "keys", "What a column stands for at first opening (year(placed))."),
            Property("values", "figures", "The figures at first opening (sum(total), count())."),
            Property("empty", "text", "What to say when there are no rows.", ""),
            Property("fields", "boolean", "Whether the bar with keys and figures is shown.", True),
            Property("activate", "command", "What Return or a double click runs, when ID.current is told."),
        ),
        loader="widgets.pivot:Pivot",
        keys=(
            ("Arrow keys, PageUp, PageDown, Home, End, Ctrl+Home, Ctrl+End", "move"),
            ("Return, double click", "tell the cell as ID.current: its keys as lists row_1, column_1, …"),
            ("F9", "the rows behind the cell; Escape leads back"),
            ("Ctrl+C, Ctrl+Shift+C", "copy, with headings"),
            ("Alt+K", "to the bar with keys and figures"),
            ("Left, Right in the bar", "to the next part; with Ctrl the key moves"),
            ("Delete in the bar", "take the key or figure away"),
            ("Down, Escape in the bar", "to the figures"),
            ("Shift with a moving key, Ctrl+A", "select"),
        ),
        role="Grouping",
        example='pivot orders id=sales rows=status columns="year(placed)" values="sum(total), count()"',
    ),
    Kind(
        "show",
        "One column of a grid: a column of the table, one behind a reference, or a computed one.",
        (
            Property("column", "column", "The column's path.", argument=1),
            Property("computed", "expression", "An expression over the row instead (quantity * price)."),
            Property("label", "text", "The heading."),
            Property("class", "plain", "Words that style rules match the column by, with blanks between."),
            Property("width", "integer", "Width in pixels at 100 %; 0 = fitted to the content.", 0),
            Property("align", "choice", "Where the text stands.", "auto", choices=("auto", "start", "center", "end")),
            Property("format", "format", "How values are written."),
            Property("icon", "column", "A column that names an icon, drawn before the text."),
            Property(
                "as",
                "choice",
                "How a cell is drawn.",
                "auto",
                choices=LOOKS,
            ),
            Property("low", "number", "Where bars and scales begin; else at zero or the least value read so far."),
            Property("high", "number", "Where bars and scales end; else at the greatest value read so far."),
            Property("editor", "choice", "The cell's editor.", "auto", choices=EDITORS),
            Property("editable", "boolean", "Whether its cells can be edited.", True),
            Property(
                "summary",
                "choice",
                "What the line below the rows says of the column.",
                "none",
                choices=("none", "sum", "average", "minimum", "maximum", "count"),
            ),
        ),
        parents=("grid", "tree", "cards"),
    ),
    Kind(
        "style",
        "Looks of a grid's rows for which an expression over the row is true.",
        (
            Property("when", "expression", "Over the row's columns.", is_required=True),
            Property(
                "emphasis",
                "choice",
                "How it looks.",
                "strong",
                choices=("strong", "muted", "success", "warning", "error"),
            ),
            Property("column", "column", "Only this column's cell."),
        ),
        parents=("grid", "tree", "list", "cards"),
    ),
    Kind(
        "check",
        "What must not be true of a row: such a row is not written, and the message is shown where it stands.",
        (
            Property("when", "expression", "Over the row's columns; true where something is wrong.", is_required=True),
            Property("message", "text", "What is wrong, in a sentence.", is_required=True),
            Property("column", "column", "Where the message stands; the whole row when left out."),
        ),
        parents=("grid", "tree", "form", "record"),
    ),
    Kind(
        "form",
        "One row of a table with a field for each column; without children it shows every column.",
        (
            Property(
                "of",
                "binding",
                "The row: a view's current row (orders_view.current), or the row behind a reference of it "
                "(orders_view.current.customer).",
                is_required=True,
            ),
            Property("columns", "integer", "Fields side by side; 0 = as many as there is room for.", 1),
            Property("editable", "boolean", "Whether the fields can be edited.", True),
            Property("empty", "text", "What to say when no row is current.", ""),
        ),
        children=("field", "check", "*"),
        loader="widgets.form:Form",
        keys=(
            ("Tab, Shift+Tab", "next, previous field"),
            ("Ctrl+S, or leaving the row", "write the row"),
            ("Escape", "take the field's edit back; twice: the row's"),
        ),
        events=(Event("written", "written", "The row was written."),),
        role="Form",
        example="form of=orders_view.current { field customer; field notes lines=4 }",
    ),
    Kind(
        "field",
        "The editor of one column inside a form, with its label and its message.",
        (
            Property("column", "column", "The column's path.", argument=1, is_required=True),
            Property("label", "text", "The label."),
            Property("editor", "choice", "The editor.", "auto", choices=EDITORS),
            Property("lines", "integer", "Lines of a long text.", 3),
            Property("editable", "boolean", "Whether it can be edited.", True),
            Property("format", "format", "How the value is written."),
            Property("help", "text", "A sentence below the field."),
        ),
        parents=("form", "record", "row", "column", "cells", "group", "scroll", "tab", "if", "else", "case"),
        loader="widgets.field:Field",
        keys=(("Alt+Down, F4", "open the list or calendar"), ("Escape", "take the edit back")),
        role="EditableText",
    ),
    Kind(
        "input",
        "An editor of one value: a state of the window, which has what is typed at once, or a cell of a view's current "
        "row, which is written as a form's field is.",
        (
            Property("value", "binding", "A state, or VIEW.current.COLUMN.", argument=1, is_required=True),
            Property("label", "text", "What stands above it."),
            Property("editor", "choice", "The editor; by the column's type, or the state's first value.", "auto",
                     choices=EDITORS),
            Property("choices", "plain", "Of a state: the values to choose from, with commas between."),
            Property("words", "plain", "What people read of the choices, as many with commas between; a catalogue has "
                     "them as one text."),
            Property("lines", "whole", "Lines of a long text.", 3),
            Property("format", "format", "How the value is written."),
            Property("help", "plain", "A sentence below it; of a cell."),
            Property("editable", "boolean", "Whether it can be edited.", True),
        ),
        loader="widgets.input:Input",
        keys=(("Alt+Down, F4", "open the list or calendar"), ("Escape", "take the edit of a cell back")),
        events=(Event("changed", "changed", "The person gave it another value."),),
        named_by=("label",),
        role="EditableText",
        example='input orders_view.current.notes label="Notes" lines=4',
    ),
    Kind(
        "search",
        "A box to type a search into; others read its text as ID.text.",
        (
            Property("placeholder", "text", "What it says while empty.", "Search"),
            Property("key", "key", "A key that goes to it."),
        ),
        loader="widgets.search:Search",
        grows=("row",),
        keys=(("Escape", "clear"), ("Down", "to the view that it filters")),
        events=(
            Event("changed", "textChanged", "Something was typed."),
            Event("accepted", "accepted", "Return was pressed."),
        ),
        role="EditableText",
        example='search id=find placeholder="Search orders" key="/"',
    ),
)
