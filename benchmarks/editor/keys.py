"""Types into both editors of one process in turn: ``python -m benchmarks.editor.keys``; prints milliseconds."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

#: Letters that are typed into each; lines of the text; the place of typing, as a part of them.
KEYS, LINES, PLACE = 600, 5_000, 0.5
_LINE = "    total = sum(one.price * one.count for one in order.lines if one.is_open)  # line {}\n"
_LAYOUT = 'layout 1\nwindow {{ editor file="{}" id=ours minimap=#true\n }}\n'


def main() -> None:
    """Print the p95 of both, plain and then with modes."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from plugins.options import set_option
    from shell.boot import boot
    from shell.session import Given

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = folder / "app"
        app.mkdir()
        text = "".join(_LINE.format(number) for number in range(LINES))
        (app / "long.py").write_text(text)
        (app / "app.toml").write_text('name = "keys"\n')
        (app / "main.kdl").write_text(_LAYOUT.format("long.py"))
        session = boot(str(app), Given(str(folder / "home"), ()))
        (window,) = session.windows
        pane = window.context.widgets["ours"].pane
        _serve(pane, folder)
        ours = pane.code
        peer = QWidget()
        QVBoxLayout(peer)
        bare = _bare(peer, text, ours)
        window.resize(1000, 800)
        peer.resize(1000, 800)
        figures = _measure([("ours", window, ours.host), ("peer", peer, bare)])
        set_option("scintilla.keys", "vim")
        ours.host.view.setFocus()
        QTest.keyClick(ours.host.view, Qt.Key.Key_I)
        again = _measure([("modal", window, ours.host), ("again", peer, bare)])
        figures |= again
        print(json.dumps(figures))
        window.close_anyway()
        session.close()


def _serve(pane: Any, folder: Path) -> None:
    """Have the language server for Python serve the file; it is told of what is typed, and asked, after pauses."""
    from plugins.api import set_option

    set_option("scintilla.language-folders", str(folder))
    end = time.monotonic() + 30
    while pane.served is None or not pane.served.servers or any(one.state != "ready" for one in pane.served.servers):
        _settle()
        if time.monotonic() > end:
            raise SystemExit("pylsp does not start: pip install 'python-lsp-server[pyflakes]'")


def _bare(parent: QWidget, text: str, ours: Any) -> Any:  # noqa: F821
    """QScintilla as its own documentation sets it up: a lexer, numbers of lines, folds and braces."""
    from plugins.scintilla.host import Host

    host = Host(parent)
    parent.layout().addWidget(host)
    editor = host.editor
    editor.setUtf8(True)
    host.set_lexer("QsciLexerPython")
    editor.setMarginType(0, editor.MarginType.NumberMargin)
    editor.setMarginWidth(0, "00000")
    editor.setFolding(editor.FoldStyle.PlainFoldStyle)
    editor.setBraceMatching(editor.BraceMatch.SloppyBraceMatch)
    editor.setAutoIndent(True)
    editor.setText(text)
    return host


def _measure(editors: list[tuple[str, Any, Any]]) -> dict[str, float]:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    found: dict[str, list[float]] = {name: [] for name, _, _ in editors}
    for _, window, host in editors:
        window.show()
        host.send(host.editor.SCI_GOTOLINE, round(LINES * PLACE))
        _settle()
    # In stretches, so that a busy moment of the machine meets both, and none pays for the other's window coming up.
    for _ in range(KEYS // 50):
        for name, window, host in editors:
            window.raise_()
            window.activateWindow()
            host.view.setFocus()
            _settle()
            for number in range(50):
                began = time.perf_counter()
                QTest.keyClick(host.view, Qt.Key.Key_A if number % 10 else Qt.Key.Key_Space)
                QApplication.processEvents()
                host.view.viewport().repaint()
                found[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.quantiles(values, n=20)[18] for name, values in found.items()}


def _settle() -> None:
    from PySide6.QtTest import QTest

    QTest.qWait(150)


if __name__ == "__main__":
    main()
