"""Finding and replacing in all files of an app, by keys at its window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.conftest import spin_until
from tests.plugins.editor_desk import press, type_text
from tests.shell.shop_desk import CODE, MAIN, Shop, shop_in

WaitUntil = Callable[..., None]


@pytest.fixture
def shop(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with shop_in(tmp_path, monkeypatch) as made:
        yield made


def search(shop: Shop, text: str, keys: str = "Ctrl+Shift+F") -> None:
    press(keys)
    spin_until(lambda: shop.panel.boxes.find.hasFocus())
    type_text(text)
    shop.found()


def test_hits_come_while_one_types_grouped_by_file(shop: Shop) -> None:
    search(shop, "items")
    assert shop.lines() == ["main.kdl", "  3", "  4", "desk/list.py", "  1", "  2", "desk/old.txt", "  1"]
    assert shop.panel.boxes.note.text() == "5 places in 3 files"
    hit = shop.panel.list.hits.lines[1].hit
    assert (hit.before, hit.found, hit.after) == ('label "', "Items", ' of the shop" id=words')
    press("Alt+C")
    shop.found()
    assert shop.panel.boxes.note.text() == "4 places in 3 files"
    shop.panel.boxes.include.setText("*.py")
    shop.found()
    assert shop.lines() == ["desk/list.py", "  1", "  2"]
    shop.panel.boxes.exclude.setText("desk/")
    shop.found()
    assert shop.lines() == [] and shop.panel.boxes.note.text() == "No match in 0 files"
    shop.panel.boxes.exclude.setText("")
    shop.found()
    shop.window.registry.run("replace.all")
    assert any("nothing is to be put in its place" in text for text in shop.told())
    assert shop.read("desk/list.py") == CODE


def test_return_goes_to_a_place_and_f4_to_the_next(shop: Shop, wait_until: WaitUntil) -> None:
    search(shop, "items")
    press("Return")
    wait_until(lambda: shop.panel.list.hasFocus())
    press("Return")
    editor = shop.window.cards.made["authoring"].editor
    wait_until(lambda: editor.pane.code.host.view.hasFocus())
    assert editor.path == "main.kdl" and editor.selected_text() == "Items" and editor.caret_place()[0] == 3
    press("F4", "F4")
    assert editor.path == "desk/list.py" and editor.selected_text() == "items" and editor.caret_place()[0] == 1
    press("Shift+F4", "Shift+F4", "Shift+F4")
    assert editor.path == "desk/old.txt" and editor.selected_text() == "items"
    press("Ctrl+Shift+F")
    assert shop.panel.boxes.find.text() == "items"
    press("Escape")
    assert shop.panel.isHidden()


def test_hits_are_a_table_where_that_is_wanted(shop: Shop, wait_until: WaitUntil) -> None:
    search(shop, "items")
    press("Ctrl+K Ctrl+Shift+F")
    table = shop.panel.table
    assert table.hasFocus() and not shop.panel.list.isVisible()

    def files() -> list[str]:
        keys = [table.row_key(row) for row in range(len(table.values))]
        return [table.values[key[0]]["file"] for key in keys if key is not None]

    listed = [line.file.path for line in shop.panel.list.hits.lines if line.hit is not None]
    spin_until(lambda: files() == listed)
    table.sort_by(0, is_descending=True)
    spin_until(lambda: files() == sorted(listed, reverse=True))
    spin_until(lambda: table.current.key is not None)
    press("Ctrl+Home", "Return")
    beside = shop.window.cards.made["authoring"]
    spin_until(lambda: beside.editor.pane.code.host.view.hasFocus())
    assert beside.path == "main.kdl" and beside.editor.selected_text().lower() == "items"
    press("Ctrl+Shift+H")
    spin_until(lambda: shop.panel.table is not table and shop.panel.table.has_new)
    shop.found()
    assert len(shop.panel.table.values) == len(listed)
    press("Ctrl+K Ctrl+Shift+F")
    assert shop.panel.table is None and shop.panel.list.hasFocus()


def test_replacing_all_is_one_step_back_for_all_files(shop: Shop, wait_until: WaitUntil) -> None:
    before = {name: (shop.folder / name).read_bytes() for name in ("main.kdl", "desk/list.py", "desk/old.txt")}
    search(shop, "items", "Ctrl+Shift+H")
    press(*["Tab"] * 7)
    assert shop.panel.boxes.new.hasFocus()
    type_text("goods")
    shop.found()
    assert shop.panel.list.hits.lines[1].hit.new == b"goods"
    press("Ctrl+Alt+Return")
    shop.replaced()
    assert shop.read("main.kdl") == MAIN.replace("Items", "goods").replace("items", "goods")
    assert (shop.folder / "desk" / "old.txt").read_bytes() == "Größe der goods\r\nzwei\r\n".encode("utf-16")
    assert shop.panel.boxes.note.text() == "5 places replaced in 3 files" and shop.lines() == []
    press("Escape")
    shop.window.setFocus()
    assert shop.window.scope.read("history.undo") == "Replace 5 places in 3 files"
    press("Ctrl+Z")
    wait_until(lambda: shop.window.scope.read("history.redo") is not None)
    assert {name: (shop.folder / name).read_bytes() for name in before} == before
    press("Ctrl+Shift+Z")
    wait_until(lambda: shop.window.scope.read("history.undo") is not None)
    assert "goods" in shop.read("desk/list.py")


def test_what_was_changed_since_is_named_and_nothing_is_taken_back(shop: Shop, wait_until: WaitUntil) -> None:
    search(shop, "items", "Ctrl+Shift+H")
    shop.window.registry.run("replace.all")
    shop.replaced()
    shop.write("desk/list.py", "another\n")
    shop.window.registry.run("replace.take-back")
    wait_until(lambda: any("desk/list.py was changed since" in text for text in shop.told()))
    assert "items" not in shop.read("main.kdl") and shop.read("desk/list.py") == "another\n"


def test_a_file_that_is_another_by_now_keeps_all_as_they_are(shop: Shop, wait_until: WaitUntil) -> None:
    search(shop, "items", "Ctrl+Shift+H")
    shop.write("desk/list.py", "items of somebody else\n")
    shop.window.registry.run("replace.all")
    wait_until(lambda: any("desk/list.py was changed since" in text for text in shop.told()))
    assert shop.read("main.kdl") == MAIN
    shop.found()
    assert "  1" in shop.lines()


def test_places_and_files_can_be_left_out(shop: Shop) -> None:
    search(shop, "items", "Ctrl+Shift+H")
    press("Down")
    assert shop.panel.list.hasFocus() and shop.panel.list.row() == 0
    press("Down", "Delete")
    assert shop.lines() == ["main.kdl", "  4", "desk/list.py", "  1", "  2", "desk/old.txt", "  1"]
    press("Down", "Left")
    assert shop.lines() == ["main.kdl", "  4", "desk/list.py", "desk/old.txt", "  1"]
    press("Delete")
    assert shop.panel.boxes.note.text() == "2 places in 2 files"
    shop.window.registry.run("replace.files", new="goods")
    shop.found()
    shop.window.registry.run("replace.all")
    shop.replaced()
    assert shop.read("main.kdl") == MAIN.replace('"items"', '"goods"') and shop.read("desk/list.py") == CODE


def test_groups_of_an_expression_stand_in_what_is_put_there(shop: Shop) -> None:
    shop.window.registry.run("replace.files", text=r"label \"(\w+)", new=r'title "\1 and ', expression=True)
    shop.found()
    assert [line.hit.new for line in shop.panel.list.hits.lines if line.hit] == [
        b'title "Items and ',
        b'title "items and ',
    ]
    shop.panel.boxes.new.setText(r"\2")
    shop.found()
    assert "group" in shop.panel.boxes.note.text()
    shop.panel.boxes.new.setText(r"<\1>")
    shop.found()
    shop.window.registry.run("replace.all")
    shop.replaced()
    assert shop.read("main.kdl") == MAIN.replace('label "Items', "<Items>").replace('label "items', "<items>")


def test_what_is_typed_and_not_written_counts_and_stays_unwritten(shop: Shop, wait_until: WaitUntil) -> None:
    editor = shop.edit("desk/list.py")
    QTest.keyClicks(QApplication.focusWidget(), "items = 1 # ")
    search(shop, "items", "Ctrl+Shift+H")
    assert shop.lines().count("  1") == 3
    shop.window.registry.run("replace.files", new="goods")
    shop.found()
    shop.window.registry.run("replace.all")
    shop.replaced()
    assert editor.text_of_file().startswith(b"goods = 1 # def goods") and editor.has_edits()
    assert shop.read("desk/list.py") == CODE and '"goods"' in shop.read("main.kdl")
    shop.window.registry.run("replace.take-back")
    wait_until(lambda: editor.text_of_file() == b"items = 1 # " + CODE.encode())
    assert shop.read("main.kdl") == MAIN and editor.has_edits()


def test_files_that_cannot_be_put_back_are_named(shop: Shop, wait_until: WaitUntil, monkeypatch: Any) -> None:
    from shell.search import work
    from shell.search.gathering import SearchError

    editor = shop.edit("desk/list.py")
    QTest.keyClicks(QApplication.focusWidget(), "items = 1 # ")
    search(shop, "items", "Ctrl+Shift+H")
    write, calls = work.write_all, []

    def fails_then(changes: Any) -> Any:
        calls.append(len(changes))
        if len(calls) > 1:
            raise SearchError("the disk is away")
        return write(changes)

    monkeypatch.setattr(work, "write_all", fails_then)
    shop.window.registry.run("replace.all")
    editor.take_text(b"typed meanwhile\n")
    wait_until(lambda: any("could not be put back: main.kdl" in text for text in shop.told()))
    assert any("the disk is away" in text for text in shop.told()) and editor.text_of_file() == b"typed meanwhile\n"
    assert calls == [2, 2]


def test_an_open_editor_takes_in_what_was_replaced(shop: Shop, wait_until: WaitUntil) -> None:
    editor = shop.edit("main.kdl")
    search(shop, "items", "Ctrl+Shift+H")
    shop.window.registry.run("replace.files", new="goods")
    shop.found()
    press("Ctrl+Alt+Return")
    shop.replaced()
    assert b'"goods"' in editor.text_of_file() and not editor.has_edits()
    editor.setFocus(Qt.FocusReason.OtherFocusReason)
    press("Ctrl+Z")
    assert b'"items"' in editor.text_of_file()


def test_a_wrong_expression_is_told_beside_the_box(shop: Shop) -> None:
    shop.window.registry.run("search.files", text="(item", expression=True)
    shop.found()
    assert "no regular expression" in shop.panel.boxes.note.text() and shop.lines() == []


def test_a_typed_line_does_the_same(shop: Shop) -> None:
    press("Alt+X")
    type_text("replace.files items goods include=*.py\n")
    spin_until(lambda: "search" in shop.window.cards.made)
    shop.found()
    assert shop.lines() == ["desk/list.py", "  1", "  2"] and shop.panel.boxes.new.text() == "goods"
    press("Escape", "Alt+X")
    type_text("replace.all\n")
    shop.replaced()
    spin_until(lambda: shop.read("desk/list.py") == CODE.replace("items", "goods"))


def test_people_of_vim_grep(shop: Shop) -> None:
    shop.window.session.config.set("scintilla.keys", "vim")
    editor = shop.edit("desk/list.py")
    spin_until(lambda: editor.pane.modal is not None)
    type_text(":vimgrep /\\bitems\\b/ *.kdl\n")
    spin_until(lambda: "search" in shop.window.cards.made)
    shop.found()
    assert shop.lines() == ["main.kdl", "  3", "  4"]
    editor.setFocus(Qt.FocusReason.OtherFocusReason)
    type_text(":cn\n")
    spin_until(lambda: editor.path == "main.kdl" and editor.caret_place()[0] == 3)
    type_text(":cn\n")
    spin_until(lambda: editor.caret_place()[0] == 4)
    type_text(":ccl\n")
    spin_until(lambda: shop.panel.isHidden())
