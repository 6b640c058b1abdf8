"""The card with a column's statistics: figures, most frequent values with bars, a histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QHelpEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from kernel.words import mark, say
from widgets.format import writer
from widgets.grid.panel import Panel
from widgets.grid.statistics import FREQUENT, Bar, Statistics
from widgets.grid.summary import figure_text
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: Size of the card in pixels at 100 %, and the height of the histogram.
WIDTH, HEIGHT, CHART = 340, 560, 84
#: Name → what the card calls it, in order.
FIGURES: tuple[tuple[str, str], ...] = (
    ("rows", mark("Rows")),
    ("empty", mark("Empty")),
    ("distinct", mark("Distinct")),
    ("minimum", mark("Least")),
    ("maximum", mark("Greatest")),
    ("average", mark("Mean")),
    ("sum", mark("Sum")),
)


class Figure(QLabel):
    """One figure at the right edge, ``whole`` its text; cut where it is too long, its tip says it all."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("…", parent)
        self.whole = "…"
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        """Show a text."""
        self.whole = text
        self.setAccessibleName(text)
        cut = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        self.setText(cut)
        self.setToolTip(text if cut != text else "")

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        """Cut anew."""
        super().resizeEvent(event)
        self.say(self.whole)


class Bars(QWidget):
    """The most frequent values: text, a bar of its share, count."""

    def __init__(self, panel: StatisticsPanel) -> None:
        super().__init__(panel)
        self._theme = panel.grid.context.theme
        self.entries: list[tuple[str, int]] = []
        self.total = 0

    def show_entries(self, entries: list[tuple[str, int]], total: int) -> None:
        """Show (text, count) of each; ``total`` is what a whole bar stands for."""
        self.entries, self.total = entries, total
        self.setAccessibleName(say("Most frequent: ") + ", ".join(f"{text} {count}" for text, count in entries))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # Qt's name
        """A line for each."""
        return QSize(100, self._line() * max(len(self.entries), 1))

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """See the class."""
        painter, theme, line = QPainter(self), self._theme, self._line()
        number, most = writer("integer", "#,##0"), max((count for _, count in self.entries), default=1)
        painter.setFont(theme.font("body"))
        metrics = painter.fontMetrics()
        for at, (text, count) in enumerate(self.entries):
            box = QRect(0, at * line, self.width(), line)
            share = box.width() * count / max(most, 1)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(theme.color("selection")))
            painter.drawRoundedRect(QRectF(box.left(), box.top() + 1, max(share, 2), line - 3), 3, 3)
            told = number(count)
            if self.total:
                told += f"   {100 * count / self.total:.1f} %"
            room = box.width() - metrics.horizontalAdvance(told) - 24
            painter.setPen(theme.color("text"))
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, cut)
            painter.setPen(theme.color("muted"))
            end = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(box.adjusted(0, 0, -4, 0), end, told)

    def _line(self) -> int:
        return self._theme.height("row") - 4


class Histogram(QWidget):
    """Bars of counts, what they begin and end with below; the tip of a bar says its range and count."""

    def __init__(self, panel: StatisticsPanel) -> None:
        super().__init__(panel)
        self._theme = panel.grid.context.theme
        self.bars: list[Bar] = []

    def show_bars(self, bars: list[Bar]) -> None:
        """Show these."""
        self.bars = bars
        most = max(bars, key=lambda bar: bar.count)
        self.setAccessibleName(
            say(
                "Histogram from {first} to {last}, most at {first2}: {count}",
                first=bars[0].first,
                last=bars[-1].last,
                first2=most.first,
                count=most.count,
            )
        )
        self.update()

    def sizeHint(self) -> QSize:  # Qt's name
        """The chart and its line of words."""
        return QSize(100, CHART + self._words())

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """See the class."""
        if not self.bars:
            return
        painter, theme = QPainter(self), self._theme
        height, most = self.height() - self._words(), max(bar.count for bar in self.bars) or 1
        step = self.width() / len(self.bars)
        gap = 1 if step >= 4 else 0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(theme.color("accent")))
        for at, bar in enumerate(self.bars):
            tall = max((height - 2) * bar.count / most, 1.5 if bar.count else 0)
            painter.drawRect(QRectF(at * step, height - tall, max(step - gap, 1), tall))
        painter.setPen(theme.color("line"))
        painter.drawLine(0, height, self.width(), height)
        painter.setPen(theme.color("muted"))
        painter.setFont(theme.font("caption"))
        words = QRect(0, height + 2, self.width(), self._words() - 2)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft, self.bars[0].first)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight, self.bars[-1].last)

    def event(self, event: Any) -> bool:  # Qt's name
        """The tip of a bar."""
        if isinstance(event, QHelpEvent) and self.bars:
            bar = self.bars[min(int(event.pos().x() * len(self.bars) / max(self.width(), 1)), len(self.bars) - 1)]
            place = bar.first if bar.first == bar.last else f"{bar.first} to {bar.last}"
            QToolTip.showText(event.globalPos(), f"{place}: {writer('integer', '#,##0')(bar.count)}", self)
            return True
        return super().event(event)

    def _words(self) -> int:
        return round(self._theme.font("caption").pixelSize() * 1.4) + 4


