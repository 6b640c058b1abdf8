"""The command line of a window, repeating, and macros: with real keys in one window over a small table."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from shell.boot import boot
from shell.line.bar import CommandLine, command_line
from shell.line.offer import offers
from shell.macro.recorder import recorder_of
from shell.session import Given
from tests.conftest import spin_until

Key = Qt.Key
LAYOUT = """layout 1 title="Shop"
table items source="items"
window { grid items id=stock; search id=find }
"""


class Shop:
    """The window, and hands."""

    def __init__(self, directory: Path) -> None:
        folder = directory / "shop"
        folder.mkdir()
        with closing(sqlite3.connect(folder / "items.sqlite")) as database, database:
            database.execute("create table items (id integer primary key, name text not null, price integer)")
            rows = [(1, "rake", 20), (2, "hoe", 15), (3, "fork", 9)]
            database.executemany("insert into items values (?, ?, ?)", rows)
        (folder / "main.kdl").write_text(LAYOUT)
        (folder / "app.toml").write_text(
            'name = "shop"\ntitle = "Shop"\n[sources.main]\nkind = "sqlite"\npath = "items.sqlite"\n'
        )
        self.session = boot(str(folder), Given(basedir=str(directory / "base")))
        self.window: Any = self.session.windows[0]
        self.grid = self.window.context.widgets["stock"]
        spin_until(lambda: self.grid.row_count() == 3 and self.grid.current_key is not None)
        self.window.activateWindow()

    @property
    def bar(self) -> CommandLine:
        return command_line(self.window)

    def run(self, line: str) -> None:
        self.window.registry.run(line)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        for letter in text:
            QTest.keyClick(focus(), letter)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(focus(), key)

    def order(self) -> list[str]:
        return [self.grid.cell_text(row, 1) for row in range(self.grid.row_count())]

    def last_message(self) -> str:
        return self.window.messages.history[-1].text


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def opened(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = Shop(tmp_path_factory.mktemp("line"))
    yield made
    made.window.close_anyway()
    made.session.close()


@pytest.fixture
def shop(opened: Shop) -> Iterator[Shop]:
    opened.window.activateWindow()  # another module may have left a window before it
    opened.grid.setFocus()
    spin_until(lambda: QApplication.focusWidget() is opened.grid)
    yield opened
    opened.bar.close_line()
    opened.session.config.set("keys.map", "default")
    opened.grid.rows.sort = ()
    opened.grid.rows.reload()
    spin_until(lambda: not opened.grid.rows.is_awaited)


def offered(shop: Shop, line: str) -> list[str]:
    return [item.text for item in offers(line, len(line), shop.window).items]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("tabso", "table.sort"),
        ("table.sort st", "stock"),
        ("table.sort items pr", "price"),
        ("table.sort items price d", "desc"),
        ("table.sort items price direction=a", "asc"),
        ("table.sort items price al", "also="),
        ("table.sort items price desc also=y", "yes"),
        ("table.filter items price > 5 and na", "name"),
    ],
)
def test_what_may_stand_at_a_place_is_offered(shop: Shop, line: str, first: str) -> None:
    assert offered(shop, line)[0] == first


@pytest.mark.parametrize("line", ["", "nothing.here x", 'table.sort "', "table.sort nowhere pr", "row.add items x y "])
def test_no_line_is_too_strange_to_be_typed(shop: Shop, line: str) -> None:
    offers(line, len(line), shop.window)


def test_a_line_is_completed_run_and_leads_back(shop: Shop) -> None:
    QTest.keyClick(shop.grid, Key.Key_X, Qt.KeyboardModifier.AltModifier)
    assert focus() is shop.bar.line and shop.window.keys.modes.name == "command"
    shop.type("tabso")
    shop.press(Key.Key_Tab)
    shop.type("it")
    shop.press(Key.Key_Tab)
    shop.type("pri")
    shop.press(Key.Key_Tab)
    assert shop.bar.line.text() == "table.sort items price "
    assert "<b " in shop.bar.said.text() and "[asc|desc]" in shop.bar.said.text()
    shop.press(Key.Key_Return)
    assert shop.bar.isHidden() and focus() is shop.grid
    spin_until(lambda: shop.order() == ["fork", "hoe", "rake"])


def test_what_is_wrong_is_said_below_the_line_and_can_be_mended(shop: Shop) -> None:
    shop.run("line.open")
    shop.type("table.sort items price down")
    shop.press(Key.Key_Return)
    assert shop.bar.isVisible() and shop.bar.line.text() == "table.sort items price down"
    assert "“down” is none of asc, desc" in shop.bar.said.text()
    shop.press(*[Key.Key_Backspace] * 4)
    shop.type("desc")
    shop.press(Key.Key_Return)
    spin_until(lambda: shop.order() == ["rake", "hoe", "fork"])


def test_lines_of_the_past_come_back_by_what_they_begin_with(shop: Shop) -> None:
    for line in ("table.count items", "row.go items 2"):
        shop.run("line.open")
        shop.bar.line.setText(line)
        shop.bar.run()
    shop.run("line.open")
    shop.press(Key.Key_Up)
    assert shop.bar.line.text() == "row.go items 2"
    shop.press(Key.Key_Down)
    assert shop.bar.line.text() == ""
    shop.bar.line.setText("table")
    shop.press(Key.Key_Up)
    assert shop.bar.line.text() == "table.count items"
    shop.press(Key.Key_Escape)
    assert focus() is shop.grid
    assert shop.window.state.recall("line.history")[-1] == "row.go items 2"


def test_the_focused_view_has_the_first_word(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def run_line(text: str) -> str | None:
        heard.append(text)
        return {"%s/a/b/": "2 changed", "w": ""}.get(text)

    monkeypatch.setattr(shop.grid, "run_line", run_line, raising=False)
    for line in ("%s/a/b/", "w", "table.count items"):
        shop.run("line.open")
        shop.bar.line.setText(line)
        shop.bar.run()
    assert heard == ["%s/a/b/", "w", "table.count items"]
    assert [message.text for message in shop.window.messages.history[-2:]] == ["2 changed", "3"]
    assert shop.bar.isHidden()


def test_people_of_vim_have_their_short_words(shop: Shop) -> None:
    shop.session.config.set("keys.map", "vim")
    shop.type(":")
    assert focus() is shop.bar.line
    shop.type("2")
    shop.press(Key.Key_Return)
    assert shop.grid.current_row == 1
    shop.type(":nonsense")
    shop.press(Key.Key_Return)
    assert "There is no command “nonsense”" in shop.bar.said.text()


def test_views_are_named_by_their_table_or_id(shop: Shop) -> None:
    find = shop.window.context.widgets["find"]
    shop.run("search.set box=find rake or hoe")
    assert find.text() == "rake or hoe"
    shop.run("search.set")
    assert find.text() == ""
    shop.run("search.set box=stock x")
    assert shop.last_message().endswith("there is no search box stock")
    find.setFocus()
    shop.run("select.all stock")
    assert shop.grid.selection.row_total() == 3
    shop.run("grid.sort-column items")
    spin_until(lambda: shop.grid.rows.sort != ())
    shop.run("row.go items 1")


def test_the_last_command_is_repeated_with_its_arguments(shop: Shop) -> None:
    shop.run("row.go items 1")
    shop.run("row.set items price 7")
    shop.run("row.go items 2")
    shop.run("edit.repeat")
    read = shop.grid.handle.table().fetch
    from kernel.tables.query import Query

    spin_until(lambda: list(read(Query(sort=()), 0, 3).columns["price"]) == [7, 7, 9])
    shop.run("row.go items 3")
    shop.run("row.go items 1")
    shop.run("command.repeat count=2")
    assert shop.grid.current_row == 0


def macro(shop: Shop, name: str) -> list[str]:
    return recorder_of(shop.window).macros.get(name)


def test_a_macro_is_recorded_by_keys_told_and_played(shop: Shop) -> None:
    shop.session.config.set("keys.map", "vim")
    shop.type("q")
    shop.type("a")
    assert shop.window.bar.note.text() == "Recording “a”: 0"
    shop.run("table.sort items name desc")
    shop.run('table.filter items name != "a hoe"')
    shop.run("row.go items 3")
    assert shop.window.bar.note.text() == "Recording “a”: 3"
    shop.grid.setFocus()
    shop.type("q")
    assert shop.window.bar.note.isHidden()
    filtered = 'table.filter items "expression=name != \\"a hoe\\""'
    assert macro(shop, "a") == ["table.sort items name desc", filtered, "row.go items 3"]
    shop.run("row.go items 1")
    shop.type("@")
    shop.type("a")
    spin_until(lambda: shop.grid.current_row == 2)
    assert shop.order() == ["rake", "hoe", "fork"]
    shop.run("row.go items 1")
    shop.type("@")
    shop.type("@")
    spin_until(lambda: shop.grid.current_row == 2)
    shop.run("table.filter items")


def test_a_macro_that_fails_says_where_and_one_that_plays_itself_ends(shop: Shop) -> None:
    macros = recorder_of(shop.window).macros
    macros.put("broken", ["row.go items 1", "row.go items 9", "row.go items 2"])
    shop.run("macro.play broken")
    spin_until(lambda: "stopped at “row.go items 9”: there is no row 9" in shop.last_message())
    assert shop.grid.current_row == 0
    macros.put("loop", ["macro.play loop"])
    shop.run("macro.play loop")
    spin_until(lambda: "plays itself" in shop.last_message())
    shop.run("macro.delete loop")
    shop.run("macro.play lopo")
    assert "there is no macro “lopo”" in shop.last_message()


def test_macros_are_a_table_that_is_edited(shop: Shop) -> None:
    recorder_of(shop.window).macros.put("count", ["table.count items", "table.count stock"])
    shop.run("macro.show")
    card = shop.window.cards.made["macros"]
    names = lambda: [card.grid.cell_text(row, 0) for row in range(card.grid.row_count())]  # noqa: E731
    spin_until(lambda: "count" in names())
    spin_until(lambda: card.grid.current_key is not None)
    card.grid.go(names().index("count"))
    shop.run("row.set macros line row.go items 3")
    spin_until(lambda: macro(shop, "count") == ["row.go items 3", "table.count stock"])
    card.close_card()
    path = shop.session.config.paths.config / "macros.toml"
    assert tomllib.loads(path.read_text())["count"]["lines"][0] == "row.go items 3"


def test_a_damaged_file_of_macros_is_told_and_never_written_over(shop: Shop) -> None:
    path = shop.session.config.paths.config / "macros.toml"
    before = path.read_text()
    path.write_text("[a\nlines = 3")
    shop.run("macro.record b")
    assert "the macros cannot be read" in shop.last_message()
    assert path.read_text() == "[a\nlines = 3"
    path.write_text(before)
