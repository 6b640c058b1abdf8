"""The card with a row's history, over a database on this computer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.change import Update
from shell import desk as desk_module
from shell.boot import boot
from shell.session import Given


@pytest.fixture
def window(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: Any) -> Iterator[Any]:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript("CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, price NUMERIC);"
                               "INSERT INTO items (name, price) VALUES ('rake', 3), ('hoe', 4);")  # fmt: skip
    window = boot(str(path), Given(basedir=str(tmp_path / "home"))).windows[-1]
    wait_until(lambda: window.context is not None and grid_of(window) is not None)
    wait_until(lambda: grid_of(window).rows.cache.count == 2 and grid_of(window).current.key == (1,), 10)
    yield window
    window._may_lose_edits = True
    window.close()
    window.session.close()


def grid_of(window: Any) -> Any:
    view = window.active_view()
    return view if view is not None and hasattr(view, "rows") else None


def shown(window: Any) -> list[list[str]]:
    card = window.cards.made.get("row history")
    if card is None or card.isHidden():
        return []
    texts = [card.grid.content.texts(row) for row in range(card.grid.rows.cache.count or 0)]
    return [[text for text, *_ in row][1:] for row in texts if row]


def test_the_edits_of_the_window_are_told_newest_first(window: Any, wait_until: Any) -> None:
    grid, done = grid_of(window), []
    handle = grid.handle
    window.activateWindow()
    grid.setFocus()
    handle.commit([Update((1,), "", {"name": "spade"}), Update((2,), "", {"name": "not this"})], done.append)
    handle.commit([Update((1,), "", {"name": None, "price": 5})], done.append)
    wait_until(lambda: len(done) == 2 and len(window.tables.open_history().journal.entries) == 2)
    window.registry.run("row.show-history")
    wait_until(lambda: len(shown(window)) == 3)
    assert sorted(shown(window)[:2]) == [["you", "Name", "spade", "empty"], ["you", "Price", "3", "5"]]
    assert shown(window)[2] == ["you", "Name", "rake", "spade"]
    card = window.cards.made["row history"]
    assert card.title.text() == "History of Items 1" and "keeps no history" in card.said.text()
    window.registry.run("row.show-history")
    assert "no row here" in window.messages.history[-1].text + window.messages.history[-1].detail
    card.close_card()
    wait_until(lambda: window.active_view() is grid)
    window.tables.open_history().undo(lambda _entry, _error: done.append("undone"))
    wait_until(lambda: len(done) == 3)
    window.registry.run("row.show-history")
    wait_until(lambda: shown(window) == [["you", "Name", "rake", "spade"]])


def test_a_row_without_a_past_says_so(window: Any, wait_until: Any) -> None:
    window.registry.run("row.show-history")
    wait_until(lambda: "row history" in window.cards.made)
    condition = window.cards.made["row history"].grid.condition
    wait_until(lambda: condition.view is not None and condition.view.isVisible())
    assert condition.view.title.text() == "Nothing is known of this row's past"


def test_a_server_that_does_not_tell_it_is_named_as_the_reason(window: Any, wait_until: Any) -> None:
    from kernel.tables.error import ForbiddenError

    def history(_key: Any) -> Any:
        raise ForbiddenError("only auditors may see who changed these rows")

    table = grid_of(window).handle.table()
    table.history = history
    window.registry.run("row.show-history")
    wait_until(lambda: window.messages.history)
    assert window.messages.history[-1].detail == "only auditors may see who changed these rows"
    assert "row history" not in window.cards.made


LAYOUT = """layout 1 title="Shop"
table items source="items" sort="id"
window {
    tabs id=pages {
        tab "List" { list items id=lines title="name" }
        tab "Cards" { cards items id=shelf title="name" }
        tab "Record" { split { list items id=beside title="name" stretch=1; record id=whole of=beside.current } }
    }
}
"""


@pytest.fixture
def shop(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    folder = tmp_path / "shop"
    folder.mkdir()
    with sqlite3.connect(folder / "shop.sqlite") as database:
        database.executescript("CREATE TABLE kinds (id INTEGER PRIMARY KEY, title TEXT NOT NULL);"
                               "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, kind_id INTEGER"
                               " REFERENCES kinds (id)); INSERT INTO kinds VALUES (7, 'Tool');"
                               "INSERT INTO items VALUES (1, 'rake', 7), (2, 'hoe', 7);")  # fmt: skip
    database.close()
    (folder / "main.kdl").write_text(LAYOUT)
    source = '[sources.main]\nkind = "sqlite"\npath = "shop.sqlite"\n'
    (folder / "app.toml").write_text(f'name = "shop"\ntitle = "Shop"\nversion = "1"\n{source}')
    window = boot(str(folder), Given(basedir=str(tmp_path / "home"))).windows[-1]
    window.resize(1200, 700)
    window.activateWindow()
    yield window
    window._may_lose_edits = True
    window.close()
    window.session.close()


def title_of_card(window: Any) -> str:
    card = window.cards.made.get("row history")
    return card.title.text() if card is not None and card.isVisible() else ""


@pytest.mark.parametrize(("page", "name"), [(0, "lines"), (1, "shelf")])
def test_it_is_told_from_lists_and_cards(shop: Any, wait_until: Any, page: int, name: str) -> None:
    shop.context.widgets["pages"].set_current(page)
    view = shop.context.widgets[name]
    wait_until(lambda: view.row_count() == 2)
    view.setFocus()
    view.go(1)
    wait_until(lambda: view.current_key == (2,) and shop.active_view() is view)
    shop.registry.run("row.show-history")
    wait_until(lambda: title_of_card(shop) == "History of Items 2")


def test_it_is_told_from_a_record_wherever_that_is(shop: Any, wait_until: Any) -> None:
    shop.context.widgets["pages"].set_current(2)
    record = shop.context.widgets["whole"]
    wait_until(lambda: record.form is not None and record.form.row.values is not None)
    wait_until(lambda: record.bar.history.isVisible())
    record.bar.history.click()
    wait_until(lambda: title_of_card(shop) == "History of Items 1")
    shop.cards.made["row history"].close_card()
    wait_until(lambda: record._links.layout().count() > 0)
    record._links.layout().itemAt(0).widget().click()
    wait_until(lambda: record.bar.title.accessibleName() == "Kinds: Tool" and record.form.row.values is not None)
    record.bar.history.click()
    wait_until(lambda: title_of_card(shop) == "History of Kinds 7")
    shop.cards.made["row history"].close_card()
    record.go_back()
    record.start_row({})
    assert not record.bar.history.isVisible()
