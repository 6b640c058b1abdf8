"""Two desktops on one server: what one edits appears at the other, whose place, selection and open editor stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kernel.tables.change import Delete, Insert, Update
from shell import desk as desk_module
from shell.boot import boot
from shell.session import Given
from tests.end_to_end.test_offline import LAYOUT, Place, close, count
from tests.served import SHOP

ROWS = 300
SEED = "".join(f"INSERT INTO items (name) VALUES ('item {number:03}');\n" for number in range(1, ROWS + 1))


@pytest.fixture
def place(qapp: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    place = Place(tmp_path / "place")
    place.publish({"app.toml": SHOP["app.toml"], "seed.sql": SEED, "main.kdl": LAYOUT})
    place.start()
    yield place
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for window in list(desk.windows):
            window._may_lose_edits = True
            close(window)
    if place.server is not None and place.server.process.poll() is None:
        place.server.kill()


def open_desktop(place: Place, name: str, wait_until: Any) -> Any:
    """A window of a person with a home of her own."""
    given = Given(basedir=str(place.folder / name), settings=("network.retry_longest=300 ms", f"network.name={name}"))
    window = boot(place.target, given).windows[-1]
    wait_until(lambda: count(window) == ROWS)
    return window


def texts(grid: Any) -> dict[int, str]:
    """Row number → its name, of the rows that were read."""
    found = {}
    for row in range(grid.rows.cache.count or 0):
        page = grid.rows.cache.find(row)
        if page is not None:
            found[row] = page[0].block.columns["name"][page[1]]
    return found


def test_an_edit_of_one_appears_at_the_other_who_stays_where_she_is(place: Place, wait_until: Any) -> None:
    anna, bert = open_desktop(place, "anna", wait_until), open_desktop(place, "bert", wait_until)
    grid = bert.context.widgets["view"]
    column = next(index for index, one in enumerate(grid.columns) if one.path == "name")
    grid.go(150, column)
    wait_until(lambda: texts(grid).get(150) == "item 151" and grid.current.key == (151,))
    top = grid.places.top_pixel()
    assert grid.editing.open("typed by bert")
    table = anna.context.tables["items"].table()
    table.commit([Update((149,), "", {"name": "by anna"}), Update((152,), "", {"name": "by anna, too"})])
    wait_until(lambda: texts(grid).get(148) == "by anna" and texts(grid).get(151) == "by anna, too")
    assert (grid.current.key, grid.current.column, grid.places.top_pixel()) == ((151,), column, top)
    assert grid.editing.cell is not None and grid.editing.cell.field.value() == "typed by bert"
    grid.editing.accept()
    mine = anna.context.widgets["view"]
    mine.go(150, column)
    wait_until(lambda: texts(mine).get(150) == "typed by bert")


def test_rows_that_come_and_go_elsewhere_do_not_move_the_reader(place: Place, wait_until: Any) -> None:
    anna, bert = open_desktop(place, "anna", wait_until), open_desktop(place, "bert", wait_until)
    grid = bert.context.widgets["view"]
    grid.go(150, 0)
    wait_until(lambda: grid.current.key == (151,))
    table = anna.context.tables["items"].table()
    table.commit([Delete((3,), ""), Delete((4,), ""), Insert({"name": "new"})])
    wait_until(lambda: grid.rows.cache.count == ROWS - 1)
    wait_until(lambda: grid.current.row == 148)
    assert grid.current.key == (151,), "the same row, two places higher"
