"""Exporting from a list and importing into it, in a real window with real keys."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

LAYOUT = """layout 1 title="Shop"
table customer source="customer" sort="id"
window {
    grid customer id=view filter="id < 3" {
        show name
        show city_id
        show computed="length(name)" label="Letters"
    }
}
"""
SCHEMA = """create table city (id integer primary key, name text not null);
insert into city values (1, 'Ulm'), (2, 'Graz');
create table customer (id integer primary key, name text not null, city_id integer references city, pay numeric(8,2));
insert into customer values (1, 'Anna', 1, 10.5), (2, 'Bert', null, null), (3, 'Cleo', 2, 7);
"""


class Desk:
    """The window, and a person's keys."""

    def __init__(self, window: Any, path: Path, wait: Callable[..., None]) -> None:
        self.window, self.path, self.wait = window, path, wait
        self.grid = window.context.widgets["view"]

    def run(self, command: str) -> Any:
        """Run a command and answer the card that it opens."""
        self.grid.setFocus()
        self.window.registry.run(command)
        return self.window.cards.made[command.partition(".")[2]]

    def press(self, key: str) -> None:
        """One key at whatever has the focus."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        QTest.keyClick(self.window.focusWidget(), getattr(Qt.Key, f"Key_{key}"))

    def write(self, line: Any, text: str) -> None:
        """Type over a line, and leave it with Return."""
        from PySide6.QtTest import QTest

        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, text)
        self.press("Return")

    def names(self) -> list[str]:
        """The stored names, read past the window."""
        with closing(sqlite3.connect(self.path)) as database:
            return [name for (name,) in database.execute("select name from customer order by id")]

    def messages(self) -> list[str]:
        """What was reported."""
        return [message.text for message in self.window.messages.history]


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    from shell.boot import boot
    from shell.session import Given

    folder = tmp_path / "shop"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "shop.sqlite")) as database:
        database.executescript(SCHEMA)
    (folder / "main.kdl").write_text(LAYOUT)
    (folder / "app.toml").write_text(
        'name = "shop"\ntitle = "Shop"\nversion = "1"\n[sources.main]\nkind = "sqlite"\npath = "shop.sqlite"\n'
    )
    session = boot(str(folder), Given(basedir=str(tmp_path / "home")))
    window = session.windows[0]
    window.resize(1000, 800)
    window.activateWindow()
    made = Desk(window, folder / "shop.sqlite", wait_until)
    wait_until(lambda: made.grid.rows.cache.count == 2)
    yield made
    window.close()
    session.close()


def test_export_as_shown(desk: Desk, tmp_path: Path) -> None:
    card = desk.run("row.export")
    card.format.setCurrentIndex(card.format.findText("JSON, a list of objects"))
    desk.write(card.path, str(tmp_path / "out.json"))
    desk.wait(lambda: card.isHidden())
    assert json.loads((tmp_path / "out.json").read_text()) == [
        {"Name": "Anna", "City": "Ulm", "Letters": 4}, {"Name": "Bert", "City": None, "Letters": 4},
    ]  # fmt: skip
    assert "2 rows were exported" in desk.messages()
    assert desk.window.focusWidget() is desk.grid
    card = desk.run("row.export")
    assert card.path.text().startswith(str(tmp_path))


def test_export_of_all_columns_by_name(desk: Desk, tmp_path: Path) -> None:
    card = desk.run("row.export")
    card.columns.setCurrentIndex(1)
    card.headings.setCurrentIndex(1)
    desk.write(card.path, str(tmp_path / "out.csv"))
    desk.wait(lambda: card.isHidden())
    assert (tmp_path / "out.csv").read_text().splitlines() == ["id,name,city_id,pay", "1,Anna,1,10.50", "2,Bert,,"]


def test_export_to_nowhere_says_so_and_keeps_what_was_chosen(desk: Desk, tmp_path: Path) -> None:
    card = desk.run("row.export")
    desk.write(card.path, str(tmp_path / "none" / "out.csv"))
    desk.wait(lambda: "cannot be written" in card.message.text())
    assert card.isVisible() and card.path.text().endswith("out.csv")
    desk.press("Escape")
    assert card.isHidden()


def test_return_on_cancel_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    card = desk.run("row.export")
    card.path.setText(str(tmp_path / "out.csv"))
    card.cancel.setFocus()
    desk.press("Return")
    assert card.isHidden() and not card.is_busy and not (tmp_path / "out.csv").exists()
    card = desk.run("row.export")
    card.path.setText(str(tmp_path / "out.csv"))
    card.go.setFocus()
    desk.press("Return")
    desk.wait((tmp_path / "out.csv").exists)


def test_import_and_undo(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "new.json").write_text('[{"Name": "Dora", "city": 2, "pay": "1.25"}, {"Name": "Emil", "city": 1}]')
    card = desk.run("row.import")
    desk.write(card.path, str(tmp_path / "new.json"))
    desk.wait(lambda: card.mapping.isVisible() and not card.is_busy)
    assert [(pair.given, pair.column) for pair in card.mapping.pairs()] == [
        ("Name", "name"), ("city", "city_id"), ("pay", "pay"),
    ]  # fmt: skip
    desk.press("Return")
    desk.wait(lambda: card.isHidden())
    assert desk.names() == ["Anna", "Bert", "Cleo", "Dora", "Emil"]
    assert "2 added, 0 updated" in desk.messages()
    desk.window.registry.run("edit.undo")
    desk.wait(lambda: desk.names() == ["Anna", "Bert", "Cleo"])


def test_import_says_everything_that_is_wrong_and_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "new.json").write_text('[{"name": "Dora"}, {"name": null}, {"name": "Emil", "pay": "much"}]')
    card = desk.run("row.import")
    desk.write(card.path, str(tmp_path / "new.json"))
    desk.wait(lambda: card.mapping.isVisible() and not card.is_busy)
    desk.press("Return")
    desk.wait(lambda: card.message.text().startswith("2 rows cannot be brought in"))
    lines = [card.problems.item(row).text() for row in range(card.problems.count())]
    assert lines == ["Row 2: Name must not be empty", "Row 3: Pay must be a number"]
    assert desk.names() == ["Anna", "Bert", "Cleo"]


def test_import_what_the_database_refuses(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "new.json").write_text('[{"id": 9, "name": "Dora"}, {"id": 1, "name": "Emil"}]')
    card = desk.run("row.import")
    desk.write(card.path, str(tmp_path / "new.json"))
    desk.wait(lambda: card.mapping.isVisible() and not card.is_busy)
    desk.press("Return")
    desk.wait(lambda: card.problems.isVisible())
    assert card.problems.item(0).text().startswith("Row 2: There is already a row")
    assert desk.names() == ["Anna", "Bert", "Cleo"]
    card.mode.setCurrentIndex(1)
    card.go.click()
    desk.wait(lambda: card.isHidden())
    assert desk.names() == ["Emil", "Bert", "Cleo", "Dora"]


def test_a_column_goes_to_one_place(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "new.json").write_text('[{"name": "Dora", "nick": "Dodo"}]')
    card = desk.run("row.import")
    desk.write(card.path, str(tmp_path / "new.json"))
    desk.wait(lambda: card.mapping.isVisible() and not card.is_busy)
    nick = card.mapping._boxes[1][1]
    nick.setCurrentIndex(nick.findData("name"))
    assert [(pair.given, pair.column) for pair in card.mapping.pairs()] == [("nick", "name")]
    desk.wait(lambda: not card.is_busy)
    card.go.click()
    desk.wait(lambda: card.isHidden())
    assert desk.names()[-1] == "Dodo"


def test_a_file_that_is_none(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "new.xlsx").write_text("no book")
    card = desk.run("row.import")
    desk.write(card.path, str(tmp_path / "new.xlsx"))
    desk.wait(lambda: "no Excel workbook" in card.message.text())
    assert card.mapping.isHidden()
    desk.press("Escape")
    assert card.isHidden() and desk.names() == ["Anna", "Bert", "Cleo"]
