"""Rows of a grid as a tree: a reference of the table to itself says which row each stands under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from kernel.tables.change import Key
from kernel.tables.outline.row import Opened, TreeRow
from kernel.tables.outline.tree import Branching, TreeTable
from kernel.words import say
from widgets.grid.group_value import read_path, write_path
from widgets.grid.outline import Outline
from widgets.grid.outline_paint import paint_circle, paint_triangle
from widgets.grid.outline_reader import OutlineReader

if TYPE_CHECKING:
    from widgets.grid.cell_plan import Plan
    from widgets.grid.grid import Grid

_KEY = Qt.Key
#: Everything is open: what a filter finds is to be seen.
_ALL = Opened(frozenset([0]))
#: Open and closed rows that are remembered.
MOST_KEPT = 500


class Branched(Outline):
    """One grid's; under a filter everything is open at first, and what was open comes back when it goes."""

    KEYS = {  # noqa: RUF012
        _KEY.Key_Right: "step_in", _KEY.Key_Left: "step_out", _KEY.Key_Space: "toggle", _KEY.Key_Asterisk: "open_below",
    }  # fmt: skip

    def __init__(self, grid: Grid, via: str) -> None:
        super().__init__(grid)
        self.via = via
        self._is_filtered = False
        self._plans: dict[int, Plan] = {}
        self._plans_of: object = None
        self.opened = self._kept()
        self.reader = OutlineReader(grid.handle, lambda table: TreeTable(table, Branching(via)), self._wanted)
        grid.rows.asked.connect(self._take_filter)

    def _wanted(self) -> Any:
        branching = Branching(self.via, self.opened, self.grid.handle.filter_text)

        def apply(view: Any) -> None:
            view.branching = branching

        return apply

    def end(self) -> None:
        """See :class:`Outline`."""
        self.grid.rows.asked.disconnect(self._take_filter)
        super().end()

    def _take_filter(self) -> None:
        is_filtered = bool(self.grid.rows.filter_text)
        if is_filtered != self._is_filtered:
            self._is_filtered = is_filtered
            self.opened = _ALL if is_filtered else self._kept()

    @property
    def shape(self) -> Any:
        """See :class:`Outline`."""
        return self.via

    # -- rows ---------------------------------------------------------------------------------------------------------

    def branch(self, row: int) -> TreeRow | None:
        """Where a row stands; None for a new one, or one that is not here."""
        mark = self.mark(row)
        return mark if isinstance(mark, TreeRow) else None

    def name_of(self, row: int) -> Any:
        """See :class:`Outline`."""
        return self.grid.row_key(row)

    def depth_of(self, row: int) -> int:
        """See :class:`Outline`."""
        return 0

    def row_above(self, row: int) -> Key | None:
        """See :class:`Outline`."""
        branch = self.branch(row)
        for above in range(row - 1, -1, -1):
            other = self.branch(above)
            if branch is None or other is None:
                return None
            if other.depth < branch.depth:
                return self.grid.row_key(above)
        return None

    def has_keys(self, row: int) -> bool:
        """See :class:`Outline`: in the first column, where the triangles are."""
        return self.grid.current.column == 0 and self.branch(row) is not None

    def step_in(self) -> bool:
        """Open the current row; when it is open, Right goes to the next column as ever."""
        row = self.grid.current.row
        return self.can_open(row) and not self.is_open(row) and self.toggle()

    def open_below(self) -> bool:
        """See :class:`Outline`."""
        key, query = self.grid.current_key, self.grid.rows.query()
        if key is None:
            return False

        def take(answer: Any) -> None:
            if isinstance(answer, Exception):
                self.grid.rows.failed.emit(answer)
                return
            opened = self.opened
            for one in answer:
                opened = opened.opened(one, 0)
            self.set_opened(opened)

        self.reader.ask(lambda view: view.below(query, key), take)
        return True

    def open_level(self, is_open: bool) -> None:
        """See :class:`Outline`."""
        self.set_opened(_ALL if is_open else Opened())

    def go_to(self, key: Key, column: int | None = None) -> None:
        """See :class:`Outline`."""
        grid, query = self.grid, self.grid.rows.query()

        def take(ancestors: Any) -> None:
            if isinstance(ancestors, Exception):
                return
            opened = self.opened
            for one in ancestors:
                opened = opened.opened(one, 0)
            self.set_opened(opened)
            self.reader.ask(lambda view: view.locate(query, key), go)

        def go(row: Any) -> None:
            if isinstance(row, int):
                grid.rows.go_after(lambda: grid.go(row, column))

        self.reader.ask(lambda view: view.ancestors(query, key), take)

    def given(self) -> dict[str, Any]:
        """What a new row takes from where the person is: it stands under the current row."""
        grid, schema = self.grid, self.grid.handle.schema
        read = grid.content.reader(grid.current.row) if grid.current_key is not None else None
        reference = schema.reference(self.via) if schema is not None else None
        if read is None or reference is None:
            return {}
        if grid.current_key is not None and not self.is_filtered_out(grid.current.row):
            name = reference.columns[0]
            key = dict(zip(schema.key, grid.current_key, strict=False)) if schema is not None else {}
            value = key.get(name, read(name))
            self.opened = self.opened.opened(grid.current_key, 0)
            self.keep()
            return {reference.via[0]: value}
        return {}

    def is_filtered_out(self, row: int) -> bool:
        """Whether a row is there only for rows under it."""
        branch = self.branch(row)
        return branch is not None and not branch.is_match

    # -- what is shown ------------------------------------------------------------------------------------------------

    def plans(self, plans: list[Plan], row: int) -> list[Plan]:
        """See :class:`Outline`: the first column begins further in."""
        from widgets.grid.cell_plan import Plan

        branch = self.branch(row)
        if self._plans_of is not plans:
            self._plans, self._plans_of = {}, plans
        depth = branch.depth if branch is not None else 0
        if depth not in self._plans:
            column = self.grid.columns[0]
            indent = min(
                depth * self.grid.look.indent + self.grid.look.triangle,
                max(column.width - 3 * self.grid.look.padding, 0),
            )
            self._plans[depth] = Plan(self.grid, column, indent)
        return [self._plans[depth], *plans[1:]]

    def indent(self, row: int) -> int:
        """See :class:`Outline`."""
        branch = self.branch(row)
        return (branch.depth if branch is not None else 0) * self.grid.look.indent + self.grid.look.triangle

    def emphasis(self, row: int, given: dict[str, str]) -> dict[str, str]:
        """See :class:`Outline`: rows that the filter lets through only for others are pale."""
        return {**dict.fromkeys(given, "muted"), "": "muted"} if self.is_filtered_out(row) else given

    def paint_over(self, painter: QPainter, row: int, top: int, columns: Any) -> None:
        """See :class:`Outline`."""
        branch, grid = self.branch(row), self.grid
        if branch is None or not columns or columns[0][0] != 0:
            return
        column = columns[0][2]
        indent = min(branch.depth * grid.look.indent, max(column.width - 3 * grid.look.padding - grid.look.triangle, 0))
        inside, start, way = grid.look.padding + indent, grid.places.start_of(0), -1 if grid.places.is_turned else 1
        at = start - inside - grid.look.triangle if way < 0 else start + inside
        if branch.children:
            color = "selection-text" if row == grid.current.row else "muted"
            paint_triangle(grid, painter, at, top, branch.is_open, color)
        if branch.is_cycle:
            paint_circle(grid, painter, grid.places.end_of(0) + (10 if way < 0 else -20), top)

    def cell_text(self, row: int, column: int) -> str:
        """See :class:`Outline`."""
        branch = self.branch(row)
        if branch is None or column:
            return ""
        below = ("open" if branch.is_open else "closed") + f", {branch.children:,} below, " if branch.children else ""
        circle = say(", stands under itself") if branch.is_cycle else ""
        return say(
            "{text}, {below}level {value}{circle}",
            text=self.grid.content.cell_text(row, column),
            below=below,
            value=branch.depth + 1,
            circle=circle,
        )

    # -- what is kept -------------------------------------------------------------------------------------------------

    def _name(self) -> str:
        return f"tree:{self.grid.id or f'{self.grid.node.where.file}:{self.grid.node.where.line}'}"

    def _kept(self) -> Opened:
        kept = self.grid.context.recall(self._name())
        if not isinstance(kept, dict):
            return Opened()
        keys = (read_path(key) for key in kept.get("others") or ())
        return Opened(frozenset(kept.get("levels") or ()), frozenset(key for key in keys if key is not None))

    def keep(self) -> None:
        """See :class:`Outline`; what a filter opened is not kept."""
        if not self._is_filtered:
            keys = [write_path(key) for key in list(self.opened.others)[:MOST_KEPT]]
            others = [key for key in keys if key is not None]
            self.grid.context.remember(self._name(), {"levels": sorted(self.opened.levels), "others": others})
