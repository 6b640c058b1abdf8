"""What becomes of a grid when its table's schema is known, or the theme is another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables.schema import title_of
from widgets.grid.column import query_columns
from widgets.grid.look import Look

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.look_rules import Drawn


def take_schema(grid: Grid) -> None:
    """Make the columns, and ask for the rows."""
    schema = grid.handle.schema
    if schema is None:
        return
    grid.setAccessibleName(grid.node.get("name") or schema.title or title_of(grid.handle.name))
    grid.arrangement.take_schema(schema)
    grid.content.take_schema(schema)
    grid.rows.columns = query_columns(grid.columns, [*grid.content.styles, *grid.content.checks], schema)
    grid.rows.sort = grid.rows.sort or grid.arrangement.sort()
    grid.widths.is_fitted = False
    grid.widths.fill()
    begin_outline(grid)
    begin_bookmarks(grid)
    grid.places.update_bars()
    grid.filter.set_schema(schema)
    grid.rows.reload()
    if grid.arrangement.has_filters() and grid.bands.get("filters") is None:
        from widgets.grid.filter_row import show

        show(grid, is_kept=False)
    show_summary(grid)
    grid.condition.show()
    grid.update_all()


def begin_outline(grid: Grid) -> None:
    """Show the rows under groups, or as a tree, where the layout or the person wants that."""
    node = grid.node
    is_kept = grid.context.recall(f"groups:{grid.id or f'{node.where.file}:{node.where.line}'}")
    if node.get("group") or grid.wanted_tree or is_kept:
        from widgets.grid.group_action import begin

        begin(grid)


def begin_bookmarks(grid: Grid) -> None:
    """Show the rows that the person marked, if any."""
    node = grid.node
    if grid.context.recall(f"bookmarks:{grid.id or f'{node.where.file}:{node.where.line}'}"):
        from widgets.grid.bookmark import begin

        begin(grid)


def show_summary(grid: Grid) -> None:
    """Show the line below the rows, or what it says now, where any column has one."""
    if grid.outline is not None:
        grid.outline.take_columns()
    is_wanted = any(column.summary for column in grid.columns) or grid.arrangement.overlay.summaries
    if grid.bands.get("summary") is not None or is_wanted:
        from widgets.grid.summary_band import refresh

        refresh(grid)


def dress(grid: Grid) -> None:
    """Take the colours and sizes of the theme in force."""
    before = grid.look.scale
    grid.look = Look(grid.context.theme, grid.look.density, grid.look.drawn)
    for column in grid.arrangement.all:
        column.dress(grid.look.column(column.classes))
    grid.look.is_turned = grid.isRightToLeft()
    grid.bands.place()
    grid.content.forget_texts()
    grid.condition.show()
    if grid.look.scale != before:
        grid.widths.grow(grid.look.scale / before)
    grid.places.update_bars()
    grid.header.update()


def draw_look(grid: Grid, drawn: Drawn) -> None:
    """Look as style rules say from now on."""
    if drawn != grid.look.drawn:
        before = (grid.look.font, grid.look.heading)
        grid.look.drawn = drawn
        dress(grid)
        if (grid.look.font, grid.look.heading) != before and grid.widths.is_fitted:
            grid.widths.fit_all()
        grid.update_all()
