"""Colours, fonts and lengths of the grid, read from the theme once per change of theme."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QColor, QFont, QPen

from widgets.grid.measure import Measure

_COLORS = (
    "window", "surface", "sunken", "line", "text", "muted", "disabled", "hover", "selection", "selection-quiet",
    "selection-text", "accent", "focus",
    "link", "error", "warning", "success", "fill", "border", "on-accent", "error-soft", "raised",
)  # fmt: skip

#: How much of the accent colours the tile below an icon, of 255.
TILE_ALPHA = 30


class Look:
    """The theme's answers, ready for painting."""

    def __init__(self, theme: Any, density: str = "normal") -> None:
        self.theme = theme
        #: What renderers draw once and use again.
        self.kept: dict[Any, Any] = {}
        self.density = density
        #: Whether lines begin at the right.
        self.is_turned = False
        is_roomy = density == "roomy"
        self.scale, px = theme.scale(), theme.length
        #: Side of the tile that an icon stands in, and the room that it takes from the text, in pixels.
        self.tile = px(28) if is_roomy else theme.icon_size()
        self.icon_room = self.tile + px(12 if is_roomy else 8)
        #: Sides of check boxes and swatches; of a funnel; what each level of a tree goes in, and a triangle takes.
        self.mark, self.funnel, self.indent, self.triangle = px(16), px(14), px(18), px(18)
        colors = {name: QColor(theme.color(name)) for name in _COLORS}
        self.colors = colors
        # Through it the ground of a selected row is seen.
        self.tile_ground = QColor(colors["accent"])
        self.tile_ground.setAlpha(TILE_ALPHA)
        self.pens = {name: QPen(color) for name, color in colors.items()}
        self.focus_pen = QPen(colors["focus"], 2)
        self.font = QFont(theme.font("body"))
        self.strong = QFont(theme.font("strong"))
        self.caption = QFont(theme.font("caption"))
        for font in (self.font, self.strong):
            font.setFeature(QFont.Tag("tnum"), 1)
        self.measure, self.strong_measure = Measure(self.font), Measure(self.strong)
        self.metrics, self.strong_metrics = self.measure.metrics, self.strong_measure.metrics
        self.row_height = max(48 if is_roomy else 30, int(self.metrics.height() + px(32 if is_roomy else 12)))
        self.header_height = max(32, int(self.metrics.height() + px(14)))
        self.padding = px(10)
        self.baseline = (self.row_height + self.metrics.ascent() - self.metrics.descent()) / 2

    def tag(self, value: str) -> tuple[QColor, QColor]:
        """Ground and text of a tag with that value."""
        tag = getattr(self.theme, "tag", None)
        if tag is None:
            return self.colors["fill"], self.colors["text"]
        ground, text = tag(value)
        return QColor(ground), QColor(text)
