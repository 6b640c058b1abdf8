"""The kind ``chart``: a table's groups drawn; heading, read-out, states and keys. Drawing is in plot.py."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from plugins.api import (
    Context,
    EspalierError,
    LiveFilter,
    Node,
    Query,
    RowsBehind,
    StateView,
    TableChange,
    UnavailableError,
    mark,
    say,
    title_of,
    writer,
)
from plugins.chart.loading import PlotLoader
from plugins.chart.points import LIMIT, ChartError, Points, make_query, read_points

#: Changes are gathered for this long before the table is asked again.
_GATHER_MS = 60
#: State → icon, title and hint of what stands in the chart's place.
_NOTES = {
    "loading": ("chart", mark("Loading…"), ""),
    "empty": ("chart", mark("Nothing to draw yet"), ""),
    "offline": ("offline", mark("Offline"), ""),
    "error": ("error", mark("The chart cannot be drawn"), ""),
}


class Chart(QWidget):
    """A chart that follows its table.

    Attributes:
        state: loading, empty, offline, error or ready.
        points: What is drawn.
        index: The point of the read-out, -1 for none.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self._node = node
        self._group, self._value, self._type = "", "count", "bar"
        self._empty = ""
        self._write = writer("decimal", str(node.get("format") or "#,##0.##"))
        self.state, self.points, self.index = "loading", Points([], [], []), -1
        self._plot: Any = None
        self._loader: PlotLoader | None = None
        #: What style rules say: property → token.
        self._look: dict[str, str] = {}
        self._cancel: Any = None
        self._has_answer = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(160)
        self._make_parts()
        self._asker = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._asker.timeout.connect(self._ask)
        self._handle = context.tables.get(str(node.get("table")))
        if self._handle is None:
            raise ChartError(say("there is no table {name!r}", name=node.get('table')), where=node.where)
        self._filter = LiveFilter(node.get("filter"), context.scope, lambda *_: self.refresh())
        self._handle.schema_changed.connect(self._take_schema)
        self._handle.changed.connect(self._hear)
        self._handle.base_changed.connect(self.refresh)
        self._handle.state_changed.connect(self._hear_state)
        context.theme.changed.connect(self._redraw)
        live = self._filter
        self.destroyed.connect(lambda *_: live.dispose())
        self._take_schema()

    def set_group(self, group: str) -> None:
        """What rows are grouped by: a column path or an expression."""
        self._group = group
        self.refresh()

    def set_value(self, value: str) -> None:
        """Each group's value: count, sum(total), …"""
        self._value = value
        self.refresh()

    def set_type(self, chart_type: str) -> None:
        """bar, line or area."""
        self._type = chart_type
        self._redraw()

    def set_title(self, title: str) -> None:
        """The heading."""
        self._title.setText(title)
        self.setAccessibleName(title or say("Chart"))

    def set_empty(self, text: str) -> None:
        """What to say when there are no rows."""
        self._empty = text

    def draw_look(self, drawn: Any) -> None:
        """What style rules say of it (:class:`widgets.grid.look_rules.Drawn`), now and whenever that is another."""
        values = drawn.look.values
        if values != self._look:
            self._look = dict(values)
            for label in (self._title, self._readout):
                color = f"color: {self._context.theme.color(values['color']).name()}" if "color" in values else ""
                label.setStyleSheet(color)
            self._redraw()
            self.update()

    def refresh(self) -> None:
        """Ask the table again, soon; several calls ask once."""
        self._asker.start()

    def set_index(self, index: int) -> None:
        """Move the read-out to a point; -1 hides it."""
        self.index = index if 0 <= index < len(self.points.values) else -1
        text = ""
        if self.index >= 0:
            text = f"{self.points.labels[self.index]}   {self._write(self.points.exact[self.index])}"
        self._readout.setText(text)
        if self._plot is not None and self.state == "ready":
            self._plot.show_index(self.index)
        self.setAccessibleDescription(text or self.points.describe(self._write))

    def readout(self) -> str:
        """The read-out's text, empty when no point is pointed at."""
        return self._readout.text()

    def rows_behind(self) -> RowsBehind | None:
        """The rows behind the point of the read-out."""
        if self.index < 0 or self._handle.schema is None:
            return None
        value, live = (self.points.keys[self.index],), self._filter
        title = f"{title_of(self._handle.name)}: {self.points.labels[self.index]}"
        return RowsBehind(title, self._handle, self._context, (self._group,), value, live.text, live.parameters)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        last = len(self.points.values) - 1
        moves = {
            Qt.Key.Key_Left: max(0, self.index - 1),
            Qt.Key.Key_Right: min(last, self.index + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_Escape: -1,
        }
        target = moves.get(Qt.Key(event.key()))
        if target is None or (event.key() == Qt.Key.Key_Escape and self.index < 0):
            super().keyPressEvent(event)
        else:
            self.set_index(target)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusOutEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # Qt's name
        super().leaveEvent(event)
        self.set_index(-1)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        theme = self._context.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, is_focused = self._look, self.hasFocus()
        painter.setBrush(theme.color(look.get("ground", "surface")))
        pen = painter.pen()
        pen.setColor(theme.color("focus" if is_focused else look.get("border", "line")))
        pen.setWidth(theme.border("focus" if is_focused else look.get("border_width", "hair")))
        painter.setPen(pen)
        corner = look.get("radius", "card")
        radius = 0 if corner == "none" else theme.radius(corner)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), radius, radius)
        if self._loader is None:
            # NOTE: the first paint of the window comes before the import of the drawing library.
            self._loader = PlotLoader(self)
            self._loader.loaded.connect(self._take_module)
            self._loader.failed.connect(self._take_failure)
            QTimer.singleShot(0, self._loader, self._loader.start)

    def _make_parts(self) -> None:
        theme = self._context.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.space("wide")] * 4)
        column.setSpacing(theme.space("normal"))
        head = QHBoxLayout()
        self._title, self._readout = QLabel(self), QLabel(self)
        self._title.setFont(theme.font("strong"))
        for label in (self._title, self._readout):
            label.setTextFormat(Qt.TextFormat.PlainText)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._readout)
        column.addLayout(head)
        self._note = StateView(self, theme)
        self._note.retry.connect(self._retry)
        self._note.say("chart", say("Loading…"), "")
        column.addWidget(self._note, 1)

    def _take_module(self, module: Any) -> None:
        self._plot = module.Plot(self._context.theme, self._write, self)
        self._plot.pointed.connect(self.set_index)
        self._plot.hide()
        self.layout().addWidget(self._plot, 1)
        self._redraw()

    def _take_failure(self, error: Exception) -> None:
        self._show_state("error", say("Charts cannot be drawn: {error}", error=error))

    def _take_schema(self) -> None:
        if self._handle.schema is not None:
            self._filter.set_schema(self._handle.schema)

    def _hear(self, change: TableChange) -> None:
        self.refresh()

    def _hear_state(self, state: str) -> None:
        if state in ("error", "offline") and not self.points.values:
            self._take(self._handle.error)
        elif state == "ready":
            self.refresh()

    def _ask(self) -> None:
        if self._handle.schema is None:
            return
        try:
            query = make_query(self._group, self._value, self._filter.text, self._filter.parameters)
        except EspalierError as error:
            self._take(error)
            return
        if self._cancel is not None:
            self._cancel()
        # NOTE: groups come in their own order; the table's declared sort is over rows, not groups.
        base = self._handle.merge(query)
        merged = Query(filter=base.filter, parameters=base.parameters, group=query.group, aggregates=query.aggregates)
        self._cancel = self._handle.fetch(merged, 0, LIMIT, self._take)

    def _take(self, answer: Any) -> None:
        if isinstance(answer, UnavailableError):
            if not self.points.values:
                self._show_state("offline", say("The chart comes back with the connection."))
        elif isinstance(answer, Exception):
            self._show_state("error", str(answer))
        elif answer is not None:
            try:
                self.points, self._has_answer = read_points(answer, self._group), True
            except EspalierError as error:
                self._show_state("error", str(error))
                return
            self.state = "loading"
            self._redraw()

    def _retry(self) -> None:
        self._show_state("loading", "")
        self._handle.retry()
        self.refresh()

    def _redraw(self) -> None:
        if self.state in ("error", "offline"):
            return  # until an answer has come
        if not self.points.values:
            if self._has_answer:
                self._show_state("empty", self._empty)
            return
        if self._plot is None:
            return
        self._plot.draw(self.points, self._type, self._look)
        self._show_state("ready", "")
        self.set_index(self.index)

    def _show_state(self, state: str, text: str) -> None:
        self.state = state
        if state == "ready":
            self._note.hide()
        else:
            icon, title, hint = _NOTES[state]
            title = say(title)
            is_error = state == "error"
            can_retry = is_error and self._loader is not None
            self._note.say(icon, title, text or hint, tone="error" if is_error else "muted", can_retry=can_retry)
        if self._plot is not None:
            self._plot.setVisible(state == "ready")
        if text:
            self.setAccessibleDescription(text)
