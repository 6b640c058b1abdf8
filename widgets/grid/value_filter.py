"""Filters of a grid's column by chosen values: which they are, and the condition that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.tables.quick_filter import name_text

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid


class Choice(NamedTuple):
    """Chosen values: only these, or all but these.

    Attributes:
        values: The values, as a block has them.
        is_only: Whether just these pass; else just these do not.
    """

    values: tuple[Any, ...] = ()
    is_only: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether every row passes."""
        return not self.values and not self.is_only

    def has(self, value: Any) -> bool:
        """Whether rows with that value pass."""
        return (value in self.values) == self.is_only

    def toggled(self, value: Any) -> Choice:
        """The choice with one value in it or out of it."""
        if value in self.values:
            return self._replace(values=tuple(one for one in self.values if one != value))
        return self._replace(values=(*self.values, value))


def value_name(column: GridColumn) -> str:
    """What expressions call the column's own value: the key where a label is shown."""
    return f"({column.computed.text})" if column.computed is not None else name_text(column.path)


def value_owner(column: GridColumn) -> tuple[str, str]:
    """Whose part of the grid's filters it is."""
    return "values", column.id


def choice_of(grid: Grid, column: GridColumn) -> Choice:
    """What is chosen now."""
    part = grid.filters.parts.get(value_owner(column))
    if part is None:
        return Choice()
    [values] = part.parameters.values()
    return Choice(tuple(values), " not in " not in part.text)


def filter_by(grid: Grid, column: GridColumn, choice: Choice) -> None:
    """Show the rows whose values are chosen.

    Raises:
        EspalierError: together with the other filters it is none.
    """
    if choice.is_everything:
        grid.filters.set_part(value_owner(column), "")
        return
    parameter = f"chosen_values.column_{grid.arrangement.ids.index(column.id)}"
    word = "in" if choice.is_only else "not in"
    # A list with only null in it has one test of its own in every source.
    text = f"{value_name(column)} {word} {parameter}"
    grid.filters.set_part(value_owner(column), text, {parameter: list(choice.values)})


def filter_by_values(grid: Grid, column: GridColumn, values: list[Any]) -> None:
    """Show only the rows that have one of the values."""
    filter_by(grid, column, Choice(tuple(values), is_only=True))
