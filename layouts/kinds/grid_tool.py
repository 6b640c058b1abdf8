"""What can be done with a grid's columns and filters: one row each, for keys, menus, commands and the reference.

Keys are those of a grid that has the focus, written as Qt writes them. What a row runs is imported when it is first
used; see ``widgets/grid/tool.py``.
"""

from __future__ import annotations

from typing import NamedTuple


class Tool(NamedTuple):
    """One action of a grid.

    Attributes:
        id: The command's id without ``grid.``.
        title: What menus say.
        doc: A sentence.
        run: ``module:function``, called with the grid.
        key: Its key, or empty.
        icon: Icon name.
        menu: Where it stands besides the palette, by words: ``column`` (a heading's menu), ``cell``; empty: nowhere.
        group: Neighbours of one group stand together in a menu.
        applies: ``module:function`` that tells whether it can be done now; empty: always.
    """

    id: str
    title: str
    doc: str
    run: str
    key: str = ""
    icon: str = ""
    menu: str = ""
    group: str = ""
    applies: str = ""


_COLUMN = "widgets.grid.column_action:"
_FIND = "widgets.grid.find_bar:"
_BOOKMARK = "widgets.grid.bookmark"
_GROUP = "widgets.grid.group_action:"
_FILTER = "widgets.grid.filter_action:"

