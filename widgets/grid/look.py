"""Colours, fonts and lengths of the grid, read from the theme once per change of theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QColor, QFont, QPen

from widgets.grid.measure import Measure, measure_of

if TYPE_CHECKING:
    from widgets.grid.look_rules import Drawn

_COLORS = (
    "window", "surface", "sunken", "line", "text", "muted", "disabled", "hover", "selection", "selection-quiet",
    "selection-text", "accent", "focus",
    "link", "error", "warning", "success", "fill", "border", "on-accent", "error-soft", "raised",
)  # fmt: skip

#: What rows are painted in → the colour that it is without style rules.
ROLES = {
    "rows": "surface", "below": "window", "ink": "text", "quiet": "muted", "dash": "disabled", "edge": "line",
    "hovered": "hover", "hovered-ink": "text", "hovered-quiet": "muted", "selected": "selection",
    "selected-ink": "selection-text", "resting": "selection-quiet", "resting-row-ink": "selection-text",
    "resting-ink": "text", "resting-quiet": "muted", "heading-ground": "sunken", "heading": "muted",
    "heading-lit": "text",
}  # fmt: skip
#: The colour of a title → that of the quieter texts beside it.
QUIET = {"ink": "quiet", "hovered-ink": "hovered-quiet", "resting-ink": "resting-quiet", "selected-ink": "selected-ink"}
#: How much of the accent colours what is selected together, of 255.
TINT_ALPHA = 44
#: How much of the accent colours the tile below an icon, of 255.
TILE_ALPHA = 30


class Look:
    """The theme's answers, ready for painting.

    Args:
        drawn: What style rules say of the view; its rows are painted by roles, all else by tokens.
    """

    def __init__(self, theme: Any, density: str = "normal", drawn: Drawn | None = None) -> None:
        self.theme, self.drawn = theme, drawn
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
        colors.update((role, colors[token]) for role, token in ROLES.items())
        self.font, self.strong = QFont(theme.font("body")), QFont(theme.font("strong"))
        self.heading = self.strong
        #: What lies over what is selected together.
        self.tint = QColor(colors["accent"])
        self.tint.setAlpha(TINT_ALPHA)
        if drawn:
            from widgets.grid.look_rules import fonts_of, role_colors, selection_tint

            colors.update(role_colors(theme, drawn))
            self.tint = selection_tint(theme, drawn)
            self.font, self.strong, self.heading = fonts_of(theme, drawn)
        for font in (self.font, self.strong):
            font.setFeature(QFont.Tag("tnum"), 1)
        self.colors = colors
        # Through it the ground of a selected row is seen.
        self.tile_ground = QColor(colors["accent"])
        self.tile_ground.setAlpha(TILE_ALPHA)
        self.pens = {name: QPen(color) for name, color in colors.items()}
        self.focus_pen = QPen(colors["focus"], 2)
        self.caption = QFont(theme.font("caption"))
        self.measure, self.strong_measure = measure_of(self.font), measure_of(self.strong)
        self.metrics, self.strong_metrics = self.measure.metrics, self.strong_measure.metrics
        self.heading_measure = self.strong_measure if self.heading is self.strong else measure_of(self.heading)
        self.heading_metrics = self.heading_measure.metrics
        self.row_height = max(48 if is_roomy else 30, int(self.metrics.height() + px(32 if is_roomy else 12)))
        self.header_height = max(32, int(max(self.metrics.height(), self.heading_metrics.height()) + px(14)))
        self.padding = px(10)
        self.baseline = (self.row_height + self.metrics.ascent() - self.metrics.descent()) / 2

    def column(self, classes: frozenset[str]) -> dict[str, str]:
        """What style rules say of a column of these classes."""
        return self.drawn.columns.get(classes, {}) if self.drawn else {}

    def weighted(self, weight: str) -> tuple[QFont, Measure]:
        """The font of rows in a weight, and the widths of its texts; an empty weight is that of the rows."""
        if not weight:
            return self.font, self.measure
        found = self.kept.get(("weight", weight))
        if found is None:
            font = QFont(self.font)
            font.setWeight(QFont.Weight(self.theme.tokens.length("weight", weight)))
            found = self.kept["weight", weight] = (font, measure_of(font))
        return found

    def tag(self, value: str) -> tuple[QColor, QColor]:
        """Ground and text of a tag with that value."""
        tag = getattr(self.theme, "tag", None)
        if tag is None:
            return self.colors["fill"], self.colors["text"]
        ground, text = tag(value)
        return QColor(ground), QColor(text)
