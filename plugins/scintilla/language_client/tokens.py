"""Colours by meaning: what a server knows of each word lies over the lexer's colours, in the lines that are in sight.

What comes is kept as the numbers that the protocol has; only those of the lines in sight are read and painted, so that
a large text takes no longer than a small one.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from plugins.scintilla.host import SCI
from plugins.scintilla.language_client.places import byte_of, range_of
from plugins.scintilla.language_client.protocol import Position, SemanticTokens, TokenEdit
from plugins.scintilla.look import INDICATOR, TOKENS

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.language_client.server import Server

#: A pause of the typing, in ms, before they are asked for; lines beyond those in sight that are painted and asked for.
PAUSE_MS, AROUND = 300, 60
PROVIDER = "semanticTokensProvider"
#: Type of a token → the name of its colour, see ``look.TOKENS``; comments, texts and signs are the lexer's.
COLORS: dict[str, str] = {
    **dict.fromkeys(("namespace", "type", "class", "enum", "interface", "struct", "typeParameter"), "type"),
    **dict.fromkeys(("function", "method", "event"), "function"),
    **dict.fromkeys(("property", "enumMember"), "property"),
    **dict.fromkeys(("parameter", "selfParameter", "clsParameter"), "parameter"),
    **dict.fromkeys(("keyword", "modifier", "macro", "decorator"), "keyword"),
    "variable": "variable",
}
#: Numbers of one token: lines and letters since the one before, length, type, modifiers.
_FIELDS = 5


class Tokens(QObject):
    """The colours of one text.

    Attributes:
        data: The numbers that were answered last.
        part: The lines that were asked for; None = all of them.
    """

    def __init__(self, served: ServedText) -> None:
        super().__init__(served)
        self._served, self._code = served, served.code
        self.data: list[int] = []
        self._lines: list[int] = []
        self._server: Server | None = None
        self._result = ""
        self.part: tuple[int, int] | None = None
        self._painted = (0, -1)
        self._is_stale = True
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._code.moved.connect(self._follow)
        self._code.edited.connect(self._hear)

    def start(self) -> None:
        """Ask after a pause, for all of it: the server may be another one."""
        self._result = ""
        self._is_stale = True
        self._pause.start()

    def end(self) -> None:
        """The text is served no more."""
        self._pause.stop()
        self._code.moved.disconnect(self._follow)
        self._code.edited.disconnect(self._hear)
        if self.data and self._code.host.is_alive and not self._served.is_shared:
            self._clear(0, self._code.length)

    def look(self) -> None:
        """Ask now."""
        server = self._served.able(PROVIDER)
        if server is None:
            return
        if server is not self._server:
            self._server, self._result = server, ""
        options = server.options(PROVIDER)
        full, method, params, self.part = options.get("full"), "full", {}, None
        if not full:
            first, last = self._sight()
            self.part, method = (first, last), "range"
            code = self._code
            params = {"range": range_of(code, code.line_start(first), code.line_stop(last), server.encoding)}
        elif isinstance(full, dict) and full.get("delta") and self._result:
            method, params = "full/delta", {"previousResultId": self._result}
        self._served.ask(
            "tokens", server, f"textDocument/semanticTokens/{method}", params, SemanticTokens | None,
            lambda found: self._take(found, is_change=method == "full/delta"), lambda _why: self._lose(),
        )  # fmt: skip

    def _take(self, found: SemanticTokens | None, *, is_change: bool) -> None:
        if found is None:
            return
        is_told_whole = not is_change or found.data is not None
        data = (found.data or []) if is_told_whole else changed(self.data, found.edits or [])
        if data is None:
            self.start()
            return
        self.data, self._result = data, found.result_id or ""
        self._lines = list(accumulate(data[::_FIELDS]))
        self._is_stale = False
        self._paint()

    def _lose(self) -> None:
        """A change of what it knows is no use any more: all of it is asked for next."""
        self._result = ""

    def _hear(self) -> None:
        """Colours move with the letters; where the lines are is known again with the next answer."""
        self._is_stale = True
        self._pause.start()

    def _follow(self) -> None:
        if self._is_stale or not self._lines and self.part is None:
            return
        first, last = self._sight(around=0)
        if self.part is not None and not self.part[0] <= first <= last <= self.part[1]:
            self._pause.start()
        elif not self._painted[0] <= first <= last <= self._painted[1]:
            self._paint()

    def _sight(self, around: int = AROUND) -> tuple[int, int]:
        """The lines in sight and some around them."""
        send = self._code.send
        top = send(SCI.SCI_GETFIRSTVISIBLELINE)
        first = send(SCI.SCI_DOCLINEFROMVISIBLE, top)
        last = send(SCI.SCI_DOCLINEFROMVISIBLE, top + send(SCI.SCI_LINESONSCREEN))
        return max(first - around, 0), min(last + around, self._code.line_count - 1)

    # -- painting -------------------------------------------------------------------------------------------------

    def _paint(self) -> None:
        server = self._server
        if server is None:
            return
        code, send = self._code, self._code.send
        first, last = self._painted = self._sight()
        self._clear(code.line_start(first), code.line_stop(last))
        legend = server.options(PROVIDER).get("legend") or {}
        indicators = [INDICATOR.get(f"token-{COLORS.get(str(one), '')}") for one in legend.get("tokenTypes") or ()]
        spans: dict[int, list[tuple[int, int]]] = {}
        for start, stop, kind, modifiers in self._in_lines(first, last, server.encoding):
            indicator = indicators[kind] if kind < len(indicators) else None
            if indicator is not None:
                spans.setdefault(indicator, []).append((start, stop))
            if modifiers & _mask(legend, "deprecated"):
                spans.setdefault(INDICATOR["deprecated"], []).append((start, stop))
        for indicator, some in spans.items():
            send(SCI.SCI_SETINDICATORCURRENT, indicator)
            for start, stop in some:
                send(SCI.SCI_INDICATORFILLRANGE, start, stop - start)

    def _in_lines(self, first: int, last: int, encoding: str) -> list[tuple[int, int, int, int]]:
        """Start and stop in bytes, type and modifiers of the tokens of these lines."""
        found, code, data = [], self._code, self.data
        line, character = -1, 0
        for index in range(bisect_left(self._lines, first), len(self._lines)):
            _, ahead, length, kind, modifiers = data[index * _FIELDS : (index + 1) * _FIELDS]
            character = character + ahead if self._lines[index] == line else ahead
            line = self._lines[index]
            if line > last:
                break
            start = byte_of(code, Position(line=line, character=character), encoding)
            stop = byte_of(code, Position(line=line, character=character + length), encoding)
            if start < stop:
                found.append((start, stop, kind, modifiers))
        return found

    def _clear(self, start: int, stop: int) -> None:
        for name in (*(f"token-{one}" for one in TOKENS), "deprecated"):
            self._code.send(SCI.SCI_SETINDICATORCURRENT, INDICATOR[name])
            self._code.send(SCI.SCI_INDICATORCLEARRANGE, start, stop - start)


def _mask(legend: dict[str, Any], name: str) -> int:
    """The bit of a modifier; 0 where the server does not have it."""
    known = legend.get("tokenModifiers") or []
    return 1 << known.index(name) if name in known else 0


def changed(data: list[int], edits: list[TokenEdit]) -> list[int] | None:
    """The numbers with edits done, which are all of the numbers as they were; None where they do not fit."""
    made, end = list(data), len(data)
    for one in sorted(edits, key=lambda one: -one.start):
        stop = one.start + one.delete_count
        if one.start < 0 or one.delete_count < 0 or stop > end:
            return None
        made[one.start : stop] = one.data or []
        end = one.start
    return made if len(made) % _FIELDS == 0 else None
