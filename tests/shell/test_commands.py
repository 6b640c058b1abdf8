"""The command registry, without a window."""

from __future__ import annotations

import importlib
from typing import Literal

import pytest

from layouts.node import Formula, Template
from shell.builtin import BUILT_IN
from shell.command import Command, parameters, resolve
from shell.commands import Registry
from widgets.scope import Scope


class Reports(list):
    """Collects messages."""

    def report(self, level: str, text: str, detail: str = "") -> None:
        self.append((level, text, detail))


@pytest.fixture
def reports():
    return Reports()


@pytest.fixture
def scope():
    return Scope()


@pytest.fixture
def registry(scope, reports):
    return Registry(scope, reports, window="the window")


def test_a_command_runs_with_its_window_and_arguments(registry, reports):
    ran = []

    def run(window, count: int, mode: Literal["a", "b"] = "a") -> None:
        ran.append((window, count, mode))

    registry.register([Command("room.do-it", "Do it", run)])
    registry.run("room.do-it", count=3)
    registry.run("room.do-it 4 mode=b")
    assert ran == [("the window", 3, "a"), ("the window", 4, "b")]
    assert reports == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("room.do-it x", "no whole number"),
        ("room.do-it 1 colour=red", "takes no argument"),
        ("room.do-it", "needs count"),
        ("room.doit", "no command"),
        ('room.do-it "', "quote is not closed"),
        ("room.fail", "it broke"),
    ],
)
def test_whatever_goes_wrong_becomes_a_message(registry, reports, line, words):
    def fail() -> None:
        raise ValueError("it broke")

    registry.register([Command("room.do-it", "Do it", lambda: None), Command("room.fail", "Fail", fail)])

    def run(count: int) -> None:
        pytest.fail("must not run")

    registry.register([Command("room.do-it", "Do it", run)])
    registry.run(line)
    (level, text, detail), *rest = reports
    assert level == "error" and words in text and not rest


def test_an_unknown_command_is_answered_with_the_nearest(registry, reports):
    registry.register([Command("theme.dark", "Dark", lambda: None)])
    registry.run("theme.drak")
    assert "theme.dark" in reports[0][2]


def test_when_is_tracked(registry, scope):
    registry.register([Command("order.ship", "Ship", lambda: None, when="status == 'open'")])
    heard = []
    dispose = registry.watch("order.ship", heard.append)
    scope.publish("status", "open")
    scope.publish("status", "sent")
    dispose()
    scope.publish("status", "open")
    assert heard == [False, True, False]


def test_a_disabled_command_does_not_run(registry, reports):
    registry.register([Command("a.b", "A", lambda: pytest.fail("ran"), blocked=lambda: "The table is read-only")])
    registry.run("a.b")
    assert reports == [("info", "A: the table is read-only", "")]


def test_titles_are_filled_in(registry, scope):
    title = Template(("Ship order ", Formula("view.id", ("view.id",))))
    registry.register([Command("order.ship", title, lambda: None)])
    scope.publish("view.id", 17)
    assert registry.title("order.ship") == "Ship order 17"
    assert registry.title("no.such") == "no.such"


def test_a_question_is_asked_first(registry, reports):
    ran, asked = [], []
    registry.register([Command("a.b", "A", lambda: ran.append(1), confirm="Really?")])
    registry.run("a.b")
    assert "question" in reports[0][1] and not ran
    registry.ask = lambda text, command, go: asked.append((text, go))
    registry.run("a.b")
    assert asked[0][0] == "Really?" and not ran
    asked[0][1]()
    assert ran == [1]


def test_the_disposer_brings_back_what_was_covered(registry):
    registry.register([Command("a.b", "first", lambda: None)])
    dispose = registry.register([Command("a.b", "second", lambda: None), Command("c.d", "third", lambda: None)])
    assert registry.title("a.b") == "second"
    dispose()
    assert registry.title("a.b") == "first" and registry.get("c.d") is None


@pytest.mark.parametrize("command", BUILT_IN, ids=lambda command: command.id)
def test_every_built_in_command_is_whole(command):
    function = resolve(command.run)
    _, wanted = parameters(function)
    assert command.doc and command.title and command.section and function.__doc__
    assert set(command.arguments) <= {argument.name for argument in wanted}
    room, _, verb = command.id.partition(".")
    assert room and verb and command.id == command.id.lower()


def test_built_in_icons_exist(qapp):
    icons = importlib.import_module("widgets.theme.token").load_icons()
    assert [command.id for command in BUILT_IN if command.icon and command.icon not in icons] == []
