"""A process of its own: frames of a grid and of Qt's table view, in turn in one window system. Prints JSON."""

from __future__ import annotations

import json
import random
import sys
from statistics import median
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView

from benchmarks.grid.numbers import COLUMNS, Numbers
from benchmarks.grid.window import ROWS, WIDTH, TimedView, frame, is_filled, line, open_grid, p95, timed, wait

#: Rows of the compared tables; a C++ model holds its items, so that it has fewer. Frames, and lines, that are timed.
COUNT, CPP_COUNT, SMALL, BILLION, FRAMES, LINES = 10_000_000, 5_000, 1_000, 1_000_000_000, 60, 120
#: Times that a grid is opened.
OPENED = 9


class PythonModel(QAbstractTableModel):
    """The usual way: a model in Python over the same rows, whose blocks it keeps."""

    def __init__(self) -> None:
        super().__init__()
        self._table = Numbers(COUNT)
        self._makers = [make for _, make in COLUMNS.values()]

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # Qt's name
        """All."""
        return COUNT

    def columnCount(self, parent: QModelIndex | None = None) -> int:  # Qt's name
        """All."""
        return len(self._makers)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell's text."""
        if role == Qt.ItemDataRole.DisplayRole:
            return str(self._makers[index.column()](index.row()))
        return None


def cpp_model() -> QStandardItemModel:
    """Items made before, so that painting asks C++ alone."""
    model = QStandardItemModel(CPP_COUNT, len(COLUMNS))
    for column, (_, make) in enumerate(COLUMNS.values()):
        for row in range(CPP_COUNT):
            model.setItem(row, column, QStandardItem(str(make(row))))
    return model


def view_of(model: Any, font: Any, row_height: int) -> TimedView:
    """Qt's table view with cells like the grid's."""
    view = TimedView()
    view.setFont(font)
    view.setModel(model)
    view.verticalHeader().setDefaultSectionSize(row_height)
    view.horizontalHeader().setDefaultSectionSize(WIDTH)
    view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.show()
    QApplication.processEvents()
    height = ROWS * row_height + view.horizontalHeader().height()
    view.paints.clear()
    view.resize(len(COLUMNS) * WIDTH + view.verticalHeader().width() + 20, height + 20)
    wait(lambda: view.paints)
    QApplication.processEvents()
    return view


def grid_frames(grid: Any, chance: random.Random) -> dict[str, list[float]]:
    """Whole frames at any place with the data there, the same again, and scrolling by a line."""
    whole, again, lines = [], [], []
    for _ in range(FRAMES):
        grid.places.move_to(chance.randrange(grid.row_count()) * grid.look.row_height)
        wait(lambda: is_filled(grid))
        whole.append(frame(grid))
        again.append(frame(grid))
    for _ in range(LINES):
        wait(lambda: is_filled(grid))
        QApplication.processEvents()
        lines.append(line(grid, lambda: grid.places.move_to(grid.places.top_pixel() + grid.look.row_height)))
    return {"whole": whole, "again": again, "line": lines}


def sized_figures(sizes: dict[str, int], chance: random.Random) -> dict[str, float]:
    """Medians of opening grids of so many rows, by their names and in turn, of their frames, and of lines."""
    opened: dict[str, list[float]] = {name: [] for name in sizes}
    figures: dict[str, float] = {}
    for count in range(OPENED):
        for name, rows in sizes.items():
            grids: list[Any] = []
            opened[name].append(timed(lambda grids=grids, rows=rows: grids.extend(open_grid(Numbers(rows), "numbers"))))
            handle, grid = grids
            if count == OPENED - 1:
                frames = grid_frames(grid, chance)
                figures |= {f"{name}_frame": median(frames["whole"]), f"{name}_line": median(frames["line"])}
            handle.dispose()
            grid.close()
    return figures | {f"{name}_open": median(times) for name, times in opened.items()}


def view_frames(view: TimedView, chance: random.Random) -> list[float]:
    """Whole frames at any place."""
    times = []
    for _ in range(FRAMES):
        view.verticalScrollBar().setValue(chance.randrange(view.verticalScrollBar().maximum() or 1))
        times.append(frame(view))
    return times


def main() -> None:
    """Measure all, print one line of JSON."""
    application = QApplication(sys.argv)
    chance = random.Random(7)
    handle, grid = open_grid(Numbers(COUNT), "numbers")
    figures = {name: p95(times) for name, times in grid_frames(grid, chance).items()}
    font, row_height = grid.look.font, grid.look.row_height
    for name, model in (("python", PythonModel()), ("cpp", cpp_model())):
        view = view_of(model, font, row_height)
        figures[name] = p95(view_frames(view, chance))
        view.close()
    figures |= sized_figures({"small": SMALL, "billion": BILLION}, chance)
    print(json.dumps({**figures, "font": font.family()}))
    handle.dispose()
    grid.close()
    application.processEvents()


if __name__ == "__main__":
    main()
