"""The table of built-in commands. Their keys stand in resources/keymaps/default.toml."""

from __future__ import annotations

from layouts.kinds.grid_tool import TOOLS
from layouts.node import Formula, Template
from shell.command import Command

_WINDOW, _ROW, _VIEW, _HELP, _FOCUS = "Window", "Rows", "Look", "Help", "Focus"
_IN_VIEW = "active.view != null"
_IN_GRID = "active.view == 'grid'"

BUILT_IN: tuple[Command, ...] = (
    Command("palette.open", "Find a command, an app or a page", "shell.action.window:open_palette",
            "Opens the palette: type a few letters of what you want.", "search", section=_WINDOW, is_listed=False),
    Command("menu.open", "Open the menu", "shell.action.window:open_menu",
            "Opens the menu of all commands.", "menu", section=_WINDOW, is_listed=False),
    Command("app.home", "Show all apps", "shell.action.window:open_home",
            "Opens the window with the apps of the server.", "home", section=_WINDOW),
    Command("app.open", "Open an app…", "shell.action.window:open_app",
            "Opens an app by its name.", "app", section=_WINDOW),
    Command("home.open-current", "Open the chosen app", "shell.action.window:open_current",
            "Opens the app of the current row.", "app", section=_WINDOW, is_listed=False),
    Command("file.open", "Open a database…", "shell.action.window:open_file",
            "Opens a SQLite file as an app.", "database", section=_WINDOW),
    Command("app.reload", "Reload this app", "shell.action.window:reload",
            "Reads the app again and asks the server for a newer version.", "refresh", section=_WINDOW),
    Command("window.new", "New window of this app", "shell.action.window:new_window",
            "Opens the app once more beside this window.", "window", section=_WINDOW),
    Command("window.close", "Close the window", "shell.action.window:close",
            "Closes this window; unwritten edits are asked about.", "close", section=_WINDOW),
    Command("app.quit", "Quit", "shell.action.window:leave", "Closes all windows.", "stop", section=_WINDOW),
    Command("row.add", "New row", "shell.action.row:add",
            "Starts a new row in the list you are in.", "add", _IN_VIEW, _ROW),
    Command("row.delete", "Delete the row", "shell.action.row:delete",
            "Deletes the current row.", "delete", _IN_VIEW, _ROW),
    Command("row.save", "Save the row", "shell.action.row:save",
            "Writes the edits of the current row.", "save", _IN_VIEW, _ROW),
    Command("row.revert", "Take the edits back", "shell.action.row:revert",
            "Puts the row back to what is stored.", "undo", _IN_VIEW, _ROW),
    Command("edit.undo", Template(("Undo ", Formula("history.undo", ("history.undo",)))), "shell.action.edit:undo",
            "Takes back the last edit of this window, whole.", "undo", "history.undo != null", _ROW),
    Command("edit.redo", Template(("Redo ", Formula("history.redo", ("history.redo",)))), "shell.action.edit:redo",
            "Does again what was undone last.", "redo", "history.redo != null", _ROW),
    Command("edit.show-history", "Show what was edited", "shell.action.edit:show_history",
            "Lists the edits of this window as a table, to undo and redo them.", "history", section=_ROW),
    Command("edit.copy", "Copy", "shell.action.row:copy",
            "Copies the cell or the selected text.", "copy", section=_ROW),
    Command("grid.sort-column", "Sort by this column", "shell.action.row:sort_column",
            "Sorts by the current column; once more turns the order round.", "sort", _IN_GRID, _ROW),
    Command("focus.next-pane", "Next pane", "shell.action.focus:next_pane",
            "Goes to the next list, form or search box.", "arrow-right", section=_FOCUS),
    Command("focus.previous-pane", "Previous pane", "shell.action.focus:previous_pane",
            "Goes to the previous list, form or search box.", "arrow-left", section=_FOCUS),
    Command("focus.search", "Go to the search box", "shell.action.focus:search",
            "Goes to the first search box of the window.", "search", section=_FOCUS),
    Command("theme.light", "Light theme", "shell.action.view:set_theme",
            "Dark text on light ground.", "sun", section=_VIEW, arguments={"mode": "light"}),
    Command("theme.dark", "Dark theme", "shell.action.view:set_theme",
            "Light text on dark ground.", "moon", section=_VIEW, arguments={"mode": "dark"}),
    Command("theme.system", "Theme of the system", "shell.action.view:set_theme",
            "Light or dark as the system is.", "palette", section=_VIEW, arguments={"mode": "system"}),
    Command("theme.toggle", "Switch between light and dark", "shell.action.view:toggle_theme",
            "Turns light to dark and dark to light.", "palette", section=_VIEW),
    Command("text.larger", "Larger text", "shell.action.view:larger", "One step larger.", "arrow-up",
            section=_VIEW),
    Command("text.smaller", "Smaller text", "shell.action.view:smaller", "One step smaller.",
            "arrow-down", section=_VIEW),
    Command("text.reset", "Normal text size", "shell.action.view:reset_size",
            "Back to the size of the system.", "reset", section=_VIEW),
    Command("window.full-screen", "Full screen", "shell.action.view:full_screen",
            "Fills the screen, or goes back.", "window", section=_VIEW),
    Command("message.history", "Show earlier messages", "shell.action.help:show_messages",
            "Lists what was reported in this window.", "history", section=_HELP),
    Command("message.dismiss", "Dismiss messages", "shell.action.help:dismiss_messages",
            "Closes the messages that are shown.", "close", "messages.count > 0", _HELP),
    Command("help.keys", "Show all keys", "shell.action.help:show_keys",
            "Lists every key with what it does here.", "keyboard", section=_HELP),
    Command("debug.copy-tree", "Copy the tree of widgets", "shell.action.debug:copy_tree",
            "Copies a text of every widget of the window, for a report.", "tool", section=_HELP),
    Command("debug.save-tree", "Save the tree of widgets", "shell.action.debug:save_tree",
            "Writes the same text into tree.txt of the state directory.", "tool", section=_HELP),
    Command("debug.copy-layout", "Copy the checked layout", "shell.action.debug:copy_layout",
            "Copies the layout as it was understood.", "tool", section=_HELP),
)  # fmt: skip

#: What a grid can do with its columns and filters; the keys are the grid's own.
BUILT_IN += tuple(
    Command(f"grid.{tool.id}", tool.title, "shell.action.row:use_tool", tool.doc, tool.icon, _IN_GRID, "Columns",
            arguments={"tool": tool.id})
    for tool in TOOLS
)  # fmt: skip

#: What layouts may name without declaring it.
COMMAND_IDS: frozenset[str] = frozenset(command.id for command in BUILT_IN)
