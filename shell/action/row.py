"""Commands for rows: they act on the view that had the focus last, or on the one that shows a table."""

from __future__ import annotations

from operator import attrgetter
from typing import Annotated, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from kernel.error import EspalierError
from kernel.words import say
from shell.focus import ROW_KINDS, kind_of, views

#: A table of the app, or a view's id; empty = the list or form that had the focus last.
TableName = Annotated[str, "table"]
#: What lists and cards can do.
_ITEMS = {
    "add": "add_row", "delete": "delete_rows", "duplicate": "duplicate_rows", "rename": "rename_row", "copy": "copy",
    "select all": "select_all",
}  # fmt: skip
#: What a view calls its part of each action, by layout kind of the view.
METHODS: dict[str, dict[str, str]] = {
    "grid": {
        "add": "add_row", "delete": "delete_rows", "save": "write_row", "revert": "revert_row", "copy": "block.copy",
        "copy with headings": "block.copy_with_headings", "cut": "block.cut", "paste": "block.paste",
        "clear": "block.clear", "fill down": "block.fill_down", "fill right": "block.fill_right",
        "fill series": "block.fill_series", "duplicate": "block.duplicate_rows",
        "select rows": "selection.take_in_rows", "select columns": "selection.take_in_columns",
        "select all": "selection.select_all",
    },
    "list": _ITEMS,
    "cards": _ITEMS,
    "form": {"add": "add_row", "delete": "delete_rows", "save": "write_row", "revert": "revert_row"},
}


#: Kinds whose current row can be shown whole.
_LISTS = ("grid", "list", "cards")


def add(window: Any, table: TableName = "") -> None:
    """Start a new row."""
    view = _view(window, table)
    view.setFocus(Qt.FocusReason.ShortcutFocusReason)
    _act(view, "add")


def delete(window: Any, table: TableName = "") -> None:
    """Delete the current row."""
    _act(_view(window, table), "delete")


def save(window: Any, table: TableName = "") -> None:
    """Write the edits of the current row."""
    _act(_view(window, table), "save")


def commit(window: Any, table: TableName = "") -> None:
    """The same as :func:`save`, for ``orders.commit``."""
    save(window, table)


def revert(window: Any, table: TableName = "") -> None:
    """Take the edits of the current row back."""
    _act(_view(window, table), "revert")


def show_record(window: Any) -> None:
    """Show the current row of the active list whole, or the rows behind a figure; else go back to the list."""
    from widgets.record.over import RecordOver, over, record_of

    focus = QApplication.focusWidget()
    here = record_of(focus)
    if here is not None:
        here.close_over()
        return
    if (figures := _figures_of(focus)) is not None:
        _show_behind(figures)
        return
    view = _view(window, "")
    while kind_of(view) not in _LISTS and hasattr(view, "view"):
        view = view.view  # what a form follows
    if kind_of(view) not in _LISTS:
        raise EspalierError(say("there is no list here"))
    if view.current_key is None:
        raise EspalierError(say("there is no row to show"), hint=say("choose a row first"))
    if (shown := over(view)) is not None:
        shown.close_over()
    elif _takes_typed(view):
        RecordOver(view)


def _takes_typed(view: Any) -> bool:
    """Take what is typed in the list; False when it cannot be taken, which is said where it is typed."""
    editors = (getattr(view, "editing", None), getattr(view, "rename", None))
    return all(editor is None or editor.accept() for editor in editors)


def _figures_of(widget: QWidget | None) -> Any:
    """The pivot or chart that a widget stands in, None when it stands in none."""
    while widget is not None and not hasattr(widget, "rows_behind"):
        widget = widget.parentWidget()
    return widget


def _show_behind(figures: Any) -> None:
    """Show the rows behind the current figure."""
    from widgets.record.behind import RowsOver

    behind = figures.rows_behind()
    if behind is None:
        raise EspalierError(say("there is no figure to show the rows of"), hint=say("choose one first"))
    RowsOver(figures, behind)


def copy(window: Any) -> None:
    """Copy from whatever has the focus."""
    _in_focus(window, "copy")


def cut(window: Any) -> None:
    """Cut from whatever has the focus."""
    _in_focus(window, "cut")


def paste(window: Any) -> None:
    """Paste into whatever has the focus."""
    _in_focus(window, "paste")


def act(window: Any, action: str, table: TableName = "") -> None:
    """Do what the active list, or that of a table, calls ``action`` (``fill down``)."""
    _act(_view(window, table), action)


def _in_focus(window: Any, action: str) -> None:
    focus = window.focusWidget()
    if focus is not None and hasattr(focus, action):
        getattr(focus, action)()
    else:
        _act(_view(window, ""), action)


def sort_column(window: Any, table: TableName = "") -> None:
    """Sort by the current column."""
    view = _view(window, table)
    if kind_of(view) != "grid":
        raise EspalierError(say("there is no list here"))
    view.sort_current()


def use_tool(window: Any, tool: str, table: TableName = "") -> None:
    """Do what the row ``tool`` of the grid's table says, in the grid that had the focus last, or that of a table."""
    view = _view(window, table)
    if kind_of(view) != "grid":
        raise EspalierError(say("there is no list here"))
    view.setFocus(Qt.FocusReason.ShortcutFocusReason)
    view.use(tool)


def _view(window: Any, table: str) -> QWidget:
    """The view of the table (the one with the focus first), or the active view.

    Raises:
        EspalierError: there is none.
    """
    if not table:
        active = window.active_view()
        if active is None:
            raise EspalierError(say("there is no list or form here"))
        return active
    found = [view for view in views(window, ROW_KINDS) if table in _names_of(view)]
    if not found:
        raise EspalierError(say("no list or form of {table} is shown", table=table))
    here = QApplication.focusWidget()
    return next((view for view in found if here is not None and (view is here or view.isAncestorOf(here))), found[0])


def _names_of(view: QWidget) -> tuple[str, str]:
    """Its table, and its own id."""
    return getattr(getattr(view, "handle", None), "name", ""), getattr(view, "id", "")


def _act(view: QWidget, action: str) -> None:
    method = METHODS[kind_of(view)].get(action, "")
    if not method or not hasattr(view, method.partition(".")[0]):
        raise EspalierError(say("a {kind} cannot {action}", kind=kind_of(view), action=action))
    attrgetter(method)(view)()
