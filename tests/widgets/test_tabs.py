"""Tabs: in the order that a person gives them, by mouse and keys, remembered; and patched while they are open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar

from tests.widgets.behaviour_world import World

THREE = 'tab "One" { search id=first }; tab "Two" { search id=second }; tab "Three" { search id=third }'


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.close()


def show(world: World, inside: str = THREE, options: str = "") -> Any:
    world.show(f"tabs id=pages {options} {{ {inside} }}")
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
