"""What is kept of windows: files of processes that were killed, what a person wants of them, names of workspaces."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shell.boot import boot
from shell.session import Given
from shell.workspace.left import OpenFile, folder, has_any, leave, take_left, take_open
from shell.workspace.store import Workspace, WorkspaceError, Workspaces
from shell.workspace.window import keep_window
from tests.conftest import spin_until

LAYOUT = """layout 1 title="Shop"
window { search id=find; tabs id=pages { tab "One" id=one { label "1" }; tab "Two" id=two { label "2" } } }
"""


class Shop:
    """An app, opened as often as a test likes."""

    def __init__(self, directory: Path) -> None:
        self.folder, self.base = directory / "shop", directory / "base"
        self.folder.mkdir()
        (self.folder / "main.kdl").write_text(LAYOUT)
        (self.folder / "app.toml").write_text('name = "shop"\ntitle = "Shop"\n')
        self.sessions: list[Any] = []

    def open(self, *settings: str) -> Any:
        session = boot(str(self.folder), Given(basedir=str(self.base), settings=settings))
        self.sessions.append(session)
        window = session.windows[0]
        spin_until(lambda: window.desk.journal is not None)
        return window

    def close(self) -> None:
        for session in self.sessions:
            for window in session.windows:
                if not window.is_closing:
                    window.close_anyway()
            session.close()
        self.sessions.clear()

    def killed(self, *records: dict[str, Any], **head: Any) -> None:
        """Leave what a killed process leaves: its lock is free."""
        file = OpenFile(self.base / "state")
        file.write(msgspec.json.encode({"windows": list(records), **head}))
        os.close(file._lock)


@pytest.fixture
def shop(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    from shell import desk

    monkeypatch.setattr(desk, "_DESKS", {})
    made = Shop(tmp_path)
    yield made
    made.close()
    for one in desk.desks():
        if one.journal:
            one.journal.close()


def record(shop: Shop) -> dict[str, Any]:
    """The shop with a text in its search box and the second page shown, and what was typed in a form."""
    window = shop.open()
    window.context.widgets["find"].setText("rake")
    window.context.widgets["pages"].set_current(1)
    kept = keep_window(window)
    window.context.widgets["pages"].set_current(0)
    window.desk.journal.close()
    window.desk.journal = None
    shop.close()
    assert kept["target"] == str(shop.folder) and kept["views"]["find"] == {"text": "rake"}
    return kept


def shown(window: Any) -> tuple[str, int]:
    return window.context.widgets["find"].text(), window.context.widgets["pages"].current()


@pytest.mark.parametrize(("wanted", "is_back"), [("always", True), ("ask", True), ("never", False)])
def test_a_window_comes_back_as_far_as_that_is_wanted(shop: Shop, wanted: str, is_back: bool) -> None:
    kept = record(shop)
    other = {**kept, "key": "barn", "target": str(shop.folder / "nowhere"), "title": "Barn"}
    shop.killed({**kept, "typed": ["items 3, Note: half a sentence"]}, other)
    window = shop.open(f"session.restore={wanted}")
    spin_until(lambda: shown(window) == (("rake", 1) if is_back else ("", 0)))
    told = [(message.text, message.detail) for message in window.messages.history]
    assert ("Espalier was ended before this was written", "items 3, Note: half a sentence") in told
    question = window.cards.made.get("question")
    assert (question is not None and question.isVisible()) == (wanted == "ask")
    assert any("Barn could not be opened again" in text for text, _ in told) == (wanted == "always")
    assert [path.name[:5] for path in folder(shop.base / "state").glob("*.json")] in ([], ["open-"])


def test_what_a_killed_process_had_open_is_taken_once(tmp_path: Path) -> None:
    assert not has_any(tmp_path)
    living, killed = OpenFile(tmp_path), OpenFile(tmp_path)
    for file in (living, killed):
        file.write(msgspec.json.encode({"windows": [], "began": 1.0}))
    os.close(killed._lock)
    assert [data["began"] for data in take_open(tmp_path)] == [1.0]
    assert list(take_open(tmp_path)) == []
    living.remove()
    assert not has_any(tmp_path)


def test_what_waits_is_for_its_own_window_and_damage_is_no_obstacle(tmp_path: Path) -> None:
    own, other = {"key": "shop", "index": "", "views": {"a": 1}}, {"key": "barn", "index": ""}
    leave(tmp_path, own)
    assert take_left(tmp_path, other) is None
    assert take_left(tmp_path, own) == own
    assert take_left(tmp_path, own) is None
    damaged = OpenFile(tmp_path)
    damaged.write(b"{")
    os.close(damaged._lock)
    assert list(take_open(tmp_path)) == []
    assert not has_any(tmp_path)


@pytest.mark.parametrize("name", ["morning", "two words", "a/b%c.d", "Übersicht …"])
def test_workspaces_are_kept_by_any_name(tmp_path: Path, name: str) -> None:
    kept = Workspaces(tmp_path / "workspaces")
    kept.put(Workspace(name, [{"key": "shop"}]))
    assert kept.names() == [name]
    assert kept.get(name).windows == [{"key": "shop"}]
    kept.remove(name)
    assert kept.names() == []


def test_what_is_no_workspace_is_told(tmp_path: Path) -> None:
    kept = Workspaces(tmp_path)
    kept.put(Workspace("morning", []))
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: kept.get("mornin"), "did you mean morning"), (lambda: kept.remove("x"), "there is no workspace “x”"),
        (lambda: kept.put(Workspace(" ", [])), "a few words"),
    ]  # fmt: skip
    for act, words in cases:
        with pytest.raises(WorkspaceError) as told:
            act()
        assert words in str(told.value)
    (tmp_path / "broken.json").write_text("[")
    with pytest.raises(WorkspaceError, match="cannot be read"):
        kept.get("broken")
