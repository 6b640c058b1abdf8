"""Shows hints over a thousand buttons and a page of a thousand links: ``python -m benchmarks.hints.session``.

Prints the median milliseconds of each, and those of labels that are made within the page. All of hints over widgets is
done on one thread, so its processor time is told as well, which a busy machine changes little.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROWS, COLUMNS, ROUNDS = 40, 25, 15
TARGETS = ROWS * COLUMNS
_LATEST_S = 60.0
_PEER = Path(__file__).with_name("labels.js")


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _note_paints()
        widgets = _window(folder / "widgets", f"scroll {{ column gap=none {{ {_buttons()} }} }}")
        page = _window(folder / "page", 'web "links.html" id=page')
        web = page.context.widgets["page"]
        _wait(lambda: web.state == "ready")
        figures: dict[str, list[float]] = {"widgets": [], "thread": [], "links": [], "peer": []}
        for round_ in range(ROUNDS + 2):  # in turn, so that a busy moment meets all; the first two warm up
            (wall, thread), (links, _) = _ours(widgets), _ours(page)
            taken = {"widgets": wall, "thread": thread, "links": links, "peer": _peer(web)}
            if round_ > 1:
                for kind, value in taken.items():
                    figures[kind].append(value)
        print(json.dumps({kind: statistics.median(values) for kind, values in figures.items()}), flush=True)
        os._exit(0)  # nothing of Chromium has to be taken down


def _buttons() -> str:
    rows = (" ; ".join(f'button "G{row}" command=app.reload' for _ in range(COLUMNS)) for row in range(ROWS))
    return "\n".join(f"row gap=none {{ {row} }}" for row in rows)


def _window(folder: Path, content: str) -> Any:
    from shell.boot import boot
    from shell.session import Given

    folder.mkdir()
    (folder / "app.toml").write_text(f'name = "{folder.name}"\n')
    (folder / "main.kdl").write_text(f"layout 1\nwindow {{ {content} }}\n")
    link = '<a href="#{0}" style="display: inline-block; width: 50px; font: 11px sans-serif">Link {0}</a>'
    links = "".join(link.format(at) for at in range(TARGETS))
    (folder / "links.html").write_text(f'<!doctype html><title>Links</title><body style="margin: 4px">{links}')
    session = boot(str(folder), Given(str(folder / "home"), ("ui.restore=false",)))
    (window,) = session.windows
    window.resize(1600, 1600)
    window.activateWindow()
    _wait(lambda: window.following is not None)
    return window


def _ours(window: Any) -> tuple[float, float]:
    """From the key to all labels painted: milliseconds, and those of the thread's processor time."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from shell.action.hint import hints_of

    window.activateWindow()
    _wait(window.isActiveWindow)
    hints = hints_of(window)
    _PAINTED.clear()
    began, before = time.perf_counter(), time.thread_time()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    _wait(lambda: len(hints.found) >= TARGETS and _PAINTED and _PAINTED[-1][0] >= TARGETS)
    _, ended, after = _PAINTED[-1]
    hints.end()
    for _ in range(10):
        _turn()
    return (ended - began) * 1000, (after - before) * 1000


#: Each painting: the number of its labels, when it ended, and the thread's processor time then, in seconds.
_PAINTED: list[tuple[int, float, float]] = []


def _note_paints() -> None:
    """Note each painting from now on."""
    from shell.hints.shown import Shown

    original = Shown.paintEvent

    def paint(self: Any, event: Any) -> None:
        original(self, event)
        ended, after = time.perf_counter(), time.thread_time()
        _PAINTED.append((len(self.plates), ended, after))

    Shown.paintEvent = paint


def _peer(web: Any) -> float:
    """From the script's beginning to its labels painted, as the page measures it."""
    page = web.browser.page
    page.runJavaScript(_PEER.read_text())
    _wait(lambda: page.title().startswith("painted"))
    _, taken, count = page.title().split()
    if int(count) < TARGETS:
        raise RuntimeError(f"the page shows {count} links of {TARGETS}")
    page.runJavaScript("document.title = 'Links'")
    _wait(lambda: page.title() == "Links")
    return float(taken)


def _turn() -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.processEvents()


def _wait(until: Callable[[], Any]) -> None:
    end = time.monotonic() + _LATEST_S
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("the window never came to it")
        _turn()


if __name__ == "__main__":
    main()
