"""Style rules on living widgets: colours, fonts and room as the rules say, in both schemes, changed while shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from layouts.load import load_layout
from layouts.node import Layout
from tests.widgets.behaviour_world import Runner
from widgets.build import build_window
from widgets.context import Context
from widgets.dress import take_styles
from widgets.patch import patch_widget
from widgets.scope import Scope
from widgets.theme import Theme


class World:
    """One window, dressed as an application is."""

    def __init__(self) -> None:
        self.theme = Theme("light")
        self.theme.apply(QApplication.instance())
        self.context = Context(
            scope=Scope(), commands=Runner(), reporter=None, theme=self.theme, tables={}, open_table=None,
            read_file=None,
        )  # fmt: skip
        self.window: Any = None

    def layout(self, rules: str, text: str) -> Layout:
        return load_layout("main.kdl", {"main.kdl": f"layout 1\n{rules}\nwindow {{\n{text}\n}}\n".encode()}.get)

    def show(self, rules: str, text: str) -> None:
        self.window = build_window(self.layout(rules, text), self.context)
        self.window.resize(500, 300)
        self.window.show()

    def close(self) -> None:
        self.context.disposers()
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()

    def patch(self, rules: str, text: str) -> None:
        layout = self.layout(rules, text)
        take_styles(layout.styles, self.context)
        assert patch_widget(self.window, layout.windows[0], self.context)

    def __getitem__(self, name: str) -> QWidget:
        return self.context.widgets[name]

    def ground(self, name: str, at: tuple[int, int] = (2, 2)) -> str:
        """The colour near the upper left corner of a widget."""
        place = self[name].mapTo(self.window, QPoint(*at))
        return QColor(self.window.grab().toImage().pixel(place)).name()

    def ink(self, name: str) -> str:
        """The colour that a label's text has."""
        text = self[name]
        return text.palette().color(text.foregroundRole()).name()

    def color(self, token: str) -> str:
        return self.theme.color(token).name()


@pytest.fixture
def world(qapp: QApplication) -> Iterator[World]:
    before = (qapp.styleSheet(), qapp.palette(), qapp.font())
    world = World()
    yield world
    world.close()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


ROW = 'row id=hero class=hero {{ label "One" id=one{}; label "Two" id=two tone=error }}'


def test_a_container_has_its_ground_and_room_and_its_texts_take_its_color(world: World) -> None:
    world.show("style class=hero ground=accent color=on-accent padding=wide gap=page", ROW.format(""))
    assert world.ground("hero") == world.color("accent")
    assert world.ink("one") == world.color("on-accent")
    assert world.ink("two") == world.color("error")
    assert (world["hero"].layout().contentsMargins().left(), world["hero"].layout().spacing()) == (16, 24)


def test_both_schemes_have_their_values_and_the_change_is_seen_at_once(world: World) -> None:
    world.show("style row ground=fill { when dark ground=accent }\nstyle label color=link", ROW.format(""))
    assert world.ground("hero") == world.color("fill")
    world.theme.set_mode("dark")
    assert world.ground("hero") == world.color("accent")
    assert world.ink("one") == world.color("link") == "#68c69a"


def test_type_and_weight_follow_the_text_size(world: World) -> None:
    world.show("style id=one type=title weight=normal", ROW.format(""))
    font = world["one"].font()
    assert (font.pixelSize(), font.weight()) == (world.theme.font("title").pixelSize(), 400)
    world.theme.set_text_size(2.0)
    assert world["one"].font().pixelSize() == world.theme.font("title").pixelSize()


def test_a_class_that_an_expression_gives_comes_and_goes(world: World) -> None:
    text = "state late #false\n" + ROW.format(" class=\"{'late' if late.value else ''}\"")
    world.show("style class=late color=warning ground=warning-soft", text)
    assert world.ink("one") == world.color("text")
    world.context.scope.publish("late.value", True)
    assert world.ink("one") == world.color("warning")
    assert world.ground("one") == world.color("warning-soft")
    world.context.scope.publish("late.value", False)
    assert world.ink("one") == world.color("text")
    assert world.ground("one") == world.color("window")


