"""Where the name at the caret stands in this text, marked after a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from plugins.scintilla.host import SCI
from plugins.scintilla.language_client.places import bytes_of
from plugins.scintilla.language_client.protocol import Highlight

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText

#: A pause of the caret, in ms, before it is asked for; places that are marked at most.
PAUSE_MS, MOST = 300, 1_000


class Uses(QObject):
    """The marks of one text.

    Attributes:
        places: Start and stop of each, in bytes as they were told.
    """

    def __init__(self, served: ServedText) -> None:
        super().__init__(served)
        self._served, self._code = served, served.code
        self.places: list[tuple[int, int]] = []
        self._at = (-1, -1)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._code.moved.connect(self._pause.start)

    def start(self) -> None:
        """Ask after a pause."""
        self._at = (-1, -1)
        self._pause.start()

    def end(self) -> None:
        """The text is served no more."""
        self._pause.stop()
        self._code.moved.disconnect(self._pause.start)
        self._mark([])

    def look(self) -> None:
        """Ask now."""
        code, server = self._code, self._served.able("documentHighlightProvider")
        start, stop = code.selection
        word = code.send(SCI.SCI_WORDSTARTPOSITION, stop, 1), code.send(SCI.SCI_WORDENDPOSITION, stop, 1)
        if server is None or word[0] == word[1] or not word[0] <= start <= word[1]:
            self._at = (-1, -1)
            self._mark([])
            return
        state = (word[0], code.length)
        if state == self._at:
            return
        self._at = state

        def take(found: list[Highlight] | None) -> None:
            places = [bytes_of(code, one.range, server.encoding) for one in (found or [])[:MOST]]
            # One place is the name itself, which the caret shows already.
            self._mark(places if len(places) > 1 else [])

        params = {"position": self._served.position(server)}
        self._served.ask("uses", server, "textDocument/documentHighlight", params, list[Highlight] | None, take)

    def _mark(self, places: list[tuple[int, int]]) -> None:
        if places or self.places:
            self.places = places
            self._code.mark_spans("use", places)
