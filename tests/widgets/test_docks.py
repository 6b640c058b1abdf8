"""Docks: where the layout puts them, what a person makes of them, what is remembered, and what a newer layout finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QTabBar
from shiboken6 import isValid

from tests.widgets.behaviour_world import World
from widgets.card import ErrorCard
from widgets.docks.dock import Dock
from widgets.docks.menu import make_dock_menu

WaitUntil = Callable[..., None]
LAYOUT = """docks id=desk {
    dock "Goods" id=goods size=240 { search id=find }
    dock "Notes" id=notes side=bottom { label "noted" }
    dock "Log" id=log side=bottom tabbed=#true { label "logged" }
    dock "Help" id=help side=end closable=#false { search id=asked }
    button "Middle" id=middle command=app.one
}"""


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.close()


@pytest.fixture
def desk(world: World, wait_until: WaitUntil) -> Any:
    world.show(LAYOUT)
    world.window.activateWindow()
    found = world.context.widgets["desk"]
    wait_until(lambda: found.dock("goods").isVisible() and found.dock("goods").width() == 240)
    return found


def sides(docks: Any) -> dict[str, str]:
    return {dock.key: docks.side_of(dock) for dock in docks.docks()}


def shown_again(world: World, wait_until: WaitUntil, text: str = LAYOUT) -> Any:
    """The same layout in a new window that remembers what the one before did."""
    old = world.window
    QApplication.processEvents()
    kept = world.context
    world.context = type(kept)(
        scope=type(kept.scope)(), commands=kept.commands, reporter=kept.reporter, theme=kept.theme, tables=kept.tables,
        open_table=kept.open_table, read_file=kept.read_file, remember=kept.remember, recall=kept.recall,
    )  # fmt: skip
    kept.disposers()
    old.close()
    old.deleteLater()
    world.show(text)
    found = world.context.widgets["desk"]
    wait_until(found.isVisible)
    return found


def test_they_stand_where_the_layout_says(desk: Any, wait_until: WaitUntil) -> None:
    assert sides(desk) == {"goods": "left", "notes": "bottom", "log": "bottom", "help": "right"}
    wait_until(lambda: desk.tabifiedDockWidgets(desk.dock("notes")) == [desk.dock("log")])
    assert not desk.dock("help").title.close_button.isVisible()
    assert desk.dock("goods").title.close_button.accessibleName() == "Close Goods"


def test_the_other_way_round_start_is_right(world: World) -> None:
    application = QApplication.instance()
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        world.show(LAYOUT)
        desk = world.context.widgets["desk"]
        assert (sides(desk)["goods"], sides(desk)["help"]) == ("right", "left")
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        assert (sides(desk)["goods"], sides(desk)["help"]) == ("left", "right")
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_what_a_person_made_of_them_is_remembered(world: World, desk: Any, wait_until: WaitUntil) -> None:
    desk.move_dock(desk.dock("goods"), "right")
    desk.tab_dock(desk.dock("goods"))
    desk.dock("notes").close()
    desk.float_dock(desk.dock("log"))
    wait_until(lambda: desk.dock("log").isFloating())
    again = shown_again(world, wait_until)
    assert sides(again) == {"goods": "right", "notes": "bottom", "log": "", "help": "right"}
    wait_until(lambda: again.dock("help") in again.tabifiedDockWidgets(again.dock("goods")))
    assert again.dock("notes").isHidden() and not again.dock("log").isHidden()


def test_a_dragged_border_is_remembered(world: World, desk: Any, wait_until: WaitUntil) -> None:
    desk.grow_dock(desk.dock("goods"), 60)
    wait_until(lambda: desk.dock("goods").width() == 300)
    again = shown_again(world, wait_until)
    wait_until(lambda: again.dock("goods").width() == 300)


def test_a_smaller_window_leaves_the_remembered_sizes(world: World, desk: Any, wait_until: WaitUntil) -> None:
    desk.grow_dock(desk.dock("goods"), 60)
    wait_until(lambda: desk.dock("goods").width() == 300)
    for width in (700, 420, 800):
        world.window.resize(width, 500)
        QApplication.processEvents()
    wait_until(lambda: not desk.arrangement.is_narrow and desk.dock("goods").width() == 300)
    world.window.resize(420, 500)
    wait_until(lambda: desk.arrangement.is_narrow)
    again = shown_again(world, wait_until)
    wait_until(lambda: again.dock("goods").width() == 300)


def test_reset_is_the_layout_again(world: World, desk: Any, wait_until: WaitUntil) -> None:
    before = sides(desk)
    desk.move_dock(desk.dock("goods"), "bottom")
    desk.float_dock(desk.dock("help"))
    desk.dock("notes").close()
    desk.reset()
    assert sides(desk) == before and not desk.dock("notes").isHidden()
    assert sides(shown_again(world, wait_until)) == before


def test_a_remembered_place_survives_docks_that_came_and_went(world: World, desk: Any, wait_until: WaitUntil) -> None:
    desk.move_dock(desk.dock("goods"), "top")
    text = LAYOUT.replace('dock "Notes" id=notes side=bottom', 'dock "New" id=new side=end')
    again = shown_again(world, wait_until, text)
    assert sides(again) == {"goods": "top", "new": "right", "log": "bottom", "help": "right"}
    assert again.dock("new").isVisible()


@pytest.mark.parametrize("kept", ["nonsense", {"state": "%%%", "is_mirrored": False}, {"state": 3}, 7])
def test_damaged_memory_is_left_out(world: World, wait_until: WaitUntil, kept: Any) -> None:
    world.context.remember("docks:desk", kept)
    world.show(LAYOUT)
    desk = world.context.widgets["desk"]
    assert sides(desk) == {"goods": "left", "notes": "bottom", "log": "bottom", "help": "right"}
    assert all(dock.isVisible() for dock in desk.docks() if dock.key != "log")


def test_in_a_narrow_window_they_stand_behind_each_other(world: World, desk: Any, wait_until: WaitUntil) -> None:
    desk.move_dock(desk.dock("goods"), "right")
    before = sides(desk)
    world.window.resize(420, 500)
    wait_until(lambda: desk.arrangement.is_narrow)
    assert set(sides(desk).values()) == {"bottom"}
    assert desk.minimumSizeHint().width() <= 420
    world.window.resize(900, 500)
    wait_until(lambda: sides(desk) == before)
    world.window.resize(420, 500)
    wait_until(lambda: desk.arrangement.is_narrow)
    assert sides(shown_again(world, wait_until)) == before


def test_what_the_layout_hides_is_nowhere(world: World, wait_until: WaitUntil) -> None:
    world.show('state more #false\ndocks id=desk { dock "One" id=one visible="more" { label "1" }; label "2" }')
    desk = world.context.widgets["desk"]
    assert desk.docks() == [] and world.read("active.docks") == 0
    world.context.scope.publish("more", True)
    assert [dock.key for dock in desk.docks()] == ["one"] and world.read("active.docks") == 1
    wait_until(lambda: desk.dock("one").isVisible())


def test_the_current_one_is_where_the_focus_is(world: World, desk: Any, wait_until: WaitUntil) -> None:
    world.context.widgets["asked"].setFocus()
    wait_until(lambda: world.read("active.dock") == "help")
    assert desk.current() is desk.dock("help")
    world.context.widgets["middle"].setFocus()
    wait_until(lambda: world.read("active.dock") is None)
    assert desk.current() is None


def test_the_menu_says_what_can_be_done(desk: Any) -> None:
    def entries(key: str) -> dict[str, tuple[bool, bool]]:
        menu = make_dock_menu(desk.dock(key))
        return {action.text(): (action.isEnabled(), action.isChecked()) for action in menu.actions() if action.text()}

    found = entries("goods")
    assert found["Move to the left"] == (False, False) and found["Move to the right"] == (True, False)
    assert found["Goods"] == (True, True) and found["Help"] == (False, True)
    desk.dock("notes").close()
    assert entries("goods")["Notes"] == (True, False)


def test_a_newer_layout_keeps_what_stays(world: World, desk: Any, wait_until: WaitUntil) -> None:
    find, goods = world.context.widgets["find"], desk.dock("goods")
    find.setText("rake")
    desk.move_dock(goods, "right")
    world.patch(LAYOUT.replace('"Goods"', '"Wares"').replace('label "noted"', 'label "changed"'))
    assert world.context.widgets["find"] is find and find.text() == "rake"
    assert desk.dock("goods") is goods and goods.windowTitle() == "Wares" and desk.side_of(goods) == "right"
    before = 'dock "Notes" id=notes side=bottom { label "noted" }'
    world.patch(LAYOUT.replace(before, 'dock "New" id=new { label "n" }'))
    assert sides(desk) == {"goods": "right", "new": "left", "log": "bottom", "help": "right"}
    assert desk.dock("new").isVisible() and desk.dock("goods") is goods
    assert world.window.findChildren(ErrorCard) == []


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("side=top", lambda desk, dock: desk.side_of(dock) == "top"),
        ("size=310", lambda desk, dock: dock.width() == 310),
        ("open=#false", lambda desk, dock: dock.isHidden()),
        ('open="1 == 2"', lambda desk, dock: dock.isHidden()),
        ("closable=#false", lambda desk, dock: not dock.is_closable and not dock.title.close_button.isVisible()),
        ("floatable=#false", lambda desk, dock: not desk.can_float(dock)),
        ("icon=add", lambda desk, dock: not dock.title._icon.isHidden()),
        ("visible=#false", lambda desk, dock: dock not in desk.docks() and dock.isHidden()),
        ("tabbed=#true side=end", lambda desk, dock: desk.side_of(dock) == "right"),
    ],
)
def test_every_property_comes_and_goes_while_it_lives(
    world: World, wait_until: WaitUntil, written: str, holds: Callable[[Any, Dock], bool]
) -> None:
    plain = LAYOUT.replace(" size=240", "")
    world.show(plain)
    desk = world.context.widgets["desk"]
    dock = desk.dock("goods")
    wait_until(lambda: dock.isVisible() and dock.width() == 280)
    before = (desk.side_of(dock), dock.width(), dock.features())
    world.patch(plain.replace('"Goods" id=goods', f'"Goods" id=goods {written}'))
    wait_until(lambda: holds(desk, dock))
    world.patch(plain)
    wait_until(lambda: (desk.side_of(dock), dock.width(), dock.features()) == before and dock.isVisible())
    assert world.told == []


def test_docks_alone_take_all_the_room(world: World, wait_until: WaitUntil) -> None:
    world.show('docks id=desk { dock "One" id=one { label "1" }; dock "Two" id=two side=end { label "2" } }')
    desk = world.context.widgets["desk"]
    wait_until(lambda: desk.dock("one").width() + desk.dock("two").width() > desk.width() - 40)
    world.patch('docks id=desk { dock "One" id=one { label "1" }; label "centre" }')
    assert isinstance(desk, QMainWindow) and not desk.centralWidget().isHidden()


def test_the_tabs_of_docks_have_a_name(desk: Any, wait_until: WaitUntil) -> None:
    def bars() -> list[QTabBar]:
        return desk.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)

    wait_until(lambda: bool(bars()) and all(bar.accessibleName() == "Docks" for bar in bars()))


def test_nothing_is_left_behind(world: World, desk: Any) -> None:
    docks = desk.docks()
    desk.float_dock(desk.dock("goods"))
    world.patch('label "gone"')
    assert world.read("active.docks") == 0
    assert not any(isValid(dock) and dock.isVisible() for dock in docks)
