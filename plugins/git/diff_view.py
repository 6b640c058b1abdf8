"""The kind ``git-diff``: the lines of a change; lines and hunks are staged by key, or by a click on their sign."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QVBoxLayout, QWidget

from plugins.api import (
    Block,
    Context,
    EspalierError,
    Node,
    Query,
    StateView,
    TableChange,
    UnavailableError,
    Update,
    say,
    say_count,
)
from plugins.git.diff_line import DiffLine, lines_of
from plugins.git.diff_paint import DiffPaint

#: Lines that are read; a change that is longer shows its first ones and says so.
_MOST = 20_000
#: Changes of the table are gathered for this long, in ms.
_GATHER_MS = 40
#: Key → how far it moves, in lines; None = a page.
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: None, Qt.Key.Key_PageDown: None}


class DiffView(QAbstractScrollArea):
    """The lines of a table like ``diff``.

    Attributes:
        lines: What is shown.
        current: The line that keys move from, -1 for none.
        state: loading, empty, offline, error or ready.
    """

    current_changed = Signal()

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self._empty = ""
        self.lines: list[DiffLine] = []
        self.current, self._anchor, self.state = -1, -1, "loading"
        self._digits, self._widest = 1, 0.0
        self._cancel: Any = None
        self._paint = DiffPaint(context.theme)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self._asker = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._asker.timeout.connect(self._ask)
        self._note = StateView(self.viewport(), context.theme)
        self._note.retry.connect(self._retry)
        column = QVBoxLayout(self.viewport())
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._note)
        handle = context.tables.get(str(node.get("table")))
        if handle is None:
            raise EspalierError(say("there is no table {name!r}", name=node.get("table")), where=node.where)
        self._handle = handle
        handle.schema_changed.connect(self.refresh)
        handle.changed.connect(self._hear)
        handle.base_changed.connect(self._restart)
        handle.state_changed.connect(self._hear_state)
        context.theme.changed.connect(self._dress)
        self._show_state("loading", say("Loading…"))
        self._asker.start(0)

    def set_empty(self, text: str) -> None:
        """What to say when there is no change to show."""
        self._empty = text
        if self.state == "empty":
            self._show_state("empty", text)

    def set_title(self, title: str) -> None:
        """What it is called."""
        self.setAccessibleName(title or say("Difference"))

    def refresh(self) -> None:
        """Read the lines again, soon; several calls read once."""
        self._asker.start(_GATHER_MS)

    # -- what commands do -----------------------------------------------------------------------------------------

    def chosen(self) -> list[DiffLine]:
        """The lines that a command acts on: from the one where choosing began to the current one."""
        if self.current < 0:
            return []
        low, high = sorted((self._anchor if self._anchor >= 0 else self.current, self.current))
        return self.lines[low : high + 1]

    def stage_chosen(self) -> None:
        """Stage the chosen lines, or take them out of what is staged; the head of a hunk stands for all of it."""
        wanted = [line for line in self.chosen() if line.staged is not None]
        if not wanted:
            self._context.reporter.report("info", say("There is nothing to stage here"))
            return
        heads = {line.hunk for line in wanted if line.kind == "@"}
        meant = [line for line in wanted if line.kind == "@" or line.hunk not in heads]
        updates = [Update(line.key, line.version, {"staged": not line.staged}) for line in meant]
        count = len(updates)
        title = say_count("Stage {count} line", "Stage {count} lines", count)
        self._handle.commit(updates, self._take_staged, title)

    def move_hunk(self, step: int) -> None:
        """Go to the head of the next or the previous hunk."""
        heads = [place for place, line in enumerate(self.lines) if line.kind == "@"]
        beyond = [place for place in heads if (place - self.current) * step > 0]
        if beyond:
            self.go_to(beyond[0] if step > 0 else beyond[-1])

    def copy_chosen(self) -> None:
        """Put the chosen lines' text on the clipboard."""
        QGuiApplication.clipboard().setText("\n".join(line.text for line in self.chosen()))

    def go_to(self, place: int, *, is_extending: bool = False) -> None:
        """Make a line the current one and show it."""
        if not self.lines:
            return
        place = min(max(place, 0), len(self.lines) - 1)
        self._anchor = (self._anchor if self._anchor >= 0 else self.current) if is_extending else -1
        self.current = place
        bar, rows = self.verticalScrollBar(), self._rows_in_sight()
        if place < bar.value():
            bar.setValue(place)
        elif place >= bar.value() + rows:
            bar.setValue(place - rows + 1)
        line = self.lines[place]
        kinds = {"+": say("added"), "-": say("removed"), "@": say("hunk")}
        parts = (kinds.get(line.kind, ""), line.new or line.old, line.text)
        self.setAccessibleDescription(" ".join(filter(None, parts)))
        self.viewport().update()
        self.current_changed.emit()

    # -- events ---------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        key = Qt.Key(event.key())
        is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        last = len(self.lines) - 1
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        if key in _MOVES and self.lines:
            page = self._rows_in_sight() - 1
            step = _MOVES[key]
            go = (-page if key == Qt.Key.Key_PageUp else page) if step is None else step
            self.go_to(self.current + go, is_extending=is_extending)
        elif key in ends and self.lines:
            self.go_to(ends[key], is_extending=is_extending)
        elif key == Qt.Key.Key_Escape and self._anchor >= 0:
            self.go_to(self.current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        place = self._place_at(event.position().toPoint())
        if place is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.go_to(place, is_extending=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        if event.position().x() < self._paint.gutter(self._digits) and self.lines[place].staged is not None:
            self.stage_chosen()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # Qt's name
        place = self._place_at(event.position().toPoint())
        if event.buttons() & Qt.MouseButton.LeftButton and place is not None and place != self.current:
            self.go_to(place, is_extending=True)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusInEvent(event)
        if self.current < 0 and self.lines:
            self.go_to(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # Qt's name
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self.viewport())
        painter.setFont(self._paint.font)
        painter.fillRect(event.rect(), self._context.theme.color("surface"))
        height, width = self._paint.line_height, float(self.viewport().width())
        first, shift = self.verticalScrollBar().value(), float(self.horizontalScrollBar().value())
        low, high = sorted((self._anchor if self._anchor >= 0 else self.current, self.current))
        has_focus = self.hasFocus()
        for place in range(first, min(first + self._rows_in_sight() + 1, len(self.lines))):
            box = QRectF(0, (place - first) * height, width, height)
            self._paint.draw(painter, self.lines[place], box, self._digits, shift,
                             is_chosen=self._anchor >= 0 and low <= place <= high,
                             is_current=has_focus and place == self.current)
        painter.end()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # Qt's name
        self.viewport().update()

    # -- reading --------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        if self._handle.schema is None:
            return
        if self._cancel is not None:
            self._cancel()
        self._cancel = self._handle.fetch(self._handle.merge(Query()), 0, _MOST, self._take)

    def _take(self, answer: Any) -> None:
        if isinstance(answer, UnavailableError):
            self._show_state("offline", str(answer))
        elif isinstance(answer, Exception):
            self._show_state("error", str(answer))
        elif isinstance(answer, Block):
            was = self.lines[self.current].key if 0 <= self.current < len(self.lines) else None
            self.lines = lines_of(answer)
            numbers = [number for line in self.lines for number in (line.old, line.new)]
            self._digits = max(map(len, numbers), default=1) or 1
            self._widest = max((self._paint.width(line.text) for line in self.lines), default=0.0)
            self._anchor = -1
            self.current = self._kept(was)
            self._measure()
            self._show_state("ready" if self.lines else "empty", "" if self.lines else self._empty)
            self.viewport().update()

    def _kept(self, key: tuple[Any, ...] | None) -> int:
        """Where the current line stands now: the same change's line of that number, or the nearest."""
        if key is None or not self.lines or self.lines[0].key[0] != key[0]:
            return 0 if self.lines else -1
        return min(max(int(key[1]) - 1, 0), len(self.lines) - 1)

    def _take_staged(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self._context.reporter.report("error", str(answer))
        self.refresh()

    def _hear(self, _change: TableChange) -> None:
        self.refresh()

    def _hear_state(self, state: str) -> None:
        if state in ("error", "offline") and not self.lines:
            self._take(self._handle.error)
        elif state == "ready":
            self.refresh()

    def _restart(self) -> None:
        """Another change is shown: from its first line on."""
        self.current, self._anchor = -1, -1
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self._asker.start(0)

    def _retry(self) -> None:
        self._handle.retry()
        self.refresh()

    def _show_state(self, state: str, text: str) -> None:
        self.state = state
        titles = {"loading": ("commit", say("Loading…")), "empty": ("check", say("No changes to show")),
                  "offline": ("offline", say("Offline")), "error": ("error", say("The change cannot be shown"))}
        if state == "ready":
            self._note.hide()
            return
        self.lines = []
        icon, title = titles[state]
        self._note.say(icon, title, text if text != title else "", tone="error" if state == "error" else "muted",
                       can_retry=state == "error")
        self._note.show()

    # -- places ---------------------------------------------------------------------------------------------------

    def _rows_in_sight(self) -> int:
        return max(int(self.viewport().height() // self._paint.line_height), 1)

    def _place_at(self, point: QPoint) -> int | None:
        place = self.verticalScrollBar().value() + int(point.y() // self._paint.line_height)
        return place if 0 <= place < len(self.lines) else None

    def _measure(self) -> None:
        rows, bar = self._rows_in_sight(), self.verticalScrollBar()
        bar.setRange(0, max(len(self.lines) - rows, 0))
        bar.setPageStep(rows)
        room = self.viewport().width() - self._paint.gutter(self._digits)
        across = self.horizontalScrollBar()
        across.setRange(0, max(int(self._widest + 2 * self._paint.advance - room), 0))
        across.setPageStep(max(int(room), 1))
        across.setSingleStep(int(self._paint.advance * 4))

    def _dress(self) -> None:
        self._paint = DiffPaint(self._context.theme)
        self._widest = max((self._paint.width(line.text) for line in self.lines), default=0.0)
        self._measure()
        self.viewport().update()
