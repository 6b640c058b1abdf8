"""A window with editors over files, and servers of the tests beside the real ones."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.api import set_option
from tests.conftest import spin_until
from tests.waiting import PATIENCE_S

ROGUE = str(Path(__file__).parent / "rogue.py")


class LanguageDesk:
    """An app's folder in a window, with one editor whose file can be another."""

    def __init__(self, folder: Path, files: dict[str, str], first: str) -> None:
        from shell.boot import boot
        from shell.session import Given

        self.folder = folder / "app"
        self.folder.mkdir()
        (self.folder / "app.toml").write_text('name = "desk"\n')
        (self.folder / "main.kdl").write_text(f'layout 1\nwindow {{ editor file="{first}" id=text\n }}\n')
        for name, text in files.items():
            (self.folder / name).parent.mkdir(exist_ok=True, parents=True)
            (self.folder / name).write_bytes(text.encode())
        self.session = boot(str(self.folder), Given(str(folder / "home"), ("scintilla.keep-edits=false",)))
        set_option("scintilla.language-folders", str(folder))
        (self.window,) = self.session.windows
        self.window.resize(1000, 700)
        self.window.activateWindow()
        spin_until(lambda: self.window.isActiveWindow() and not self.window.registry.waits_to_show_keys)

    @property
    def editor(self) -> Any:
        """The editor."""
        return self.window.context.widgets["text"]

    @property
    def pane(self) -> Any:
        """What shows its text."""
        return self.editor.pane

    @property
    def client(self) -> Any:
        """The client, once it is there."""
        from plugins.scintilla.language_client.assistant import client

        spin_until(lambda: client() is not None)
        return client()

    def show(self, name: str) -> None:
        """Show another file, as it is on the disk."""
        self.pane.code.mark_saved()
        self.editor.set_file("")
        self.editor.set_file(name)
        self.pane.focus_code()

    def put(self, text: str) -> None:
        """Make the text another; ``|`` is the caret."""
        data = text.encode()
        caret = data.find(b"|")
        self.pane.code.take(data.replace(b"|", b""))
        self.pane.code.select(caret, caret) if caret >= 0 else None

    @property
    def served(self) -> Any:
        """The text as servers see it, when they are all ready."""
        spin_until(lambda: self.pane.served is not None and self.pane.served.servers)
        served = self.pane.served
        spin_until(lambda: all(one.state == "ready" for one in served.servers))
        return served

    def close(self) -> None:
        """Close it, edits or not, and end the servers; the process's list of problems is empty again."""
        from plugins.scintilla.language_client.assistant import client
        from plugins.scintilla.language_client.channel import kill_all

        self.window.close_anyway()
        self.session.close()
        kill_all()
        if client() is not None:
            client().problems.clear()


def told(path: Path) -> list[dict[str, Any]]:
    """What a rogue server was told."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No deadline that a slow machine could miss; tests of deadlines set their own."""
    from plugins.scintilla.language_client import formatting, served, server, symbols

    for module, name in ((served, "ASKED_S"), (server, "START_S"), (symbols, "PATIENCE_S")):
        monkeypatch.setattr(module, name, PATIENCE_S)
    monkeypatch.setattr(formatting, "SAVE_MS", round(PATIENCE_S * 1000))


@pytest.fixture
def rogue(desk: LanguageDesk) -> Iterator[Callable[..., Any]]:
    """``rogue("die=…", …)`` has such a server serve ``notes.sql``, which is shown; answers the server."""
    from plugins.scintilla.language_client.server_table import ServerRow

    client = desk.client
    made: list[Any] = []

    def serve(*directives: str) -> Any:
        row = ServerRow(f"rogue {len(made)}", ("sql",), (sys.executable, ROGUE, *directives))
        client.rows.insert(0, row)
        made.append(row)
        desk.show("notes.sql")
        spin_until(lambda: desk.pane.served is not None and desk.pane.served.servers)
        return next(iter(desk.pane.served.servers))

    yield serve
    desk.show("empty.txt")
    for row in made:
        client.rows.remove(row)
    for key, server in list(client.servers.items()):
        if key[0].startswith("rogue"):
            client._forget_problems(server)
            server.kill()
            server.stop()
            del client.servers[key]
