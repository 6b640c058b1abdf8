"""Types into a large file at any place, and searches it: ``python -m benchmarks.editor.big_inside APP``; in ms."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from typing import Any

#: Places of the text, as parts of it, and keys at each.
PLACES, KEYS = (0.0, 0.25, 0.5, 0.75, 1.0), 60
#: From the key that opens the bar until something is typed into it, and the typing rests, in ms.
TYPING_MS = 400


def main() -> None:
    """Print the p95 of a key to the paint of its line, and the time until a search has seen all."""
    from shell.boot import boot
    from shell.session import Given

    with tempfile.TemporaryDirectory() as home:
        session = boot(sys.argv[1], Given(home, ()))
        (window,) = session.windows
        pane = window.context.widgets["text"].pane
        code = pane.code
        window.activateWindow()
        keys = sorted(one for place in PLACES for one in _type(code, place))
        _open_find_bar(pane)
        print(json.dumps({
            "key": keys[len(keys) * 95 // 100], "search": _search(code, has_case=True),
            "any case": _search(code, has_case=False),
        }))  # fmt: skip
        code.mark_saved()
        window.close_anyway()
        session.close()


def _type(code: Any, place: float) -> list[float]:
    """Milliseconds of each key: heard, in the text, painted."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    position = code.line_start(code.line_of(round(code.length * place)))
    code.select(position, position)
    view = code.host.view
    view.setFocus()
    # The gap of the text's buffer moves here with the first key, which takes as long as copying does.
    QTest.keyClick(view, Qt.Key.Key_A)
    QApplication.processEvents()
    taken = []
    for _ in range(KEYS):
        started = time.perf_counter()
        QTest.keyClick(view, Qt.Key.Key_A)
        line = code.line_of(code.caret)
        view.viewport().repaint(0, _top(code, line), view.viewport().width(), code.send(2279, line))
        taken.append((time.perf_counter() - started) * 1e3)
        QApplication.processEvents()
    return taken


def _top(code: Any, line: int) -> int:
    from plugins.scintilla.host import SCI

    return code.send(SCI.SCI_POINTYFROMPOSITION, 0, code.line_start(line))


def _open_find_bar(pane: Any) -> None:
    """What is looked for is typed into a bar, which takes a person some time."""
    from PySide6.QtTest import QTest

    pane.find_bar().open()
    QTest.qWait(TYPING_MS)


def _search(code: Any, *, has_case: bool) -> float:
    """Milliseconds until the whole text was searched, with the window alive meanwhile."""
    from PySide6.QtWidgets import QApplication

    from plugins.scintilla.find import Search
    from plugins.scintilla.finder import Finder

    finder = Finder(code)
    started = time.perf_counter()
    finder.look_for(Search("the needle", has_case=has_case))
    while not finder.is_whole:
        QApplication.processEvents()
    taken = (time.perf_counter() - started) * 1e3
    if len(finder.places) != 1:
        raise RuntimeError(f"{len(finder.places)} needles were found")
    finder.close()
    finder.deleteLater()
    return taken


if __name__ == "__main__":
    main()
