"""Providers of the palette: asked on threads, slow, failing, given up; nothing moves under the person's eyes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from kernel.error import EspalierError
from shell.palette.contract import Provider
from shell.palette.item import Item
from shell.palette.panel import Palette
from shell.palette.ranking import Ranking
from shell.state import State
from widgets.theme import Theme


@pytest.fixture(scope="module")
def desk(qapp: Any) -> Iterator[SimpleNamespace]:
    """A window with a palette whose providers each test gives."""
    window = QWidget()
    window.resize(900, 700)
    field = QLineEdit(window)
    providers: list[Provider] = []
    palette = Palette(window, Theme("light"), lambda: list(providers), Ranking(State(None)))
    window.show()
    window.activateWindow()
    yield SimpleNamespace(window=window, palette=palette, providers=providers, field=field, ran=[])
    palette.search.forget()
    window.close()


@pytest.fixture
def open_with(desk: SimpleNamespace) -> Iterator[Callable[..., Palette]]:
    """Opens the palette with some providers, and closes it at the end."""

    def open_with(*providers: Provider, text: str = "") -> Palette:
        desk.providers[:] = providers
        desk.ran.clear()
        desk.palette.open_with(text)
        return desk.palette

    yield open_with
    desk.palette.close_card()


def item(desk: SimpleNamespace, title: str, section: str = "") -> Item:
    return Item(title.lower(), title, lambda: desk.ran.append(title), section)


def titles(palette: Palette) -> list[str]:
    return [one.item.title for one in palette.model.found]


def commands(desk: SimpleNamespace, *names: str) -> Provider:
    return Provider("commands", "Commands", lambda _asked: [item(desk, name) for name in names], ">", "commands")


def type_in(palette: Palette, text: str) -> None:
    QTest.keyClicks(palette.line, text)


class Gate:
    """A provider that answers when it is let, and notes what it was asked."""

    def __init__(self, answer: Callable[[str], list[Item]]) -> None:
        self.asked: list[str] = []
        self.given_up: list[str] = []
        self.open = threading.Event()
        self._answer = answer

    def __call__(self, asked: Any) -> Iterator[Item]:
        self.asked.append(asked.text)
        while not self.open.wait(0.005):
            if asked.is_over:
                self.given_up.append(asked.text)
                asked.check()
        yield from self._answer(asked.text)


def test_a_slow_provider_holds_up_nothing_and_is_named(desk: Any, open_with: Any, wait_until: Any) -> None:
    gate = Gate(lambda _text: [item(desk, "Dark matter")])
    palette = open_with(commands(desk, "Dark theme", "Light theme"), Provider("slow", "Files", gate, way="once"))
    type_in(palette, "dark")
    assert titles(palette) == ["Dark theme"] and palette.current().title == "Dark theme"
    wait_until(lambda: not palette.waiting.isHidden())
    assert palette.waiting.text() == "Still looking: Files"
    gate.open.set()
    wait_until(lambda: titles(palette) == ["Dark theme", "Dark matter"])
    assert palette.current().title == "Dark theme"
    wait_until(lambda: palette.waiting.isHidden())


def test_what_comes_later_stands_below_and_is_ranked_with_the_next_letter(
    desk: Any, open_with: Any, wait_until: Any
) -> None:
    gate = Gate(lambda _text: [item(desk, "Row")])
    palette = open_with(commands(desk, "New row", "Row of pearls"), Provider("tables", "Tables", gate, way="once"))
    type_in(palette, "ro")
    palette.list.setCurrentIndex(palette.model.index(1))
    before = titles(palette)
    chosen = palette.current().title
    gate.open.set()
    wait_until(lambda: titles(palette) == [*before, "Row"])
    assert palette.current().title == chosen
    type_in(palette, "w")
    assert titles(palette)[0] == "Row"


def test_a_failing_provider_says_so_and_the_rest_goes_on(desk: Any, open_with: Any, wait_until: Any) -> None:
    def fail(_asked: Any) -> list[Item]:
        raise EspalierError("the shelf is away")

    palette = open_with(commands(desk, "Dark theme"), Provider("files", "Files", fail, way="once"))
    type_in(palette, "d")
    wait_until(lambda: titles(palette) == ["Dark theme", "Files cannot be looked through"])
    assert palette.model.found[1].item.reason == "the shelf is away"
    type_in(palette, "a")
    assert titles(palette) == ["Dark theme", "Files cannot be looked through"]
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible() and desk.ran == []


def test_one_that_cannot_even_begin_says_so(desk: Any, open_with: Any, wait_until: Any) -> None:
    def begin() -> Any:
        raise EspalierError("no code")

    lost = Provider("lost", "Symbols", lambda _asked: (), way="once", begin=begin)
    palette = open_with(commands(desk, "Dark theme"), lost)
    type_in(palette, "d")
    wait_until(lambda: titles(palette) == ["Dark theme", "Symbols cannot be looked through"])


def test_quick_providers_may_fail_too(desk: Any, open_with: Any) -> None:
    def fail(_asked: Any) -> list[Item]:
        raise EspalierError("the shelf is away")

    broken, typed = Provider("pages", "Pages", fail), Provider("line", "Lines", fail, way="typed")
    palette = open_with(commands(desk, "Lamp"), broken, typed)
    type_in(palette, "la")
    assert titles(palette)[:2] == ["Lines cannot be looked through", "Lamp"] and palette.current().title == "Lamp"
    type_in(palette, "mp")
    assert "Lamp" in titles(palette)


def test_a_live_provider_is_given_up_when_the_text_goes_on(desk: Any, open_with: Any, wait_until: Any) -> None:
    gate = Gate(lambda text: [item(desk, f"Row {text}")])
    palette = open_with(commands(desk, "Order"), Provider("rows", "Rows", gate, "#", way="live"))
    type_in(palette, "#ab")
    wait_until(lambda: "ab" in gate.asked)
    type_in(palette, "c")
    wait_until(lambda: "ab" in gate.given_up)
    gate.open.set()
    wait_until(lambda: titles(palette) == ["Row abc"])
    assert palette.model.found[0].heading == "Rows"
    assert palette.current().title == "Row abc"


def test_nothing_comes_after_it_was_closed(desk: Any, open_with: Any, wait_until: Any) -> None:
    gate = Gate(lambda text: [item(desk, f"Row {text}")])
    palette = open_with(Provider("rows", "Rows", gate, "#", way="live"))
    type_in(palette, "#ab")
    wait_until(lambda: "ab" in gate.asked)
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    wait_until(lambda: "ab" in gate.given_up)
    palette = open_with(commands(desk, "Order"))
    assert titles(palette) == ["Order"]


def test_return_before_anything_came_runs_what_comes_first(desk: Any, open_with: Any, wait_until: Any) -> None:
    gate = Gate(lambda text: [item(desk, f"Row {text}")])
    palette = open_with(Provider("rows", "Rows", gate, "#", way="live"))
    type_in(palette, "#7")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible() and desk.ran == []
    gate.open.set()
    wait_until(lambda: desk.ran == ["Row 7"])
    assert not palette.isVisible()


def test_a_prefix_shows_its_providers_alone_and_help_lists_the_prefixes(desk: Any, open_with: Any) -> None:
    typed = Provider("line", "Line", lambda asked: [item(desk, f"Line {asked.text}")], ":", "a line", way="typed",
                     is_general=False)  # fmt: skip
    pages = Provider("pages", "Pages", lambda _asked: [item(desk, "Dark page")], "/", "pages")
    palette = open_with(commands(desk, "Dark theme"), pages, typed)
    type_in(palette, "dark")
    assert set(titles(palette)) == {"Dark theme", "Dark page"}
    palette.line.clear()
    type_in(palette, ">dark")
    assert titles(palette) == ["Dark theme"]
    palette.line.clear()
    type_in(palette, ":12")
    assert titles(palette) == ["Line 12"]
    palette.line.clear()
    type_in(palette, "?")
    assert titles(palette) == ["Commands", "Pages", "A line"]
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.line.text() == "/" and titles(palette) == ["Dark page"] and palette.isVisible()
    assert QApplication.focusWidget() is palette.line


def test_the_thread_is_another_one_and_what_was_known_is_there_at_once(
    desk: Any, open_with: Any, wait_until: Any
) -> None:
    threads: list[int] = []

    def gather(_asked: Any) -> Iterator[Item]:
        threads.append(threading.get_ident())
        yield item(desk, "Dark file")

    files = Provider("files", "Files", gather, way="once")
    palette = open_with(files)
    type_in(palette, "dark")
    wait_until(lambda: titles(palette) == ["Dark file"])
    wait_until(lambda: not palette.search.is_waiting)
    assert threads and threading.get_ident() not in threads
    palette.close_card()
    gate = Gate(lambda _text: [])
    palette = open_with(files._replace(gather=gate), text="dark")
    assert titles(palette) == ["Dark file"]
    gate.open.set()
    wait_until(lambda: not palette.search.is_waiting)
    palette.close_card()
    assert gate.asked == [""]
