"""Edits of servers that make, rename and delete files: seen before, made as a whole or not at all, undone as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from tests.conftest import spin_until
from tests.plugins.editor_desk import press
from tests.plugins.language_client.conftest import LanguageDesk

Rogue = Callable[..., Any]
_FILES = {"notes.sql": "abc\n", "empty.txt": "", "free.lua": "x = 1\n"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[LanguageDesk]:
    made = LanguageDesk(tmp_path_factory.mktemp("files"), _FILES, "empty.txt")
    yield made
    made.close()


@pytest.fixture
def one(desk: LanguageDesk, rogue: Rogue) -> Any:
    """A server that has the text."""
    made = rogue()
    spin_until(lambda: made.state == "ready" and any(mark.message == "abc\n" for _, _, mark in desk.pane.marks.shown))
    return made


def files(desk: LanguageDesk) -> dict[str, str]:
    """What is in the project now, but for the app itself."""
    found = (path for path in desk.folder.rglob("*") if path.is_file() and path.name not in ("app.toml", "main.kdl"))
    return {str(path.relative_to(desk.folder)): path.read_text() for path in found}


def choose_move(desk: LanguageDesk) -> None:
    """Choose the action that moves files."""
    desk.served.menu = None
    press("Ctrl+.")
    spin_until(lambda: desk.served.menu is not None and desk.served.menu.isVisible())
    (entry,) = [entry for entry in desk.served.menu.actions() if entry.text() == "Move"]
    entry.trigger()
    desk.served.menu.close()


def test_files_are_made_renamed_and_deleted_as_one_step(desk: LanguageDesk, one: Any) -> None:
    choose_move(desk)
    panel = desk.editor.list_panel()
    spin_until(lambda: panel.isVisible() and panel.title.text() == "Move")
    shown = [[panel.tree.topLevelItem(row).text(column) for column in (0, 1)] for row in range(3)]
    assert shown == [
        ["notes.sql", "becomes moved.sql"], ["made/new.sql", "is made"], ["free.lua", "is deleted"]
    ]  # fmt: skip
    assert panel.act.text() == "Change 3 files" and files(desk) == _FILES
    panel.act.click()
    then = {"empty.txt": "", "made/new.sql": "new\n", "moved.sql": "moved abc\n"}
    spin_until(lambda: files(desk) == then)
    spin_until(lambda: desk.pane.text() == b"moved abc\n")
    registry, journal = desk.window.registry, desk.window.tables.open_history().journal
    spin_until(lambda: journal.next_undo() is not None)
    registry.run("edit.undo")
    spin_until(lambda: journal.next_redo() is not None)
    assert files(desk) == _FILES
    spin_until(lambda: desk.pane.text() == b"abc\n")
    registry.run("edit.redo")
    spin_until(lambda: journal.next_undo() is not None)
    assert files(desk) == then
    spin_until(lambda: desk.pane.text() == b"moved abc\n")
    registry.run("edit.undo")
    spin_until(lambda: journal.next_redo() is not None)
    assert files(desk) == _FILES
    spin_until(lambda: desk.pane.text() == b"abc\n")


def test_nothing_is_done_where_a_step_cannot_be(desk: LanguageDesk, one: Any) -> None:
    (desk.folder / "moved.sql").write_text("mine")
    choose_move(desk)
    spin_until(lambda: "is there already" in desk.pane.status.note.text())
    (desk.folder / "moved.sql").unlink()
    desk.put("typed\n")
    choose_move(desk)
    spin_until(lambda: "save it first" in desk.pane.status.note.text())
    assert files(desk) == _FILES


def test_a_server_is_told_whether_its_wish_was_done(desk: LanguageDesk, one: Any) -> None:
    from plugins.scintilla.language_client.protocol import ApplyEdit

    def wish(*steps: dict[str, Any]) -> str:
        said: list[str] = []
        edit = msgspec.convert({"edit": {"documentChanges": list(steps)}}, ApplyEdit)
        before = files(desk)
        desk.client._apply(one, edit, said.append)
        if not said:
            assert files(desk) == before and desk.editor.list_panel().isVisible()
            desk.editor.list_panel().act.click()
        spin_until(lambda: said)
        return said[0]

    uri = desk.folder.as_uri()
    assert "outside of the project" in wish({"kind": "delete", "uri": "file:///etc/passwd"})
    assert "is not there" in wish({"kind": "delete", "uri": f"{uri}/nothing"})
    assert "outside" in wish({"kind": "delete", "uri": uri, "options": {"recursive": True}})
    (desk.folder / "part").mkdir()
    (desk.folder / "part" / "link.lua").symlink_to(desk.folder / "free.lua")
    whole = {"recursive": True}
    assert "is a link" in wish({"kind": "delete", "uri": f"{uri}/part", "options": whole})
    assert "is a link" in wish({"kind": "rename", "oldUri": f"{uri}/part/link.lua", "newUri": f"{uri}/b.lua"})
    assert (desk.folder / "part" / "link.lua").read_text() == _FILES["free.lua"]
    (desk.folder / "part" / "link.lua").unlink()
    assert "can be done with files" in wish({"kind": "burn", "uri": f"{uri}/free.lua"})
    made, lua = f"{uri}/made/a.txt", f"{uri}/free.lua"
    passed_over = {"kind": "create", "uri": lua, "options": {"ignoreIfExists": True}}
    assert wish({"kind": "create", "uri": made}, passed_over) == ""
    assert files(desk) == {**_FILES, "made/a.txt": ""}
    assert "a folder with files" in wish({"kind": "delete", "uri": f"{uri}/made"})
    (desk.folder / "made" / "a.txt").chmod(0o700)
    into = {"kind": "rename", "oldUri": f"{uri}/made", "newUri": f"{uri}/other"}
    over = {"kind": "create", "uri": lua, "options": {"overwrite": True}}
    assert wish(into, over) == ""
    assert (desk.folder / "other" / "a.txt").stat().st_mode & 0o777 == 0o700
    assert files(desk) == {**_FILES, "other/a.txt": "", "free.lua": ""}
    gone = {"kind": "delete", "uri": f"{uri}/other", "options": {"recursive": True}}
    assert wish(gone, {"kind": "delete", "uri": f"{uri}/x", "options": {"ignoreIfNotExists": True}}) == ""
    (desk.folder / "free.lua").write_text(_FILES["free.lua"])
    assert files(desk) == _FILES


def test_what_a_server_wishes_is_shown_first_and_can_be_refused(desk: LanguageDesk, one: Any) -> None:
    from plugins.scintilla.language_client.protocol import ApplyEdit

    panel, said = desk.editor.list_panel(), []

    def wish(edit: dict[str, Any]) -> None:
        desk.client._apply(one, msgspec.convert({"edit": edit, "label": "Tidy up"}, ApplyEdit), said.append)

    lua = (desk.folder / "free.lua").as_uri()
    gone = {"documentChanges": [{"kind": "delete", "uri": lua}]}
    wish(gone)
    assert panel.isVisible() and panel.title.text().endswith("would like: Tidy up") and panel.texts() == ["free.lua"]
    press("Escape")
    assert said == ["it was not wanted"] and not panel.isVisible()
    wish(gone)
    place = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
    wish({"changes": {lua: [{"range": place, "newText": "y"}]}})
    assert said[1:] == ["it was not wanted"] and panel.isVisible() and panel.texts()[0] == "free.lua"
    assert files(desk) == _FILES
    panel.act.click()
    spin_until(lambda: len(said) == 3)
    assert said[2] == "" and files(desk) == {**_FILES, "free.lua": "y = 1\n"}
    (desk.folder / "free.lua").write_text(_FILES["free.lua"])
    wish({"changes": {(desk.folder / "notes.sql").as_uri(): [{"range": place, "newText": "A"}]}})
    assert said[3] == "" and desk.pane.text() == b"Abc\n" and not panel.isVisible()
    press("Ctrl+Z")
    assert desk.pane.text() == b"abc\n"
