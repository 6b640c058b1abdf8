"""What layouts do: assignments, events, watches, timers, menus, toolbars, dialogs; by real keys and clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QPushButton

from kernel.tables.query import Query
from tests.widgets.behaviour_world import World

WaitUntil = Callable[..., None]


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.close()


def button(world: World, text: str) -> QPushButton:
    return next(one for one in world.window.findChildren(QPushButton) if one.text() == text)


def titles(menu: QMenu) -> list[str]:
    return ["-" if line.isSeparator() else line.text() for line in menu.actions()]


def test_a_button_assigns_runs_and_calls(world: World) -> None:
    world.show(
        'state on #false\nstate who Ann\nbutton "Turn" run="on = not on"\n'
        'button "Say" run="app.one {who}"\nbutton "Call" run="desk.mail:look"'
    )
    QTest.mouseClick(button(world, "Turn"), Qt.MouseButton.LeftButton)
    assert world.read("on") is True
    QTest.keyClick(button(world, "Turn"), Qt.Key.Key_Space)
    assert world.read("on") is False
    for text in ("Say", "Call"):
        QTest.mouseClick(button(world, text), Qt.MouseButton.LeftButton)
    assert world.runner.ran == ["app.one Ann", "desk.mail:look"]


def test_a_cell_is_given_a_value_and_it_can_be_undone(world: World, wait_until: WaitUntil) -> None:
    world.show('grid goods id=view\nbutton "Sell" run="view.current.is_sold = true"')
    wait_until(lambda: world.context.widgets["view"].row_key(1) is not None)
    world.context.widgets["view"].go(1, 0)
    QTest.mouseClick(button(world, "Sell"), Qt.MouseButton.LeftButton)
    wait_until(lambda: world.table.fetch(Query(), 0, 3).columns["is_sold"] == [False, True, False])


def test_a_row_of_a_repeat_is_given_a_value(world: World, wait_until: WaitUntil) -> None:
    world.show('repeat goods as=one { button "Sell {one.name}" run="one.is_sold = not one.is_sold" }')
    wait_until(lambda: len(world.window.findChildren(QPushButton)) == 3)
    QTest.mouseClick(button(world, "Sell saw"), Qt.MouseButton.LeftButton)
    wait_until(lambda: world.table.fetch(Query(), 0, 3).columns["is_sold"] == [False, False, True])


def test_events_and_watches_act(world: World, wait_until: WaitUntil) -> None:
    world.show(
        'state typed 0\nsearch id=find { on changed "typed = typed + 1"; on accepted "app.two" }\n'
        'grid goods id=view { on current-changed "app.three" }\nwatch "typed" run="app.one"'
    )
    line = world.window.findChild(QLineEdit)
    QTest.keyClicks(line, "ab")
    assert world.read("typed") == 2 and world.runner.ran.count("app.one") == 2
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "app.two" in world.runner.ran
    wait_until(lambda: world.context.widgets["view"].row_key(2) is not None)
    before = world.runner.ran.count("app.three")
    world.context.widgets["view"].go(2, 0)
    wait_until(lambda: world.runner.ran.count("app.three") == before + 1)


def test_a_timer_runs_while_its_condition_holds(world: World, wait_until: WaitUntil) -> None:
    world.show('state on #false\nstate count 0\ntimer "1 ms" run="count = count + 1" when="on"')
    assert world.read("count") == 0
    world.context.scope.publish("on", True)
    wait_until(lambda: world.read("count") >= 3)
    world.context.scope.publish("on", False)
    count = world.read("count")
    QApplication.processEvents()
    assert world.read("count") == count


def test_a_menu_has_the_titles_and_states_of_its_moment(world: World) -> None:
    world.show(
        'state on #false\nmenubar { menu "&File" { item command=app.one; separator; '
        'menu "More" { item command=app.two }; item "Turn" run="on = not on" checked="on"; '
        'item "Gone" run="app.one" visible="on" } }'
    )
    world.runner.disabled.add("app.one")
    menu = world.window.findChild(QMenu)
    menu.aboutToShow.emit()
    assert titles(menu) == ["Title of app.one", "-", "More", "Turn"]
    assert [line.isEnabled() for line in menu.actions()][0] is False
    turn = menu.actions()[3]
    assert turn.isCheckable() and not turn.isChecked()
    turn.trigger()
    menu.aboutToShow.emit()
    assert titles(menu)[-2:] == ["Turn", "Gone"] and menu.actions()[3].isChecked()


def test_a_menu_button_opens_by_key(world: World, wait_until: WaitUntil) -> None:
    world.show('menu "More" { item command=app.one; item command=app.two }')
    opener = button(world, "More")
    opener.setFocus()
    QTest.keyClick(opener, Qt.Key.Key_Return)
    menu = opener.menu()
    wait_until(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert world.runner.ran == ["app.two"]


def test_context_lines_stand_before_those_of_a_grid(world: World, wait_until: WaitUntil) -> None:
    from widgets.grid.menu import make_menu

    world.show(
        'grid goods id=view { context-menu { item command=app.one } }\n'
        'label "x" { context-menu { item "Y" run="app.two" } }'
    )
    grid = world.context.widgets["view"]
    wait_until(lambda: grid.row_key(0) is not None)
    menu = make_menu(grid)
    assert titles(menu)[:3] == ["Title of app.one", "-", "Copy\tCtrl+C"]
    menu.deleteLater()
    label = next(one for one in world.context.built if one.node.kind == "label")
    label.customContextMenuRequested.emit(QPoint(1, 1))
    opened = label.findChild(QMenu)
    assert titles(opened)[0] == "Y"
    opened.actions()[0].trigger()
    opened.close()
    assert world.runner.ran == ["app.two"]


def test_a_narrow_toolbar_keeps_the_rest_in_a_menu(world: World, wait_until: WaitUntil) -> None:
    lines = "; ".join(f'button "A button with number {number}" run="app.one {number}"' for number in range(8))
    world.show(f"toolbar id=bar {{ {lines} }}")
    bar = world.context.widgets["bar"]
    world.window.resize(2400, 300)
    wait_until(lambda: bar.width() > 2000 and bar._more.isHidden())
    world.window.resize(420, 300)
    wait_until(lambda: bar.width() < 420 and not bar._more.isHidden())
    shown = [one for one in bar.findChildren(QPushButton) if one.isVisible()]
    assert 0 < len(shown) < 8 and all(one.geometry().right() <= bar._more.x() for one in shown)
    bar._menu.aboutToShow.emit()
    assert len(titles(bar._menu)) == 8 - len(shown)
    bar._menu.actions()[-1].trigger()
    assert world.runner.ran == ["app.one 7"]
    world.window.resize(2400, 300)
    wait_until(lambda: bar._more.isHidden() and all(one.isVisible() for one in bar.findChildren(QPushButton)))


def test_a_dialog_is_built_when_it_opens_and_gone_when_it_closes(world: World) -> None:
    world.show(
        'state who Ann\nsearch id=find\n'
        'dialog about title="About {who}" { input who; button "Close" run="dialog.close" }'
    )
    find = world.context.widgets["find"]
    find.setFocus()
    dialog = world.context.dialogs["about"]
    built = len(world.context.built)
    watchers = world.context.scope.watchers
    for _ in range(3):
        dialog.open()
        line = dialog.card.findChild(QLineEdit)
        assert line.text() == world.read("who") and world.window.focusWidget() is line
        line.selectAll()
        QTest.keyClicks(line, "Bob")
        assert dialog.card.accessibleName() == "About Bob"
        QTest.keyClick(line, Qt.Key.Key_Escape)
        assert not dialog.is_open and world.window.focusWidget() is find
    assert (len(world.context.built), world.context.scope.watchers) == (built, watchers)


def test_the_time_goes_on_while_it_is_read(world: World, wait_until: WaitUntil) -> None:
    world.show('state on #true\nif "on" { label "{now}"; label "{today}" }\nif "now > null" { label "x" }')
    first = world.read("now")
    assert first is not None and world.read("today") == first.date()
    wait_until(lambda: world.read("now") > first)
    clock = world.context.clock
    world.context.scope.publish("on", False)
    assert clock.timer.isActive()
    world.patch("state on #true")
    assert not clock.timer.isActive()


def test_an_input_shows_the_words_of_its_choices_and_keeps_their_values(world: World) -> None:
    words = 'input kind id=box label="Kind" choices="a, b" words="Alpha, Beta"'
    world.show(f'state kind "b"\n{words}\nlabel "{{kind}}" id=said')
    box = world.window.findChild(QComboBox)
    texts = [box.itemText(at) for at in range(box.count())]
    assert texts[-2:] == ["Alpha", "Beta"] and box.currentText() == "Beta"
    box.setCurrentIndex(texts.index("Alpha"))
    box.activated.emit(box.currentIndex())
    assert world.read("kind") == "a" and world.context.widgets["said"].text() == "a"


def test_words_that_are_not_as_many_as_the_choices_are_left_out(world: World) -> None:
    world.show('state kind "b"\ninput kind label="Kind" choices="a, b" words="Alpha"')
    assert world.window.findChild(QComboBox).currentText() == "b"
