"""Going through the places of a snippet that was put in, by Tab and Shift+Tab; Escape or another place ends it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt

from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI

#: Each place: start and stop in bytes.
Stops = list[list[tuple[int, int]]]


class SnippetSession(QObject):
    """One snippet that is being filled in.

    While a place is filled in only its letters change, so what stands behind it moves by as much as the text grew.
    """

    def __init__(self, code: Code, stops: Stops) -> None:
        super().__init__(code)
        self._code, self._stops, self._now = code, stops, 0
        self._length = code.length
        self._select()
        if len(stops) == 1:
            self.deleteLater()
            return
        code.host.view.installEventFilter(self)
        code.moved.connect(self._follow)
        code.loaded.connect(self.end)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Tab goes on, Escape ends it."""
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return False
        key = event.key()  # type: ignore[attr-defined]
        step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(key, 0)
        if key == Qt.Key.Key_Escape:
            self.end() if event.type() == QEvent.Type.KeyPress else None
            return False
        if not step or (step < 0 and not self._now):
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._step(step)
        return True

    def end(self) -> None:
        """It is filled in, or given up."""
        self._code.host.view.removeEventFilter(self)
        self._code.moved.disconnect(self._follow)
        self._code.loaded.disconnect(self.end)
        self.deleteLater()

    def _step(self, step: int) -> None:
        self._take_growth()
        self._now += step
        self._select()
        if self._now == len(self._stops) - 1:
            self.end()

    def _take_growth(self) -> None:
        """Where the places are, now that one of them may have another length."""
        mine = self._stops[self._now]
        grown = (self._code.length - self._length) // len(mine)
        self._length = self._code.length
        if not grown:
            return
        begins = [start for start, _ in mine]

        def moved(place: int, *, is_stop: bool) -> int:
            return place + grown * sum(start < place or (is_stop and start == place) for start in begins)

        for number, some in enumerate(self._stops):
            is_mine = number == self._now
            self._stops[number] = [
                (moved(start, is_stop=False), moved(stop, is_stop=is_mine or stop > start)) for start, stop in some
            ]

    def _select(self) -> None:
        send, places = self._code.send, self._stops[self._now]
        self._code.select(*places[0])
        for start, stop in places[1:]:
            send(SCI.SCI_ADDSELECTION, stop, start)
        send(SCI.SCI_SETMAINSELECTION, 0)

    def _follow(self) -> None:
        """The caret left the place."""
        grown = self._code.length - self._length
        low = min(start for start, _ in self._stops[self._now])
        high = max(stop for _, stop in self._stops[self._now]) + max(grown, 0)
        if not low <= self._code.caret <= high:
            self.end()
