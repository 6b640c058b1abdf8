"""Texts of plain editing as the triples of ``plain.txt`` write them, and keys as people write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from plugins.scintilla.host import SCI

#: The main caret, further ones, and where a selection begins.
MAIN, OTHER, ANCHOR = "█", "▒", "┃"
_ESCAPED = (("\\\\", "\0"), ("\\n", "\n"), ("\\t", "\t"), ("\0", "\\"))
_BACKTAB = QKeySequence("Shift+Tab")


class Triple(NamedTuple):
    """A text with its caret and selection, keys, the text after them."""

    before: str
    keys: str
    after: str


def triples() -> list[Triple]:
    """All of the file: a text in brackets, below it keys, a tab, the text after them."""
    found, before = [], ""
    for line in (Path(__file__).parent / "plain.txt").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            before = _plain(line[1:-1])
        elif line and not line.startswith("# "):
            keys, after = line.split("\t")
            found.append(Triple(before, keys, before if after == "=" else _plain(after)))
    return found


def _plain(text: str) -> str:
    for written, meant in _ESCAPED:
        text = text.replace(written, meant)
    return text


def written(text: str) -> str:
    """A text as the file has it."""
    for meant, short in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(meant, short)
    return text


def give(editor: Any, marked: str) -> None:
    """Load a text with its caret and selection."""
    from plugins.scintilla.document import Form

    caret, anchor = marked.replace(ANCHOR, "").index(MAIN), marked.replace(MAIN, "").find(ANCHOR)
    text = marked.replace(ANCHOR, "").replace(MAIN, "")
    start = len(text[:caret].encode())
    begin = len(text[:anchor].encode()) if anchor >= 0 else start
    editor.pane.load(text.encode(), Form("utf-8", False, b"\n"))
    editor.pane.code.select(begin, start)
    editor.pane.focus_code()


def strike(keys: str) -> None:
    """Press keys, parted by spaces: names of keys, letters as they are, ``·`` a space."""
    for key in keys.split():
        widget = QApplication.focusWidget()
        if len(key) == 1:
            QTest.keyClicks(widget, key.replace("·", " "))
        elif key == "Shift+Tab":
            QTest.keyClick(widget, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        else:
            QTest.keySequence(widget, QKeySequence(key))


def shown(editor: Any) -> str:
    """Text, carets and selections as the widget has them."""
    send, data = editor.pane.code.send, editor.pane.code.data()
    main, marks = send(SCI.SCI_GETMAINSELECTION), []
    for one in range(send(SCI.SCI_GETSELECTIONS)):
        caret, anchor = send(SCI.SCI_GETSELECTIONNCARET, one), send(SCI.SCI_GETSELECTIONNANCHOR, one)
        marks.append((caret, MAIN if one == main else OTHER))
        if anchor != caret:
            marks.append((anchor, ANCHOR))
    for place, sign in sorted(marks, reverse=True):
        data = data[:place] + sign.encode() + data[place:]
    return data.decode()
