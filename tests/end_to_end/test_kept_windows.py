"""Windows come back as they stood: after kill -9 of a real process, and as workspaces by name."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from shell.do.place import sockets
from tests.waiting import PATIENCE_S, wait_for

ESPALIER = Path(sys.executable).with_name("espalier")
LAYOUT = """layout 1 title="{title}"
table items source="items"
window {{
    tabs id=pages {{
        tab "Stock" id=first {{ search id=find; grid items id=stock {{ show name; show price }} }}
        tab "Notes" id=second {{ form id=edit of=stock.current {{ field note }} }}
    }}
}}
"""


class Desk:
    """Processes with windows of two small apps, and the program that asks them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.base = directory / "base"
        for name in ("shop", "barn"):
            folder = directory / name
            folder.mkdir()
            with closing(sqlite3.connect(folder / "items.sqlite")) as database, database:
                database.execute("create table items (id integer primary key, name text, price integer, note text)")
                rows = [(number, f"item {number}", number * 7 % 40, None) for number in range(1, 41)]
                database.executemany("insert into items values (?, ?, ?, ?)", rows)
            (folder / "main.kdl").write_text(LAYOUT.format(title=name.title()))
            (folder / "app.toml").write_text(
                f'name = "{name}"\ntitle = "{name.title()}"\n[sources.main]\nkind = "sqlite"\npath = "items.sqlite"\n'
            )
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("ESPALIER_")} | {
            "QT_QPA_PLATFORM": "offscreen", "ESPALIER_START_KEEP_READY": "false", "ESPALIER_BASEDIR": str(self.base),
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def open(self, *words: str) -> None:
        """A process with a window, once it listens."""
        command = [ESPALIER, *words, str(self.directory / "shop")]
        process = self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(lambda: process.poll() is not None or process.pid in dict(sockets(str(self.base / "runtime"))))
        assert process.poll() is None

    def do(self, *words: str) -> str:
        done = self._run(*words)
        assert (done.returncode, done.stderr) == (0, ""), words
        return done.stdout.strip()

    def ask(self, *words: str) -> str:
        """The same of what may not be there yet: what was answered so far."""
        return self._run(*words).stdout.strip()

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ESPALIER, "do", *words], env=self.environment, text=True, capture_output=True, timeout=PATIENCE_S
        )

    def written(self) -> dict:
        """What the process has written down of what is open; nothing before it has."""
        found = list((self.base / "state" / "sessions").glob("open-*.json"))
        return msgspec.json.decode(found[0].read_bytes()) if found else {}

    def until_written(self, *parts: str) -> None:
        wait_for(lambda: all(part in str(self.written()) for part in parts))

    def make_young(self) -> None:
        """Have the process that was killed begun just now, however slow the machine is."""
        [path] = (self.base / "state" / "sessions").glob("open-*.json")
        path.write_bytes(msgspec.json.encode({**self.written(), "began": time.time()}))

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.end()


def stand(desk: Desk) -> None:
    """Put the shop as the tests look for it."""
    wait_for(lambda: desk.ask("--app", "shop", "table.count items") == "40")
    for line in ("table.filter items price > 20", "table.sort items price desc", "row.go items 4"):
        desk.do("--app", "shop", line)


def current(desk: Desk) -> tuple[str, str]:
    """How many rows the shop shows, and which one is the current one."""
    return desk.ask("--app", "shop", "table.count items"), desk.ask("--app", "shop", "row.read items name")


def test_windows_come_back_as_they_stood(desk: Desk) -> None:
    desk.open()
    desk.do("--app", "shop", f"app.open {desk.directory / 'barn'}")
    stand(desk)
    wait_for(lambda: current(desk)[0] == "19" and current(desk)[1])
    before = current(desk)

    # By name.
    assert desk.do("--app", "shop", "workspace.save", "dear things") == "2 windows are in the workspace “dear things”"
    desk.do("--app", "shop", "table.filter items")
    desk.do("--app", "barn", "window.close")
    desk.do("workspace.open", "dear things")
    wait_for(lambda: desk.ask("--apps").split() == ["shop", "Shop", "barn", "Barn"])
    wait_for(lambda: current(desk) == before)

    # After kill -9.
    key = desk.do("--app", "shop", "row.read items id")
    desk.until_written("price > 20", "Barn", f"'key': [{key}]")
    desk.kill()
    desk.open()
    wait_for(lambda: sorted(desk.ask("--apps").split()) == ["Barn", "Shop", "barn", "shop"])
    wait_for(lambda: current(desk) == before)

    # Killed right after its windows came back: they may be the reason.
    wait_for(lambda: desk.written().get("restored"))
    desk.kill()
    desk.make_young()
    desk.open()
    assert desk.do("--apps").split() == ["shop", "Shop"]
    wait_for(lambda: desk.ask("table.count items") == "40")

    # One that ends as it should leaves nothing to be brought back.
    wait_for(desk.written)
    desk.do("app.quit")
    assert desk.process is not None and desk.process.wait(PATIENCE_S) == 0
    assert not list((desk.base / "state" / "sessions").iterdir())
