"""The chart over a real table: states, keys, change, size."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kernel.tables.change import Insert
from kernel.tables.sqlite import SqliteSource
from layouts.node import Layout, Node
from plugins.chart.points import ChartError, make_query
from plugins.registry import contributed_kinds
from widgets.build import build_window
from widgets.context import Context
from widgets.grid.look_rules import Drawn, Rules
from widgets.handle import TableHandle
from widgets.scope import Scope
from widgets.theme import Theme


class Reports(list[str]):
    """A reporter that remembers."""

    def report(self, level: str, text: str, detail: str = "") -> None:
        self.append(text)


@pytest.fixture
def context(qapp: object, tmp_path: Path) -> Iterator[Context]:
    path = tmp_path / "desk.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("create table orders (id integer primary key, placed date, total integer)")
        rows = [(f"2024-0{1 + index % 3}-10", 10 * (1 + index % 3)) for index in range(12_000)]
        connection.executemany("insert into orders (placed, total) values (?, ?)", rows)
    connection.close()
    source = SqliteSource(path)
    handle = TableHandle(source.table("orders"), "orders")
    made = Context(
        scope=Scope(), commands=None, reporter=Reports(), theme=Theme("light"),
        tables={"orders": handle}, open_table=None, read_file=None,
    )  # fmt: skip
    yield made
    made.disposers()
    handle.dispose()
    source.close()


def chart(context: Context, **properties: Any) -> Any:
    node = Node("chart", "it", {"table": "orders", "group": "month(placed)", "value": "sum(total)", **properties})
    window: QWidget = build_window(Layout(windows=[Node("window", children=[node])]), context, _kinds())
    window.resize(700, 400)
    window.show()
    context.disposers.add(window.close)
    return context.widgets.get("it")


def _kinds() -> dict[str, Any]:
    from layouts.kinds.table import BUILT_IN

    return {**BUILT_IN, **contributed_kinds()}


def test_a_chart_draws_and_reads_out_by_keys(context: Context, wait_until: Callable[..., None]) -> None:
    it = chart(context, title="Sales", format="#,##0")
    assert it.state == "loading"
    wait_until(lambda: it.state == "ready")
    assert it.accessibleName() == "Sales"
    assert it.points.values == [40_000.0, 80_000.0, 120_000.0]
    assert "Highest: 2024-03, 120,000" in it.accessibleDescription()
    QTest.keyClick(it, Qt.Key.Key_Right)
    QTest.keyClick(it, Qt.Key.Key_Right)
    assert it.readout() == "2024-02   80,000"
    QTest.keyClick(it, Qt.Key.Key_End)
    assert it.readout().startswith("2024-03")
    QTest.keyClick(it, Qt.Key.Key_Escape)
    assert it.readout() == ""


def test_the_rows_behind_a_point_are_shown_in_its_place(context: Context, wait_until: Callable[..., None]) -> None:
    from widgets.record.behind import RowsOver

    it = chart(context, filter="total < 30")
    wait_until(lambda: it.state == "ready", timeout_s=20)
    assert it.rows_behind() is None
    QTest.keyClick(it, Qt.Key.Key_End)
    behind = it.rows_behind()
    assert behind.title == "Orders: 2024-02" and behind.values == ("2024-02",)
    shown = RowsOver(it, behind)
    wait_until(lambda: shown.grid.rows.cache.count == 4000)
    assert shown.geometry().size() == it.size()
    QTest.keyClick(shown.grid, Qt.Key.Key_Escape)
    assert not shown.isVisible() and it.readout().startswith("2024-02")


def test_what_is_said_in_its_place_takes_the_colours_of_another_theme(context: Context) -> None:
    it = chart(context)
    before = it._note.title.styleSheet()
    context.theme.set_mode("dark")
    assert it._note.isVisible() and it._note.title.styleSheet() != before


def test_a_chart_follows_its_table(context: Context, wait_until: Callable[..., None]) -> None:
    answers: list[Any] = []
    it = chart(context, value="count")
    wait_until(lambda: it.state == "ready")
    context.tables["orders"].commit([Insert({"placed": datetime.date(2024, 1, 1), "total": 1})], answers.append)
    wait_until(lambda: answers)
    assert not isinstance(answers[0], Exception)
    wait_until(lambda: it.points.values[0] == 4001)


def test_a_chart_whose_column_is_gone_says_so(
    context: Context, tmp_path: Path, wait_until: Callable[..., None]
) -> None:
    it = chart(context)
    wait_until(lambda: it.state == "ready", timeout_s=20)
    with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
        connection.execute("alter table orders rename column total to amount")
    connection.close()
    it.refresh()
    wait_until(lambda: it.state == "error", timeout_s=20)
    it.set_type("line")
    context.theme.changed.emit()
    assert it.state == "error" and "no column total" in it.accessibleDescription()


def test_many_points_and_every_type(context: Context, wait_until: Callable[..., None]) -> None:
    it = chart(context, group="id", type="line")
    wait_until(lambda: it.state == "ready")
    assert len(it.points.values) == 12_000
    for chart_type in ("bar", "area", "line"):
        it.set_type(chart_type)
        assert it.state == "ready"
    context.theme.set_mode("dark")
    assert it.state == "ready"


def test_no_rows_is_a_state(context: Context, wait_until: Callable[..., None]) -> None:
    context.tables["orders"].set_base("total > 99", {})
    it = chart(context, empty="Nothing sold")
    wait_until(lambda: it.state == "empty")
    assert it.accessibleDescription() == "Nothing sold"


def test_a_wrong_value_is_told_in_place(context: Context, wait_until: Callable[..., None]) -> None:
    it = chart(context, value="total")
    wait_until(lambda: it.state == "error")
    assert "no value for a chart" in it.accessibleDescription()


def test_a_missing_table_is_a_card(context: Context) -> None:
    assert chart(context, table="nope") is None
    assert "no table 'nope'" in context.reporter[0]


def test_queries_from_properties() -> None:
    query = make_query("month(placed)", " average( total ) ", "", {})
    [aggregate] = query.aggregates
    assert (query.group, aggregate.function, aggregate.of) == (("month(placed)",), "average", "total")
    with pytest.raises(ChartError, match="no group"):
        make_query("", "count", "", {})


def test_a_chart_has_the_colors_that_rules_say_and_its_own_again(
    context: Context, wait_until: Callable[..., None]
) -> None:
    def ground(it: Any) -> str:
        image = it.grab().toImage()
        return QColor(image.pixel(it.width() // 2, it.height() - 8)).name()

    it, color = chart(context, title="Sales"), context.theme.color
    wait_until(lambda: it.state == "ready")
    assert ground(it) == color("surface").name()
    look = {"ground": "info-soft", "color": "link"}
    it.draw_look(Drawn(Rules(look)))
    assert ground(it) == color("info-soft").name()
    assert it._plot.backgroundBrush().color().name() == color("info-soft").name()
    assert color("link").name() in it._title.styleSheet()
    it.draw_look(Drawn())
    assert ground(it) == color("surface").name() and it._title.styleSheet() == ""
