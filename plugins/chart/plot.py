"""Drawing with pyqtgraph in the theme's colours. The only module that imports pyqtgraph and numpy; see loading.py."""

from __future__ import annotations

from collections.abc import Callable

import numpy
import pyqtgraph
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from plugins.api import Theme
from plugins.chart.points import Points

#: A bar's share of its place.
_BAR = 0.72
#: Above this many points a bar chart draws a filled step line instead: bars thinner than a pixel show nothing.
_BARS = 2_000
#: Up to this many points a line is two pixels wide.
_THICK = 400


class LabelAxis(pyqtgraph.AxisItem):
    """The lower axis: group labels, as many as there is room for."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.points = Points([], [], [])

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:  # Qt's name
        shown = [position for position in self.points.positions if low <= position <= high]
        if not shown:
            return []
        widest = max((len(label) for label in self.points.labels), default=1)
        room = max(1, int(size / (widest * 7 + 16)))
        step = max(1, -(-len(shown) // room))
        return [(float(step), shown[::step])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # Qt's name
        labels = dict(zip(self.points.positions, self.points.labels, strict=True))
        return [labels.get(value, "") for value in values]


class ValueAxis(pyqtgraph.AxisItem):
    """The start axis: values as the format says."""

    def __init__(self, write: Callable[[float], str]) -> None:
        super().__init__("left")
        self.write = write

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:  # Qt's name
        return super().tickValues(low, high, size)[:1]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # Qt's name
        return [self.write(value) for value in values]


class Plot(pyqtgraph.PlotWidget):
    """The drawing. ``pointed`` tells the index of the point under the pointer, -1 for none."""

    pointed = Signal(int)

    def __init__(self, theme: Theme, write: Callable[[float], str], parent: QWidget | None = None) -> None:
        self._labels = LabelAxis()
        super().__init__(
            parent, background=None, axisItems={"bottom": self._labels, "left": ValueAxis(write)}, antialias=True
        )
        self._theme = theme
        self._points = Points([], [], [])
        self._type = "bar"
        self._index = -1
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.scene().sigMouseMoved.connect(self._point)

    def draw(self, points: Points, chart_type: str, look: dict[str, str]) -> None:
        """Show the points anew, in the colours that style rules name (property → token)."""
        self._points, self._type, self._index = points, chart_type, -1
        self._labels.points = points
        theme = self._theme
        self.clear()
        ground = theme.color(look.get("ground", "surface"))
        self.setBackground(ground)
        self._dress_axes(look.get("color", "muted"))
        across, up = numpy.array(points.positions), numpy.array(points.values)
        accent = theme.color("accent")
        if chart_type == "bar" and len(up) <= _BARS:
            width = _BAR * (float(numpy.min(numpy.diff(across))) if len(across) > 1 else 1.0)
            self.addItem(pyqtgraph.BarGraphItem(x=across, height=up, width=width, brush=accent, pen=None))
        else:
            below = QColor(accent)
            below.setAlphaF(0.0 if chart_type == "line" else 0.16)
            is_dense = len(up) > _BARS
            pen = _pen(accent, 1 if len(up) > _THICK else 2)
            # WORKAROUND pyqtgraph 0.14: PlotDataItem asks the PlotWidget for autoRangeEnabled under PySide6 and
            # raises; the plain curve does not. Until PlotDataItem finds its ViewBox there.
            curve = pyqtgraph.PlotCurveItem(
                across, up, pen=pen, fillLevel=0, brush=below, antialias=not is_dense
            )
            self.addItem(curve)
        self._line = pyqtgraph.InfiniteLine(angle=90, pen=_pen(theme.color("border"), 1))
        self._dot = pyqtgraph.ScatterPlotItem(size=9, brush=ground, pen=_pen(accent, 2))
        for item in (self._line, self._dot):
            item.hide()
            self.addItem(item, ignoreBounds=True)
        low, high = min(0.0, float(up.min())), max(0.0, float(up.max()))
        edge = 0.5 if chart_type == "bar" else 0.02 * max(1.0, float(across[-1] - across[0]))
        self.setXRange(float(across.min()) - edge, float(across.max()) + edge, padding=0)
        room = 0.08 * ((high - low) or 1.0)
        self.setYRange(low - (room if low < 0 else 0), high + room, padding=0)

    def show_index(self, index: int) -> None:
        """Mark a point; -1 for none."""
        self._index = index
        is_shown = 0 <= index < len(self._points.values)
        self._line.setVisible(is_shown)
        self._dot.setVisible(is_shown)
        if is_shown:
            self._line.setPos(self._points.positions[index])
            self._dot.setData([self._points.positions[index]], [self._points.values[index]])

    def _dress_axes(self, ink: str) -> None:
        theme = self._theme
        for name in ("bottom", "left"):
            axis = self.getAxis(name)
            axis.setPen(_pen(theme.color("line"), 1))
            axis.setTextPen(theme.color(ink))
            axis.setTickFont(theme.font("caption"))
            axis.setStyle(tickLength=0, tickTextOffset=8, hideOverlappingLabels=False)
            axis.setGrid(False)
            axis.setZValue(-1000)
        grid = theme.color("line")
        value_axis = self.getAxis("left")
        value_axis.setTickPen(_pen(grid, 1))
        value_axis.setGrid(255)

    def _point(self, place: QPointF) -> None:
        if not self._points.positions or not self.plotItem.vb.sceneBoundingRect().contains(place):
            self.pointed.emit(-1)
            return
        wanted = self.plotItem.vb.mapSceneToView(place).x()
        nearest = int(numpy.abs(numpy.array(self._points.positions) - wanted).argmin())
        self.pointed.emit(nearest)


def _pen(color: QColor, width: int) -> QPen:
    pen = QPen(color, width)
    pen.setCosmetic(True)
    return pen
