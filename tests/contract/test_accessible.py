"""What assistive technology meets in real windows: names, roles, labels, the grid's cells, announced messages."""

from __future__ import annotations

import gc
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

APPS = Path(__file__).parents[2] / "resources" / "apps"
#: Roles that say nothing to a person, so nothing that takes the focus may have them.
MUTE = {"NoRole", "Client", "Pane", "Whitespace", "Grouping", "Window", "LayeredPane"}


@pytest.fixture
def active(qapp: Any) -> Iterator[None]:
    from PySide6.QtGui import QAccessible

    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.fixture
def show(active: None, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Callable[[str], Any]]:
    """Opens an app as the command line does, and waits for its rows."""
    from shell.boot import boot
    from shell.session import Given

    sessions: list[Any] = []

    def show(target: str) -> Any:
        session = boot(target, Given(basedir=str(tmp_path / "home")))
        sessions.append(session)
        window = session.windows[0]
        window.resize(1240, 800)
        window.activateWindow()
        from shell.focus import views

        shown = ("grid", "list", "cards")
        wait_until(lambda: all(map(is_counted, views(window, shown))))
        # Views introduce themselves right after the first paint.
        wait_until(lambda: all(view.accessibleDescription() for view in views(window, shown)))
        return window

    yield show
    for session in sessions:
        for window in session.windows:
            window._may_lose_edits = True
            window.close()
        session.close()


@pytest.fixture
def library(tmp_path: Path) -> str:
    """A database of two tables that reference each other, to be scaffolded."""
    path = tmp_path / "library.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(
            "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born DATE, portrait BLOB);"
            "CREATE TABLE book (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES author (id),"
            " title TEXT NOT NULL, price NUMERIC(8,2), is_lent BOOLEAN, kind TEXT CHECK (kind IN ('new', 'old')));"
            "INSERT INTO author (name) VALUES ('Ann'), ('Bob'); INSERT INTO book (author_id, title) VALUES (1, 'A');"
        )
    database.close()
    return str(path)


def is_counted(grid: Any) -> bool:
    """Whether the number of rows is there, and no guess."""
    return grid.rows.cache.count is not None and grid.rows.cache.is_exact


def interface(widget: Any) -> Any:
    from PySide6.QtGui import QAccessible

    return QAccessible.queryAccessibleInterface(widget)


def name_of(widget: Any) -> str:
    """What a screen reader says: the label's text where a label is related, else the widget's own name."""
    from PySide6.QtGui import QAccessible

    found = interface(widget)
    labels = [
        other.text(QAccessible.Text.Name)
        for other, relation in found.relations()
        if relation & QAccessible.RelationFlag.Label
    ]
    return (labels + [found.text(QAccessible.Text.Name)])[0].strip()


def check_window(window: Any) -> list[str]:
    """What is wrong with the focusable widgets of a window."""
    from shell.focus_order import focus_order

    problems = []
    stops = focus_order(window)
    assert len(stops) > 3
    for stop in stops:
        role = interface(stop).role().name
        if not name_of(stop) or role in MUTE:
            problems.append(f"{type(stop).__name__} {getattr(stop, 'node', '')}: {role} “{name_of(stop)}”")
    return problems


@pytest.mark.parametrize("app", ["orders", "contacts"])
def test_everything_with_the_focus_has_a_name_and_a_role(show: Any, app: str, tmp_path: Path) -> None:
    shutil.copytree(APPS / app, tmp_path / app)
    window = show(str(tmp_path / app))
    assert check_window(window) == []


def test_every_page_of_a_scaffolded_database_too(show: Any, library: str) -> None:
    from shell.focus import views

    window = show(library)
    for index in range(views(window, ("tabs",))[0].count()):
        views(window, ("tabs",))[0].set_current(index)
        assert check_window(window) == []


def test_fields_are_named_by_their_labels(show: Any, library: str, wait_until: Callable[..., None]) -> None:
    from PySide6.QtGui import QAccessible

    from shell.focus import views

    window = show(library)
    wait_until(lambda: all(form.fields for form in views(window, ("form",))))
    [form] = [form for form in views(window, ("form",))][:1]
    for field in form.fields:
        part = field.editor.focusProxy()
        assert field.label.buddy() is part
        assert field.editor.subject.title in part.accessibleName()
        role = interface(part).role()
        assert role in (QAccessible.Role.EditableText, QAccessible.Role.ComboBox, QAccessible.Role.CheckBox,
                        QAccessible.Role.Button)  # fmt: skip


