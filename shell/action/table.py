"""Commands that name a table and what is done with the rows that its list shows: for keys, macros and from outside."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from PySide6.QtCore import Qt

from kernel.error import EspalierError
from kernel.words import say, say_count
from shell.command import Rest
from shell.focus import ROW_KINDS, kind_of, scroll_into_sight, views
from widgets.grid.notice import sentence

#: Arguments that are completed by what there is.
Table, Column = Annotated[str, "table"], Annotated[str, "column"]
#: Kinds whose rows can be ordered.
_LISTS = ("grid", "list", "cards")


def sort(
    window: Any, table: Table, column: Column, direction: Literal["asc", "desc"] = "asc", also: bool = False
) -> None:
    """Order the rows of a table's list by a column; with ``also`` behind the order that there is."""
    from kernel.tables.query import Sort

    view = list_of(window, table)
    path = column_of(view, column)
    keys = [key for key in view.rows.sort or view.handle.sort if key.column != path] if also else []
    view.rows.sort = (*keys, Sort(path, direction == "desc"))
    view.rows.reload()
    if kind_of(view) == "grid":
        view.widths.make_room()
        view.header.update()


def filter_rows(window: Any, table: Table, expression: Rest = "") -> None:
    """Show only the rows that pass an expression, ``total > 100``; without one all rows again."""
    from widgets.grid.expression_band import band
    from widgets.grid.expression_check import check_filter
    from widgets.grid.filter_action import clear

    grid = grid_of(window, table)
    if not expression:
        clear(grid)
    if expression:
        check_filter(expression, schema_of(grid))
    if expression or grid.bands.get("expression") is not None:
        band(grid).set_text(expression)


def show(window: Any, table: Table) -> None:
    """Go to the list or form that shows a table."""
    view = view_of(window, table, ROW_KINDS)
    scroll_into_sight(view)
    view.setFocus(Qt.FocusReason.ShortcutFocusReason)


def search(window: Any, text: Rest = "", box: str = "") -> None:
    """Type a text into a search box: the one of that id, else the nearest one; nothing shows all rows again."""
    found = window.context.widgets.get(box) if box else window.nearest_view("search")
    if found is None or kind_of(found) != "search":
        raise EspalierError(say("there is no search box {name}", name=box) if box else say("there is no search box"))
    found.setText(text)


def count(window: Any, table: Table) -> str:
    """Answers how many rows a table's list shows."""
    cache = list_of(window, table).rows.cache
    if cache.count is None:
        raise EspalierError(say("the rows are not there yet"))
    return str(cache.count) if cache.is_exact else say("about {count}", count=cache.count)


def show_column(window: Any, table: Table, column: Column, shown: bool = True) -> None:
    """Show a column of a table's list, or hide it."""
    grid = grid_of(window, table)
    path = column_of(grid, column)
    wanted = {one.id for one in grid.columns}
    changed = {one.id for one in grid.arrangement.all if one.shown == path}
    wanted = wanted | changed if shown else wanted - changed
    if not wanted:
        raise EspalierError(say("the last column stays"))
    grid.arrangement.show_only([one.id for one in grid.arrangement.all if one.id in wanted])


def export_to(window: Any, table: Table, file: str) -> None:
    """Write the rows of a table's list into a file, as they are filtered and ordered; its end says the format."""
    from kernel.tables.exchange.export import all_columns, export
    from kernel.tables.exchange.format import format_of
    from shell.do.folder import path_of

    view, path = list_of(window, table), path_of(file)
    format_, columns, query = format_of(path), all_columns(schema_of(view)), view.rows.query()

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            window.messages.report("error", sentence(answer))
            return
        said = say_count("{count:,} row was exported", "{count:,} rows were exported", answer)
        window.messages.report("success", said, str(path))

    view.handle.call(
        lambda opened: export(opened, query, columns, path, format_, lambda _share: None), take, is_write=True
    )


# -- what is meant ----------------------------------------------------------------------------------------------------


def view_of(window: Any, table: str, kinds: tuple[str, ...]) -> Any:
    """The view of that table, or of that id: the one with the focus first, then one in sight, then any.

    Raises:
        EspalierError: nothing shows it; names the nearest that is shown.
    """
    active = window.active_view()
    built = [view for view in window.context.built if view is not None] if window.context is not None else []
    shown = [*([active] if active is not None else []), *views(window, kinds), *built]
    for view in shown:
        if kind_of(view) in kinds and table in names_of(view):
            return view
    from kernel.nearest import did_you_mean

    known = sorted({name for view in shown if kind_of(view) in kinds for name in names_of(view)})
    raise EspalierError(
        say("nothing here shows {table}", table=table),
        hint=did_you_mean(table, known) or say("there are {names}", names=", ".join(known)),
    )


def names_of(view: Any) -> list[str]:
    """What a view goes by: its table's name, and its own id."""
    names = (getattr(getattr(view, "handle", None), "name", ""), getattr(view, "id", ""))
    return [name for name in names if name]


def list_of(window: Any, table: str) -> Any:
    """The grid, list or cards of a table; raises as :func:`view_of`."""
    return view_of(window, table, _LISTS)


def grid_of(window: Any, table: str) -> Any:
    """The grid of a table; raises as :func:`view_of`."""
    return view_of(window, table, ("grid",))


def schema_of(view: Any) -> Any:
    """The schema of its table.

    Raises:
        EspalierError: it is not known yet.
    """
    if view.handle.schema is None:
        raise EspalierError(say("{table} is not there yet", table=view.handle.name))
    return view.handle.schema


def column_of(view: Any, name: str) -> str:
    """What the query of a list calls a column: by its own name, its path or its heading.

    Raises:
        EspalierError: there is none; names the nearest.
    """
    shown = getattr(getattr(view, "arrangement", None), "all", ())
    by_name = {column.name: column.name for column in schema_of(view).columns}
    by_name |= {word: column.shown for column in shown if column.shown for word in (column.shown, column.path)}
    by_title = {column.label.casefold(): column.shown for column in shown if column.shown}
    path = by_name.get(name) or by_title.get(name.casefold())
    if path:
        return path
    from kernel.nearest import did_you_mean

    raise EspalierError(
        say("{table} has no column {name}", table=view.handle.name, name=name), hint=did_you_mean(name, by_name)
    )
