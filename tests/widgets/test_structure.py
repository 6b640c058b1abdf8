"""if, match, repeat and state in a window: which widgets there are, and which of them stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.memory import MemorySource
from kernel.tables.query import Query
from kernel.tables.schema import Column, Schema
from layouts.load import load_layout
from layouts.node import Layout
from widgets.build import build_window
from widgets.context import Context
from widgets.form import Form
from widgets.handle import TableHandle
from widgets.label import Label
from widgets.patch import patch_widget
from widgets.scope import Scope
from widgets.structure.repeat import Repeat
from widgets.structure.unwritten import LOOK_MS
from widgets.theme import Theme

SCHEMA = Schema("goods", (Column("id", "integer"), Column("name"), Column("price", "integer")), ("id",))


class World:
    """A window over one small table, whose layout may be changed."""

    def __init__(self) -> None:
        rows = [{"id": 1, "name": "rake", "price": 30}, {"id": 2, "name": "hoe", "price": 10}]
        self.table = MemorySource([(SCHEMA, rows)]).table("goods")
        self.handle = TableHandle(self.table, "goods", sort="price")
        self.context = Context(
            scope=Scope(), commands=None, reporter=None, theme=Theme("light"), tables={"goods": self.handle},
            open_table=None, read_file=None,
        )  # fmt: skip
        self.window: Any = None

    def layout(self, text: str) -> Layout:
        whole = f'layout 1\ntable goods source="goods"\nwindow {{\n{text}\n}}\n'
        return load_layout("main.kdl", {"main.kdl": whole.encode()}.get)

    def show(self, text: str) -> None:
        self.window = build_window(self.layout(text), self.context)
        self.window.show()

    def patch(self, text: str) -> None:
        assert patch_widget(self.window, self.layout(text).windows[0], self.context)

    def labels(self) -> list[str]:
        return [widget.text() for widget in in_order(self.window.content) if isinstance(widget, QLabel)]


def in_order(widget: QWidget) -> Iterator[QWidget]:
    """The widgets of a box and of the boxes in it, as they stand."""
    layout = widget.layout()
    for index in range(layout.count() if layout is not None else 0):
        inner = layout.itemAt(index).widget()
        if inner is not None:
            yield inner
            yield from in_order(inner)


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.context.disposers()
    if made.window is not None:
        made.window.close()
        made.window.deleteLater()
    made.handle.dispose()


def test_a_condition_decides_between_its_widgets_and_those_of_else(world: World) -> None:
    world.context.scope.publish("box", {"on": False})
    world.show('state s\nlabel "before"\nif "s == 1" { label "yes"; label "{s}" }\nelse { label "no" }\nlabel "behind"')
    assert world.labels() == ["before", "no", "behind"]
    world.context.scope.publish("s", 1)
    assert world.labels() == ["before", "yes", "1", "behind"]
    world.context.scope.publish("s", None)
    assert world.labels() == ["before", "no", "behind"]


def test_what_a_branch_watched_is_let_go(world: World) -> None:
    world.show('state s\nstate t\nif "s" { row { label "{t}"; if "t" { label "{t}!" } } }')
    before = world.context.scope.watchers
    for _ in range(5):
        world.context.scope.publish("s", True)
        world.context.scope.publish("t", 3)
        world.context.scope.publish("s", False)
        world.context.scope.publish("t", None)
    assert world.context.scope.watchers == before
    assert len([widget for widget in world.context.built if widget is not None]) == 1


def test_the_first_case_that_has_the_value_is_shown(world: World) -> None:
    world.show('state s open\nmatch "s" { case open new { label "a" }; case 1 { label "b" }; else { label "c" } }')
    seen = []
    for value in ("open", "new", 1, True, None):
        world.context.scope.publish("s", value)
        seen += world.labels()
    assert seen == ["a", "a", "b", "c", "c"]


def test_rows_are_repeated_and_their_widgets_follow_them(world: World, wait_until: Callable[..., None]) -> None:
    world.show(
        'label "first"\nrepeat goods as=good { row { label "{good.name} {good.price}"; search id=box } }\nlabel "last"'
    )
    wait_until(lambda: world.labels() == ["first", "hoe 10", "rake 30", "last"])
    boxes = world.window.findChildren(QLineEdit)
    boxes[0].setText("typed")
    world.handle.commit([Update((1,), "", {"price": 5}), Insert({"id": 3, "name": "saw", "price": 7})], lambda _: None)
    wait_until(lambda: world.labels() == ["first", "rake 5", "saw 7", "hoe 10", "last"])
    assert boxes[0] in world.window.findChildren(QLineEdit)
    hoe = next(
        widget for widget in in_order(world.window.content) if isinstance(widget, QLabel) and "hoe" in widget.text()
    )
    assert boxes[0].parentWidget().isAncestorOf(hoe) and boxes[0].text() == "typed"
    world.handle.commit([Delete((2,), "")], lambda _: None)
    wait_until(lambda: world.labels() == ["first", "rake 5", "saw 7", "last"])


def test_a_repeat_says_that_there_are_more(world: World, wait_until: Callable[..., None]) -> None:
    more = [Insert({"id": 10 + number, "name": "x", "price": 99}) for number in range(100)]
    world.handle.commit(more, lambda _: None)
    world.show('repeat goods { label "{row.name}" }\nrepeat goods limit=2 { label "{row.name}" }')
    wait_until(lambda: len(world.labels()) == 103)
    assert world.labels()[100:] == ["Only the first 100 are shown", "hoe", "rake"]


def test_a_filter_of_a_repeat_follows_the_window(world: World, wait_until: Callable[..., None]) -> None:
    world.show('state least 0\nrepeat goods filter="price >= least" { label "{row.name}" }')
    wait_until(lambda: world.labels() == ["hoe", "rake"])
    world.context.scope.publish("least", 20)
    wait_until(lambda: world.labels() == ["rake"])


def test_a_patch_touches_what_differs(world: World) -> None:
    world.show('state s 1\nrow { search id=box placeholder="Find" }\nlabel "{s}"\nif "s == 1" { label "one" }')
    box, label = world.context.widgets["box"], world.window.findChildren(Label)[0]
    built = [id(widget) for widget in world.context.built]
    box.setText("typed")
    world.patch(
        'state s 1\nlabel "new"\nrow { search id=box placeholder="Look" }\n'
        'label "{s}!" tip="t"\nif "s == 1" { label "1" }'
    )
    assert world.labels() == ["new", "1!", "1"]
    assert world.context.widgets["box"] is box and (box.text(), box.placeholderText()) == ("typed", "Look")
    assert label.toolTip() == "t" and label.text() == "1!"
    assert [id(widget) for widget in world.context.built][: len(built)] == built
    world.patch('state s 1\nlabel "{s}!"')
    assert world.labels() == ["1!"] and label.toolTip() == ""
    assert "box" not in world.context.widgets and world.context.scope.read("box.text") is None


def test_a_patched_repeat_keeps_its_rows(world: World, wait_until: Callable[..., None]) -> None:
    world.show('repeat goods { label "{row.name}" }')
    wait_until(lambda: world.labels() == ["hoe", "rake"])
    kept = world.window.findChildren(QLabel)
    world.patch('repeat goods { label "{row.name} {row.price}" }')
    wait_until(lambda: world.labels() == ["hoe 10", "rake 30"])
    assert world.window.findChildren(QLabel) == kept


def test_a_thousand_patches_leave_nothing_behind(world: World) -> None:
    texts = ('row { label "{s}"; button "x" command=a.b visible="s" }', 'column { label "{s}" }\nlabel "more {s}"')
    world.context.commands = Commands()
    world.show(f"state s 1\n{texts[0]}")
    watchers, built = world.context.scope.watchers, len(world.context.built)
    for index in range(1, 1001):
        world.patch(f"state s 1\n{texts[index % 2]}")
    assert (world.context.scope.watchers, len(world.context.built)) == (watchers, built)
    assert world.context.commands.watching == 1


class Commands:
    """Counts who follows commands."""

    watching = 0

    def title(self, command: str) -> str:
        return command

    def key(self, command: str) -> str:
        return ""

    def watch(self, command: str, listener: Callable[[bool], None]) -> Callable[[], None]:
        self.watching += 1
        listener(True)

        def stop() -> None:
            self.watching -= 1

        return stop


def test_an_input_and_its_state_follow_each_other(world: World) -> None:
    world.show('state who "Ann"\nstate on #false\ninput who label="Name"\ninput on\nlabel "{who} {on}"')
    line = world.window.findChild(QLineEdit)
    assert line.text() == "Ann" and world.labels()[-1] == "Ann no"
    line.selectAll()
    QTest.keyClicks(line, "Bob")
    QTest.keyClick(world.window.findChild(QCheckBox), Qt.Key.Key_Space)
    assert world.labels()[-1] == "Bob yes"
    world.context.scope.publish("who", "Eve")
    assert line.text() == "Eve"


def test_an_input_of_a_number_keeps_its_value_while_the_text_is_none(world: World) -> None:
    world.show('state count 3\ninput count\nlabel "{count}"')
    line = world.window.findChild(QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, "1x")
    assert world.context.scope.read("count") == 1 and line.property("invalid") is True
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert world.labels()[-1] == "1" and line.property("invalid") is False


def test_an_input_of_a_cell_writes_the_row(world: World, wait_until: Callable[..., None]) -> None:
    world.show('grid goods id=view\ninput view.current.name\nsearch id=other')
    form = world.window.findChild(Form)
    wait_until(lambda: form.row is not None and form.row.values is not None and form.fields[0].editor is not None)
    wait_until(lambda: form.fields[0].editor.value() == "hoe")
    form.fields[0].editor.setFocus()
    line = form.fields[0].editor.focusProxy()
    line.selectAll()
    QTest.keyClicks(line, "spade")
    form.write_row()
    wait_until(lambda: world.table.fetch(Query(), 0, 9).columns["name"] == ["rake", "spade"])


FLIPPING = """state s 1
grid goods id=view
{structure}
search id=other"""
STRUCTURES = {
    "if": 'if "s == 1" { column { form of=view.current { field name } } }\nelse { label "no" }',
    "match": 'match "s" { case 1 { form of=view.current { field name } }; else { label "no" } }',
    "within": 'if "s == 1" { if "s != 7" { form of=view.current { field name } } }\nelse { label "no" }',
}


@pytest.fixture(params=STRUCTURES)
def flipping(request: pytest.FixtureRequest, world: World, wait_until: Callable[..., None]) -> Form:
    """A form in a branch, in which a name is typed and not written."""
    world.show(FLIPPING.format(structure=STRUCTURES[request.param]))
    form = world.window.findChild(Form)
    wait_until(lambda: form.row is not None and form.row.values is not None and form.fields[0].editor is not None)
    wait_until(lambda: form.fields[0].editor.value() == "hoe")
    line = form.fields[0].editor.focusProxy()
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "spade")
    assert form.has_edits()
    world.context.scope.publish("s", 2)
    return form


def test_a_branch_with_edits_stays_until_they_are_written(
    world: World, flipping: Form, wait_until: Callable[..., None]
) -> None:
    QTest.qWait(3 * LOOK_MS)
    assert world.window.findChild(Form) is flipping and "no" not in world.labels()
    assert flipping.fields[0].editor.value() == "spade"
    QTest.keyClicks(flipping.fields[0].editor.focusProxy(), "s")
    flipping.write_row()
    wait_until(lambda: "no" in world.labels())
    assert world.table.fetch(Query(), 0, 9).columns["name"] == ["rake", "spades"]
    wait_until(lambda: world.window.findChild(Form) is None)


def test_a_branch_with_edits_goes_once_they_are_taken_back(
    world: World, flipping: Form, wait_until: Callable[..., None]
) -> None:
    flipping.revert_row()
    wait_until(lambda: "no" in world.labels())
    assert world.table.fetch(Query(), 0, 9).columns["name"] == ["rake", "hoe"]


def test_a_branch_that_is_wanted_again_keeps_its_edits(
    world: World, flipping: Form, wait_until: Callable[..., None]
) -> None:
    world.context.scope.publish("s", 1)
    flipping.write_row()
    wait_until(lambda: world.table.fetch(Query(), 0, 9).columns["name"] == ["rake", "spade"])
    assert world.window.findChild(Form) is flipping


def test_it_is_told_why_a_branch_stays(world: World, flipping: Form, wait_until: Callable[..., None]) -> None:
    said: list[str] = []
    world.context.reporter = type("Reports", (), {"report": lambda self, level, text, *_: said.append(text)})()
    wait_until(lambda: said == ["This part stays while it holds edits: write them, or take them back"])
    flipping.revert_row()
    wait_until(lambda: "no" in world.labels())
    assert len(said) == 1


@pytest.fixture
def slices(monkeypatch: pytest.MonkeyPatch) -> Callable[[World], bool]:
    """Rows of a repeat are built three at once, then one whenever this is called; answers whether there are more."""
    for name, value in {"FIRST_ROWS": 3, "SLICE_S": 0.0, "BETWEEN_MS": 1_000_000}.items():
        monkeypatch.setattr(f"widgets.structure.repeat.{name}", value)

    def build_one(world: World) -> bool:
        (repeat,) = repeats(world.window.region)
        repeat._go_on()
        return repeat._timer.isActive()

    return build_one


def repeats(region: Any) -> list[Repeat]:
    """The repeats of a region and of the structures in it."""
    found = [part.structure for part in region.parts if isinstance(part.structure, Repeat)]
    return found + [one for part in region.parts if part.region is not None for one in repeats(part.region)]


@pytest.fixture
def many(world: World) -> World:
    """A world with a table of ten rows, the price their order."""
    rows = [{"id": number, "name": f"n{number}", "price": number} for number in range(10)]
    world.table = MemorySource([(SCHEMA, rows)]).table("goods")
    world.handle.dispose()
    world.handle = world.context.tables["goods"] = TableHandle(world.table, "goods", sort="price")
    return world


Slices = Callable[[World], bool]
ROWS = [f"n{number}" for number in range(10)]


def test_rows_of_a_repeat_are_built_in_slices_in_their_order(
    slices: Slices, many: World, wait_until: Callable[..., None]
) -> None:
    many.show('repeat goods as=one { label "{one.name}" }\nlabel "behind"')
    wait_until(lambda: many.labels() == [*ROWS[:3], "behind"])
    assert slices(many)
    assert many.labels() == [*ROWS[:4], "behind"]
    while slices(many):
        pass
    assert many.labels() == [*ROWS, "behind"]


def test_the_note_that_there_are_more_comes_behind_the_last_row(
    slices: Slices, many: World, wait_until: Callable[..., None]
) -> None:
    many.show('repeat goods as=one { label "{one.name}" }')
    (repeat,) = repeats(many.window.region)
    repeat._limit = 5
    wait_until(lambda: many.labels() == ROWS[:3])
    while slices(many):
        pass
    assert many.labels() == [*ROWS[:5], "Only the first 5 are shown"]


def test_what_is_typed_stays_while_other_rows_are_built(
    slices: Slices, many: World, wait_until: Callable[..., None]
) -> None:
    many.show('repeat goods as=one { state note; input note label="{one.name}" }')
    wait_until(lambda: len(many.window.findChildren(QLineEdit)) == 3)
    line = many.window.findChildren(QLineEdit)[1]
    line.setFocus()
    QTest.keyClicks(line, "typed")
    while slices(many):
        pass
    assert len(many.window.findChildren(QLineEdit)) == 10
    assert many.window.focusWidget() is line and line.text() == "typed"


def test_a_change_while_rows_are_built_is_shown_in_the_right_order(
    slices: Slices, many: World, wait_until: Callable[..., None]
) -> None:
    many.show('repeat goods as=one { label "{one.name}" }')
    wait_until(lambda: many.labels() == ROWS[:3])
    kept = many.window.findChildren(Label)[2]
    many.table.commit([Delete((1,), ""), Insert({"id": 99, "name": "new", "price": -1})])
    wait_until(lambda: "new" in many.labels() and "n1" not in many.labels())
    while slices(many):
        pass
    assert many.labels() == ["new", "n0", *ROWS[2:]]
    assert kept in many.window.findChildren(Label), "rows that stay keep their widgets"


def test_a_repeat_that_goes_while_its_rows_are_built_builds_no_more(
    slices: Slices, many: World, wait_until: Callable[..., None]
) -> None:
    many.show('state on #true\nif "on" { repeat goods as=one { label "{one.name}" } }\nlabel "behind"')
    wait_until(lambda: many.labels() == [*ROWS[:3], "behind"])
    (repeat,) = repeats(many.window.region)
    many.context.scope.publish("on", False)
    repeat._go_on()
    assert many.labels() == ["behind"]
    many.context.scope.publish("on", True)
    wait_until(lambda: many.labels() == [*ROWS[:3], "behind"])