TOOLS: tuple[Tool, ...] = (
    Tool("sort-ascending", "Sort upwards", "Sorts by the current column, the least first.",
         _COLUMN + "sort_up", "Alt+Up", "sort-ascending", "column", "sort", _COLUMN + "has_path"),
    Tool("sort-descending", "Sort downwards", "Sorts by the current column, the greatest first.",
         _COLUMN + "sort_down", "Alt+Down", "sort-descending", "column", "sort", _COLUMN + "has_path"),
    Tool("sort-more-ascending", "Then sort upwards by this", "Adds the current column to the order.",
         _COLUMN + "add_sort_up", "Alt+Shift+Up", "", "column", "sort", _COLUMN + "can_add_sort"),
    Tool("sort-more-descending", "Then sort downwards by this", "Adds the current column to the order, turned round.",
         _COLUMN + "add_sort_down", "Alt+Shift+Down", "", "column", "sort", _COLUMN + "can_add_sort"),
    Tool("unsort", "Do not sort", "Puts the rows back into the order that the layout gives them.",
         _COLUMN + "unsort", "Alt+0", "", "column", "sort", _COLUMN + "is_sorted"),
    Tool("filter-row", "Filter row", "Goes to the boxes below the headings, where what is typed filters the column.",
         _FILTER + "filter_row", "Ctrl+Shift+F", "filter", "cell column", "filter"),
    Tool("list-values", "Filter by values…", "Lists the values of the column with their counts, to choose from.",
         "widgets.grid.value_list:open_values", "Alt+F", "list", "cell column", "filter", _COLUMN + "has_path"),
    Tool("filter-by-cell", "Only rows like this", "Keeps the rows that have the current cell's value in this column.",
         _FILTER + "filter_by_cell", "Alt+=", "", "cell", "filter", _FILTER + "has_cell"),
    Tool("filter-expression", "Filter by an expression…", "Goes to a line for a whole expression, completed by typing.",
         "widgets.grid.expression_band:open_line", "Ctrl+Shift+E", "code", "cell column", "filter"),
    Tool("saved-filters", "Saved filters…", "Lists your filters of this list by name, to use, keep and delete.",
         "widgets.grid.saved_filters:open_saved", "Alt+S", "star", "cell", "filter"),
    Tool("clear-filters", "Clear all filters", "Shows all rows again that filters of columns left out.",
         _FILTER + "clear", "Alt+Shift+F", "clear", "cell column", "filter", _FILTER + "has_filters"),
    Tool("find", "Find…", "Finds words in all rows of the list, those that were never scrolled to as well.",
         _FIND + "find", "Ctrl+F", "search", "cell", "find"),
    Tool("find-next", "Find the next", "Goes to the next row with the words.", _FIND + "find_next", "F3"),
    Tool("find-previous", "Find the one before", "Goes to the row before with the words.",
         _FIND + "find_previous", "Shift+F3"),
    Tool("go-to-row", "Go to row…", "Goes to a row by its number.",
         "widgets.grid.go_to:go_to", "Ctrl+G", "", "cell", "find"),
    Tool("bookmark-row", "Bookmark this row", "Marks the current row to come back to it, or takes the mark away.",
         _BOOKMARK + ":toggle", "Ctrl+B", "flag", "cell", "find", _BOOKMARK + ":has_row"),
    Tool("next-bookmark", "Next bookmark", "Goes to the next row that you marked.", _BOOKMARK + ":next_row", "Alt+B"),
    Tool("bookmarks", "Bookmarks…", "Lists the rows that you marked, to go there and to take marks away.",
         _BOOKMARK + "_list:open_bookmarks", "Ctrl+Shift+B", "", "cell", "find"),
    Tool("refresh-rows", "Put the rows in order again", "Reads the rows again, so that those edited here go where they "
         "belong.", "widgets.grid.staying_band:refresh_rows", "Alt+R", "refresh", "cell", "find",
         "widgets.grid.staying_band:has_staying"),
    Tool("group", "Group by this column", "Puts the rows under groups of the values of this column.",
         _GROUP + "group_by_column", "Alt+G", "list", "column", "group", _GROUP + "can_group"),
    Tool("group-by-year", "Group by its years", "Puts the rows under the years of this column.",
         _GROUP + "group_by_year", "", "", "column", "group", _GROUP + "is_moment"),
    Tool("ungroup", "Remove the grouping", "Shows the rows without groups.",
         _GROUP + "ungroup", "Alt+Shift+G", "", "column", "group", _GROUP + "is_grouped"),
    Tool("go-to-groups", "Keys of the groups", "Goes to the bar with what the rows are grouped by.",
         _GROUP + "go_to_keys", "Alt+K", "", "", "group", _GROUP + "is_grouped"),
    Tool("tree", "Show as a tree", "Puts rows under those that they refer to, or back into one list.",
         _GROUP + "turn_tree", "Alt+T", "list", "cell column", "group", _GROUP + "can_be_tree"),
    Tool("open-level", "Open this level", "Opens all groups or rows at the level of the current one.",
         _GROUP + "open_level", "Alt+PgDown", "", "cell", "group", _GROUP + "has_outline"),
    Tool("close-all", "Close all", "Closes all groups, or all rows of a tree.",
         _GROUP + "close_all", "Alt+PgUp", "", "cell", "group", _GROUP + "has_outline"),
    Tool("summarize", "Summary…", "Chooses what the line below the rows says of the column: sum, average, …",
         "widgets.grid.summary_band:open_menu", "Alt+M", "", "column", "summary"),
    Tool("show-statistics", "Statistics…", "Shows figures of the column: distinct, empty, extremes, a histogram.",
         "widgets.grid.statistics_panel:open_statistics", "Alt+I", "chart", "cell column", "summary",
         _COLUMN + "has_source"),
    Tool("hide-column", "Hide the column", "Hides the current column; the list of columns brings it back.",
         _COLUMN + "hide", "Alt+Shift+H", "eye-off", "column", "column", _COLUMN + "has_several"),
    Tool("choose-columns", "Choose columns…", "Lists all columns, to show and hide them.",
         _COLUMN + "choose", "Alt+C", "columns", "column", "column"),
    Tool("freeze-columns", "Freeze up to here", "Keeps the columns up to the current one in sight.",
         _COLUMN + "freeze", "Alt+Z", "pin", "column", "column", _COLUMN + "can_freeze"),
    Tool("unfreeze-columns", "Unfreeze", "Lets all columns scroll again.",
         _COLUMN + "unfreeze", "Alt+Shift+Z", "", "column", "column", _COLUMN + "has_frozen"),
    Tool("move-column-left", "Move to the left", "Puts the current column before the one on its left.",
         _COLUMN + "move_left", "Ctrl+Shift+Left", "arrow-left", "column", "place", _COLUMN + "has_left"),
    Tool("move-column-right", "Move to the right", "Puts the current column behind the one on its right.",
         _COLUMN + "move_right", "Ctrl+Shift+Right", "arrow-right", "column", "place", _COLUMN + "has_right"),
    Tool("narrow-column", "Narrower", "Makes the current column narrower.",
         _COLUMN + "narrow", "Alt+Shift+Left"),
    Tool("widen-column", "Wider", "Makes the current column wider.",
         _COLUMN + "widen", "Alt+Shift+Right"),
    Tool("fit-column", "Fit the width", "Makes the current column as wide as its heading and the rows in sight need.",
         _COLUMN + "fit", "Alt+W", "", "column", "place"),
    Tool("fit-columns", "Fit all columns", "Makes all columns as wide as they need, and lets them fill the view.",
         _COLUMN + "fit_all", "Alt+Shift+W", "", "column", "place"),
    Tool("reset-columns", "Reset the columns", "Puts order, widths, hidden and frozen columns back to the layout's.",
         _COLUMN + "reset", "Alt+Shift+0", "reset", "column", "place", _COLUMN + "is_arranged"),
    Tool("open-column-menu", "Menu of the column", "Opens the menu of the current column's heading.",
         "widgets.grid.header_menu:open_menu", "Ctrl+Shift+F10"),
)  # fmt: skip

#: The keys of a grid that come from here, as the reference lists them.
TOOL_KEYS: tuple[tuple[str, str], ...] = tuple(
    (tool.key, tool.title[:1].lower() + tool.title[1:].rstrip("…")) for tool in TOOLS if tool.key
)