def test_a_grid_is_a_table_of_cells(show: Any, library: str, wait_until: Callable[..., None]) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QAccessible
    from PySide6.QtTest import QTest

    from shell.focus import views

    window = show(library)
    grid = next(grid for grid in views(window, ("grid",)) if grid.row_count() == 2)
    grid.setFocus()
    wait_until(grid.hasFocus)
    table = interface(grid)
    text = QAccessible.Text
    columns = len(grid.columns)
    assert table.role() == QAccessible.Role.Table
    assert table.childCount() == columns * 3
    headings = [table.child(index) for index in range(columns)]
    assert [heading.text(text.Name) for heading in headings] == [column.label for column in grid.columns]
    assert {heading.role() for heading in headings} == {QAccessible.Role.ColumnHeader}
    name = next(index for index, column in enumerate(grid.columns) if column.path == "name")
    grid.go(0, name)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    cell = table.focusChild()
    place = cell.tableCellInterface()
    assert (cell.text(text.Name), cell.role(), cell.state().focused) == ("Bob", QAccessible.Role.Cell, True)
    assert (place.rowIndex(), place.columnIndex(), place.isSelected()) == (1, name, True)
    assert place.columnHeaderCells()[0].text(text.Name) == grid.columns[name].label
    assert cell.text(text.Description) == f"{grid.columns[name].label}, row 2 of 2"
    assert table.indexOfChild(cell) == columns * 2 + name
    assert grid.accessibleDescription().endswith("Bob, row 2 of 2")
    assert table.childAt(*cell.rect().center().toTuple()).text(text.Name) == "Bob"


def test_grids_that_were_asked_end_cleanly(show: Any, library: str, wait_until: Callable[..., None]) -> None:
    from shell.focus import views
    from widgets.listing import accessible

    window = show(library)
    before = len(accessible._MET)
    for _ in range(5):
        for grid in views(window, ("grid",)):
            table = interface(grid)
            assert [table.child(index).role() for index in range(table.childCount())]
            del table
        window.reload()
        gc.collect()
        wait_until(lambda: all(map(is_counted, views(window, ("grid",)))))
    wait_until(lambda: len(accessible._MET) <= before + len(views(window, ("grid",))))


def test_messages_are_announced(show: Any, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtGui import QAccessible

    told: list[Any] = []
    window = show(library)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: told.append((event.type(), event)))
    window.messages.report("error", "The disk is full")
    [(kind, event)] = [one for one in told if one[0] == QAccessible.Event.Announcement]
    assert event.message() == "The disk is full"
    assert event.politeness() == QAccessible.AnnouncementPoliteness.Assertive
    assert kind == QAccessible.Event.Announcement


def walk(one: Any, depth: int = 0) -> Iterator[Any]:
    """An interface and all below it, as a screen reader meets them."""
    yield one
    for index in range(one.childCount() if depth < 40 else 0):
        if (child := one.child(index)) is not None:
            yield from walk(child, depth + 1)


def test_the_tree_of_the_order_desk_names_all_that_can_be_reached(
    show: Any, tmp_path: Path, wait_until: Callable[..., None]
) -> None:
    from PySide6.QtGui import QAccessible

    shutil.copytree(APPS / "orders", tmp_path / "orders")
    window = show(str(tmp_path / "orders"))
    orders = window.context.views["orders_view"]
    wait_until(lambda: orders.cell_text(0, 1) not in ("", "loading"))
    met = [one for one in walk(interface(window)) if one.isValid() and not one.state().invisible]
    name = QAccessible.Text.Name
    focusable = [one for one in met if one.state().focusable]
    nameless = [one for one in focusable if not one.text(name) and one.role().name not in MUTE]
    empty = [one for one in nameless if one.role().name != "Cell"]
    assert not [(one.role().name, one.object()) for one in empty]
    cells = [one for one in met if one.role().name == "Cell"]
    names = {one.text(name) for one in cells}
    assert {orders.cell_text(0, column) for column in range(len(orders.columns))} <= names
    headings = [one.text(name) for one in met if one.role().name == "ColumnHeader"]
    assert [column.label for column in orders.columns] == headings[: len(orders.columns)]
    # Each says where it is as well.
    first = next(one for one in cells if one.text(name) == orders.cell_text(0, 1))
    assert f"{orders.columns[1].label}, row 1 of " in first.text(QAccessible.Text.Description)
    roles = {one.role().name for one in focusable}
    assert {"Table", "Cell", "EditableText", "Button", "PageTab"} <= roles


def test_rows_of_lists_and_cards_are_named(show: Any, tmp_path: Path, wait_until: Callable[..., None]) -> None:
    from PySide6.QtGui import QAccessible

    app = tmp_path / "people"
    app.mkdir()
    (app / "app.toml").write_text(
        'name = "people"\n[sources.people]\nkind = "sqlite"\npath = "p.sqlite"\nschema = "s.sql"\n', encoding="utf-8"
    )
    (app / "s.sql").write_text(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, city TEXT);"
        "INSERT INTO people VALUES (1, 'Ann', 'Rome'), (2, 'Bob', 'Oslo');", encoding="utf-8"
    )  # fmt: skip
    (app / "main.kdl").write_text(
        'layout 1 title="People"\ntable people source="people"\nwindow { row {\n'
        'list people id=one title="{name}" subtitle="{city}"\n'
        'cards people id=two title="{name}" subtitle="{city}"\n} }\n',
        encoding="utf-8",
    )
    window = show(str(app))
    for view in ("one", "two"):
        rows = window.context.views[view]
        wait_until(lambda rows=rows: rows.row_count() == 2 and "Ann" in rows.item_text(0))
        said = [one.text(QAccessible.Text.Name) for one in walk(interface(rows)) if one.role().name == "ListItem"]
        assert said == ["Ann, Rome", "Bob, Oslo"]