def test_a_class_of_a_container_reaches_the_texts_in_it(world: World) -> None:
    world.show("style class=hero color=link\nstyle class=loud color=error", ROW.format(""))
    one = world["one"]
    world.patch(
        "style class=hero color=link\nstyle class=loud color=error", ROW.format("").replace("=hero {", "=loud {")
    )
    assert world["one"] is one
    assert world.ink("one") == world.color("error")


def test_rules_are_patched_while_the_widgets_stay(world: World) -> None:
    world.show("", ROW.format(""))
    one, plain = world["one"], world["hero"].layout().contentsMargins()
    world.patch("style row ground=fill padding=wide\nstyle label color=link", ROW.format(""))
    assert (world.ground("hero"), world.ink("one")) == (world.color("fill"), world.color("link"))
    world.patch("", ROW.format(""))
    assert world["one"] is one
    assert (world.ground("hero"), world.ink("one")) == (world.color("window"), world.color("text"))
    assert world["hero"].layout().contentsMargins() == plain


def test_what_a_label_says_itself_by_a_patch_goes_before_the_rule(world: World) -> None:
    world.show("style label color=link", ROW.format(""))
    world.patch("style label color=link", ROW.format(" tone=muted"))
    assert world.ink("one") == world.color("muted")


def test_what_an_if_brings_later_is_dressed_too(world: World) -> None:
    world.show("style label color=link", 'state more #false\nif "more.value" { label "Late" id=late }')
    world.context.scope.publish("more.value", True)
    assert world.ink("late") == world.color("link")


def test_the_color_of_tabs_is_for_their_titles_alone(world: World) -> None:
    world.show("style tabs color=link", 'tabs { tab "One" { label "1" id=inside } }')
    assert world.ink("inside") == world.color("text")


def test_a_page_of_tabs_has_its_ground_and_room(world: World) -> None:
    rule = "style tab ground=accent color=on-accent padding=wide"
    world.show(rule, 'tabs { tab "One" id=page { label "1" id=inside } }')
    assert (world.ground("page"), world.ink("inside")) == (world.color("accent"), world.color("on-accent"))
    assert world["page"].layout().contentsMargins().left() == 16


def test_a_button_has_its_colors_at_rest_and_while_it_cannot_be_used(world: World) -> None:
    rules = "style button ground=accent color=on-accent radius=none { when disabled ground=error-soft }"
    world.show(rules, 'button "Go" id=go run="x.y"')
    assert world.ground("go", (8, 4)) == world.color("accent")
    world["go"].set_enabled(False)
    assert world.ground("go", (8, 4)) == world.color("error-soft")


def test_fields_have_their_ground_and_their_look_when_invalid(world: World) -> None:
    rules = "style input ground=info-soft { when invalid ground=warning-soft }"
    world.show(rules, 'state name "x"\ninput id=field value=name.value label="Name"')
    editor = world["field"].editor
    line = editor.focusProxy() or editor
    seen = line.grab().toImage().pixel(line.width() - 6, line.height() // 2)
    assert QColor(seen).name() == world.color("info-soft")
    line.setProperty("invalid", True)
    line.style().unpolish(line)
    line.style().polish(line)
    seen = line.grab().toImage().pixel(line.width() - 6, line.height() // 2)
    assert QColor(seen).name() == world.color("warning-soft")


@pytest.mark.parametrize(("density", "color"), [("compact", "link"), ("roomy", "text")])
def test_a_density_has_its_own_values_and_heights(world: World, density: str, color: str) -> None:
    world.theme = world.context.theme = Theme("light", density=density)
    world.show("style label { when compact color=link }", ROW.format(""))
    assert world.ink("one") == world.color(color)
    assert world.theme.height() - Theme("light").height() == {"compact": -4, "roomy": 6}[density]


def test_a_window_without_rules_has_no_dresser(world: World) -> None:
    world.show("", ROW.format(" class=amount"))
    assert world.context.dresser is None
    assert world["one"].styleSheet() == ""


def test_a_label_keeps_its_place_in_the_type_scale(world: World) -> None:
    world.show("", 'label "Words" style=title tone=muted id=words')
    for mode, size in (("dark", 1.0), ("dark", 1.6), ("light", 1.6), ("light", 1.0)):
        world.theme.set_mode(mode)
        world.theme.set_text_size(size)
        assert world["words"].font().pixelSize() == world.theme.font("title").pixelSize()
        assert world.ink("words") == world.color("muted")
