"""What the palette of a real window offers: tables, rows, files, symbols, settings, a line; arguments."""

from __future__ import annotations

import inspect
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shell.command import Argument, Command
from shell.over import PageOver
from shell.palette.panel import Palette
from tests.conftest import spin_until

LAYOUT = """layout 1 title="Shelf"
table items source="items" sort="name"
table boxes source="boxes"
command app.ring title="Ring the bell" run="rung = rung + 1"
window {
    state rung 0
    tabs id=pages {
        tab "Items" { column { grid items id=items_view; grid boxes id=own filter="id == items_view.current.id" } }
        tab "Boxes" { grid boxes id=boxes_view }
    }
}
"""
SCRIPT = '''def carry(app):
    """Carries it."""


class Cart:
    def load(self): ...
'''
ROWS = """
create table items (id integer primary key, name text, place text);
insert into items values (1, 'Lamp', 'hall'), (2, 'Ladder', 'cellar'), (3, 'Chair', 'hall');
create table boxes (id integer primary key, name text);
insert into boxes values (7, 'Lantern box');
create table hidden (code text primary key, name text);
insert into hidden values ('x1', 'Lagoon');
"""


@pytest.fixture(scope="module")
def window(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from shell.boot import boot
    from shell.session import Given

    folder = tmp_path_factory.mktemp("palette")
    app = folder / "app"
    (app / "shelf").mkdir(parents=True)
    database = sqlite3.connect(app / "items.sqlite")
    database.executescript(ROWS)
    database.close()
    (app / "main.kdl").write_text(LAYOUT)
    (app / "shelf" / "moving.py").write_text(SCRIPT)
    (app / "app.toml").write_text('name = "shelf"\n[sources.main]\nkind = "sqlite"\npath = "items.sqlite"\n')
    session = boot(str(app), Given(basedir=str(folder / "home")))
    made = session.windows[0]
    made.resize(1300, 800)
    made.activateWindow()
    spin_until(lambda: made.isActiveWindow() and made.context.widgets["items_view"].rows.cache.count == 3)
    yield made
    made.close_anyway()
    session.close()


@pytest.fixture
def palette(window: Any) -> Iterator[Palette]:
    yield window.cards.palette()
    window.cards.palette().close_card()
    for page in window.findChildren(PageOver):
        page.close_over()


def titles(palette: Palette) -> list[str]:
    return [one.item.title for one in palette.model.found]


def look(palette: Palette, text: str, *wanted: str) -> None:
    """Type a text and wait until these lines are there."""
    palette.open_with("")
    QTest.keyClicks(palette.line, text)
    spin_until(lambda: set(wanted) <= set(titles(palette)))


def press(palette: Palette, key: Qt.Key) -> None:
    QTest.keyClick(palette.line, key)


def choose(palette: Palette, title: str) -> None:
    """Go down to a line and press Return."""
    spin_until(lambda: title in titles(palette))
    while palette.current().title != title:
        press(palette, Qt.Key.Key_Down)
    press(palette, Qt.Key.Key_Return)


def test_a_table_leads_to_its_list_and_one_without_a_list_to_a_page(window: Any, palette: Palette) -> None:
    look(palette, "=", "Items", "Boxes", "Hidden")
    choose(palette, "Boxes")
    spin_until(lambda: window.context.widgets["boxes_view"].isVisible())
    look(palette, "=hid", "Hidden")
    press(palette, Qt.Key.Key_Return)
    (page,) = window.findChildren(PageOver)
    spin_until(lambda: page.content.rows.cache.count == 1)
    assert QApplication.focusWidget() is page.content or page.isAncestorOf(QApplication.focusWidget())
    QTest.keyClick(page.content, Qt.Key.Key_Escape)
    spin_until(lambda: not window.findChildren(PageOver))


def test_rows_are_found_in_all_tables_and_gone_to(window: Any, palette: Palette) -> None:
    look(palette, "#la", "Lamp", "Ladder", "Lantern box", "Lagoon")
    look(palette, "#hall", "Lamp", "Chair")
    assert [one.item.detail for one in palette.model.found] == ["hall", "hall"]
    look(palette, "#ladd", "Ladder")
    press(palette, Qt.Key.Key_Return)
    view = window.context.widgets["items_view"]
    spin_until(lambda: view.isVisible() and view.current_key == (2,))
    look(palette, "lantern", "Lantern box")
    choose(palette, "Lantern box")
    boxes = window.context.widgets["boxes_view"]
    spin_until(lambda: boxes.isVisible() and boxes.current_key == (7,))
    look(palette, "#3", "Chair")


def test_a_row_shows_its_fields_before_it_is_opened(palette: Palette) -> None:
    look(palette, "#lamp", "Lamp")
    spin_until(lambda: "hall" in palette.preview.label.text() and "Place" in palette.preview.label.text())


def test_files_and_symbols_open_in_an_editor_and_show_their_text(window: Any, palette: Palette) -> None:
    look(palette, "%mov", "moving.py")
    assert palette.model.found[0].item.detail == "shelf"
    spin_until(lambda: "Carries it." in palette.preview.label.text())
    look(palette, "@car", "carry", "Cart")
    details = {one.item.title: one.item.detail for one in palette.model.found}
    assert details["carry"] == "shelf/moving.py:1"
    look(palette, "@items_view", "items_view")
    press(palette, Qt.Key.Key_Return)
    assert window.context.widgets["items_view"].isVisible()
    look(palette, "@ring", "app.ring")
    press(palette, Qt.Key.Key_Return)
    assert window.scope.read("rung") == 1
    look(palette, "%moving", "moving.py")
    press(palette, Qt.Key.Key_Return)
    (page,) = window.findChildren(PageOver)
    spin_until(lambda: page.content.pane is not None and b"Carries" in page.content.pane.text())


def test_a_setting_shows_its_value_and_asks_for_another(window: Any, palette: Palette) -> None:
    config = window.session.config
    look(palette, ",ui.theme", "ui.theme")
    item = palette.model.found[0].item
    assert item.detail == config.text("ui.theme") and item.doc
    press(palette, Qt.Key.Key_Return)
    assert palette.isVisible() and "ui.theme" in palette.trail.text()
    choose(palette, "dark")
    assert config["ui.theme"] == "dark" and not palette.isVisible()
    look(palette, ",ui.text_size", "ui.text_size")
    press(palette, Qt.Key.Key_Return)
    QTest.keyClicks(palette.line, "99")
    press(palette, Qt.Key.Key_Return)
    assert palette.isVisible() and palette.current().reason and config["ui.text_size"] == 1.0
    palette.line.clear()
    QTest.keyClicks(palette.line, "1.2")
    press(palette, Qt.Key.Key_Return)
    assert config["ui.text_size"] == 1.2
    window.registry.run("option.set ui.text_size 1.0")


def test_a_line_runs_a_command_with_its_arguments(window: Any, palette: Palette) -> None:
    got: list[Any] = []

    def take(count: int) -> None:
        got.append(count)

    drop = window.registry.register([Command("app.take", "Take", take)])
    look(palette, ":app.take 4", "app.take 4")
    press(palette, Qt.Key.Key_Return)
    assert got == [4] and not palette.isVisible()
    look(palette, ":app.ta", "app.take")
    drop()


def ask(window: Any, function: Any) -> list[Any]:
    """Run a command that gets what it is given."""
    got: list[Any] = []

    def run(**given: Any) -> None:
        got.append(given)

    run.__signature__ = inspect.signature(function, eval_str=True)  # type: ignore[attr-defined]
    drop = window.registry.register([Command("app.asked", "Ask me", run)])
    window.registry.run("app.asked")
    drop()
    return got


def test_arguments_are_asked_with_completion_and_one_may_go_back(window: Any, palette: Palette) -> None:
    def asked(table: Annotated[str, "table"], column: Annotated[str, "column"], is_loud: bool) -> None: ...

    got = ask(window, asked)
    assert palette.line.placeholderText() == "Table"
    spin_until(lambda: {"items", "boxes", "hidden"} <= set(titles(palette)))
    QTest.keyClicks(palette.line, "item")
    press(palette, Qt.Key.Key_Return)
    spin_until(lambda: {"id", "name", "place"} <= set(titles(palette)))
    assert palette.trail.text() == "Ask me   ›   Table: items   ›   Column"
    choose(palette, "place")
    assert titles(palette) == ["Yes", "No"]
    press(palette, Qt.Key.Key_Backtab)
    assert palette.line.placeholderText() == "Column" and palette.line.text() == "place"
    palette.line.clear()
    press(palette, Qt.Key.Key_Backspace)
    assert palette.line.placeholderText() == "Table" and palette.line.text() == "items"
    spin_until(lambda: palette.current() is not None)
    press(palette, Qt.Key.Key_Return)
    choose(palette, "name")
    press(palette, Qt.Key.Key_Tab)
    assert got == [{"table": "items", "column": "name", "is_loud": True}] and not palette.isVisible()


def test_what_was_given_last_is_there_again_and_backspace_leads_out(window: Any, palette: Palette) -> None:
    def asked(count: int) -> None: ...

    got = ask(window, asked)
    QTest.keyClicks(palette.line, "7")
    press(palette, Qt.Key.Key_Return)
    again = ask(window, asked)
    assert titles(palette) == ["7"]
    press(palette, Qt.Key.Key_Return)
    assert (got, again) == ([{"count": 7}], [{"count": 7}])
    assert ask(window, asked) == []
    press(palette, Qt.Key.Key_Backspace)
    assert palette.trail.isHidden() and len(titles(palette)) > 10


def test_each_type_of_argument_completes(window: Any, palette: Palette, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "note.txt").write_text("")
    cases: dict[str, tuple[str, str, Any]] = {
        "row": ("la", "1", "1"),
        "file": ("main", "main.kdl", "main.kdl"),
        "option": ("ui.th", "ui.theme", "ui.theme"),
        "command": ("theme.da", "theme.dark", "theme.dark"),
        "plugin": ("chart", "chart", "chart"),
        "language": ("de", "de", "de"),
        "color": ("#1e90ff", "#1e90ff", "#1e90ff"),
        "date": ("2026-03-01", "2026-03-01", "2026-03-01"),
        "folder": (f"{tmp_path}/", f"{tmp_path}/", f"{tmp_path}/"),
    }
    window.context.widgets["items_view"].setFocus()
    for kind, (text, title, value) in cases.items():
        annotation = Annotated[str, kind]

        def asked(it: str) -> None: ...

        asked.__annotations__["it"] = annotation
        got = ask(window, asked)
        QTest.keyClicks(palette.line, text)
        choose(palette, title)
        assert got == [{"it": value}], kind


def test_a_folder_is_gone_into(window: Any, palette: Palette, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "note.txt").write_text("")

    def asked(path: Annotated[str, "file"]) -> None: ...

    got = ask(window, asked)
    QTest.keyClicks(palette.line, f"{tmp_path}/in")
    choose(palette, f"{tmp_path}/inner/")
    assert palette.line.text() == f"{tmp_path}/inner/"
    choose(palette, f"{tmp_path}/inner/note.txt")
    assert got == [{"path": f"{tmp_path}/inner/note.txt"}]


def test_wrong_values_are_told_while_they_are_typed(window: Any, palette: Palette) -> None:
    def asked(due: Annotated[str, "date"], mood: Literal["good", "bad"]) -> None: ...

    got = ask(window, asked)
    QTest.keyClicks(palette.line, "2026-13-01")
    assert "no date" in palette.current().reason
    press(palette, Qt.Key.Key_Return)
    assert palette.line.placeholderText() == "Due"
    press(palette, Qt.Key.Key_Escape)
    assert got == [] and not palette.isVisible()
    assert Argument("due", "color").parse("#fff") == "#fff"
    with pytest.raises(ValueError, match="no colour"):
        Argument("due", "color").parse("#ggg")


def test_rows_and_tables_that_were_gone_to_stand_on_top(window: Any, palette: Palette) -> None:
    look(palette, "#chair", "Chair")
    press(palette, Qt.Key.Key_Return)
    look(palette, "=hid", "Hidden")
    press(palette, Qt.Key.Key_Return)
    for page in window.findChildren(PageOver):
        page.close_over()
    palette.open_with("")
    used = titles(palette)[:6]
    assert {"Chair", "Hidden"} <= set(used) and palette.model.found[0].heading == "Used lately"


def test_tab_asks_for_what_is_optional_too(window: Any, palette: Palette) -> None:
    got: list[Any] = []

    def run(count: int = 5, is_loud: bool = False) -> None:
        got.append((count, is_loud))

    drop = window.registry.register([Command("app.counted", "Count loudly", run)])
    look(palette, "count loudly", "Count loudly")
    press(palette, Qt.Key.Key_Tab)
    assert palette.trail.text() == "Count loudly   ›   Count" and titles(palette) == ["5"]
    press(palette, Qt.Key.Key_Return)
    assert titles(palette) == ["No", "Yes"]
    QTest.keyClicks(palette.line, "y")
    press(palette, Qt.Key.Key_Return)
    assert got == [(5, True)] and not palette.isVisible()
    look(palette, "count loudly", "Count loudly")
    press(palette, Qt.Key.Key_Return)
    assert got == [(5, True), (5, False)]
    drop()


def test_screen_readers_hear_lines_questions_and_parts(window: Any, palette: Palette) -> None:
    look(palette, ",ui.theme", "ui.theme")
    said = palette.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("ui.theme, ") and "Settings" in said
    assert palette.line.accessibleName() == "Find" and palette.list.accessibleName() == "What fits"
    press(palette, Qt.Key.Key_Return)
    assert palette.line.accessibleName() == "Value" and "Option: ui.theme" in palette.trail.accessibleName()


def test_a_table_that_takes_too_long_or_fails_is_named_and_the_others_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from kernel.tables.error import SourceError
    from kernel.tables.interrupt import current
    from kernel.tables.memory import MemorySource
    from kernel.tables.schema import Column, Schema
    from shell.palette.contract import Asked
    from shell.palette.offer import rows

    schema = Schema("boxes", (Column("id", "integer", is_key=True), Column("name")), key=("id",), label=("name",))
    boxes = MemorySource([(schema, [{"id": 1, "name": "Lamp"}])]).table("boxes")

    def wait(*_arguments: Any) -> Any:
        while True:
            current().check()
            time.sleep(0.002)

    def fail(*_arguments: Any) -> Any:
        raise SourceError("the disk is away")

    slow, broken = (SimpleNamespace(schema=schema, fetch=fetch) for fetch in (wait, fail))
    tables = {"slow_boxes": slow, "broken": broken, "boxes": boxes}
    source = SimpleNamespace(table_names=lambda: list(tables), table=tables.__getitem__)
    app = SimpleNamespace(info=SimpleNamespace(sources={"main": {}}), source=lambda _name: source)
    monkeypatch.setattr(rows, "_ONE_S", 0.02)
    found = list(rows.begin(SimpleNamespace(app=app, tables=None))(Asked("lamp")))
    assert [one.title for one in found] == ["Lamp", "Broken", "Not looked through to the end: Slow boxes"]
    assert found[1].reason == "the disk is away" and found[2].reason


def test_a_database_that_is_open_is_not_read_to_be_shown(tmp_path: Path) -> None:
    from kernel.open_file import hold
    from shell.palette.offer.files import preview

    (tmp_path / "desk.sqlite").write_bytes(b"SQLite format 3\0" + bytes(984))
    read: list[str] = []
    app = SimpleNamespace(folder=tmp_path, read_file=read.append)
    release = hold(tmp_path / "desk.sqlite")
    try:
        assert preview(app, "desk.sqlite").fields == (("Size", "1,000 bytes"),)  # type: ignore[arg-type]
    finally:
        release()
    assert not read
