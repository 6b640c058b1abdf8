"""How a grid's rows come: the first page before the count, the order behind it, and nothing that moves the reader."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from endless_table import EndlessTable, Surroundings, numbers_node  # noqa: E402

from kernel.tables.block import Block  # noqa: E402
from kernel.tables.change import TableChange  # noqa: E402
from kernel.tables.contract import Estimate  # noqa: E402
from kernel.tables.error import InterruptedCallError  # noqa: E402
from kernel.tables.interrupt import current  # noqa: E402
from kernel.tables.query import Query  # noqa: E402
from tests.waiting import PATIENCE_S  # noqa: E402
from widgets.grid import Grid  # noqa: E402
from widgets.grid.publish import count_text  # noqa: E402
from widgets.listing import reading  # noqa: E402


class SlowTable(EndlessTable):
    """Guesses its count, and prepares when it is let to; a descending order of its numbers has to be prepared."""

    def __init__(self, count: int, guess: int) -> None:
        super().__init__(count)
        self.guess, self.is_endless, self.furthest = guess, False, 0
        self.may_prepare, self.may_fetch, self.may_estimate = (threading.Event() for _ in range(3))
        self.may_fetch.set()
        self.may_estimate.set()
        self.stopped: list[str] = []
        self.remarks: dict[int, str] = {}

    def estimate(self, query: Query) -> Estimate:
        self._note("estimate")
        self._wait(self.may_estimate, "estimate")
        return Estimate(2 * self.furthest if self.is_endless else self.guess, False)

    def prepare(self, query: Query, report: Callable[[float], None]) -> int:
        self._note("prepare")
        report(0.4)
        self._wait(self.may_prepare, "prepare")
        return self.rows

    def locate(self, query: Query, key: tuple[Any, ...]) -> int | None:
        found = super().locate(query, key)
        return self.rows - 1 - found if found is not None and query.sort else found

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        if query.keys is None:
            self.furthest = max(self.furthest, stop)
            self._wait(self.may_fetch, "fetch")
        block = super().fetch(query, start, stop)
        if query.sort and query.keys is None:
            numbers = [self.rows - 1 - at for at in range(start, min(stop, self.rows))]
            block = super().fetch(Query(keys=tuple((at,) for at in numbers)), 0, 0)
            block.start = start
        names = zip(block.keys, block.columns["name"], strict=True)
        block.columns["name"] = [self.remarks.get(key[0], name) for key, name in names]
        return block

    def _wait(self, gate: threading.Event, name: str) -> None:
        stop = threading.Event()
        interrupt = current()
        if interrupt is None:
            gate.wait(PATIENCE_S)
            return
        try:
            with interrupt.stopping(stop.set):
                while not gate.wait(0.002):
                    if stop.is_set():
                        interrupt.check()
        except InterruptedCallError:  # also when that came before this was waited for
            self.stopped.append(name)
            raise


@pytest.fixture
def open_grid(qapp: Any, wait_until: Callable[..., None]) -> Iterator[Callable[..., tuple[SlowTable, Grid]]]:
    made: list[tuple[Surroundings, Grid]] = []

    def make(count: int = 900_000, guess: int = 1_234_567, may_estimate: bool = True) -> tuple[SlowTable, Grid]:
        table = SlowTable(count, guess)
        if not may_estimate:
            table.may_estimate.clear()
        around = Surroundings(numbers=table)
        grid = Grid(numbers_node(), around.context)
        made.append((around, grid))
        grid.resize(600, 400)
        grid.show()
        wait_until(lambda: grid.rows.cache.pages)
        return table, grid

    yield make
    for around, grid in made:
        around.handles["numbers"].dispose()
        grid.close()
        grid.deleteLater()


def scope_of(grid: Grid, name: str) -> Any:
    """What the grid published."""
    return grid.context.scope.read(f"list.{name}")


def test_the_first_page_waits_for_no_count(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid()
    assert grid.cell_text(0, 1) == "Row 0" and "count" not in table.calls
    assert grid.row_count() == scope_of(grid, "count") == 1_234_567 and scope_of(grid, "is_count_exact") is False
    assert scope_of(grid, "count_text") == "~1,200,000"
    grid.go(500_000, 1)
    wait_until(lambda: grid.current_key == (500_000,))
    top = grid.places.top_pixel()
    table.may_prepare.set()
    wait_until(lambda: grid.row_count() == 900_000)
    assert (grid.current_key, grid.places.top_pixel()) == ((500_000,), top), "the reader is not moved"
    assert (scope_of(grid, "count_text"), scope_of(grid, "is_count_exact")) == ("900,000", True)


def test_rows_are_shown_without_an_estimate_that_takes_long(open_grid: Any, wait_until: Any, monkeypatch) -> None:
    monkeypatch.setattr(reading, "_GRACE_ALONE_MS", 10)
    table, grid = open_grid(900_000, 600, may_estimate=False)
    assert (grid.row_count(), grid.rows.cache.is_exact, grid.cell_text(0, 1)) == (128, False, "Row 0")
    table.may_estimate.set()
    wait_until(lambda: grid.row_count() == 600)


def test_fewer_rows_than_were_guessed_bring_the_reader_to_the_last(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid(900_000, 2_000_000)
    grid.go(1_999_999)
    table.may_prepare.set()
    wait_until(lambda: grid.current_key == (899_999,))
    assert grid.places.top_pixel() == grid.places.last_top()


def test_an_endless_table_grows_as_it_is_read(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid(10_000_000, 512)
    table.is_endless = True
    grid.go(511)
    wait_until(lambda: grid.row_count() == 1024)
    assert grid.current_key == (511,)


def test_a_new_order_shows_its_first_rows_and_then_the_others(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid()
    grid.go(40)
    grid.sort_by(0, is_descending=True)
    wait_until(lambda: grid.cell_text(0, 0) == "899999")
    assert (grid.current_row, grid.current_key) == (0, (899_999,)), "many rows begin anew"
    grid.places.move_to(400_000 * grid.look.row_height)
    wait_until(lambda: grid.rows.preparing.share == 0.4 and grid.follow.line.isVisible())
    assert grid.follow.line.value() == 40 and grid.ready.cells(400_000) is None, "far rows wait for the order"
    table.may_prepare.set()
    wait_until(lambda: grid.ready.cells(400_000) is not None)
    assert grid.row_key(400_000) == (499_999,) and grid.follow.line.isHidden()


def test_escape_stays_with_the_rows_shown(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid()
    table.may_prepare.set()
    wait_until(lambda: grid.rows.cache.is_exact)
    table.may_fetch.clear()
    grid.go(3)
    grid.sort_by(0, is_descending=True)
    wait_until(lambda: grid.rows.is_old)
    assert grid.cell_text(0, 0) == "0", "the old rows stay while the new ones are not there"
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    assert not grid.rows.is_old and grid.shown_sort() == () and grid.current_key == (3,)
    wait_until(lambda: table.stopped == ["fetch"])


def test_an_order_that_its_first_page_waits_for_is_told_from_the_beginning(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid()
    table.may_prepare.set()
    wait_until(lambda: grid.rows.cache.is_exact)
    table.has_one_work = True
    table.may_prepare.clear()
    table.may_fetch.clear()
    grid.sort_by(0, is_descending=True)
    wait_until(lambda: grid.follow.line is not None and grid.follow.line.isVisible())
    assert grid.rows.is_old and grid.rows.is_loading and grid.follow.line.value() == 40
    table.may_prepare.set()
    wait_until(lambda: grid.rows.preparing.query is None)
    table.may_fetch.set()
    wait_until(lambda: grid.cell_text(0, 0) == "899999")
    assert table.calls.count("prepare") == 2 and grid.rows.cache.is_exact and grid.follow.line.isHidden()


def test_a_page_that_comes_before_the_order_is_done_keeps_its_preparation(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid()
    wait_until(lambda: "prepare" in table.calls)
    table.has_one_work = True
    grid.sort_by(0, is_descending=True)
    wait_until(lambda: grid.cell_text(0, 0) == "899999")
    wait_until(lambda: table.stopped == ["prepare"])  # only that of the earlier order
    assert not grid.rows.cache.is_exact
    table.may_prepare.set()
    wait_until(lambda: grid.row_count() == 900_000 and grid.rows.cache.is_exact)
    assert table.calls.count("prepare") == 2 and table.stopped == ["prepare"]


def test_a_jump_during_an_order_is_carried_out_when_it_is_there(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid()
    table.may_prepare.set()
    wait_until(lambda: grid.rows.cache.is_exact)
    press_end = lambda: QTest.keyClick(grid, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)  # noqa: E731
    for descending, jump, key in ((True, press_end, 0), (False, lambda: grid.go(300_000), 599_999)):
        table.may_fetch.clear()
        grid.sort_by(0, is_descending=descending)
        wait_until(lambda: grid.rows.is_old)
        jump()
        table.may_fetch.set()
        wait_until(lambda key=key: not grid.rows.is_loading and grid.current_key == (key,))
        assert grid.places.first_row() <= grid.current_row <= grid.places.first_row() + grid.places.page_rows()


def test_escape_and_a_newer_order_stop_the_order_under_way(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid()
    wait_until(lambda: "prepare" in table.calls)
    grid.sort_by(0, is_descending=True)
    wait_until(lambda: table.stopped == ["prepare"] and table.calls.count("prepare") == 2)
    wait_until(lambda: not grid.rows.is_loading)
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    wait_until(lambda: table.stopped == ["prepare", "prepare"])
    assert grid.rows.preparing.query is None and not grid.rows.cache.is_exact
    grid.go(500_000)
    wait_until(lambda: grid.current_key == (399_999,))


def test_a_change_of_a_row_that_stays_is_patched_without_a_count(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid()
    table.may_prepare.set()
    grid.sort_by(0, is_descending=True)
    wait_until(lambda: grid.cell_text(0, 0) == "899999" and grid.rows.cache.is_exact)
    before, cache = len(table.calls), grid.rows.cache
    table.remarks[899_998] = "changed"
    table.listener(TableChange("numbers", updated=((899_998,),)))
    wait_until(lambda: grid.cell_text(1, 1) == "changed")
    assert {name.split()[0] for name in table.calls[before:]} == {"fetch"} and grid.rows.cache is cache


def test_rows_that_come_and_go_elsewhere_do_not_move_the_reader(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid()
    table.may_prepare.set()
    wait_until(lambda: grid.rows.cache.is_exact)
    grid.go(5)
    grid.places.move_to(300_000 * grid.look.row_height + 7)
    wait_until(lambda: grid.row_key(300_000))
    locate = table.locate
    table.locate = lambda query, key: locate(query, key) + (10 if key[0] > 1000 else 0)
    table.listener(TableChange("numbers", inserted=((1,),)))
    wait_until(lambda: grid.places.top_pixel() == 300_010 * grid.look.row_height + 7)
    assert grid.current_row == 5


def test_no_call_of_a_table_runs_where_the_window_is_painted(open_grid: Any, wait_until: Any) -> None:
    table, grid = open_grid()
    grid.sort_by(0, is_descending=True)
    wait_until(lambda: grid.cell_text(0, 0) == "899999")
    table.may_prepare.set()
    wait_until(lambda: grid.rows.cache.is_exact)
    table.listener(TableChange("numbers", inserted=((1,),)))
    wait_until(lambda: "locate" in table.calls)
    assert threading.get_ident() not in table.threads and len(table.threads) == 2


def test_count_text() -> None:
    guesses = [count_text(number, False) for number in (7, 999, 12_345, 1_299_999)]
    assert guesses == ["~7", "~999", "~12,000", "~1,200,000"]
    assert count_text(1_299_999, True) == "1,299,999"
