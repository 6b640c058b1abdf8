"""What is kept of windows: files of processes that were killed, what a person wants of them, names of workspaces."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shell.boot import boot
from shell.session import Given
from shell.workspace.left import OpenFile, folder, has_any, leave, others_open, take_left, take_open
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


def test_who_begins_is_never_taken_for_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    lock, seen = fcntl.flock, []

    def looked_at(descriptor: int, how: int) -> None:
        """Another process looks for killed ones just before the lock is held."""
        seen.extend(folder(tmp_path).glob("*.lock"))
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", looked_at)
    file = OpenFile(tmp_path)
    monkeypatch.undo()
    assert not seen and [path.suffix for path in folder(tmp_path).iterdir()] == [".lock"]
    assert not list(take_open(tmp_path))
    file.remove()
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


_OTHER = """
import os, sys
from pathlib import Path
from shell.workspace.left import OpenFile
from shell.workspace.store import Workspace, Workspaces
from shell.workspace import store
store.AT_ONCE_S = 600.0
file = OpenFile(Path(sys.argv[1]))
file.write(b'{"windows": [{"key": "barn", "index": "", "typed": ["x"]}]}')
print("open", flush=True)
sys.stdin.readline()
Workspaces(Path(sys.argv[1]) / "data" / "workspaces").put(Workspace("both", [{"key": "barn", "index": ""}]))
print("saved", flush=True)
sys.stdin.readline()
os._exit(0)
"""


def test_another_process_has_windows_and_saves_at_the_same_time(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _OTHER, str(tmp_path)]
    kept = Workspaces(tmp_path / "data" / "workspaces")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "open\n"
        assert others_open(tmp_path) == [{"key": "barn", "index": ""}]
        own = OpenFile(tmp_path)
        own.write(b'{"windows": [{"key": "own"}]}')
        assert len(others_open(tmp_path)) == 1, "its own are not others"
        kept.put(Workspace("both", [{"key": "shop", "index": ""}]))
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "saved\n"
        assert kept.names() == ["both"] and len(kept.get("both").windows) == 2, "seen at once, nothing is lost"
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.wait() == 0
    assert others_open(tmp_path) == [], "what was killed has nothing open"
    own.remove()


def test_what_is_saved_later_takes_the_place_of_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Workspaces(tmp_path)
    kept.put(Workspace("day", [{"key": "one"}]), 1)
    assert kept.put(Workspace("day", [{"key": "two"}]), 1).windows == [{"key": "two"}], "of one process the last counts"
    monkeypatch.setattr("shell.workspace.store.AT_ONCE_S", 0.0)
    assert kept.put(Workspace("day", [{"key": "three"}]), 2).windows == [{"key": "three"}]
    assert [path.name for path in tmp_path.glob("*.new")] == []


def test_a_workspace_has_the_windows_of_other_processes_and_shows_them_so(shop: Shop) -> None:
    import socket

    from shell.single_window import Answering
    from shell.workspace.window import keep_window as kept_of

    window = shop.open()
    state = shop.base / "state"
    barn = OpenFile(state)
    elsewhere = barn.path.with_name(barn.path.name.replace(f"-{os.getpid()}-", "-1-"))
    barn._lock_path.rename(elsewhere.with_suffix(".lock"))
    elsewhere.write_bytes(msgspec.json.encode({"windows": [{"key": "barn", "index": "", "target": "barn"}]}))
    window.registry.run("workspace.save", name="both")
    made = Workspaces(Path(window.session.config.paths.data) / "workspaces").get("both").windows
    assert [one["key"] for one in made] == [window.app.info.key, "barn"]
    os.close(barn._lock)
    wanted = {**kept_of(window), "views": {"find": {"text": "rake"}}}
    leave(Path(window.session.config.paths.state), wanted)
    ours, theirs = socket.socketpair()
    answering = Answering.__new__(Answering)
    answering._windows = lambda: [window]
    theirs.sendall(b"\n")
    answering._bring_forward(ours.detach())
    theirs.close()
    spin_until(lambda: shown(window)[0] == "rake")
