"""The window goes on while a table works: the event loop turns during every call, whatever the person does.

Each call of the table waits until the event loop has turned a few times. A call that were made on the thread that
paints, or that this thread waited for, would stand still, and is named.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from endless_table import EndlessTable, Surroundings, numbers_node  # noqa: E402

from kernel.tables.change import TableChange  # noqa: E402
from kernel.tables.contract import Estimate  # noqa: E402
from kernel.tables.query import Query  # noqa: E402
from widgets.grid import Grid  # noqa: E402

#: Turns of the event loop that a call waits for, and seconds after which it stands still for good.
TURNS, LONGEST_S = 3, 60


class WatchedTable(EndlessTable):
    """``stood_still`` names the calls during which the event loop did not turn."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.turned = threading.Condition()
        self.turns, self.is_over = 0, False
        self.stood_still: list[str] = []

    def turn(self) -> None:
        """The event loop turned."""
        with self.turned:
            self.turns += 1
            self.turned.notify_all()

    def end(self) -> None:
        """No call waits for a turn any more."""
        with self.turned:
            self.is_over = True
            self.turned.notify_all()

    def estimate(self, query: Query) -> Estimate:
        """Not exact, so that all is prepared."""
        return Estimate(super().estimate(query).count, False)

    def _note(self, name: str) -> None:
        super()._note(name)
        with self.turned:
            wanted = self.turns + TURNS
            if not self.turned.wait_for(lambda: self.is_over or self.turns >= wanted, LONGEST_S):
                self.stood_still.append(name)


@pytest.fixture
def watched(qapp: Any, wait_until: Callable[..., None]) -> Iterator[tuple[WatchedTable, Grid]]:
    table = WatchedTable(1_000_000)
    ticker = QTimer()
    ticker.timeout.connect(table.turn)
    ticker.start(0)
    around = Surroundings(numbers=table)
    grid = Grid(numbers_node(), around.context)
    grid.resize(600, 400)
    grid.show()
    yield table, grid
    around.close()
    grid.close()
    grid.deleteLater()
    ticker.stop()
    table.end()


def test_the_event_loop_turns_during_every_call(watched: tuple[WatchedTable, Grid], wait_until: Any) -> None:
    table, grid = watched
    wait_until(lambda: grid.rows.cache.pages and grid.rows.cache.is_exact)
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: grid.current_key == (999_999,))
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    wait_until(lambda: grid.ready.cells(grid.places.first_row()))
    grid.sort_by(0, is_descending=True)
    wait_until(lambda: not grid.rows.is_loading and grid.rows.preparing.query is None)
    for change in (TableChange("numbers", updated=((3,),)), TableChange("numbers", inserted=((9,),))):
        before = len(table.calls)
        table.listener(change)
        wait_until(lambda before=before: len(table.calls) > before and not grid.handle.is_busy)
    grid.current.go_to((123_456,))
    wait_until(lambda: grid.current_key == (123_456,))
    assert table.stood_still == []
    assert {name.split()[0] for name in table.calls} == {"fetch", "estimate", "prepare", "locate"}


def test_a_call_where_the_window_is_painted_is_found_out(watched: tuple[WatchedTable, Grid], monkeypatch: Any) -> None:
    monkeypatch.setitem(globals(), "LONGEST_S", 0.01)
    table, _ = watched
    table.locate(Query(), (1,))
    assert table.stood_still == ["locate"]
