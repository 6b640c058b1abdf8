"""One editor that types when it is told to: ``python -m benchmarks.editor.keys ours|bare``, see ``measure``.

A line on its standard input is a number of keys to type, ``modes`` or ``plain``; it answers each with a line of JSON:
the milliseconds of each key, from the key to the end of the paint that it led to.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

#: Lines of the text; the place of typing, as a part of them; pixels of the window.
LINES, PLACE, SIZE = 5_000, 0.5, (1000, 800)
#: A pause before a stretch of keys, in ms: what was typed is told to the server in it, and what it knows is shown.
PAUSE_MS = 320
#: What is told → the keys of the editor.
_KEYS = {"plain": "plain", "modes": "vim"}
_LINE = "    total = sum(one.price * one.count for one in order.lines if one.is_open)  # line {}\n"
_TYPED = "for order in orders:\nprice = order.price * order.count\nif price > limit:\nreturn price, limit\n"
_LAYOUT = 'layout 1\nwindow {{ editor file="{}" id=ours minimap=#true\n }}\n'


def text() -> str:
    """What both edit."""
    return "".join(_LINE.format(number) for number in range(LINES))


class _Paints(QObject):
    """Whether the text was painted since it was asked last."""

    def __init__(self, host: Any) -> None:
        super().__init__(host)
        self.count = 0
        host.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        self.count += event.type() == QEvent.Type.Paint
        return False


class Typist:
    """Types into an editor.

    Args:
        window: The window that it is in.
        host: The widget around Scintilla.
    """

    def __init__(self, window: QWidget, host: Any) -> None:
        self._window, self._host = window, host
        self._paints = _Paints(host)
        self._letters: Iterator[str] = cycle(_TYPED)
        window.resize(*SIZE)
        window.show()
        window.activateWindow()
        host.view.setFocus()
        host.send(host.editor.SCI_GOTOLINE, round(LINES * PLACE))
        QTest.qWait(PAUSE_MS)

    def type(self, count: int) -> list[float]:
        """The milliseconds of so many keys, each to the paint that it led to."""
        QTest.qWait(PAUSE_MS)
        return [self._press(next(self._letters)) for _ in range(count)]

    def _press(self, letter: str) -> float:
        before, view = self._paints.count, self._host.view
        began = time.perf_counter()
        if letter == "\n":
            QTest.keyClick(view, Qt.Key.Key_Return)
        else:
            QTest.keyClick(view, letter)
        while self._paints.count == before:
            QApplication.processEvents()
        return (time.perf_counter() - began) * 1e3


def main() -> None:
    """Be told what to type, until there is nothing more."""
    with tempfile.TemporaryDirectory() as name:
        (_ours if sys.argv[1] == "ours" else _bare)(Path(name))


def _ours(folder: Path) -> None:
    from plugins.options import set_option
    from shell.boot import boot
    from shell.session import Given

    app = folder / "app"
    app.mkdir()
    (app / "long.py").write_text(text())
    (app / "app.toml").write_text('name = "keys"\n')
    (app / "main.kdl").write_text(_LAYOUT.format("long.py"))
    session = boot(str(app), Given(str(folder / "home"), ()))
    (window,) = session.windows
    pane = window.context.widgets["ours"].pane
    _serve(pane, folder)
    typist = Typist(window, pane.code.host)
    for line in sys.stdin:
        if (way := line.strip()) in _KEYS:
            set_option("scintilla.keys", _KEYS[way])
            if way == "modes":
                QTest.keyClick(pane.code.host.view, Qt.Key.Key_I)
            _answer([])
        else:
            _answer(typist.type(int(line)))
    window.close_anyway()
    session.close()


def _bare(folder: Path) -> None:
    application = QApplication([])
    window = QWidget()
    host = _bare_editor(window)
    typist = Typist(window, host)
    for line in sys.stdin:
        _answer(typist.type(int(line)) if line.strip() not in _KEYS else [])
    window.close()
    application.processEvents()


def _answer(figures: list[float]) -> None:
    print(json.dumps(figures), flush=True)


def _serve(pane: Any, folder: Path) -> None:
    """Have the language server for Python serve the file; it is told of what is typed, and asked, after pauses."""
    from plugins.api import set_option

    set_option("scintilla.language-folders", str(folder))
    end = time.monotonic() + 30
    while pane.served is None or not pane.served.servers or any(one.state != "ready" for one in pane.served.servers):
        QTest.qWait(100)
        if time.monotonic() > end:
            raise SystemExit("pylsp does not start: pip install 'python-lsp-server[pyflakes]'")


def _bare_editor(parent: QWidget) -> Any:
    """QScintilla as its own documentation sets it up: a lexer, numbers of lines, folds and braces."""
    from PySide6.QtGui import QFontDatabase

    from plugins.scintilla.host import Host

    column = QVBoxLayout(parent)
    host = Host(parent)
    host.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    column.addWidget(host)
    editor = host.editor
    editor.setUtf8(True)
    host.set_lexer("QsciLexerPython")
    editor.setMarginType(0, editor.MarginType.NumberMargin)
    editor.setMarginWidth(0, "00000")
    editor.setFolding(editor.FoldStyle.PlainFoldStyle)
    editor.setBraceMatching(editor.BraceMatch.SloppyBraceMatch)
    editor.setAutoIndent(True)
    editor.setText(text())
    return host


if __name__ == "__main__":
    main()
