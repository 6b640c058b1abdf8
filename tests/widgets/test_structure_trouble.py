"""What layouts do when their parts get into each other's way: circles, parts that go as they work, edits in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QMenu, QMenuBar, QPushButton

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.query import Query
from tests.widgets.behaviour_world import World
from widgets.card import ErrorCard
from widgets.form import Form
from widgets.patch import lost_widgets
from widgets.structure.circle import MOST_ROUNDS

WaitUntil = Callable[..., None]


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.close()


def texts(world: World) -> list[str]:
    return [label.text() for label in world.window.findChildren(QLabel) if label.isVisible()]


def press(world: World, text: str) -> None:
    found = next(one for one in world.window.findChildren(QPushButton) if one.text() == text and one.isVisible())
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def names(world: World) -> list[Any]:
    return world.table.fetch(Query(sort=()), 0, 9).columns["name"]


def form_in(world: World, wait_until: WaitUntil) -> Any:
    """The first form, once its fields have editors."""
    wait_until(lambda: world.window.findChild(Form) is not None)
    form = world.window.findChild(Form)
    wait_until(lambda: form.row is not None and form.row.values is not None and form.fields[0].editor is not None)
    return form


@pytest.mark.parametrize(
    "watches",
    ['watch "n" run="n = n + 1"', 'watch "n" run="m = n + 1"\nwatch "m" run="n = m + 1"'],
)
def test_a_watch_that_sets_what_it_watches_is_stopped_and_told(world: World, watches: str) -> None:
    world.show(f'state n 0\nstate m 0\n{watches}\nbutton "Go" run="n = 1"\nlabel "{{n}}"')
    press(world, "Go")
    assert world.told == ["A watch was stopped: it sets what it watches, in a circle"]
    assert texts(world) == [str(world.read("n"))]
    world.context.scope.publish("n", 0)
    assert len(world.told) == 1, "a circle is told once"


LOOPS = {
    "one": 'watch "view.current.name" run="view.current.name = view.current.name + \'x\'"',
    "two": 'watch "view.current.name" run="view.current.is_sold = not view.current.is_sold"\n'
    'watch "view.current.is_sold" run="view.current.name = view.current.name + \'x\'"',
    "two-views": 'list goods id=other\nwatch "other.current.name" run="view.current.name = view.current.name + \'x\'"',
}


@pytest.mark.parametrize("watches", LOOPS.values(), ids=LOOPS)
def test_watches_that_go_in_a_circle_through_cells_are_stopped_and_told_with_their_places(
    world: World, wait_until: WaitUntil, watches: str
) -> None:
    world.show(f"grid goods id=view\n{watches}")  # the row that comes sets them going
    wait_until(lambda: world.told != [])
    assert world.told == ["A watch was stopped: it sets what it watches, in a circle"]
    places = world.details[0].split(" → ")
    assert len(places) == watches.count("watch ") + 1 and places[0] == places[-1]
    assert all(place.startswith("main.kdl:") for place in places)


def test_a_watch_of_cells_that_comes_to_rest_is_no_circle(world: World, wait_until: WaitUntil) -> None:
    world.show(
        'state count 0\ngrid goods id=view\n'
        'watch "view.current.name" run="view.current.name = lower(view.current.name)"\n'
        'button "Go" run="view.current.name = upper(view.current.name) + \'!\'"'
    )
    wait_until(lambda: world.read("view.current.name") == "rake")
    for count in range(1, MOST_ROUNDS + 5):
        press(world, "Go")
        wait_until(lambda count=count: world.read("view.current.name") == "rake" + "!" * count)
    assert world.told == []


def test_a_watch_may_set_what_it_watches_until_it_rests(world: World) -> None:
    world.show('state n 0\nwatch "n" run="n = min(n, 10)"')
    world.context.scope.publish("n", 50)
    assert world.read("n") == 10 and world.told == []


def test_an_assignment_may_read_the_time_and_counts_that_nothing_else_shows(
    world: World, wait_until: WaitUntil
) -> None:
    world.show('state at\nstate many\nbutton "Now" run="at = now"\nbutton "Count" run="many = goods.count * 2"')
    press(world, "Now")
    assert world.read("at") is not None and not world.context.clock.timer.isActive()
    for rows in (3, 4):
        press(world, "Count")
        wait_until(lambda rows=rows: world.read("many") == 2 * rows)
        world.handle.commit([Insert({"id": 10 + rows, "name": "x", "is_sold": False})], lambda _: None)
        wait_until(lambda rows=rows: len(names(world)) == rows + 1)


def test_an_if_whose_widgets_change_its_condition_comes_to_rest(world: World, wait_until: WaitUntil) -> None:
    world.show(
        'state s 0\nif "s == 0" { label "a"; grid goods id=g { on current-changed "s = 1" }; label "b" }\n'
        'else { label "else" }'
    )
    wait_until(lambda: texts(world) == ["else"])


def test_an_if_whose_state_ends_it_shows_the_other_branch_alone(world: World, wait_until: WaitUntil) -> None:
    world.show('if "t" { label "a"; state t #false; label "b" }\nelse { label "else" }')
    world.context.scope.publish("t", True)
    wait_until(lambda: texts(world) == ["else"])
    assert world.read("t") is False


def test_a_repeat_that_goes_while_it_shows_its_rows(world: World, wait_until: WaitUntil) -> None:
    world.show(
        'state s 0\nif "s == 0" { repeat goods { label "{row.name}"; watch "row.is_sold" run="s = 1" } }\n'
        'else { label "else" }\nlabel "last"'
    )
    wait_until(lambda: sorted(texts(world)) == ["hoe", "last", "rake", "saw"])
    watchers = world.context.scope.watchers
    change = [Update((0,), "", {"is_sold": True}), Insert({"id": 9, "name": "new", "is_sold": False})]
    world.handle.commit(change, lambda _: None)
    wait_until(lambda: sorted(texts(world)) == ["else", "last"])
    assert world.context.scope.watchers <= watchers


def test_ids_that_a_patch_brings_into_a_repeat_are_each_rows_own(world: World, wait_until: WaitUntil) -> None:
    world.show('repeat goods { label "{row.name}" }')
    wait_until(lambda: len(texts(world)) == 3)
    world.patch('repeat goods { label "{row.name} {box.text}"; search id=box }')
    wait_until(lambda: len(world.window.findChildren(QLineEdit)) == 3)
    QTest.keyClicks(world.window.findChildren(QLineEdit)[0], "q")
    wait_until(lambda: texts(world) == ["rake q", "hoe ", "saw "])


def test_each_row_of_a_repeat_remembers_its_own_state(world: World, wait_until: WaitUntil) -> None:
    text = 'repeat goods { state is_open #false remembered=#true; input is_open; label "{is_open}" }'
    world.show(text)
    wait_until(lambda: texts(world).count("no") == 3)
    QTest.keyClick(world.window.findChildren(QCheckBox)[1], Qt.Key.Key_Space)
    assert [one for one in texts(world) if one] == ["no", "yes", "no"]
    world.patch('label "gone"')
    world.patch(text)
    wait_until(lambda: [one for one in texts(world) if one] == ["no", "yes", "no"])


def test_an_input_of_a_repeated_row_writes_it(world: World, wait_until: WaitUntil) -> None:
    world.show('repeat goods as=one { input one.name label="Called" }')
    wait_until(lambda: len(world.window.findChildren(Form)) == 3)
    form = world.window.findChildren(Form)[1]
    wait_until(lambda: form.fields[0].editor is not None and form.fields[0].editor.value() == "hoe")
    assert "Called" in texts(world)
    form.fields[0].editor.focusProxy().setText("spade")
    form.row.edit("name", "spade")
    form.write_row()
    wait_until(lambda: names(world) == ["rake", "spade", "saw"])
    world.handle.commit([Update((1,), "", {"name": "pick"})], lambda _: None)
    wait_until(lambda: form.fields[0].editor.value() == "pick")


def test_another_label_of_an_input_of_a_cell_is_shown(world: World, wait_until: WaitUntil) -> None:
    world.show('grid goods id=view\ninput view.current.name label="One"')
    form_in(world, wait_until)
    wait_until(lambda: "One" in texts(world))
    world.patch('grid goods id=view\ninput view.current.name label="Two"')
    assert "Two" in texts(world) and "One" not in texts(world)
    world.patch("grid goods id=view\ninput view.current.name")
    assert "Name" in texts(world)


def test_events_and_context_menus_follow_the_layout(world: World) -> None:
    world.show('column id=box { context-menu { item "x" run="app.one" }; search id=find { on accepted "app.one" } }')
    box, find = world.context.widgets["box"], world.context.widgets["find"]
    world.patch('column id=box { context-menu { item "y" run="app.two" }; search id=find { on accepted "app.two" } }')
    assert (world.context.widgets["box"], world.context.widgets["find"]) == (box, find)
    assert world.window.findChildren(ErrorCard) == []
    assert [line.properties["text"] for line in box.context_lines[0]] == ["y"]
    QTest.keyClick(world.window.findChild(QLineEdit), Qt.Key.Key_Return)
    assert world.runner.ran == ["app.two"]
    world.patch("column id=box { search id=find }")
    assert box.contextMenuPolicy() == Qt.ContextMenuPolicy.DefaultContextMenu
    QTest.keyClick(world.window.findChild(QLineEdit), Qt.Key.Key_Return)
    assert world.runner.ran == ["app.two"]


def test_menus_that_open_often_leave_no_menus_behind(world: World) -> None:
    world.show('menubar { menu "File" { menu "More" { item command=app.two } } }')
    menu = world.window.findChild(QMenu)
    for _ in range(20):
        menu.aboutToShow.emit()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(world.window.findChildren(QMenu)) == 2


def test_a_narrow_toolbar_shows_nothing_that_the_layout_hides(world: World, wait_until: WaitUntil) -> None:
    lines = "; ".join(f'button "A button with number {number}" run="app.one"' for number in range(7))
    world.show(f'state on #true\ntoolbar id=bar {{ {lines}; button "Last" run="app.two" visible="on" }}')
    bar = world.context.widgets["bar"]
    last = next(one for one in bar.findChildren(QPushButton) if one.text() == "Last")

    def offered() -> bool:
        bar._menu.aboutToShow.emit()
        return "Last" in [line.text() for line in bar._menu.actions()]

    world.window.resize(420, 300)
    wait_until(lambda: bar.width() < 420 and last.isHidden() and offered())
    world.context.scope.publish("on", False)
    assert not offered()
    world.window.resize(2400, 300)
    wait_until(lambda: bar.width() > 2000 and bar._more.isHidden())
    assert last.isHidden()
    world.window.resize(420, 300)
    wait_until(lambda: bar.width() < 420 and not bar._more.isHidden())
    world.context.scope.publish("on", True)
    assert last.isHidden() and offered()


def test_a_narrow_toolbar_keeps_its_boxes_and_offers_its_buttons(world: World, wait_until: WaitUntil) -> None:
    lines = "; ".join(f'button "A button with number {number}" run="app.one"' for number in range(4))
    world.show(f'toolbar id=bar {{ {lines}; menu "Menu" {{ item command=app.two }}; search id=find }}')
    bar = world.context.widgets["bar"]
    world.window.resize(420, 300)
    wait_until(lambda: bar.width() < 420 and not bar._more.isHidden())
    assert not world.context.widgets["find"].isHidden()
    bar._menu.aboutToShow.emit()
    assert bar._menu.actions()[-1].text() == "Menu"
    inner = bar._menu.actions()[-1].menu()
    world.runner.disabled.add("app.two")
    inner.aboutToShow.emit()
    assert [(line.text(), line.isEnabled()) for line in inner.actions()] == [("Title of app.two", False)]


def test_an_open_dialog_takes_another_heading(world: World, wait_until: WaitUntil) -> None:
    world.show('dialog card title="One" { search id=find }')
    dialog = world.context.dialogs["card"]
    dialog.open()
    find = world.context.widgets["find"]
    world.patch('dialog card title="Two" width=300 { search id=find; label "more" }')
    assert dialog.is_open and world.context.dialogs["card"] is dialog
    assert world.context.widgets["find"] is find
    wait_until(lambda: texts(world) == ["Two", "more"])
    assert dialog.card.accessibleName() == "Two" and dialog.card.card.width() == 300


def test_a_dialog_grows_with_what_comes_into_it(world: World, wait_until: WaitUntil) -> None:
    world.show('state on #false\ndialog card { label "a"; if "on" { message "b"; message "c"; search } }')
    dialog = world.context.dialogs["card"]
    dialog.open()
    low = dialog.card.card.height()
    world.context.scope.publish("on", True)
    wait_until(lambda: dialog.card.card.height() > low)
    world.context.scope.publish("on", False)
    wait_until(lambda: dialog.card.card.height() == low)


def test_a_dialog_writes_what_is_typed_before_it_closes(world: World, wait_until: WaitUntil) -> None:
    world.show('grid goods id=view\ndialog card title="Edit" { form of=view.current }')
    wait_until(lambda: world.context.widgets["view"].row_key(0) is not None)
    dialog = world.context.dialogs["card"]
    dialog.open()
    form = form_in(world, wait_until)
    form.row.edit("name", "spade")
    QTest.keyClick(dialog.card, Qt.Key.Key_Escape)
    wait_until(lambda: not dialog.is_open)
    assert names(world)[0] == "spade"


def test_a_dialog_stays_while_what_is_typed_cannot_be_written(world: World, wait_until: WaitUntil) -> None:
    world.show('grid goods id=view\ndialog card title="Edit" { form of=view.current }')
    wait_until(lambda: world.context.widgets["view"].row_key(0) is not None)
    dialog = world.context.dialogs["card"]
    dialog.open()
    form = form_in(world, wait_until)
    form.row.edit("id", 1)  # another row's
    dialog.close_if_written()
    wait_until(lambda: not form.row.is_writing)
    assert dialog.is_open and form.has_edits()
    form.revert_row()
    dialog.close_if_written()
    assert not dialog.is_open


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('if "true" { form of=view.current }', 'if "true" { label "x" }'),
        ('if "true" { form of=view.current }', 'if "false" { form of=view.current }'),
        ('if "true" { form of=view.current }', ""),
        ('match "1" { case 1 { row { form of=view.current } } }', 'match "1" { case 1 { row { label "x" } } }'),
        ('repeat goods limit=1 { form of=view.current }', 'repeat goods limit=1 { label "x" }'),
        ('repeat goods limit=1 { form of=view.current }', 'repeat goods limit=2 { form of=view.current }'),
        ('dialog card { form of=view.current }', 'dialog card { label "x" }'),
        ('dialog card { form of=view.current }', ""),
    ],
)
def test_what_a_patch_would_delete_is_known_within_structures(
    world: World, wait_until: WaitUntil, before: str, after: str
) -> None:
    world.show(f"grid goods id=view\n{before}")
    if "card" in world.context.dialogs:
        world.context.dialogs["card"].open()
    form = form_in(world, wait_until)

    def lost(text: str) -> list[Any]:
        region = world.window.region
        nodes = world.window.region_nodes(world.layout(f"grid goods id=view\n{text}").windows[0])
        gone = list(lost_widgets(region, nodes))
        return [one for one in gone if one is form or one.isAncestorOf(form)]

    assert lost(after) and not lost(before)


@pytest.mark.parametrize("kind", ["grid", "list", "cards"])
def test_a_view_keeps_its_own_menu_behind_the_layouts_lines(world: World, wait_until: WaitUntil, kind: str) -> None:
    world.show(f'{kind} goods id=view {{ context-menu {{ item "Mine" run="app.one" }} }}')
    view = world.context.widgets["view"]
    wait_until(lambda: view.row_key(0) is not None)
    assert view.contextMenuPolicy() == Qt.ContextMenuPolicy.DefaultContextMenu


def test_a_box_keeps_the_lines_of_a_text_behind_the_layouts(world: World) -> None:
    world.show('search id=find { context-menu { item "Mine" run="app.one" } }')
    line = world.window.findChild(QLineEdit)
    line.customContextMenuRequested.emit(line.rect().center())
    menu = line.findChild(QMenu)
    found = [one.text().partition("\t")[0].replace("&", "") for one in menu.actions() if not one.isSeparator()]
    assert found[0] == "Mine" and "Paste" in found, found
    menu.close()


def test_a_menu_of_a_bar_is_enabled_by_the_layout(world: World) -> None:
    world.show('state on #false\nmenubar { menu "File" enabled="on" { item "x" run="app.one" } }')
    (title,) = world.window.findChild(QMenuBar).actions()
    assert not title.isEnabled()
    world.context.scope.publish("on", True)
    assert title.isEnabled()


def test_room_stays_at_the_end_of_rows_that_come_and_go(world: World, wait_until: WaitUntil) -> None:
    world.show('state on #false\nrepeat goods { label "{row.name}" }\nif "on" { grid goods }')
    wait_until(lambda: len(texts(world)) == 3)
    box = world.window.content.box
    assert box.itemAt(box.count() - 1).spacerItem() is not None
    world.context.scope.publish("on", True)
    assert box.itemAt(box.count() - 1).spacerItem() is None
    world.context.scope.publish("on", False)
    assert box.itemAt(box.count() - 1).spacerItem() is not None
    world.handle.commit([Delete((number,), "") for number in range(3)], lambda _: None)
    wait_until(lambda: box.count() == 0)
    world.handle.commit([Insert({"id": 7, "name": "axe", "is_sold": False})], lambda _: None)
    wait_until(lambda: box.count() == 2 and box.itemAt(1).spacerItem() is not None)


def test_a_repeated_row_that_goes_stays_while_it_holds_edits(world: World, wait_until: WaitUntil) -> None:
    world.show('state sold #false\nrepeat goods as=one filter="is_sold == sold" { input value=one.name id=box }')
    wait_until(lambda: len(world.window.findChildren(Form)) == 3)
    first, second, third = world.window.findChildren(Form)
    wait_until(lambda: all(form.fields[0].editor is not None and form.row.values for form in (first, second, third)))
    second.row.edit("name", "typed")
    world.table.commit([Update((key,), "", {"is_sold": True}) for key in (0, 1)])
    shown = lambda: [form for form in world.window.findChildren(Form) if form.isVisible()]  # noqa: E731
    wait_until(lambda: first not in shown())
    assert shown() == [second, third], "in its place, with what is typed"
    assert second.has_edits() and second.row.value("name") == "typed"
    wait_until(lambda: world.told == ["This part stays while it holds edits: write them, or take them back"])
    world.context.scope.publish("sold", None)
    second.revert_row()
    wait_until(lambda: shown() == [])
