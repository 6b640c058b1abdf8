"""What stands above and below a grid's rows: group keys, headings, filter row, expression line, summary, find bar.

A band is a widget with ``band_height()``; one that has columns has ``follow()``, called when they moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.gutter import Gutter

#: Bands in their order from the top; those from ``staying`` on stand below the rows.
ABOVE = ("groups", "expression", "spans", "header", "filters")
BELOW = ("staying", "totals", "summary", "find")


class Bands:
    """Places the bands of one grid; those that are hidden take no room."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._bands: dict[str, Any] = {}
        #: The row numbers, None where the grid has none.
        self.gutter: Gutter | None = None

    def get(self, name: str) -> Any:
        """The band of that name, None before it was ever shown."""
        return self._bands.get(name)

    def put(self, name: str, band: Any) -> None:
        """Take a new band and give it room."""
        self._bands[name] = band
        self.place()

    def place(self) -> None:
        """Give every band its room; the rows have what is left."""
        grid, margins = self._grid, self._grid.viewportMargins()
        top, bottom = self._height(ABOVE), self._height(BELOW)
        left = self.gutter.room() if self.gutter is not None else 0
        before, behind = (0, left) if grid.isRightToLeft() else (left, 0)
        if (margins.left(), margins.top(), margins.right(), margins.bottom()) != (before, top, behind, bottom):
            grid.setViewportMargins(before, top, behind, bottom)
            grid.corner.updateGeometry()
        box = grid.viewport().geometry()
        if self.gutter is not None:
            x = box.right() + 1 if grid.isRightToLeft() else box.left() - left
            self.gutter.setGeometry(x, box.top() - top, left, top + box.height())
        y = box.top() - top
        for names in (ABOVE, BELOW):
            for name in names:
                band = self._bands.get(name)
                if band is not None and not band.isHidden():
                    band.setGeometry(box.left(), y, box.width(), band.band_height())
                    y += band.band_height()
            y = box.bottom() + 1
        self.follow()

    def show_gutter(self, is_shown: bool) -> None:
        """Show the row numbers, or take them away."""
        if is_shown and self.gutter is None:
            from widgets.grid.gutter import Gutter

            self.gutter = Gutter(self._grid)
            self.gutter.show()
        elif not is_shown and self.gutter is not None:
            self.gutter.hide()
            self.gutter.deleteLater()
            self.gutter = None
        self.place()

    def update_gutter(self) -> None:
        """Paint the row numbers anew."""
        if self.gutter is not None:
            self.gutter.update()

    def follow(self) -> None:
        """The columns are elsewhere."""
        for band in self._bands.values():
            if hasattr(band, "follow") and not band.isHidden():
                band.follow()

    def _height(self, names: tuple[str, ...]) -> int:
        bands = [self._bands.get(name) for name in names]
        return sum(band.band_height() for band in bands if band is not None and not band.isHidden())
