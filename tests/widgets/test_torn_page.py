"""Pages of tabs in windows of their own: taken out and put back with all that is in them, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar

from tests.widgets.behaviour_world import World

LAYOUT = 'tabs id=pages { tab "One" { search id=first }; tab "Two" { search id=second } }'


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.close()


@pytest.fixture
def tabs(world: World) -> Any:
    world.show(LAYOUT)
    return world.context.widgets["pages"]


def test_a_page_goes_out_and_comes_back_whole(world: World, tabs: Any) -> None:
    tabs.turn_out(1)
    second = world.context.widgets["second"]
    torn = second.window()
    assert torn is not world.window and torn.windowTitle() == "Two" and torn.isVisible() and tabs.is_out(1)
    second.setText("typed")
    tabs.set_current(0)
    assert second.isVisible() and world.context.widgets["first"].isVisible()
    torn.close()
    assert not tabs.is_out(1) and second.window() is world.window and second.text() == "typed"
    tabs.set_current(1)
    assert second.isVisible()


def test_the_place_of_a_page_brings_it_back(world: World, tabs: Any) -> None:
    tabs.turn_out(0)
    tabs._out[tabs.tabs()[0]].back.click()
    assert not tabs.is_out(0) and world.context.widgets["first"].isVisible()
    tabs.turn_out(0)
    tabs.turn_out(0)
    assert not tabs.is_out(0)


def test_it_is_out_again_at_the_next_time(world: World, wait_until: Callable[..., None]) -> None:
    world.context.remember("tabs:pages:out", [1, 7, "x"])
    world.show(LAYOUT)
    tabs = world.context.widgets["pages"]
    wait_until(lambda: tabs.is_out(1))
    assert tabs.current() == 0 and not tabs.is_out(0)
    tabs.put_back(1)
    assert world.context.recall("tabs:pages:out") is None


def test_it_goes_with_its_tabs(world: World, tabs: Any) -> None:
    tabs.turn_out(1)
    torn = tabs._out[tabs.tabs()[1]]
    world.patch('label "gone"')
    assert not torn.isVisible()
    QApplication.processEvents()


def test_a_tab_that_is_dragged_away_goes_out(tabs: Any) -> None:
    bar = tabs.findChild(QTabBar)
    place = bar.tabRect(1).center()
    for way, is_out in ((QPoint(0, 10), False), (QPoint(0, 200), True)):
        QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=place + way)
        assert tabs.is_out(1) is is_out
