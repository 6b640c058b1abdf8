"""Tabs: in the order that a person gives them, by mouse and keys, remembered; and patched while they are open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTabBar

from kernel.tables.change import Delete, Insert, Update
from tests.widgets.behaviour_world import World
from widgets.label import Label
from widgets.tab import Tab

THREE = 'tab "One" { search id=first }; tab "Two" { search id=second }; tab "Three" { search id=third }'


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.close()


def show(world: World, inside: str = THREE, options: str = "", beside: str = "") -> Any:
    world.show(f"{beside}\ntabs id=pages {options} {{\n{inside}\n}}")
    return world.context.widgets["pages"]


def titles(tabs: Any) -> list[str]:
    """As they are seen, by the pages and by what shows them."""
    bar = tabs._bar
    seen = [one.title for one in tabs.tabs()]
    shown = bar.tabText if isinstance(bar, QTabBar) else lambda at: bar._list.item(at).text()
    assert [shown(at) for at in range(len(seen))] == seen
    return seen


def drag(bar: QTabBar, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
    for part in range(1, 9):
        QTest.mouseMove(bar, start + (end - start) * part / 8)
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=end)


def test_a_tab_is_dragged_to_another_place_and_is_there_at_the_next_time(world: World) -> None:
    tabs = show(world)
    bar = tabs._bar
    drag(bar, bar.tabRect(0).center(), bar.tabRect(2).center() + QPoint(8, 0))
    assert titles(tabs) == ["Two", "Three", "One"] and tabs.current() == 2
    assert world.context.widgets["first"].isVisible()
    assert world.context.recall("tabs:pages:order") == ["Two", "Three", "One"]
    again = show(world)
    assert titles(again) == ["Two", "Three", "One"] and again.current() == 2


@pytest.mark.parametrize("options", ["", "side=start"])
def test_the_page_moves_by_one_place_and_stays_within_the_ends(world: World, options: str) -> None:
    tabs = show(world, options=options)
    for step, order in ((1, ["Two", "One", "Three"]), (1, ["Two", "Three", "One"]), (1, ["Two", "Three", "One"])):
        tabs.move_current(step)
        assert titles(tabs) == order and tabs.tabs()[tabs.current()].title == "One"
        assert tabs._bar.currentIndex() == tabs.current()
    tabs.move_current(-1)
    tabs.move_current(-1)
    assert titles(tabs) == ["One", "Two", "Three"] and world.context.recall("tabs:pages:order") is None


def test_new_tabs_of_a_layout_stand_behind_those_before_them(world: World) -> None:
    world.context.remember("tabs:pages:order", ["Three", "gone", "One"])
    tabs = show(world, 'tab "One" { label "1" }; tab "New" { label "n" }; tab "Three" { label "3" }')
    assert titles(tabs) == ["Three", "One", "New"]


def test_a_tab_that_is_dragged_away_leaves_the_others_in_their_order(world: World) -> None:
    tabs = show(world)
    bar = tabs._bar
    drag(bar, bar.tabRect(0).center(), bar.tabRect(2).center() + QPoint(8, 300))
    assert titles(tabs) == ["One", "Two", "Three"] and tabs.is_out(0)
    tabs.move_current(1)
    assert tabs.is_out(1) and world.context.recall("tabs:pages:out") == ["One"]
    tabs.put_back(1)
    assert world.context.widgets["first"].window() is world.window


def test_what_is_typed_stays_while_the_pages_of_a_newer_layout_are_others(world: World) -> None:
    tabs = show(world)
    tabs.set_current(1)
    second = world.context.widgets["second"]
    second.setText("typed")
    world.patch('tabs id=pages { tab "Zero" { label "0" }; tab "Three" { search id=third }; '
                'tab "Two" badge="2" { label "new"; search id=second } }')  # fmt: skip
    assert world.context.widgets["pages"] is tabs and world.context.widgets["second"] is second
    assert [one.title for one in tabs.tabs()] == ["Zero", "Three", "Two"] and tabs.tabs()[2].badge == "2"
    assert tabs.current() == 2 and second.isVisible() and second.text() == "typed"
    assert "first" not in world.context.widgets and "third" not in world.context.widgets, "not built before it is shown"
    tabs.set_current(1)
    assert world.context.widgets["third"].isVisible()


def test_the_page_beside_is_shown_when_a_newer_layout_has_the_shown_one_no_more(world: World) -> None:
    tabs = show(world)
    tabs.set_current(2)
    world.patch('tabs id=pages { tab "One" { search id=first }; tab "Two" { search id=second } }')
    assert tabs.current() == 1 and world.context.widgets["second"].isVisible() and "third" not in world.context.widgets
    world.patch("tabs id=pages")
    assert tabs.count() == 0 and tabs.current() == -1
    world.patch('tabs id=pages { tab "One" { search id=first } }')
    assert tabs.current() == 0 and world.context.widgets["first"].isVisible()


def test_a_page_that_was_taken_out_stays_out_when_the_layout_changes_and_goes_with_its_tab(world: World) -> None:
    tabs = show(world)
    tabs.turn_out(1)
    torn = world.context.widgets["second"].window()
    world.patch('tabs id=pages { tab "Two" { search id=second }; tab "One" { search id=first } }')
    assert tabs.is_out(0) and world.context.widgets["second"].window() is torn and torn.isVisible()
    world.patch('tabs id=pages { tab "One" { search id=first } }')
    assert not torn.isVisible() and tabs.count() == 1


@pytest.mark.parametrize("options", ["", "side=start"])
def test_a_tab_that_is_not_visible_is_passed_over(world: World, options: str, wait_until: Callable[..., None]) -> None:
    tabs = show(world, THREE.replace('tab "Two"', 'tab "Two" visible="first.text != \'no\'"'), options)
    world.context.widgets["first"].setText("no")
    wait_until(lambda: [one.is_wanted for one in tabs.tabs()] == [True, False, True])
    QTest.keyClick(tabs, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert tabs.current() == 2
    tabs.move_current(-1)
    assert titles(tabs) == ["Three", "One", "Two"]
    QTest.keyClick(tabs, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert tabs.tabs()[tabs.current()].title == "One", "behind the last one comes the first"


def test_a_page_is_told_once(world: World) -> None:
    tabs = show(world)
    told: list[int] = []
    tabs.current_changed.connect(told.append)
    tabs.set_current(2)
    tabs.set_current(2)
    tabs.move_current(-1)
    assert told == [2]


def test_pages_come_and_go_by_a_condition_and_the_shown_one_stays(world: World) -> None:
    tabs = show(
        world,
        'tab "One" { label "1" }\nif "more" { tab "Two" { label "2" } }\nelse { tab "None" { label "0" } }\n'
        'tab "Three" { search id=third }',
        beside="state more #false",
    )
    assert titles(tabs) == ["One", "None", "Three"]
    tabs.set_current(2)
    world.context.scope.publish("more", True)
    assert titles(tabs) == ["One", "Two", "Three"] and tabs.current() == 2 and tabs._bar.currentIndex() == 2
    assert world.context.widgets["third"].isVisible()


@pytest.mark.parametrize("options", ["", "side=start"])
def test_where_the_shown_page_goes_its_neighbour_is_shown(
    world: World, wait_until: Callable[..., None], options: str
) -> None:
    tabs = show(
        world,
        'tab "One" { search id=first }; if "more" { tab "Two" { search id=second } }; tab "Three" { search id=third }',
        options,
        beside="state more #true",
    )
    tabs.set_current(1)
    world.context.scope.publish("more", False)
    wait_until(lambda: world.context.widgets["third"].isVisible() if "third" in world.context.widgets else False)
    assert titles(tabs) == ["One", "Three"] and tabs.current() == tabs._bar.currentIndex() == 1


def test_a_tab_for_each_row_follows_the_table(world: World, wait_until: Callable[..., None]) -> None:
    tabs = show(world, 'tab "All" { label "all" }; repeat goods as=good { tab "{good.name}" { label "{good.id}" } }')
    wait_until(lambda: tabs.count() == 4)
    assert titles(tabs) == ["All", "rake", "hoe", "saw"]
    tabs.set_current(2)
    world.handle.commit([Delete((0,), "")], lambda _: None)
    wait_until(lambda: tabs.count() == 3)
    assert titles(tabs) == ["All", "hoe", "saw"] and tabs.tabs()[tabs.current()].title == "hoe"
    world.handle.commit([Update((1,), "", {"name": "mattock"})], lambda _: None)
    wait_until(lambda: titles(tabs) == ["All", "mattock", "saw"])


def test_the_page_of_a_row_is_the_shown_one_again_when_its_row_has_been_read(
    world: World, wait_until: Callable[..., None]
) -> None:
    inside = 'tab "All" { label "all" }; repeat goods as=good { tab "{good.name}" { label "{good.id}" } }'
    tabs = show(world, inside)
    wait_until(lambda: tabs.count() == 4)
    tabs.set_current(3)
    again = show(world, inside)
    assert again.count() == 1 and again.current() == 0
    wait_until(lambda: again.count() == 4)
    assert again.tabs()[again.current()].title == "saw"


def test_more_rows_than_a_repeat_shows_are_told_on_a_page_of_their_own(
    world: World, wait_until: Callable[..., None]
) -> None:
    world.handle.commit([Insert({"id": 10 + at, "name": f"n{at}"}) for at in range(98)], lambda _: None)
    tabs = show(world, 'repeat goods sort="-id" { tab "{row.name}" { label "x" } }')
    wait_until(lambda: tabs.count() == 101)
    assert titles(tabs)[98:] == ["saw", "hoe", "Note"]
    tabs.set_current(100)
    (note,) = tabs.tabs()[100].findChildren(Label)
    assert note.isVisible() and note.text() == "Only the first 100 are shown"


def test_a_page_that_cannot_be_built_has_a_tab_with_its_card(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Tab.__init__

    def make(tab: Tab, node: Any, *others: Any) -> None:
        if node.get("title") == "Two":
            raise RuntimeError("no room")
        whole(tab, node, *others)

    monkeypatch.setattr(Tab, "__init__", make)
    tabs = show(world)
    assert titles(tabs) == ["One", "Problem", "Three"]
    tabs.set_current(1)
    assert "no room" in " ".join(one.text() for one in tabs.tabs()[1].findChildren(QLabel))


@pytest.mark.parametrize("options", ["", "side=start"])
def test_a_closed_tab_stays_closed_until_it_is_opened_again(world: World, options: str) -> None:
    tabs = show(world, options=options)
    tabs.set_current(1)
    world.context.widgets["second"].setText("typed")
    assert tabs.close_current() and tabs.current() == 2
    tabs.turn(1)
    tabs.turn(1)
    assert tabs.current() == 2, "it is passed over"
    assert tabs.close_current() and tabs.current() == 0 and not tabs.close_current(), "one stays"
    assert world.context.recall("tabs:pages:closed") == ["Two", "Three"]
    assert tabs.reopen() and tabs.current() == 2
    assert tabs.reopen() and tabs.current() == 1 and world.context.widgets["second"].text() == "typed"
    assert not tabs.reopen() and world.context.recall("tabs:pages:closed") is None


def test_a_closed_tab_is_closed_at_the_next_time_and_opened_by_who_asks_for_it(world: World) -> None:
    tabs = show(world)
    assert tabs.close_current() and tabs.current() == 1
    again = show(world)
    assert again.current() == 1 and [one.is_seen for one in again.tabs()] == [False, True, True]
    assert not again._bar.isTabVisible(0)
    again.set_current(0)
    assert again.current() == 0 and again._bar.isTabVisible(0) and world.context.recall("tabs:pages:closed") is None


def test_the_closed_tab_of_a_newer_layout_is_not_what_is_shown(world: World) -> None:
    tabs = show(world)
    assert tabs.close_current()
    tabs.set_current(2)
    world.patch('tabs id=pages { tab "One" { search id=first }; tab "Two" { search id=second } }')
    assert tabs.current() == 1 and not tabs.tabs()[0].is_seen
    world.patch('tabs id=pages { tab "One" { search id=first } }')
    assert tabs.current() == 0 and tabs.tabs()[0].is_seen, "the only one is shown"
