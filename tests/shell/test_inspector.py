"""The inspector over a real window: what it says of widgets, by pointer and by key; the editor's line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from shiboken6 import isValid

from kernel.error import Where
from shell import desk as desk_module
from shell.action.inspect import EditorError, start_editor
from shell.live.inspected import lines, node_of
from tests.shell.test_live import Place, WaitUntil


@pytest.fixture
def place(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil) -> Iterator[Place]:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    made = Place(tmp_path / "shop", tmp_path / "home")
    wait_until(lambda: made.words() == "Items: 500" and made.widget("editor").row is not None)
    yield made
    made.developing.stop()
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for window in list(desk.windows):
            window._may_lose_edits = True
            window.close()
    made.session.close()


def open_inspector(place: Place) -> Any:
    place.window.registry.run("app.inspect")
    return place.window.cards.made["inspector"]


def test_it_says_what_made_the_widget_under_the_pointer(place: Place) -> None:
    inspector = open_inspector(place)
    label = place.widget("words")
    point = label.mapTo(place.window, QPoint(5, label.height() // 2))
    QTest.mouseMove(inspector, point)
    inspector.choose(inspector._under(point))
    assert inspector.chosen is label
    assert str(node_of(label).where) == "main.kdl:8:5"
    assert inspector._where.text() == "main.kdl:8:5" and inspector._title.text().startswith("label")
    assert ("text", "Items: {items.count}", "Items: 500") in lines(label, None)


def test_arrow_keys_go_through_the_tree_and_escape_gives_the_focus_back(place: Place) -> None:
    find = place.widget("find")
    find.setFocus()
    inspector = open_inspector(place)
    assert inspector.chosen is find
    QTest.keyClick(inspector, Qt.Key.Key_Right)
    assert node_of(inspector.chosen).kind == "button"
    QTest.keyClick(inspector, Qt.Key.Key_Up)
    assert node_of(inspector.chosen).kind == "row"
    QTest.keyClick(inspector, Qt.Key.Key_Right)
    assert inspector.chosen is place.widget("view")
    QTest.keyClick(inspector, Qt.Key.Key_Up)
    assert node_of(inspector.chosen).kind == "window"
    QTest.keyClick(inspector, Qt.Key.Key_Down)
    assert node_of(inspector.chosen).kind == "row"
    QTest.keyClick(inspector, Qt.Key.Key_Escape)
    assert inspector.isHidden() and place.window.focusWidget() is find


def test_a_line_goes_to_the_clipboard_without_an_editor(place: Place) -> None:
    place.window.kinds = {name: kind for name, kind in place.window.kinds.items() if name != "editor"}
    place.widget("find").setFocus()
    inspector = open_inspector(place)
    QTest.keyClick(inspector, Qt.Key.Key_Return)
    assert QApplication.clipboard().text() == f"{place.folder / 'main.kdl'}:5:11"
    assert inspector.isHidden()


def test_the_editor_is_started_at_the_line(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = "import sys; open(sys.argv[1], 'w').write(' '.join(sys.argv[2:]))"
    template = f'"{sys.executable}" -c "{code}" "{out}" {{file}} {{line}} {{column}}'
    started = start_editor(template, "a b.kdl", Where("a b.kdl", 7, 3))
    assert started.wait(60) == 0
    assert out.read_text() == "a b.kdl 7 3"
    with pytest.raises(EditorError, match="cannot be started"):
        start_editor(str(tmp_path / "nothing"), "a", Where("a", 1, 1))
    with pytest.raises(EditorError, match="cannot be understood"):
        start_editor("code {what}", "a", Where("a", 1, 1))


def test_it_goes_on_when_a_newer_layout_takes_its_widget(place: Place, wait_until: WaitUntil) -> None:
    inspector = open_inspector(place)
    inspector.choose(place.widget("words"))
    place.change('    label "Items: {items.count}" id=words\n', "")
    wait_until(lambda: "words" not in place.window.context.widgets)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
        QTest.keyClick(inspector, key)
        assert isValid(inspector.chosen)
    inspector.choose(place.widget("find"))
    place.change('placeholder="Find"', 'placeholder="Look"')
    wait_until(lambda: any(label.text() == "Look" for label in inspector.card.findChildren(QLabel)))


def test_it_covers_a_window_that_is_resized(place: Place, wait_until: WaitUntil) -> None:
    inspector = open_inspector(place)
    place.window.resize(700, 420)
    wait_until(lambda: inspector.size() == place.window.size())
    wait_until(lambda: inspector.rect().contains(inspector.card.geometry()))


def test_it_looks_at_an_open_dialog(place: Place, wait_until: WaitUntil) -> None:
    place.change("    tabs", '    dialog card title="D" { search id=inner }\n    tabs')
    wait_until(lambda: "card" in place.window.context.dialogs)
    place.window.registry.run("dialog.open", name="card")
    inner = place.widget("inner")
    wait_until(lambda: inner.width() > 100)
    inspector = open_inspector(place)
    inspector.choose(inspector._under(inner.mapTo(place.window, QPoint(4, 4))))
    assert inspector.chosen is inner
