"""What people do with the groups of a grid, each a function of the grid that acts on its current column or row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables.outline.level import GroupBy
from kernel.tables.outline.row import Opened
from widgets.grid.column_action import current, has_source
from widgets.grid.summary import source_of

if TYPE_CHECKING:
    from kernel.tables.schema import Schema
    from widgets.grid.grid import Grid


def keys_of(grid: Grid) -> tuple[GroupBy, ...]:
    """By what the grid is grouped."""
    return getattr(grid.outline, "keys", ())


def set_keys(grid: Grid, keys: tuple[GroupBy, ...], opened: Opened = Opened()) -> None:  # noqa: B008
    """Group by these keys from now on, and remember it; none: not at all."""
    from widgets.grid.grouped import Grouped, keep_groups

    if keys == keys_of(grid) or not grid.editing.accept():
        return
    if grid.outline is not None:
        grid.outline.end()
    grid.selection.clear()
    if keys:
        Grouped(grid, keys, opened).begin()
    keep_groups(grid, keys, opened)
    show_band(grid)
    grid.widths.make_room()


def begin(grid: Grid) -> None:
    """Show the rows as the person left them, else as the layout says; called when the columns are known."""
    schema = grid.handle.schema
    if grid.outline is not None or schema is None:
        return
    from widgets.grid.grouped import Grouped, kept_groups, memory_name

    kept = grid.context.recall(memory_name(grid))
    via = kept.get("tree") if isinstance(kept, dict) and "tree" in kept else grid.wanted_tree
    if via and (via == grid.wanted_tree or schema.reference(via) is not None):
        from widgets.grid.branched import Branched

        Branched(grid, str(via)).begin()
        return
    keys, opened = kept_groups(grid, schema)
    if keys:
        Grouped(grid, keys, opened).begin()
        show_band(grid)


def show_band(grid: Grid) -> None:
    """Show the bar with the keys, or take it away."""
    band = grid.bands.get("groups")
    if band is None and keys_of(grid):
        from widgets.grid.group_band import GroupBand

        band = GroupBand(grid)
        grid.bands.put("groups", band)
    if band is not None:
        band.setVisible(bool(keys_of(grid)))
        band.take_keys()
        grid.bands.place()
        grid.places.update_bars()


def column_key(grid: Grid) -> GroupBy:
    """The key that the current column makes."""
    column = current(grid)
    return GroupBy(source_of(column), column.shown if column.labelled is not None and column.reference else "")


def can_group(grid: Grid) -> bool:
    """Whether the current column can be one more key."""
    column = current(grid)
    is_blob = column.column is not None and column.column.type == "blob"
    is_list = grid.outline is None or bool(keys_of(grid))
    return has_source(grid) and is_list and not is_blob and column_key(grid) not in keys_of(grid)


def group_by_column(grid: Grid) -> None:
    """Group by the current column too."""
    set_keys(grid, (*keys_of(grid), column_key(grid)))


def is_moment(grid: Grid) -> bool:
    """Whether the current column has years."""
    column = current(grid)
    return can_group(grid) and column.column is not None and column.column.type in ("date", "datetime")


def group_by_year(grid: Grid) -> None:
    """Group by the years of the current column too."""
    from kernel.tables.quick_filter import name_text

    set_keys(grid, (*keys_of(grid), GroupBy(f"year({name_text(current(grid).path)})")))


def is_grouped(grid: Grid) -> bool:
    """Whether there are groups."""
    return bool(keys_of(grid))


def ungroup(grid: Grid) -> None:
    """Show the rows without groups."""
    set_keys(grid, ())


def go_to_keys(grid: Grid) -> None:
    """Go to the bar with the keys."""
    band = grid.bands.get("groups")
    if band is not None:
        band.take_focus()


def tree_of(grid: Grid) -> str:
    """The reference that makes the rows a tree, or could; empty when there is none."""
    return grid.wanted_tree or own_reference(grid.handle.schema)


def own_reference(schema: Schema | None) -> str:
    """The reference of a table to itself, empty when it has none of a single column."""
    references = schema.references if schema is not None else ()
    own = (one.name for one in references if one.table == schema.name and len(one.via) == 1)
    return next(own, "")


def can_be_tree(grid: Grid) -> bool:
    """Whether rows refer to rows of their own table."""
    return bool(tree_of(grid))


def turn_tree(grid: Grid) -> None:
    """Show the rows as a tree, or as a list again, and remember it."""
    from widgets.grid.branched import Branched
    from widgets.grid.grouped import memory_name

    is_tree = isinstance(grid.outline, Branched)
    if not grid.editing.accept():
        return
    if grid.outline is not None:
        grid.outline.end()
    grid.selection.clear()
    if not is_tree:
        Branched(grid, tree_of(grid)).begin()
    grid.context.remember(memory_name(grid), {"tree": "" if is_tree else tree_of(grid)})
    show_band(grid)


def has_outline(grid: Grid) -> bool:
    """Whether anything can be open."""
    return grid.outline is not None


def open_level(grid: Grid) -> None:
    """Open everything at the level of the current row."""
    grid.outline.open_level(True)


def close_all(grid: Grid) -> None:
    """Close everything."""
    grid.outline.open_level(False)
