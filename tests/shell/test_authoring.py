"""An app and its layout side by side: written at the right, running at the left, published from there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shell import desk as desk_module
from shell.publishing.client import RefusedError
from tests.conftest import spin_until
from tests.plugins.editor_desk import press
from tests.shell.test_live import Place, WaitUntil


@pytest.fixture
def place(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil) -> Iterator[Place]:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    made = Place(tmp_path / "shop", tmp_path / "home")
    made.developing.stop()  # opened as any folder is, not by `espalier dev`
    wait_until(lambda: made.words() == "Items: 500" and made.widget("editor").row is not None)
    yield made
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for window in list(desk.windows):
            window._may_lose_edits = True
            window.close()
    made.session.close()


def edit(place: Place, **arguments: str) -> Any:
    place.window.activateWindow()
    place.window.registry.run("live.edit", **arguments)
    beside = place.window.cards.made["authoring"]
    spin_until(lambda: place.window.isActiveWindow() and beside.editor.pane.code.host.view.hasFocus())
    return beside


def type_over(beside: Any, old: str, new: str) -> None:
    """Find a text in the editor, and type another one over it; write it."""
    code = beside.editor.pane.code
    start = code.data().index(old.encode())
    code.select(start, start + len(old.encode()))
    QTest.keyClicks(code.host.view, new)
    press("Ctrl+S")


def test_what_is_written_beside_is_what_runs(place: Place, wait_until: WaitUntil) -> None:
    place.widget("find").setFocus()
    beside = edit(place)
    line, _ = beside.editor.caret_place()
    assert beside.path == "main.kdl" and b"id=find" in beside.editor.pane.code.line_text(line - 1)
    type_over(beside, "Items: {items.count}", "Things: {items.count}")
    wait_until(lambda: place.words() == "Things: 500")
    assert beside.isVisible() and beside.editor.pane.code.host.view.hasFocus()


def test_a_layout_that_is_built_anew_leaves_the_editor_and_its_undo(place: Place, wait_until: WaitUntil) -> None:
    beside = edit(place)
    body = place.window.body
    type_over(beside, "grid items", "gird items")
    wait_until(lambda: bool(place.problems()))
    assert place.window.body is body and place.words() == "Items: 500"
    while b"grid items" not in beside.editor.pane.code.data():
        press("Ctrl+Z")
    press("Ctrl+S")
    wait_until(lambda: not place.problems())
    place.window.show_layout(place.session.layout)
    assert place.window.body is not body and beside.widget(0) is place.window.body and place.window.body.isVisible()
    assert beside.editor.isVisible() and beside.count() == 2
    assert beside.editor.pane.code.host.view.hasFocus()
    press("Ctrl+Y")
    assert beside.editor.has_edits()


def test_the_inspector_goes_to_the_line_and_the_line_to_the_widget(place: Place, wait_until: WaitUntil) -> None:
    place.window.registry.run("app.inspect")
    inspector = place.window.cards.made["inspector"]
    inspector.choose(place.widget("words"))
    QTest.keyClick(inspector, Qt.Key.Key_Return)
    beside = place.window.cards.made["authoring"]
    assert beside.editor.caret_place() == (8, 1) and inspector.isHidden()
    code = beside.editor.pane.code
    code.select(*[code.data().index(b"id=find")] * 2)
    place.window.registry.run("live.show-widget")
    assert inspector.isVisible() and inspector.chosen is place.widget("find")


def test_closing_writes_and_gives_the_app_its_window_back(place: Place) -> None:
    beside = edit(place, path="hello.py")
    QTest.keyClicks(beside.editor.pane.code.host.view, "# x ")
    place.window.registry.run("live.leave")
    assert (place.folder / "hello.py").read_text().startswith("# x def greet")
    assert "authoring" not in place.window.cards.made and place.window.body.isVisible()
    assert place.window.content is place.window.body and place.session.before_reload is None
    assert edit(place).editor.isVisible()


def test_another_file_comes_when_the_one_before_is_written(place: Place) -> None:
    beside = edit(place, path="hello.py")
    QTest.keyClicks(beside.editor.pane.code.host.view, "# x ")
    beside.open("app.toml")
    assert beside.path == "app.toml" and (place.folder / "hello.py").read_text().startswith("# x def greet")


def test_publishing_writes_first_and_tells_the_version(
    place: Place, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def release(folder: Path, _session: Any, server: str, **facts: Any) -> dict[str, Any]:
        asked.append(((folder / "hello.py").read_text()[:3], server, facts))
        return {"app": "shop", "version": "7", "channel": "stable", "is_new": True}

    monkeypatch.setattr("shell.publishing.release.release", release)
    beside = edit(place, path="hello.py")
    QTest.keyClicks(beside.editor.pane.code.host.view, "# x ")
    place.window.registry.run("app.publish", message="more", server="home")
    wait_until(lambda: any("Published shop 7 on stable of " in one.text for one in place.window.messages.shown))
    assert asked == [("# x", "home", {"message": "more"})]


def test_every_reason_against_publishing_is_shown(
    place: Place, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **_facts: Any) -> dict[str, Any]:
        raise RefusedError([{"message": "no such table", "file": "main.kdl", "line": 3, "column": 1, "hint": ""}])

    monkeypatch.setattr("shell.publishing.release.release", refuse)
    place.window.registry.run("app.publish")
    wait_until(lambda: place.problems() == ["no such table"])


def test_the_history_of_the_shown_layout_is_listed_in_one_step(place: Place) -> None:
    from tests.plugins.git.conftest import git_in

    git = git_in(place.folder)
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "Draw the shop")
    place.window.registry.run("live.show-history")
    beside = place.window.cards.made["authoring"]
    spin_until(lambda: beside.editor._list_panel is not None and beside.editor._list_panel.isVisible())
    [said] = beside.editor._list_panel.texts()
    assert beside.path == "main.kdl" and "Draw the shop" in said


def test_a_layout_that_nobody_keeps_has_no_history(place: Place) -> None:
    place.window.registry.run("live.show-history")
    spin_until(lambda: [one for one in place.window.messages.history if "keeps versions" in one.text])
