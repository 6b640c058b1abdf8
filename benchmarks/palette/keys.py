"""Types into both of one process in turn: ``python -m benchmarks.palette.keys``; prints milliseconds of each key."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.palette.entries import queries, titles

#: Entries, and texts that are typed letter by letter.
ENTRIES, TEXTS = 100_000, 60
_LAYOUT = 'layout 1\nwindow { label "The palette opens over this." }\n'


def main() -> None:
    """Print the p95 of both, and the median of ours."""
    from shell.boot import boot
    from shell.session import Given

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = folder / "app"
        app.mkdir()
        (app / "app.toml").write_text('name = "palette"\n')
        (app / "main.kdl").write_text(_LAYOUT)
        session = boot(str(app), Given(str(folder / "home"), ()))
        (window,) = session.windows
        window.resize(1280, 800)
        found = titles(ENTRIES)
        ours, peer = _palette(window, found), _list(found)
        texts = queries(found, TEXTS)
        figures = {"ours": [], "peer": []}
        for start in range(0, len(texts), 10):  # in stretches, so that a busy moment meets both
            for kind, (line, view, top) in (("ours", ours), ("peer", peer)):
                figures[kind] += _typed(texts[start : start + 10], line, view, top)
        print(json.dumps({kind: _p95(values) for kind, values in figures.items()}
                         | {"median": statistics.median(figures["ours"])}))  # fmt: skip
        window.close_anyway()
        session.close()


def _palette(window: Any, found: list[str]) -> tuple[Any, Any, Any]:
    """The window's own palette, with the entries beside all that it offers anyway."""
    from PySide6.QtWidgets import QApplication

    from shell.palette.contract import Provider
    from shell.palette.item import Item
    from shell.palette.panel import Palette
    from shell.palette.provider import providers
    from shell.palette.ranking import Ranking

    def gather(_asked: Any) -> list[Item]:
        return [Item(f"entry {title}", title, _nothing, icon="file") for title in found]

    many = Provider("entries", "Entries", gather, way="once", is_first=False)
    palette = Palette(window, window.theme, lambda: [*providers(window), many], Ranking(window.state))
    window.show()
    window.activateWindow()
    palette.open_with("")
    palette.line.setText("order")
    while palette.search.is_waiting or len(palette.search.items()) < len(found):
        QApplication.processEvents()
        time.sleep(0.01)
    palette.line.clear()
    return palette.line, palette.list, window


def _list(found: list[str]) -> tuple[Any, Any, Any]:
    """The way it is written by hand: a line, rapidfuzz over all titles, a list of what it finds."""
    from PySide6.QtCore import QStringListModel
    from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget
    from rapidfuzz import fuzz, process, utils

    top = QWidget()
    column, line, view, model = QVBoxLayout(top), QLineEdit(top), QListView(top), QStringListModel(top)
    view.setUniformItemSizes(True)
    view.setModel(model)
    column.addWidget(line)
    column.addWidget(view)
    lowered = [utils.default_process(title) for title in found]

    def look(text: str) -> None:
        hits = process.extract(utils.default_process(text), lowered, scorer=fuzz.partial_ratio, limit=150)
        model.setStringList([found[place] for _, _, place in hits] if text else [])

    line.textChanged.connect(look)
    top.resize(980, 420)
    top.show()
    return line, view, top


def _typed(texts: list[str], line: Any, view: Any, top: Any) -> list[float]:
    """Milliseconds from each key until the lines for it are painted."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    class Paints(QObject):
        """Notes that something was painted: Qt paints all that has changed in one go."""

        came = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # Qt's name
            self.came |= event.type() == QEvent.Type.Paint
            return False

    paints = Paints(top)
    for one in (line, view.viewport()):
        one.installEventFilter(paints)
    top.raise_()
    top.activateWindow()
    line.setFocus()
    _settle()
    found: list[float] = []
    for text in texts:
        for letter in text:
            began = time.perf_counter()
            paints.came = False
            QTest.keyClicks(line, letter)
            while not paints.came:
                QApplication.processEvents()
            found.append((time.perf_counter() - began) * 1000)
        line.clear()
        _settle()
    for one in (line, view.viewport()):
        one.removeEventFilter(paints)
    return found


def _settle() -> None:
    from PySide6.QtTest import QTest

    QTest.qWait(20)


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


_nothing: Callable[[], None] = lambda: None  # noqa: E731


if __name__ == "__main__":
    main()
