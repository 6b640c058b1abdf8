"""Narrow windows: splits stand below each other and fold, lists of pages fold into a button, nothing is cut off."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from layouts.kinds.table import BUILT_IN
from layouts.node import Layout, Node
from widgets.build import build_window
from widgets.context import Context
from widgets.scope import Scope
from widgets.theme import Theme


class Surroundings:
    """What a context needs and these tests do not look at."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_arguments, **_named: None


@pytest.fixture
def context(qapp: Any) -> Context:
    return Context(
        scope=Scope(), commands=Surroundings(), reporter=Surroundings(), theme=Theme("light"), tables={},
        open_table=lambda handle, name: handle, read_file=lambda path: None,
    )  # fmt: skip


def node(kind: str, *children: Node, id: str = "", **properties: Any) -> Node:
    return Node(kind, id, properties, list(children))


def shown(context: Context, child: Node, width: int, height: int) -> Any:
    built = build_window(Layout(windows=[node("window", child)]), context, BUILT_IN)
    built.resize(width, height)
    built.show()
    return built


def boxes(*names: str) -> list[Node]:
    return [node("scroll", node("search", id=name), id=f"{name}_pane") for name in names]


def order(split: Any) -> list[int]:
    """The children that are not folded away."""
    return [at for at, size in enumerate(split.sizes()) if size > 0]


def test_children_without_room_beside_each_other_stand_below(context: Context) -> None:
    from PySide6.QtCore import Qt

    window = shown(context, node("split", *boxes("one", "two"), id="main", sizes="1,3"), 900, 600)
    split = context.widgets["main"]
    assert split.orientation() == Qt.Orientation.Horizontal and split.sizes()[1] > 2 * split.sizes()[0]
    window.resize(420, 600)
    assert split.orientation() == Qt.Orientation.Vertical and order(split) == [0, 1] and not split.is_folding
    below = split.sizes()
    split.move_border(split.handle(1), 60)
    assert split.sizes()[0] > below[0]
    window.resize(900, 600)
    assert split.orientation() == Qt.Orientation.Horizontal and split.sizes()[1] > 2 * split.sizes()[0]
    window.close()


def test_larger_text_needs_more_room(context: Context) -> None:
    from PySide6.QtCore import Qt

    window = shown(context, node("split", *boxes("one", "two"), id="main"), 700, 700)
    split = context.widgets["main"]
    assert split.orientation() == Qt.Orientation.Horizontal
    context.theme.set_text_size(2.0)
    assert split.orientation() == Qt.Orientation.Vertical and order(split) == [0, 1]
    window.close()


def test_what_has_no_room_is_folded_away_until_it_is_wanted(context: Context) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    window = shown(context, node("split", *boxes("one", "two", "three"), id="main"), 400, 220)
    split = context.widgets["main"]
    assert order(split) == [0] and split.is_folding
    # By the mouse, and back at the same border.
    for wanted in (1, 0):
        QTest.mouseClick(split.handle(1), Qt.MouseButton.LeftButton)
        assert order(split) == [wanted]
    split.reveal(context.widgets["three"])
    assert order(split) == [2]
    # What is remembered is not what was folded.
    assert context.recall("split:main") is None and context.recall("split:main:below") is None
    window.resize(400, 700)
    assert order(split) == [0, 1, 2]
    window.close()


def test_a_list_of_pages_folds_into_a_button(context: Context) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    pages = [node("tab", node("search", id=name), title=name) for name in ("one", "two")]
    window = shown(context, node("tabs", *pages, id="pages", side="start", filter=True), 900, 500)
    tabs = context.widgets["pages"]
    bar = tabs._bar
    assert bar.width() == 208 and not bar.button.isVisible()
    window.resize(420, 500)
    assert bar.button.isVisible() and not bar._list.isVisible() and not bar._filter.isVisible()
    assert bar.button.text() == "one" and bar.button.accessibleName() == "Page: one"
    QTest.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert bar._list.isVisible() and bar._filter.isVisible()
    place = bar._list.visualItemRect(bar._list.item(1)).center()
    QTest.mouseClick(bar._list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert tabs.current() == 1 and not bar._list.isVisible() and bar.button.text() == "two"
    window.resize(900, 500)
    assert bar._list.isVisible() and bar._filter.isVisible() and not bar.button.isVisible() and bar.width() == 208
    window.close()


SCHEMA = """
create table customers (id integer primary key, name text not null, city text, notes longtext);
create table orders (id integer primary key, customer_id integer not null references customers (id), day date);
create table lines (id integer primary key, order_id integer not null references orders (id), product text not null);
insert into customers values (1, 'Ann', 'Ulm', null);
insert into orders values (1, 1, '2026-01-02');
insert into lines values (1, 1, 'Pear');
"""


@pytest.mark.parametrize(("height", "scale"), [(800, 1.0), (800, 2.0), (560, 1.0)])
def test_a_scaffolded_page_is_whole_in_a_narrow_window(
    qapp: Any, tmp_path: Path, wait_until: Callable[..., None], height: int, scale: float
) -> None:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QLineEdit, QPushButton

    from shell.boot import boot
    from shell.session import Given
    from widgets.grid import Grid
    from widgets.split import Split

    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
    database.close()
    session = boot(str(path), Given(basedir=str(tmp_path / "home"), settings=(f"ui.text_size={scale}",)))
    window = session.windows[0]
    window.resize(480, height)
    window.activateWindow()
    grid = window.context.widgets["customers_view"]
    wait_until(lambda: grid.rows.cache.count == 1 and (window.width(), window.height()) == (480, height))
    for part in (*window.findChildren(QLineEdit), *window.findChildren(QPushButton), *window.findChildren(Grid)):
        if part.isVisible() and not _is_folded(part, Split):
            left = part.mapTo(window, QPoint(0, 0)).x()
            assert left >= 0 and left + part.width() <= window.width(), part.accessibleName()
    assert grid.viewport().height() >= grid.look.row_height and grid.width() > 400
    # What is folded away comes by the key that goes from pane to pane.
    form = next(one for one in window.context.built if getattr(getattr(one, "node", None), "kind", "") == "form")
    wait_until(lambda: bool(form.fields) and form.row.values is not None and window.isActiveWindow())
    line = form.fields[1].editor.focusProxy()
    line.setFocus()
    wait_until(lambda: line.hasFocus() and not _is_folded(form, Split) and form.width() > 400)
    window._may_lose_edits = True
    window.close()
    session.close()


def _is_folded(part: Any, kind: type) -> bool:
    while part is not None:
        parent = part.parentWidget()
        if isinstance(parent, kind) and parent.indexOf(part) >= 0 and parent.sizes()[parent.indexOf(part)] == 0:
            return True
        part = parent
    return False
