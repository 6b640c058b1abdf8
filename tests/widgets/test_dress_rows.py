"""Style rules on views that paint themselves: grids, lists, cards and charts, as the rules say and as they change."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from layouts.load import load_layout
from tests.widgets.grid_world import World
from widgets.build import build_window
from widgets.dress import take_styles
from widgets.patch import patch_widget


class Desk:
    """A window over the shop, dressed by rules."""

    def __init__(self, directory: Path, wait_until: Callable[..., None]) -> None:
        self.wait_until = wait_until
        self.world = World(directory, rows=12)
        self.context = self.world.context
        self.theme = self.context.theme
        self.window: Any = None

    def layout(self, rules: str, view: str) -> Any:
        text = f"layout 2\n{rules}\ntable orders source=orders\nwindow {{ {view} }}\n"
        return load_layout("main.kdl", {"main.kdl": text.encode()}.get)

    def show(self, rules: str, view: str) -> Any:
        self.window = build_window(self.layout(rules, view), self.context)
        self.window.resize(640, 420)
        self.window.show()
        view_of_rows = self.context.widgets["it"]
        grid = getattr(view_of_rows, "grid", view_of_rows)
        self.wait_until(lambda: grid.row_count() and grid.rows.cache.find(0) is not None)
        return view_of_rows

    def patch(self, rules: str, view: str) -> None:
        layout = self.layout(rules, view)
        take_styles(layout.styles, self.context)
        assert patch_widget(self.window, layout.windows[0], self.context)

    def color(self, token: str) -> str:
        return self.theme.color(token).name()


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    desk = Desk(tmp_path, wait_until)
    yield desk
    desk.context.disposers()
    if desk.window is not None:
        desk.window.close()
        desk.window.deleteLater()
    desk.world.close()


def seen(view: Any, x: int, y: int) -> str:
    return QColor(view.viewport().grab().toImage().pixel(x, y)).name()


GRID = "grid orders id=it { show id; show total class=amount; show remark }"


def row_middle(grid: Any, row: int) -> int:
    return int(row * grid.look.row_height + 4)


def test_a_grid_has_its_ground_headings_and_selected_row_as_rules_say(desk: Desk) -> None:
    rules = (
        "style grid ground=fill color=link type=caption weight=strong {\n"
        " when heading ground=accent color=on-accent weight=bold\n when selected ground=warning-soft color=warning\n}"
    )
    grid = desk.show(rules, GRID)
    plain = 30
    grid.go(2, 0)
    assert seen(grid, 3, row_middle(grid, 1)) == desk.color("fill")
    assert seen(grid, 3, row_middle(grid, 2)) == desk.color("warning-soft")
    assert QColor(grid.header.grab().toImage().pixel(3, 3)).name() == desk.color("accent")
    assert grid.look.font.pixelSize() == desk.theme.font("caption").pixelSize()
    assert (grid.look.font.weight(), grid.look.heading.weight()) == (600, 700)
    assert grid.look.row_height <= plain
    pens = grid.look.pens
    assert pens["ink"].color().name() == desk.color("link")
    assert pens["selected-ink"].color().name() == desk.color("warning")
    assert pens["heading"].color().name() == desk.color("on-accent")
    # What is no row keeps the theme's colours.
    assert grid.look.colors["text"].name() == desk.color("text")


def test_a_column_takes_what_its_class_says(desk: Desk) -> None:
    grid = desk.show("style show class=amount color=success weight=strong ground=success-soft align=center", GRID)
    column = grid.columns[1]
    assert (column.color, column.weight, column.ground, column.align) == (
        "success", "strong", "success-soft", "center")  # fmt: skip
    cell = grid.ready.cells(0)[1]
    assert (cell.font.weight(), cell.rest[5]) == (600, "success")
    left = grid.places.column_left(1)
    assert seen(grid, left + 2, row_middle(grid, 1)) == desk.color("success-soft")
    assert seen(grid, 3, row_middle(grid, 1)) == desk.color("surface")


def test_a_column_s_own_side_goes_before_that_of_its_class(desk: Desk) -> None:
    grid = desk.show("style show align=center", "grid orders id=it { show id; show total align=start }")
    assert [column.align for column in grid.columns] == ["center", "start"]


def test_rules_come_and_go_in_a_shown_grid_and_follow_the_scheme(desk: Desk) -> None:
    grid = desk.show("", GRID)
    before = (grid.look.row_height, seen(grid, 3, row_middle(grid, 1)), grid.columns[1].align)
    desk.patch("style grid ground=fill type=title { when dark ground=accent }\nstyle class=amount align=center", GRID)
    assert grid.look.row_height > before[0]
    assert seen(grid, 3, row_middle(grid, 1)) == desk.color("fill")
    assert grid.columns[1].align == "center"
    desk.theme.set_mode("dark")
    assert seen(grid, 3, row_middle(grid, 1)) == desk.color("accent")
    desk.theme.set_mode("light")
    desk.patch("", GRID)
    assert (grid.look.row_height, seen(grid, 3, row_middle(grid, 1)), grid.columns[1].align) == before


def test_rows_without_a_rule_for_hover_follow_the_ground_of_their_view(desk: Desk) -> None:
    grid = desk.show("style grid ground=accent color=on-accent", GRID)
    grid.hovered_row = 1
    hovered = grid.look.colors["hovered"]
    assert seen(grid, 3, row_middle(grid, 1)) == hovered.name()
    assert hovered.name() not in (desk.color("accent"), desk.color("hover"))


@pytest.mark.parametrize("kind", ["grid", "list", "cards", "pivot"])
def test_a_border_stands_round_a_view_or_its_cards(desk: Desk, kind: str) -> None:
    view = desk.show(f"style {kind} border=accent border_width=focus", f"{kind} orders id=it")
    image = view.grab().toImage()
    if kind == "cards":
        assert (view.border, view.look.colors["edge"].name()) == (desk.theme.border("focus"), desk.color("accent"))
    else:
        assert QColor(image.pixel(0, image.height() // 2)).name() == desk.color("accent")


@pytest.mark.parametrize("kind", ["list", "cards"])
def test_items_have_their_ground_and_what_is_selected_its_own(desk: Desk, kind: str) -> None:
    rules = f"style {kind} ground=fill color=link {{ when selected ground=warning-soft color=warning }}"
    view = desk.show(rules, f"{kind} orders id=it title=status")
    view.go(1)
    ground: Callable[[int], str] = lambda row: seen(  # noqa: E731
        view, view.places.rect(row).center().x(), view.places.rect(row).bottom() - 6
    )
    assert (ground(0), ground(1)) == (desk.color("fill"), desk.color("warning-soft"))
    assert view.look.pens["ink"].color().name() == desk.color("link")


def test_the_figures_of_a_pivot_are_dressed_with_it(desk: Desk) -> None:
    pivot = desk.show("style pivot ground=fill", 'pivot orders id=it rows=status values="sum(total)"')
    assert seen(pivot.grid, 3, pivot.grid.viewport().height() - 3) == desk.color("fill")
    assert pivot.grid.look.colors["rows"].name() == desk.color("fill")


@pytest.mark.parametrize("view", ["grid orders id=it {{ {style} }}", 'list orders id=it title="{{id}}" {{ {style} }}'])
def test_a_row_s_look_may_depend_on_the_window(desk: Desk, view: str) -> None:
    style = 'style when="id > least and placed < today" emphasis=error'
    shown = desk.show("", "state least 3; " + view.format(style=style))

    def looks() -> list[str]:
        if hasattr(shown, "ready"):
            return [shown.content.emphasis(row).get("", "") for row in range(5)]
        return [shown.content.item(row).emphasis for row in range(5)]

    assert looks() == ["", "", "", "error", "error"]
    desk.context.scope.publish("least", 1)
    assert looks() == ["", "error", "error", "error", "error"]


def test_a_filter_and_a_check_may_read_the_time(desk: Desk) -> None:
    text = 'grid orders id=it filter="placed < today" { show customer; check when="placed > today" message="Later" }'
    grid = desk.show("", text)
    assert grid.row_count() == 12
    assert grid.columns[0].shown == "customer:label"
    assert desk.context.scope.glance("today") == datetime.date.today()