class StatisticsPanel(Panel):
    """The card of one column."""

    def __init__(self, grid: Grid, column: GridColumn) -> None:
        super().__init__(grid, say("Statistics of {label}", label=column.label), WIDTH, HEIGHT)
        self._column = column
        self.statistics = Statistics(grid, column, self._take)
        self.labels: dict[str, Figure] = {}
        self._known: dict[str, Any] = {}
        theme = grid.context.theme
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(say("Statistics of {label}", label=column.label))
        self.area = area
        inner = QWidget(area)
        inner.setProperty("panel", "clear")
        self._inner = QVBoxLayout(inner)
        self._inner.setContentsMargins(0, 0, 8, 0)
        self._inner.setSpacing(theme.space("tight"))
        self._add_figures()
        self.chart_title = self._heading(say("Distribution"))
        self.histogram = Histogram(self)
        self._inner.addWidget(self.histogram)
        self.bars_title = self._heading(say("Most frequent"))
        self.bars = Bars(self)
        self._inner.addWidget(self.bars)
        self._inner.addStretch(1)
        for part in (self.chart_title, self.histogram, self.bars_title, self.bars):
            part.hide()
        area.setWidget(inner)
        self.column.addWidget(area, 1)
        self.note = QLabel(say("Counting…"), self)
        self.note.setFont(theme.font("caption"))
        self.note.setWordWrap(True)
        tint(self.note, theme, "color: ${muted}")
        self.column.addWidget(self.note)
        self._add_buttons()
        self.statistics.ask()

    def end(self) -> None:
        """Stop asking."""
        self.statistics.close()

    def _add_buttons(self) -> None:
        self.copier, self.shut = QPushButton(say("Copy"), self), QPushButton(say("Close"), self)
        self.copier.setToolTip(say("Put all figures on the clipboard (Ctrl+C)"))
        self.copier.clicked.connect(self.copy)
        self.shut.clicked.connect(self.close_panel)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.copier)
        buttons.addWidget(self.shut)
        self.column.addLayout(buttons)

    def copy(self) -> None:
        """Put what is shown on the clipboard, as cells of two and three columns."""
        from widgets.grid.statistics_text import statistics_text

        figures = [(say(title), self.labels[name].whole) for name, title in FIGURES if name in self.labels]
        text = statistics_text(self.title.text(), figures, self.bars.entries, self._known.get("histogram") or [])
        QApplication.clipboard().setText(text)
        if self.note.isHidden():
            self.note.setText(say("Copied"))
            self.note.show()

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Copying is the card's own before it is the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and event.matches(QKeySequence.StandardKey.Copy):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Ctrl+C copies; for the others see the base."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            event.accept()
            return
        super().keyPressEvent(event)

    def _add_figures(self) -> None:
        cells = QGridLayout()
        cells.setHorizontalSpacing(16)
        cells.setVerticalSpacing(4)
        cells.setColumnStretch(1, 1)
        theme, statistics = self.grid.context.theme, self.statistics
        left_out = set() if statistics.has_extremes else {"minimum", "maximum"}
        left_out |= set() if statistics.has_sums else {"average", "sum"}
        for row, (name, title) in enumerate(pair for pair in FIGURES if pair[0] not in left_out):
            caption, value = QLabel(say(title), self), Figure(self)
            tint(caption, theme, "color: ${muted}")
            cells.addWidget(caption, row, 0)
            cells.addWidget(value, row, 1)
            self.labels[name] = value
        self._inner.addLayout(cells)

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setFont(self.grid.context.theme.font("strong"))
        label.setContentsMargins(0, 8, 0, 0)
        self._inner.addWidget(label)
        return label

    def _take(self, name: str, value: Any) -> None:
        if isinstance(value, Exception):
            self.note.setText(getattr(value, "message", str(value)))
            if name in self.labels:
                self.labels[name].say("\u2013")
            return
        self._known[name] = value
        if name == "histogram":
            self._show_histogram(value)
        elif name == "frequent":
            self._show_frequent(value or [])
        else:
            self._show_figure(name, value)
        wanted = {"rows", "frequent", "distinct"} | ({"histogram"} if self.statistics.has_extremes else set())
        if wanted <= set(self._known) and self.note.text() == "Counting…":
            self.note.hide()

    def _show_figure(self, name: str, value: Any) -> None:
        number = writer("integer", "#,##0")
        if name in ("rows", "filled"):
            if {"rows", "filled"} <= set(self._known):
                rows, empty = self._known["rows"], self._known["rows"] - self._known["filled"]
                self.labels["rows"].say(number(rows))
                share = f" ({100 * empty / rows:.1f} %)" if rows and empty else ""
                self.labels["empty"].say(f"{number(empty)}{share}")
                self._scale_bars()
        elif name == "distinct" and value is None:
            self.labels[name].say("nearly all differ")
        elif name == "distinct":
            # The group of the empty ones is no value.
            has_empty = self._known.get("rows", 0) > self._known.get("filled", 0)
            self.labels[name].say(number(value - has_empty))
        else:
            self.labels[name].say(" ".join(figure_text(self._column, name, value)[:200].split()))

    def _show_frequent(self, entries: list[tuple[Any, Any, int]]) -> None:
        write = self._column.write
        texts = []
        for value, label, count in entries[:FREQUENT]:
            text = "(empty)" if value is None else write(value if label in (None, "") else label) or say("(empty text)")
            texts.append((" ".join(text[:100].split()), count))
        self.bars.show_entries(texts, self._known.get("rows", 0))
        for part in (self.bars_title, self.bars):
            part.setVisible(bool(texts))

    def _scale_bars(self) -> None:
        if self.bars.entries:
            self.bars.show_entries(self.bars.entries, self._known["rows"])

    def _show_histogram(self, bars: list[Bar]) -> None:
        if bars:
            self.histogram.show_bars(bars)
        for part in (self.chart_title, self.histogram):
            part.setVisible(bool(bars))


def open_statistics(grid: Grid) -> None:
    """Show the card for the current column; a second time closes it."""
    if isinstance(grid.panel, StatisticsPanel):
        grid.panel.close_panel()
        return
    panel = StatisticsPanel(grid, grid.columns[grid.current.column])
    panel.open(panel.area)
