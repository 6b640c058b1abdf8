"""A window that follows the files of its app: what stays, what is told, what is built anew."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from kernel.trust.seal import SealedRecords
from shell import desk as desk_module
from shell.boot import boot
from shell.live.developing import Developing
from shell.session import Given
from widgets.handle import TableHandle

MANIFEST = 'name = "shop"\ntitle = "Shop"\n\n[sources.stock]\nkind = "sqlite"\npath = "stock.sqlite"\n'
LAYOUT = """layout 1 title="Shop"
table items source="items" sort="id"
command shop.greet title="Greet" key="Ctrl+G" run="hello:greet"
window {
    row { search id=find placeholder="Find"; button command=shop.greet }
    grid items id=view filter="name contains find.text"
    form of=view.current id=editor
    label "Items: {items.count}" id=words
    tabs id=pages { tab "One" { label "first" }; tab "Two" { label "second" } }
}
"""

WaitUntil = Callable[..., None]


class Place:
    """An app folder with a database, and its window."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        folder.mkdir()
        with sqlite3.connect(folder / "stock.sqlite") as connection:
            connection.execute("create table items (id integer primary key, name text not null, price integer)")
            rows = [(f"item {number}", number) for number in range(500)]
            connection.executemany("insert into items (name, price) values (?, ?)", rows)
        connection.close()
        self.write("app.toml", MANIFEST)
        self.write("hello.py", "def greet(app):\n    app.report('info', 'one')\n")
        self.write("main.kdl", LAYOUT)
        self.session = boot(str(folder), Given(basedir=str(home)), may_block=False)
        self.developing = Developing(folder, self.session)
        (self.window,) = next(iter(desk_module._DESKS.values())).windows

    def write(self, name: str, text: str) -> None:
        """As an editor does: a new file in the place of the old one."""
        fresh = self.folder / f".{name}.new"
        fresh.write_text(text)
        fresh.replace(self.folder / name)

    def change(self, old: str, new: str) -> None:
        text = (self.folder / "main.kdl").read_text()
        assert old in text
        self.write("main.kdl", text.replace(old, new))

    def widget(self, name: str) -> Any:
        return self.window.context.widgets[name]

    def words(self) -> str:
        return self.widget("words").text()

    def problems(self) -> list[str]:
        panel = self.window.cards.made.get("problems")
        return [one.message for one in panel.problems] if panel is not None and not panel.isHidden() else []


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


def test_what_is_not_changed_stays_as_it_was(place: Place, wait_until: WaitUntil) -> None:
    grid, find, editor = place.widget("view"), place.widget("find"), place.widget("editor")
    find.setFocus()
    QTest.keyClicks(find, "item 4")
    wait_until(lambda: grid.row_count() == 111)
    grid.go(50, 1)
    top = grid.verticalScrollBar().value()
    place.widget("pages").set_current(1)
    wait_until(lambda: editor.row.key == grid.current_key)
    key = grid.current_key
    built = {id(widget) for widget in place.window.context.built}
    place.change('label "Items: {items.count}"', 'label "There are {items.count}" tone=muted')
    wait_until(lambda: place.words() == "There are 500")
    assert (place.widget("view"), place.widget("find"), place.widget("editor")) == (grid, find, editor)
    assert place.window.focusWidget() is find and find.text() == "item 4"
    assert (grid.current_key, grid.verticalScrollBar().value(), grid.row_count()) == (key, top, 111)
    assert place.widget("pages").current() == 1
    assert {id(widget) for widget in place.window.context.built} == built


