"""Windows of many widgets: what is decided without asking Qt, told once, and gone after many changes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from layouts.kinds.table import BUILT_IN
from layouts.node import Formula, Template
from tests.widgets.test_structure import World
from widgets.binding import bind
from widgets.box import Box
from widgets.scope import Scope

_WORDS = {"row": Qt.Orientation.Horizontal, "column": Qt.Orientation.Vertical}
_LEAVES = ('label "a"', 'label "b" icon=search', 'label "c" wrap=#true', 'button "d"', "search", "spacer", "separator",
           'link "e" url="http://e"')  # fmt: skip
#: Two versions of one window: every change puts, drops, moves and sets something.
_VERSIONS = (
    'state s 1\nrow { label "{s}"; button "a" run="s = 2" }\nif "s == 1" { search id=box }\ntimer "60 s" run="s = 1"',
    'state s 1\nlabel "{s}!" icon=search\nrow { button "b" run="s = 3"; label "{s}" }\nif "s == 1" { label "no" }',
)


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.context.disposers()
    if made.window is not None:
        made.window.close()


def _random_layout(dice: random.Random, depth: int = 0) -> str:
    if depth == 3 or dice.random() < 0.4:
        return dice.choice(_LEAVES)
    inside = "; ".join(_random_layout(dice, depth + 1) for _ in range(dice.randrange(4)))
    return f"{dice.choice(('row', 'column', 'group'))} {{ {inside} }}"


@pytest.mark.parametrize("seed", range(12))
def test_a_box_knows_by_its_kinds_what_qt_would_answer(world: World, seed: int) -> None:
    dice = random.Random(seed)
    world.show("\n".join(_random_layout(dice) for _ in range(6)))
    boxes = [world.window.content, *world.window.content.findChildren(Box)]
    for box in boxes:
        for orientation in _WORDS.values():
            assert box.grows(orientation) is bool(box.box.expandingDirections() & orientation)


def test_the_kind_table_says_of_widgets_what_their_size_policies_say(world: World) -> None:
    world.show("\n".join(_LEAVES))
    told = [widget for widget in world.context.built if BUILT_IN[widget.node.kind].grows is not None]
    assert len(told) == 6
    for widget in told:
        directions = widget.sizePolicy().expandingDirections()
        grows = {word for word, orientation in _WORDS.items() if directions & orientation}
        assert grows == set(BUILT_IN[widget.node.kind].grows)


def test_an_icon_takes_its_room_at_the_start_of_a_label_whichever_way_one_reads(world: World) -> None:
    world.show('label "words" id=words icon=search')
    label = world.context.widgets["words"]
    assert label.contentsMargins().left() > 0 == label.contentsMargins().right()
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert label.contentsMargins().right() > 0 == label.contentsMargins().left()
    label.set_icon("")
    assert label.contentsMargins().right() == label.contentsMargins().left() == 0


class _Counting(Scope):
    """Counts how often a name is read."""

    reads = 0

    def read(self, name: str) -> Any:
        self.reads += 1
        return super().read(name)


def _shown(context: Any, value: Any) -> tuple[list[Any], Callable[[], None]]:
    told: list[Any] = []
    return told, bind(value, context, told.append)


def test_one_expression_is_worked_out_once_for_all_that_show_it(world: World) -> None:
    scope = world.context.scope = _Counting()
    scope.publish("view.current", {"city": "Bern", "name": "Anna"})
    city = Formula("view.current.city", ("view.current.city",))
    name = Template(("Name: ", Formula("view.current.name", ("view.current.name",))))
    cities, names = [_shown(world.context, city) for _ in range(50)], [_shown(world.context, name) for _ in range(50)]
    scope.reads = 0
    scope.publish("view.current", {"city": "Basel", "name": "Anna"})
    assert scope.reads == 1
    assert all(told == ["Bern", "Basel"] for told, _ in cities)
    assert all(told == ["Name: Anna"] for told, _ in names)
    for _, dispose in (*cities, *names):
        dispose()
    assert scope.watchers == 0 and not scope.cells


def test_who_comes_or_goes_while_others_are_told_misses_nothing(world: World) -> None:
    scope, value = world.context.scope, Formula("a", ("a",))
    scope.publish("a", 1)
    first, _ = _shown(world.context, value)
    with scope.together():
        scope.publish("a", 2)
        late, _ = _shown(world.context, value)
    assert first == [1, 2] and late[-1] == 2
    gone: list[Any] = []
    disposers: list[Callable[[], None]] = []
    bind(value, world.context, lambda found: disposers and disposers[0]())
    disposers.append(bind(value, world.context, gone.append))
    scope.publish("a", 3)
    assert gone == [2]


@pytest.mark.parametrize("changed", [("a",), ("a", "b"), ("a", "b", "c", "d")])
def test_labels_that_are_told_together_say_each_its_own(world: World, changed: tuple[str, ...]) -> None:
    states = [f'state {name} "0"' for name in "abcd"]
    lines = (f'label "{{{name}}}-{{{name}}}"; label "{{{name}}}"' for name in "abcd" * 5)
    world.show("\n".join([*states, *lines]))
    scope, row = world.context.scope, dict.fromkeys("abcd", "0")
    for text in ("1", "", "<b>bold</b> & more", "plain"):
        row.update(dict.fromkeys(changed, text))
        with scope.together():
            for name in changed:
                scope.publish(name, text)
        assert world.labels() == [said for name in "abcd" * 5 for said in (f"{row[name]}-{row[name]}", row[name])]
    label = next(one for one in world.window.findChildren(QLabel) if one.text() == "plain")
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_labels_are_told_when_one_goes_and_another_watcher_fails_meanwhile(world: World) -> None:
    world.show('state a 0\nif "a == 1" { label "{a} goes" }\nlabel "{a} stays"')
    scope = world.context.scope
    scope.publish("a", 1)
    assert world.labels() == ["1 goes", "1 stays"]
    scope.watch(["a"], lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        scope.publish("a", 2)
    assert world.labels() == ["2 stays"]


def _census(world: World) -> dict[str, int]:
    """What a window holds when nothing waits to be deleted."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    context = world.context
    return {
        "objects": len(world.window.findChildren(QObject)),
        "widgets": len(world.window.findChildren(QWidget)),
        "timers": len(world.window.findChildren(QTimer)),
        "built": len(context.built),
        "watchers": context.scope.watchers,
        "cells": len(context.scope.cells),
        "texts": sum(map(len, context.scope.texts.values())),
        "themed": context.theme.receivers("2changed()"),
        "named": len(context.widgets),
        "disposers": len(context.disposers),
    }


def test_many_changes_leave_nothing_behind(world: World) -> None:
    world.show(_VERSIONS[0])
    for version in (1, 0):
        world.patch(_VERSIONS[version])
    baseline = _census(world)
    for _ in range(60):
        world.patch(_VERSIONS[1])
        world.patch(_VERSIONS[0])
    assert _census(world) == baseline
