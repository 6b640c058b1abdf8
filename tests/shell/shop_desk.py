"""A small app of a few files and its window, for tests of what is found, compared and published in its folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shell import desk as desk_module
from shell.boot import boot
from shell.session import Given
from tests.conftest import spin_until

MAIN = 'layout 1 title="Shop"\nwindow {\n    label "Items of the shop" id=words\n    label "items" id=more\n}\n'
CODE = "def items(app):\n    return app.items\n"


class Shop:
    """An app of a few files and its window."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        (folder / "desk").mkdir(parents=True)
        self.write("app.toml", 'name = "shop"\ntitle = "Shop"\n')
        self.write("main.kdl", MAIN)
        self.write("desk/list.py", CODE)
        (folder / "desk" / "old.txt").write_bytes("Größe der items\r\nzwei\r\n".encode("utf-16"))
        (folder / "picture.bin").write_bytes(b"\0\1items\0")
        self.session = boot(str(folder), Given(basedir=str(home)), may_block=False)
        (self.window,) = next(iter(desk_module._DESKS.values())).windows
        self.window.resize(1000, 700)
        self.window.activateWindow()
        spin_until(lambda: self.window.isActiveWindow() and not self.window.registry.waits_to_show_keys)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    @property
    def panel(self) -> Any:
        return self.window.cards.made["search"]

    def lines(self) -> list[str]:
        """What the list says: files by their paths, places by their lines."""
        hits = self.panel.list.hits
        return [line.file.path if line.hit is None else f"  {line.hit.line}" for line in hits.lines]

    def found(self) -> None:
        """Wait until everything was looked through."""
        panel = self.panel
        spin_until(lambda: panel.is_done and not panel._soon.isActive() and not panel._template_soon.isActive())

    def replaced(self) -> None:
        """Wait until it is replaced, or refused."""
        spin_until(lambda: not self.panel.replacing.is_busy)

    def told(self) -> list[str]:
        return [f"{one.text} {one.detail}".strip() for one in self.window.messages.shown]

    def edit(self, path: str) -> Any:
        """A file in the editor beside the app, with the focus."""
        self.window.registry.run("live.edit", path=path)
        editor = self.window.cards.made["authoring"].editor
        spin_until(lambda: editor.pane.code.host.view.hasFocus())
        return editor


@contextmanager
def shop_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The app in a desk of its own, which ends with it."""
    monkeypatch.setattr(desk_module, "_DESKS", {})
    made = Shop(folder / "shop", folder / "home")
    yield made
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for window in list(desk.windows):
            window._may_lose_edits = True
            window.close()
    made.session.close()
