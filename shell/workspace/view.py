"""What is kept of a view: filter, order, current row and selection of a list, the page of tabs, the text of a search.

A view of a plugin keeps what it likes by two methods: ``keep_state()`` answers plain data that JSON can hold, or None,
and ``take_state(data)`` gets it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from kernel.tables.query import Sort
from shell.focus import kind_of
from widgets.grid.kept_value import pack, unpack


class Keeper(NamedTuple):
    """How views of a kind are kept and shown so again."""

    keep: Callable[[Any], Any]
    take: Callable[[Any, Any], None]


def keep_view(view: Any) -> Any:
    """Plain data of a view; None when nothing of it is kept."""
    own = getattr(view, "keep_state", None)
    if own is not None:
        return _plain(own())
    keeper = KEEPERS.get(kind_of(view))
    return keeper.keep(view) if keeper is not None else None


def _plain(data: Any) -> Any:
    """The data, where JSON can hold it; what a plugin keeps for its own reloading need not be so."""
    try:
        msgspec.json.encode(data)
    except (TypeError, ValueError, RecursionError):
        return None
    return data


def take_view(view: Any, data: Any) -> None:
    """Show a view as it was kept; what does not fit any more is left out."""
    own = getattr(view, "take_state", None)
    if own is not None:
        own(data)
    elif (keeper := KEEPERS.get(kind_of(view))) is not None:
        keeper.take(view, data)


def view_name(view: Any) -> str:
    """What a view is kept under: its id, or its place in the layout."""
    node = view.node if hasattr(view, "node") else getattr(view, "_node", None)
    if node is None:
        return ""
    return node.id or f"{node.where.file}:{node.where.line}:{node.where.column}"


# -- lists ----------------------------------------------------------------------------------------------------------


def _keep_list(view: Any) -> Any:
    kept: dict[str, Any] = {"sort": [[key.column, key.is_descending] for key in view.rows.sort]}
    if view.current_key is not None:
        kept["key"] = [pack(part) for part in view.current_key]
    return kept


def _take_list(view: Any, data: Any) -> None:
    view.rows.sort = tuple(Sort(str(column), bool(descends)) for column, descends in data.get("sort", ()))
    view.rows.reload()
    _go(view, data, lambda: None)


def _go(view: Any, data: Any, then: Callable[[], None]) -> None:
    """Go to the kept row once the rows have come, unless the person types there already."""
    key = tuple(unpack(part) for part in data.get("key", ()))

    def go() -> None:
        if key and not view.holds_person():
            view.go_to(key)
            then()

    view.rows.go_after(go)


def _keep_grid(grid: Any) -> Any:
    kept = _keep_list(grid)
    if grid.filters.parts:
        from widgets.grid.kept_filter import in_force, packed

        kept["filter"] = packed(in_force(grid))
    if grid.columns:
        kept["column"] = grid.columns[min(grid.current.column, len(grid.columns) - 1)].id
    kept["top"] = grid.places.first_row()
    selection = grid.selection
    if selection.is_several():
        kept["selection"] = {"anchor": list(selection.anchor or ()), "shape": selection.shape,
                             "kept": [list(area) for area in selection.kept], "row": grid.current.row}  # fmt: skip
    return kept


def _take_grid(grid: Any, data: Any) -> None:
    if grid.handle.schema is None:
        grid.handle.schema_changed.connect(lambda: _take_once(grid, data))
        return
    _take_known_grid(grid, data)


def _take_once(grid: Any, data: Any) -> None:
    """The schema came; what comes later is another one."""
    if not getattr(grid, "is_state_taken", False):
        grid.is_state_taken = True
        _take_known_grid(grid, data)


def _take_known_grid(grid: Any, data: Any) -> None:
    from widgets.grid.filter_action import clear
    from widgets.grid.kept_filter import unpacked, use

    known = {column.shown for column in grid.arrangement.all}
    sort = tuple(Sort(str(column), bool(descends)) for column, descends in data.get("sort", ()) if column in known)
    if sort != grid.rows.sort:
        grid.rows.sort = sort
        grid.rows.reload()
    kept = unpacked(data["filter"]) if "filter" in data else None
    if kept is not None:
        use(grid, kept)
    elif grid.filters.parts:
        clear(grid)
    places = {column.id: place for place, column in enumerate(grid.columns)}
    grid.current.column = places.get(data.get("column"), grid.current.column)
    _go(grid, data, lambda: _select(grid, data))


def _select(grid: Any, data: Any) -> None:
    """Select again what was selected, where the current row stands at the same place."""
    from widgets.grid.selection import Area

    grid.places.move_to(int(data.get("top", 0)) * grid.look.row_height)
    kept = data.get("selection")
    if not isinstance(kept, dict) or kept.get("row") != grid.current.row:
        return
    selection = grid.selection
    selection.anchor = tuple(kept["anchor"]) if kept["anchor"] else None
    selection.shape = str(kept["shape"])
    selection.kept = [Area(*area) for area in kept["kept"]]
    grid.publisher.publish_selection()
    grid.update_all()


# -- the others -----------------------------------------------------------------------------------------------------


def _keep_tabs(tabs: Any) -> Any:
    current = tabs.current()
    return {"page": tabs.tabs()[current].key} if current >= 0 else None


def _take_tabs(tabs: Any, data: Any) -> None:
    place = next((place for place, tab in enumerate(tabs.tabs()) if tab.key == data.get("page")), -1)
    if place >= 0:
        tabs.set_current(place)


def _keep_search(search: Any) -> Any:
    return {"text": search.text()} if search.text() else None


def _take_search(search: Any, data: Any) -> None:
    search.setText(str(data.get("text", "")))


#: Kind of a layout → how its views are kept.
KEEPERS: dict[str, Keeper] = {
    "grid": Keeper(_keep_grid, _take_grid),
    "tree": Keeper(_keep_grid, _take_grid),
    "list": Keeper(_keep_list, _take_list),
    "cards": Keeper(_keep_list, _take_list),
    "tabs": Keeper(_keep_tabs, _take_tabs),
    "search": Keeper(_keep_search, _take_search),
}
