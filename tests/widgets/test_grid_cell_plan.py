"""Cells that are made ready many at once say and stand what each alone would, and are there before their frame."""

from __future__ import annotations

import datetime
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from endless_table import EndlessTable, Surroundings, numbers_node  # noqa: E402

from kernel.tables.block import Block  # noqa: E402
from kernel.tables.query import Query  # noqa: E402
from kernel.tables.schema import Column, Schema  # noqa: E402
from layouts.node import Node  # noqa: E402
from widgets.format import all_writer, writer  # noqa: E402
from widgets.grid import Grid  # noqa: E402
from widgets.grid.cell_plan import Plan  # noqa: E402

TWO_HOURS = datetime.timezone(datetime.timedelta(hours=2))
MOMENT = datetime.datetime(2026, 1, 1, 10, tzinfo=datetime.UTC)
#: Column → its type and values that equal each other or lie about their type.
VALUES: dict[str, tuple[str, list[Any]]] = {
    "id": ("integer", list(range(8))),
    "amount": ("decimal", [*map(Decimal, ("1.0", "1.00", "0.1234567890123456789", "NaN", "-2.5")), None, 7, "x"]),
    "share": ("real", [0.0, -0.0, 1.0, 1e300, None, float("nan"), 0.1, "x"]),
    "whole": ("integer", [1, True, 1.0, Decimal(1), None, 10**30, -4, b"abc"]),
    "moment": ("datetime", [MOMENT, MOMENT.astimezone(TWO_HOURS), None, "soon", MOMENT, MOMENT, MOMENT, MOMENT]),
    "words": ("text", ["plain", "", "two\nlines", "x" * 900, None, 12, "שלום", "e\u0301\u202e"]),
    "flag": ("boolean", [True, False, 1, 0, None, "x", True, False]),
}  # fmt: skip


class OddTable(EndlessTable):
    """Eight rows of :data:`VALUES`."""

    schema = Schema("numbers", tuple(Column(name, kind) for name, (kind, _) in VALUES.items()), ("id",))

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        columns = {name: list(values) for name, (_, values) in VALUES.items()}
        return Block(start, columns, [(at,) for at in range(self.rows)], [""] * self.rows)


@pytest.fixture
def show(qapp: Any, wait_until: Callable[..., None]) -> Iterator[Callable[..., Grid]]:
    made: list[Any] = []

    def make(table: EndlessTable, *shows: Node) -> Grid:
        around = Surroundings(numbers=table)
        grid = Grid(numbers_node(*shows), around.context)
        made.append((around, grid))
        grid.resize(900, 400)
        grid.show()
        wait_until(lambda: grid.rows.cache.pages and grid.rows.cache.is_exact and grid.ready.cells(0))
        return grid

    yield make
    for around, grid in made:
        around.close()
        grid.close()
        grid.deleteLater()


@pytest.mark.parametrize("pattern", ["", "0.00"])
@pytest.mark.parametrize("kind", ["text", "integer", "real", "decimal", "date", "datetime", "boolean", ""])
def test_several_values_are_written_as_each_alone(qapp: Any, kind: str, pattern: str) -> None:
    write = writer(kind, pattern)
    everything = [value for _, values in VALUES.values() for value in values]
    of_a_type: dict[type, list[Any]] = {}
    for value in everything:
        of_a_type.setdefault(type(value), []).append(value)
    for values in (everything, [], *of_a_type.values()):
        assert all_writer(write, kind, pattern)(values) == [write(value) for value in values]


def test_cells_made_at_once_are_those_made_alone(show: Callable[..., Grid]) -> None:
    grid = show(OddTable(8))
    grid.ready.forget()
    grid.ready.make(range(8))
    at_once = [grid.ready.cells(row) for row in range(8)]
    for row in range(8):
        grid.ready.forget()
        assert repr(grid.ready.cells(row)) == repr(at_once[row])


def test_equal_values_that_are_written_differently_stay_different(show: Callable[..., Grid]) -> None:
    grid = show(OddTable(8))
    names = [column.path for column in grid.columns]

    def said(row: int, name: str) -> str:
        return grid.ready.cells(row)[names.index(name)].text

    assert (said(0, "amount"), said(1, "amount")) == ("1.0", "1.00")
    assert (said(0, "share"), said(1, "share")) == ("0.0", "-0.0")
    assert (said(0, "whole"), said(1, "whole")) == ("1", "True")
    assert said(0, "moment").endswith("+00:00") and said(1, "moment").endswith("+02:00")


def test_whole_numbers_of_a_frame_are_written_in_one_pass(show: Callable[..., Grid]) -> None:
    grid = show(EndlessTable(100_000))
    square = next(column for column in grid.columns if column.path == "square")
    passes: list[int] = []
    write_all = square.write_all
    square.write_all = lambda values: passes.append(len(values)) or write_all(values)
    square.write = lambda value: pytest.fail("a number was written alone")
    grid.ready.forget()
    grid.viewport().repaint()
    assert len(passes) == 1 and passes[0] >= grid.places.page_rows()


def test_rows_that_come_are_ready_before_they_are_painted(show: Callable[..., Grid], wait_until: Any) -> None:
    grid = show(EndlessTable(100_000))
    made: list[range] = []
    make = grid.ready.make

    def noted(rows: range) -> None:
        page = grid.rows.cache.find(rows.start)
        made.append(range(0) if page is not None and page[1] in page[0].ready else rows)
        make(rows)

    grid.ready.make = noted
    paints: list[range] = []
    grid.viewport().update = lambda *area: paints.append(made[-1] if made else range(0))
    grid.places.move_to(50_000 * grid.look.row_height)
    wait_until(lambda: grid.row_key(50_000) is not None)
    assert range(50_000, 50_000 + grid.places.page_rows() + 2) in paints


def test_a_page_of_very_long_texts_is_not_put_together(show: Callable[..., Grid]) -> None:
    """Each is cut first: a page of cells of 10 MB would hold the window up, whatever is shown of them."""
    grid = show(OddTable(8))
    words = next(column for column in grid.columns if column.path == "words")
    tracemalloc.start()
    try:
        texts = Plan(grid, words)._texts(["x" * 2_000_000, "short"] * 20)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert texts == [grid.content.line(words, "x" * 400), "short"] * 20