def test_following_a_file_waits_for_no_cache(
    place: Place, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(SealedRecords, "write_record", lambda _self, name, _content: kept.append(name))
    place.change('"Items: {items.count}"', '"Now {items.count}"')
    wait_until(lambda: place.words() == "Now 500")
    assert not [name for name in kept if name.startswith("layout:")]
    place.window.reload()
    assert [name for name in kept if name.startswith("layout:")]


def test_the_focus_is_where_it_was_in_what_is_built_anew(place: Place, wait_until: WaitUntil) -> None:
    window, before = place.window, place.widget("editor")
    wait_until(lambda: [field.editor is not None for field in before.fields] == [True] * 3)
    before.fields[1].editor.setFocus()
    assert before.isAncestorOf(window.focusWidget())
    place.change('filter="name contains find.text"', 'filter="name contains find.text" { show name label="Called" }')
    wait_until(lambda: place.widget("editor") is not before)
    wait_until(lambda: (fields := place.widget("editor").fields) and fields[1].isAncestorOf(window.focusWidget()))


def test_edits_that_are_not_written_stay_unless_their_form_would_go(place: Place, wait_until: WaitUntil) -> None:
    editor = place.widget("editor")
    wait_until(lambda: editor.row.values is not None)
    editor.row.edit("name", "mine")
    place.change('"Items: {items.count}"', '"Now {items.count}"')
    wait_until(lambda: place.words() == "Now 500")
    assert editor.has_edits() and editor.row.value("name") == "mine"
    place.change("    form of=view.current id=editor\n", "")
    told = lambda: [shown.text for shown in place.window.messages.shown]  # noqa: E731
    wait_until(lambda: any("not written yet" in text for text in told()))
    assert place.widget("editor") is editor and editor.has_edits()


def test_a_broken_file_is_told_over_the_last_good_window(place: Place, wait_until: WaitUntil) -> None:
    place.change('label "Items', 'lable "Items')
    wait_until(lambda: place.problems() == ["there is no widget kind or component lable"])
    assert place.words() == "Items: 500"
    panel = place.window.cards.made["problems"]
    assert any("main.kdl:8:5" in label.text() for label in panel.findChildren(QLabel))
    place.change("lable", "label")
    wait_until(lambda: place.problems() == [])


def test_another_filter_of_a_table_keeps_the_grid(place: Place, wait_until: WaitUntil) -> None:
    grid = place.widget("view")
    place.change('sort="id"', 'sort="-id" filter="price < 10"')
    wait_until(lambda: place.words() == "Items: 10" and grid.row_count() == 10)
    wait_until(lambda: grid.row_key(0) == (10,))
    assert place.widget("view") is grid


def test_another_table_behind_a_name_builds_its_views_anew(place: Place, wait_until: WaitUntil) -> None:
    with sqlite3.connect(place.folder / "stock.sqlite") as connection:
        connection.execute("create table tools (id integer primary key, name text)")
        connection.execute("insert into tools (name) values ('rake'), ('hoe')")
    connection.close()
    grid, editor, find = place.widget("view"), place.widget("editor"), place.widget("find")
    place.change('source="items"', 'source="tools"')
    wait_until(lambda: place.words() == "Items: 2")
    assert place.widget("view") is not grid and place.widget("editor") is not editor
    assert place.widget("find") is find
    wait_until(lambda: place.widget("editor").row is not None and place.widget("editor").row.key == (1,))
    QTest.keyClicks(find, "hoe")
    wait_until(lambda: place.widget("view").row_count() == 1 and place.widget("editor").row.key == (2,))


def test_a_table_that_a_newer_layout_has_no_more_is_let_go_of(place: Place, wait_until: WaitUntil) -> None:
    def handles() -> int:
        gc.collect()
        return sum(type(one) is TableHandle for one in gc.get_objects())

    before = handles()
    more = 'table dear source="items" filter="price > 400"\nwindow {\n    label "{dear.count}" id=dear'
    place.change("window {", more)
    wait_until(lambda: "dear" in place.window.context.widgets and place.widget("dear").text() == "99")
    place.change(more, "window {")
    wait_until(lambda: "dear" not in place.window.context.widgets)
    wait_until(lambda: handles() == before)


def test_commands_and_scripts_are_those_of_the_newer_files(place: Place, wait_until: WaitUntil) -> None:
    told = lambda: [shown.text for shown in place.window.messages.shown]  # noqa: E731
    QTest.keyClick(place.window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    # A script that has told something may not be at its end yet, and is not begun again before.
    wait_until(lambda: "one" in told() and not place.session._runner._running)
    place.write("hello.py", "def greet(app):\n    app.report('info', 'two')\n")
    place.change('key="Ctrl+G"', 'key="Ctrl+H"')
    wait_until(lambda: place.window.registry.key("shop.greet").endswith("H"))
    QTest.keyClick(place.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: "two" in told())
    place.change('title="Greet"', 'title="Say hello"')
    wait_until(lambda: any(widget.text() == "Say hello" for widget in buttons(place)))


def test_another_manifest_opens_the_app_anew(place: Place, wait_until: WaitUntil) -> None:
    place.write("app.toml", MANIFEST.replace('title = "Shop"', "title = 3"))
    wait_until(lambda: bool(place.problems()))
    assert place.words() == "Items: 500"
    with sqlite3.connect(place.folder / "other.sqlite") as connection:
        connection.execute("create table items (id integer primary key, name text not null, price integer)")
    connection.close()
    place.write("app.toml", MANIFEST.replace("stock.sqlite", "other.sqlite"))
    wait_until(lambda: place.words() == "Items: 0" and place.problems() == [], 20)


def told(place: Place) -> list[str]:
    return [shown.text for shown in place.window.messages.shown]


def test_what_is_wrong_with_the_manifest_stays_told_while_layouts_change(place: Place, wait_until: WaitUntil) -> None:
    place.write("app.toml", "name = ")
    wait_until(lambda: place.problems() == ["invalid value"])
    place.change('"Items:', '"There:')
    wait_until(lambda: place.words() == "There: 500")
    assert place.problems() == ["invalid value"]
    place.window.registry.run("app.reload")
    assert place.problems() == ["invalid value"]
    place.write("app.toml", MANIFEST)
    wait_until(lambda: place.problems() == [])


def test_another_manifest_waits_for_edits(place: Place, wait_until: WaitUntil) -> None:
    editor = place.widget("editor")
    wait_until(lambda: editor.row.values is not None)
    editor.row.edit("name", "mine")
    place.write("app.toml", MANIFEST.replace("Shop", "Newer"))
    wait_until(lambda: any("app.toml is another" in text for text in told(place)))
    assert place.widget("editor") is editor and editor.row.value("name") == "mine"
    editor.revert_row()
    place.window.registry.run("app.reload")
    assert place.session.app.info.title == "Newer"
    wait_until(lambda: place.words() == "Items: 500")


def test_a_layout_that_links_to_itself_is_told(place: Place, wait_until: WaitUntil) -> None:
    (place.folder / "main.kdl").unlink()
    (place.folder / "main.kdl").symlink_to("main.kdl")
    wait_until(lambda: any("circle" in text or "no file" in text for text in place.problems()))
    (place.folder / "main.kdl").unlink()
    place.write("main.kdl", LAYOUT)
    wait_until(lambda: place.problems() == [])


def test_edits_in_an_open_dialog_keep_it_from_a_newer_layout(place: Place, wait_until: WaitUntil) -> None:
    place.change("    tabs", '    dialog card title="D" { form of=view.current id=inner }\n    tabs')
    wait_until(lambda: "card" in place.window.context.dialogs)
    place.window.registry.run("dialog.open", name="card")
    inner = place.widget("inner")
    wait_until(lambda: inner.row is not None and inner.row.values is not None)
    inner.row.edit("name", "mine")
    place.change("form of=view.current id=inner", 'label "x"')
    wait_until(lambda: any("not written yet" in text for text in told(place)))
    assert place.window.context.dialogs["card"].is_open and inner.has_edits()


def buttons(place: Place) -> list[Any]:
    from PySide6.QtWidgets import QPushButton

    return place.window.findChildren(QPushButton)


def test_a_picture_is_shown_anew_when_its_file_is_another_and_not_when_the_layout_is(
    place: Place, wait_until: WaitUntil
) -> None:
    def paint(color: str) -> None:
        picture = QImage(8, 8, QImage.Format.Format_RGB32)
        picture.fill(QColor(color))
        assert picture.save(str(place.folder / ".new.png"))
        (place.folder / ".new.png").replace(place.folder / "logo.png")

    paint("red")
    wait_until(lambda: "logo.png" in place.developing._watches[0]._marks)
    place.change('label "Items', 'image file="logo.png" id=logo\n    label "Items')
    wait_until(lambda: "logo" in place.window.context.widgets)
    shown = place.widget("logo")
    place.change("Items: {items.count}", "Rows: {items.count}")
    wait_until(lambda: place.words() == "Rows: 500")
    assert place.widget("logo") is shown
    place.change("    grid items", "    grit items")
    wait_until(place.problems)
    paint("blue")
    wait_until(lambda: place.developing._unshown == {"main.kdl", "logo.png"})
    assert place.widget("logo") is shown
    place.change("    grit items", "    grid items")
    wait_until(lambda: place.widget("logo") is not shown)


def test_a_widget_of_a_newer_version_is_told_in_its_place_and_the_rest_works(
    place: Place, wait_until: WaitUntil
) -> None:
    text = LAYOUT.replace("layout 1", "layout 99").replace("form of=view.current id=editor", "globe items id=editor")
    place.write("main.kdl", text.replace("Items: ", "Rows: "))
    wait_until(lambda: place.words() == "Rows: 500")
    assert "is a globe, which came with a newer Espalier" in place.widget("editor").accessibleName()
    place.widget("view").go(3, 0)
    wait_until(lambda: place.window.scope.read("view.current.name") == "item 3")
    assert place.problems() == []
