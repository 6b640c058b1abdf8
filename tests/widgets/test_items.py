"""Lists and cards over rows in memory and in SQLite: what they say, keys, mouse, sections, changes by others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, formula  # noqa: E402

from kernel.expression import parse_template  # noqa: E402
from kernel.tables.change import Delete, Update  # noqa: E402
from layouts.node import Formula, Node, Template  # noqa: E402


def template(text: str) -> Template:
    """A text with expressions as the loader makes it."""
    found = parse_template(text)
    return Template(tuple(part if isinstance(part, str) else Formula(part.text, part.names) for part in found))


@pytest.fixture(params=["sqlite", "memory"])
def world(request: Any, qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    if request.param == "memory":
        to_memory(made)
    yield made
    made.close()


def to_memory(world: World) -> None:
    """Put the same rows into tables in memory."""
    from kernel.tables.memory import MemorySource
    from kernel.tables.query import Query

    names = ("customers", "orders")
    tables = [world.source.table(name) for name in names]
    schemas = [table.schema for table in tables]
    blocks = [table.fetch(Query(), 0, 1000) for table in tables]
    world.source.close()
    for handle in world.handles.values():
        handle.dispose()
    world.handles.clear()
    rows = [[block.row(at) for at in range(len(block))] for block in blocks]
    world.source = MemorySource(zip(schemas, rows, strict=True))
    world.context.tables["orders"] = world.open("orders")


@pytest.fixture
def shown(world: World, wait_until: Callable[..., None]) -> Iterator[Callable[..., Any]]:
    made: list[Any] = []

    def show(kind: str = "list", children: tuple[Node, ...] = (), **properties: Any) -> Any:
        from widgets.cards.cards import Cards
        from widgets.list.list import List

        given = {"table": "orders", "title": template("Order {id}"), **properties}
        view = {"list": List, "cards": Cards}[kind](Node(kind, "items", given, list(children)), world.context)
        made.append(view)
        view.resize(640, 400)
        view.show()
        view.setFocus()
        wait_until(lambda: not view.rows.is_loading and view.rows.cache.count is not None)
        return view

    yield show
    for view in made:
        view.close()
        view.deleteLater()


def press(view: Any, key: str, *modifiers: str) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    bits = Qt.KeyboardModifier.NoModifier
    for name in modifiers:
        bits |= getattr(Qt.KeyboardModifier, f"{name}Modifier")
    QTest.keyClick(view, key if len(key) == 1 else getattr(Qt.Key, f"Key_{key}"), bits)


def test_an_item_says_what_the_layout_says(shown: Any) -> None:
    view = shown(
        subtitle=template("{customer_id} · {remark}"), trailing=formula("total"), tag=formula("status"),
        children=(Node("style", "", {"when": formula("id == 2"), "emphasis": "warning"}),),
    )  # fmt: skip
    item = view.content.item(1)
    # What is empty leaves no dot behind.
    assert (item.title, item.subtitle, item.trailing, item.tag) == ("Order 2", "Customer 3", "2.00", "open")
    assert item.emphasis == "warning" and view.content.item(0).emphasis == ""


def test_a_reference_is_written_by_its_label(shown: Any, world: World) -> None:
    view = shown(subtitle=formula("customer_id"), title=None)
    assert view.content.item(0).subtitle == "Customer 2"


def test_a_row_is_called_as_its_table_calls_it(shown: Any) -> None:
    view = shown(title=None)
    assert view.content.item(4).title


def test_names_of_the_window_are_followed(shown: Any, world: World) -> None:
    world.context.scope.publish("find.text", "a")
    view = shown(title=template("{find.text}{id}"))
    assert view.content.item(0).title == "a1"
    world.context.scope.publish("find.text", "b")
    assert view.content.item(0).title == "b1"


def test_the_scope_hears_of_rows_and_selection(shown: Any, world: World) -> None:
    view = shown()
    read = world.context.scope.read
    assert (read("items.count"), read("items.current.id"), read("items.selection.count")) == (300, 1, 1)
    press(view, "Down", "Shift")
    press(view, "Down", "Shift")
    assert (read("items.current.id"), read("items.selection.count")) == (3, 3)
    press(view, "A", "Control")
    assert read("items.selection.count") == 300
    press(view, "Escape")
    assert read("items.selection.count") == 1


def test_keys_go_through_a_list(shown: Any) -> None:
    view = shown()
    for key, row in (("Down", 1), ("Right", 1), ("End", 299), ("Up", 298), ("Home", 0), ("Up", 0)):
        press(view, key)
        assert view.current_row == row, key
    press(view, "PageDown")
    assert view.current_row == view.places.lines_in_sight()
    press(view, "PageUp")
    assert view.current_row == 0


def test_keys_go_through_cards_in_two_directions(shown: Any) -> None:
    view = shown("cards", card_width=180)
    beside = view.places.flow.per_line
    assert beside == 3
    for key, row in (("Right", 1), ("Down", 1 + beside), ("Left", beside), ("Up", 0), ("Left", 0)):
        press(view, key)
        assert view.current_row == row, key
    view.resize(900, 400)
    assert view.places.flow.per_line > beside


def test_cards_stand_the_other_way_round_from_right_to_left(shown: Any) -> None:
    from PySide6.QtCore import Qt

    view = shown("cards", card_width=180)
    left = view.places.rect(0).left()
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert view.places.rect(0).left() > view.places.rect(1).left() > left - 1
    press(view, "Left")
    assert view.current_row == 1


def test_the_mouse_chooses_and_selects(shown: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    view = shown()
    click = lambda row, bits=Qt.KeyboardModifier.NoModifier: QTest.mouseClick(  # noqa: E731
        view.viewport(), Qt.MouseButton.LeftButton, bits, view.places.rect(row).center()
    )
    click(2)
    assert view.current_row == 2
    click(4, Qt.KeyboardModifier.ShiftModifier)
    assert view.selection.spans() == [(2, 4)]
    click(6, Qt.KeyboardModifier.ControlModifier)
    click(3, Qt.KeyboardModifier.ControlModifier)
    assert view.selection.spans() == [(2, 2), (4, 4), (6, 6)]
    click(1)
    assert view.selection.spans() == [(1, 1)]


def test_return_and_a_double_click_run_what_the_layout_says(shown: Any, world: World) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    class Commands:
        run_ids: list[str] = []

        def run(self, command: str) -> None:
            self.run_ids.append(command)

    world.context.commands = Commands()  # type: ignore[assignment]
    view = shown(activate="order.ship")
    press(view, "Return")
    place = view.places.rect(3).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert Commands.run_ids == ["order.ship"] * 2 and view.current_row == 3


def test_letters_lead_to_the_next_that_begins_with_them(shown: Any, wait_until: Any) -> None:
    view = shown(title=formula("'Order ' + text(id)"))
    for letter in "order 4":
        press(view, letter)
    assert view.content.item(view.current_row).title == "Order 4"
    press(view, "0")
    assert view.content.item(view.current_row).title == "Order 40"


def test_letters_lead_to_rows_that_are_not_here(shown: Any, wait_until: Any) -> None:
    view = shown(title=formula("text(id)"))
    assert 2 not in view.rows.cache.pages
    for letter in "299":
        press(view, letter)
    wait_until(lambda: view.current_row == 298)


def test_copying_writes_a_line_for_each(shown: Any, wait_until: Any) -> None:
    from PySide6.QtGui import QGuiApplication

    view = shown(tag=formula("status"))
    press(view, "Down", "Shift")
    press(view, "C", "Control")
    assert QGuiApplication.clipboard().text() == "Order 1\topen\nOrder 2\topen"
    press(view, "A", "Control")
    press(view, "C", "Control")
    wait_until(lambda: len(QGuiApplication.clipboard().text().split("\n")) == 300)


def test_sections_have_headings_that_stay(shown: Any, wait_until: Any) -> None:
    view = shown(section=formula("is_gift"), sort="-id")
    wait_until(lambda: view.places.flow.starts == [0, 150])
    assert view.sections.texts == ["no", "yes"] and view.sections.counts == [150, 150]
    wait_until(lambda: view.content.item(0) is not None)
    assert view.content.item(0).title == "Order 300"
    line, heading = view.measures().line, view.places.flow.heading
    assert view.places.rect(0).top() == heading
    view.go(150)
    wait_until(lambda: view.content.item(150) is not None)
    assert view.content.item(150).title == "Order 299"
    press(view, "Up")
    assert view.current_row == 149 and view.places.rect(149).top() >= heading - line
    assert view.item_text(149) == "Order 2"


def test_sections_may_be_computed(shown: Any, wait_until: Any) -> None:
    view = shown(section=formula("left(text(id), 1)"))
    wait_until(lambda: len(view.places.flow.starts) == 9)
    assert view.sections.texts[:3] == ["1", "2", "3"] and sum(view.sections.counts) == 300


def test_a_filter_shows_other_rows_and_says_when_there_are_none(shown: Any, world: World, wait_until: Any) -> None:
    world.context.scope.publish("find.text", "")
    view = shown(filter=formula("id == number(find.text) or find.text == ''"), empty="No order like that")
    assert view.row_count() == 300
    world.context.scope.publish("find.text", "7")
    wait_until(lambda: view.row_count() == 1)
    assert view.content.item(0).title == "Order 7"
    world.context.scope.publish("find.text", "none")
    wait_until(lambda: view.row_count() == 0)
    wait_until(lambda: view.condition.view.isVisible())
    assert view.condition.view.hint.text() == "No order like that"


def test_others_move_no_reader(shown: Any, world: World, wait_until: Any) -> None:
    view = shown(sort="id")
    view.go(120)
    wait_until(lambda: view.current_key == (121,))
    height = view.places.rect(120).top()
    world.source.table("orders").commit([Delete((3,), ""), Delete((4,), "")])
    wait_until(lambda: view.current_row == 118)
    assert view.current_key == (121,) and view.places.rect(118).top() == height
    world.source.table("orders").commit([Update((121,), "", {"status": "shipped"})])
    wait_until(lambda: world.context.scope.read("items.current.status") == "shipped")


def test_rows_that_cannot_be_read_are_told(shown: Any, world: World, wait_until: Any) -> None:
    view = shown()
    view.rows.set_filter("nothing(id)", {})
    wait_until(lambda: view.condition.strip is not None and view.condition.strip.isVisible())
    view.rows.cache.set_count(0, True)
    view.condition.show()
    wait_until(lambda: view.condition.view.isVisible())
    assert view.condition.view.title.text() == "The rows cannot be shown"


def test_assistive_technology_meets_items(shown: Any) -> None:
    from PySide6.QtGui import QAccessible

    view = shown(tag=formula("status"), name="Orders")
    QAccessible.setActive(True)
    try:
        view.announce()
        from widgets.listing.accessible import walked

        found, text = walked(view), QAccessible.Text
        assert (found.role(), found.text(text.Name)) == (QAccessible.Role.List, "Orders")
        assert found.childCount() == len(view.places.in_sight()) > 3
        press(view, "Down")
        item = found.child(1)
        assert (item.role(), item.text(text.Name)) == (QAccessible.Role.ListItem, "Order 2, open")
        assert item.text(text.Description) == "2 of 300"
        state = item.state()
        assert state.selected and state.focusable
        assert view.accessibleDescription() == "Order 2, open, 2 of 300"
        assert found.childAt(*item.rect().center().toTuple()).text(text.Name) == "Order 2, open"
        assert found.indexOfChild(item) == 1
    finally:
        QAccessible.setActive(False)


def test_cards_show_fields_with_their_labels(shown: Any) -> None:
    shows = (Node("show", "", {"column": "placed", "label": "On"}), Node("show", "", {"column": "customer_id"}))
    view = shown("cards", children=shows)
    labels = [label for label, _ in view.content.item(0).fields]
    assert labels == ["On", "Customer"] and view.content.item(0).fields[1][1] == "Customer 2"
    assert view.measures().height > shown("cards").measures().height


def test_letters_stand_for_people() -> None:
    from widgets.items.draw import letters_of

    assert [letters_of(text) for text in ("Ada Byron", "élise", "Jan van der Wit 3", "", "12 a", "7")] == [
        "AB", "É", "JW", "", "A", "7",
    ]  # fmt: skip


def test_ten_million_rows_open_and_scroll(qapp: Any, tmp_path: Path, wait_until: Any) -> None:
    from endless_table import EndlessTable

    from widgets.context import Context
    from widgets.handle import TableHandle
    from widgets.list.list import List
    from widgets.scope import Scope
    from widgets.theme import Theme

    handle = TableHandle(EndlessTable(10_000_000), "many")
    context = Context(
        scope=Scope(), commands=None, reporter=None, theme=Theme("light"), tables={"many": handle},  # type: ignore[arg-type]
        open_table=lambda _handle, _name: handle, read_file=lambda _path: None,
    )  # fmt: skip
    view = List(Node("list", "many", {"table": "many", "title": formula("id")}), context)
    view.resize(400, 400)
    view.show()
    wait_until(lambda: view.row_count() == 10_000_000 and view.content.item(0) is not None)
    view.go(9_999_999)
    wait_until(lambda: view.content.item(9_999_999) is not None)
    assert view.places.rect(9_999_999).bottom() == view.viewport().height() - 1
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    first = view.places.in_sight().start
    assert 4_900_000 < first < 5_100_000
    wait_until(lambda: view.content.item(first) is not None)
    assert len(view.rows.cache.pages) < 60
    view.close()
    handle.dispose()


def test_a_database_without_the_column_any_more(shown: Any, world: World) -> None:
    view = shown(title=template("{gone} {id}"))
    assert view.content.item(0).title == "1"
