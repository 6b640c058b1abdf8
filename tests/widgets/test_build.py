"""The builder: kinds and setters, passes, cards, names; containers and displays by real keys and clicks."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from kernel.error import Where
from layouts.kinds.container import CONTAINERS
from layouts.kinds.display import DISPLAYS
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.node import Formula, Layout, Node, Template
from widgets.build import build_window, load_class
from widgets.card import ErrorCard
from widgets.context import Context
from widgets.properties import TRACKED
from widgets.scope import Scope
from widgets.theme import Theme

MINE = [kind.name for kind in (*CONTAINERS, *DISPLAYS) if kind.loader]


class Commands:
    """A command runner that remembers."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.listeners: list[Callable[[bool], None]] = []

    def run(self, command: str, **arguments: Any) -> None:
        self.ran.append(command)

    def title(self, command: str) -> str:
        return "Ship & go"

    def key(self, command: str) -> str:
        return "Ctrl+Return"

    def watch(self, command: str, listener: Callable[[bool], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        listener(True)
        return lambda: None


class Reports(list[tuple[str, str]]):
    """A reporter that remembers."""

    def report(self, level: str, text: str, detail: str = "") -> None:
        self.append((level, text))


@pytest.fixture
def context(qapp: object) -> Context:
    return Context(
        scope=Scope(),
        commands=Commands(),
        reporter=Reports(),
        theme=Theme("light"),
        tables={},
        open_table=lambda handle, name: handle,
        read_file=lambda path: None,
    )


def node(kind: str, *children: Node, id: str = "", **properties: Any) -> Node:
    return Node(kind, id, properties, list(children), Where("main.kdl", 3, 7))


def build(context: Context, *children: Node, kinds: Any = BUILT_IN) -> QWidget:
    window = build_window(Layout(windows=[node("window", *children)]), context, kinds)
    context.widgets["window"] = window
    window.resize(900, 600)
    window.show()
    return window


@pytest.mark.parametrize("name", MINE)
def test_every_kind_has_its_class_and_setters(qapp: object, name: str) -> None:
    kind = BUILT_IN[name]
    made = load_class(kind)
    for record in kind.properties:
        if record.type in TRACKED:
            assert callable(getattr(made, f"set_{record.name}", None)), f"{name}.{record.name}"


def test_every_choice_of_every_setter_is_taken(context: Context) -> None:
    for name in MINE:
        for record in BUILT_IN[name].properties:
            for choice in record.choices:
                needed = {"command": "a.b"} if name == "button" else {}
                build(context, node(name, **{record.name: choice, **needed}))
    assert context.reporter == []


def test_an_unknown_kind_becomes_a_card_and_the_rest_goes_on(context: Context) -> None:
    window = build(context, node("lable", text="x"), node("label", text="still here"))
    card = window.findChild(ErrorCard)
    texts = [label.text() for label in card.findChildren(QLabel)]
    assert any("lable" in text for text in texts)
    assert any("did you mean label" in text for text in texts)
    assert "main.kdl:3:7" in texts
    assert any(label.text() == "still here" for label in window.findChildren(QLabel))
    assert context.reporter[0][0] == "error"


def test_a_class_that_raises_becomes_a_card_with_the_place_of_its_code(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("widgets.spacer")

    class Broken(QWidget):
        def __init__(self, *_: Any) -> None:
            raise ZeroDivisionError("boom")

    monkeypatch.setattr(module, "Broken", Broken, raising=False)
    kinds = {**BUILT_IN, "broken": Kind("broken", "Fails.", loader="widgets.spacer:Broken")}
    window = build(context, node("broken"), node("label", text="on"), kinds=kinds)
    assert "test_build.py" in window.findChild(ErrorCard).accessibleDescription()


def test_what_is_below_a_label_stays_when_its_text_comes(context: Context) -> None:
    build(context, node("label", id="count", text=Formula("rows.count", ("rows.count",)), style="caption"))
    label = context.widgets["count"]
    before = label.sizeHint().height()
    assert label.text() == ""
    context.scope.publish("rows.count", "10,000,000 rows")
    assert (label.text(), label.sizeHint().height()) == ("10,000,000 rows", before)


def test_a_property_that_fails_later_becomes_a_card(context: Context) -> None:
    window = build(context, node("label", text="x", style="no-such-step"))
    assert window.findChild(ErrorCard) is not None


def test_expressions_are_tracked(context: Context) -> None:
    context.scope.publish("find.text", "ab")
    label = node("label", id="said", text=Template(("got ", Formula("find.text", ("find.text",)))))
    shown = node("label", id="hidden", text="x", visible=Formula("find.text != ''", ("find.text",)))
    build(context, label, shown)
    said, hidden = context.widgets["said"], context.widgets["hidden"]
    assert (said.text(), hidden.isVisible()) == ("got ab", True)
    context.scope.publish("find.text", "")
    assert (said.text(), hidden.isVisible()) == ("got ", False)


def test_a_label_names_a_widget_that_comes_later(context: Context) -> None:
    build(context, node("label", text="How far", **{"for": "bar"}), node("progress", id="bar", value=0.5))
    assert context.widgets["bar"].accessibleName() == "How far"


def test_interactive_widgets_have_names(context: Context) -> None:
    build(
        context,
        node("button", id="a", command="order.ship"),
        node("link", id="b", url="https://example.org"),
        node("split", node("label", text="x"), id="main"),
    )
    assert [context.widgets[name].accessibleName() for name in ("a", "b", "main")] == [
        "Ship & go",
        "https://example.org",
        "Main",
    ]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_button_runs_by_key_and_follows_its_command(context: Context, key: Qt.Key) -> None:
    build(context, node("button", id="ship", command="order.ship"))
    button = context.widgets["ship"]
    assert button.text() == "Ship && go"
    assert "Ctrl+Return" in button.toolTip()
    QTest.keyClick(button, key)
    assert context.commands.ran == ["order.ship"]
    context.commands.listeners[0](False)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert context.commands.ran == ["order.ship"]


def test_enabled_needs_both_layout_and_command(context: Context) -> None:
    build(context, node("button", id="ship", command="order.ship", enabled=False))
    context.commands.listeners[0](True)
    assert not context.widgets["ship"].isEnabled()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "/bin/sh", "smb://x/y"])
def test_a_link_opens_only_web_and_mail(context: Context, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("widgets.link.QDesktopServices.openUrl", lambda address: opened.append(address.toString()))
    build(context, node("link", id="go", url=url))
    QTest.keyClick(context.widgets["go"], Qt.Key.Key_Return)
    assert opened == []
    assert context.reporter[0][0] == "warning"


def test_a_split_moves_by_keys_and_remembers(context: Context, wait_until: Callable[..., None]) -> None:
    inner = node("button", id="inside", command="a.b")
    build(context, node("split", inner, node("label", text="y"), id="main", sizes="1,1"))
    split, button = context.widgets["main"], context.widgets["inside"]
    before = split.sizes()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_F8)
    border = split.handle(1)
    wait_until(border.hasFocus)
    QTest.keyClick(border, Qt.Key.Key_Right)
    assert split.sizes()[0] == before[0] + 16
    wait_until(lambda: context.recall("split:main") == split.sizes())
    QTest.keyClick(border, Qt.Key.Key_Escape)
    wait_until(button.hasFocus)


def test_a_page_is_built_when_first_shown(context: Context) -> None:
    pages = [node("tab", node("label", id=name, text=name), title=name) for name in ("one", "two")]
    build(context, node("tabs", *pages, id="tabs"))
    assert "one" in context.widgets and "two" not in context.widgets
    QTest.keyClick(context.widgets["tabs"], Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert context.widgets["two"].isVisible()
    QTest.keyClick(context.widgets["tabs"], Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert context.widgets["one"].isVisible() and not context.widgets["two"].isVisible()


def test_the_list_of_pages_is_filtered_by_typing(context: Context) -> None:
    pages = [node("tab", node("label", id=name, text=name), title=name) for name in ("albums", "tracks")]
    window = build(context, node("tabs", *pages, id="tabs", side="start", filter=True))
    box = window.findChild(QLineEdit)
    box.setFocus()
    QTest.keyClicks(box, "tra")
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert context.widgets["tabs"].current() == 1
    assert context.widgets["tracks"].isVisible()


def test_closing_a_window_ends_its_watching(context: Context) -> None:
    build(context, node("label", id="said", text=Formula("find.text", ("find.text",))))
    label = context.widgets["said"]
    context.disposers()
    context.scope.publish("find.text", "late")
    assert label.text() == ""
