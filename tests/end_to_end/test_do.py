"""``espalier do``: commands from outside in a real window of a real process, by the program that people run."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shell.do.place import sockets
from tests.waiting import PATIENCE_S, wait_for

ESPALIER = Path(sys.executable).with_name("espalier")
LAYOUT = """layout 1 title="Shop"
table items source="items"
command item.greet title="Greet" run="greeting:greet"
window { grid items id=stock { show name; show price }; form id=edit of=stock.current { field note } }
"""
SCRIPT = "def greet(app):\n    app.report('info', 'Hello from a script')\n"


class Shop:
    """The window of an app, and the program that asks it."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.folder = directory, directory / "shop"
        self.folder.mkdir()
        with closing(sqlite3.connect(self.folder / "items.sqlite")) as database, database:
            database.execute(
                "create table items (id integer primary key, name text not null, price integer, note text)"
            )
            database.executemany(
                "insert into items values (?, ?, ?, ?)",
                [(1, "rake", 20, None), (2, "hoe", 15, None), (3, "spade", 30, "sharp")],
            )
        (self.folder / "main.kdl").write_text(LAYOUT)
        (self.folder / "greeting.py").write_text(SCRIPT)
        (self.folder / "app.toml").write_text(
            'name = "shop"\ntitle = "Shop"\n[sources.main]\nkind = "sqlite"\npath = "items.sqlite"\n'
        )
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("ESPALIER_")} | {
            "QT_QPA_PLATFORM": "offscreen", "ESPALIER_START_KEEP_READY": "false",
            "ESPALIER_BASEDIR": str(directory / "base"),
        }  # fmt: skip
        self.runtime = directory / "base" / "runtime"
        self.windows: list[subprocess.Popen[bytes]] = []

    def open(self) -> subprocess.Popen[bytes]:
        """Another process with a window, once it listens."""
        window = subprocess.Popen(
            [ESPALIER, str(self.folder)], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.windows.append(window)
        wait_for(lambda: window.poll() is not None or window.pid in dict(sockets(str(self.runtime))))
        assert window.poll() is None
        wait_for(lambda: self.do("--app", str(window.pid), "table.count items").stdout == "3\n")
        return window

    def do(self, *words: str, lines: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ESPALIER, "do", *words], env=self.environment, cwd=self.directory, input=lines, text=True,
            capture_output=True, timeout=PATIENCE_S,
        )  # fmt: skip

    def close(self) -> None:
        for window in self.windows:
            window.kill()
            window.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = Shop(tmp_path_factory.mktemp("do"))
    made.open()
    yield made
    made.close()


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_lines_act_on_the_window_one_after_the_other(shop: Shop) -> None:
    lines = """
        # the dearest first
        table.sort items price desc
        row.go items 1
        row.read items name
        table.filter items price < 25 and name != "rake"
        table.count items
        table.filter items
        table.count items
        row.select items 3
        row.set items note blunt, "very"
        row.read items note
        edit.undo
        row.read items note
        item.greet
    """
    undone = "“Edit Note in Items” is undone"
    told = ["spade", "1", "3", 'blunt, "very"', undone, "sharp", "Hello from a script"]
    assert said(shop.do("-", lines=lines)).splitlines() == told


def test_macros_are_played_from_outside(shop: Shop) -> None:
    config = shop.directory / "base" / "config"
    config.mkdir(exist_ok=True)
    (config / "macros.toml").write_text(
        '[dearest]\nlines = ["table.sort items price desc", "row.go items 1"]\n[broken]\nlines = ["row.go items 9"]\n'
    )
    assert said(shop.do("macro.play dearest")) == ""
    assert said(shop.do("row.read items name")) == "spade\n"
    done = shop.do("macro.play broken")
    assert done.returncode == 1
    assert "macro “broken” stopped at “row.go items 9”: there is no row 9 (there are 3)" in done.stderr


def test_rows_are_exported_to_where_the_program_was_run(shop: Shop) -> None:
    said(shop.do("table.export", "items", "stock list.json"))
    rows = json.loads((shop.directory / "stock list.json").read_text())
    assert sorted(row["name"] for row in rows) == ["hoe", "rake", "spade"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("table.sort items colour",), 1, "items has no column colour"),
        (("table.sort item price",), 1, "nothing here shows item (did you mean items?)"),
        (("table.sort items price down",), 2, "“down” is none of asc, desc"),
        (("table.srot items price",), 2, "There is no command “table.srot” (did you mean table.sort?)"),
        (("table.sort",), 2, "table.sort needs table, column"),
        (("table.show items and more",), 2, "takes no more than table: “and” is left"),
        (('table.sort "items',), 2, "a quote is not closed"),
        (("row.set items price cheap",), 1, "Price must be a whole number"),
        (("table.filter items price >",), 1, "expression"),
        (("--app", "nursery", "row.add"), 1, "nursery is not open (open: shop)"),
        ((), 2, "say which command"),
        (("--nonsense",), 2, "do does not take --nonsense"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(shop: Shop, words: tuple[str, ...], code: int, says: str) -> None:
    done = shop.do(*words)
    assert done.returncode == code
    assert says in done.stderr and len(done.stderr.splitlines()) == 1 and not done.stdout


def test_a_question_of_a_view_is_answered_by_an_option_alone(shop: Shop) -> None:
    done = shop.do("-", lines="table.filter items\ntable.sort items name\nrow.go items 1\nrow.delete items\n")
    assert done.returncode == 1 and "Delete “hoe”?" in done.stderr and "--yes answers it" in done.stderr
    assert said(shop.do("table.count items")) == "3\n"
    assert said(shop.do("--yes", "row.delete items")) == ""
    assert said(shop.do("table.count items")) == "2\n"
    said(shop.do("edit.undo"))
    assert said(shop.do("table.count items")) == "3\n"


def test_the_first_line_that_fails_ends_the_others(shop: Shop) -> None:
    done = shop.do("-", lines="table.count items\nrow.go items 9\ntable.count items\n")
    assert (done.returncode, done.stdout) == (1, "3\n")
    assert done.stderr.splitlines() == [
        "espalier: there is no row 9 (there are 3)", "espalier: line 2 ended it: row.go items 9",
    ]  # fmt: skip


def test_commands_are_listed_with_their_arguments(shop: Shop) -> None:
    assert "table.sort TABLE COLUMN [asc|desc] [also=yes|no]" in said(shop.do("--list", "table."))
    listed = {record["id"]: record for record in json.loads(said(shop.do("--list", "--json")))}
    assert listed["item.greet"]["title"] == "Greet"
    assert [one["name"] for one in listed["row.set"]["arguments"]] == ["table", "column", "value"]
    assert said(shop.do("--apps")).split() == ["shop", "Shop"]


def test_the_program_imports_neither_qt_nor_what_costs(shop: Shop) -> None:
    code = "import sys; from shell.main import main; main(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, "do", "table.count items"], env=shop.environment, capture_output=True, text=True,
        timeout=PATIENCE_S, check=True,
    )  # fmt: skip
    modules = {name.split(".")[0] for name in done.stdout.split()}
    assert not modules & {"PySide6", "typing", "re", "contextlib", "socket", "argparse", "json", "kernel.error"}


def test_others_are_kept_out_by_the_sockets_rights(shop: Shop) -> None:
    [(_, path)] = sockets(str(shop.runtime))
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.stat(shop.runtime).st_mode & 0o777 == 0o700


@pytest.mark.parametrize("said_first", [b"", b"nonsense", b"9\0run\0shop\0\0\0row.add", b"x" * (2 << 20)])
def test_who_says_nonsense_stops_nothing(shop: Shop, said_first: bytes) -> None:
    [(_, path)] = sockets(str(shop.runtime))
    here = os.getcwd()
    os.chdir(os.path.dirname(path))  # a socket's path may not be long
    try:
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(os.path.basename(path))
            try:
                stranger.sendall(said_first)
                stranger.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it was too much
            said(shop.do("table.count items"))
    finally:
        os.chdir(here)


def test_several_are_told_apart_and_one_that_was_killed_is_forgotten(shop: Shop) -> None:
    (shop.folder / "greeting.py").rename(shop.folder / "later")  # without code the app may be open twice
    second = shop.open()
    (shop.folder / "later").rename(shop.folder / "greeting.py")
    done = shop.do("table.count items")
    assert done.returncode == 1 and "several apps are open, say which one by --app" in done.stderr
    assert f"{second.pid} (shop)" in done.stderr
    assert said(shop.do("--app", str(second.pid), "table.count items")) == "3\n"
    second.kill()
    second.wait(PATIENCE_S)
    assert said(shop.do("table.count items")) == "3\n"
    assert second.pid not in dict(sockets(str(shop.runtime)))


def test_a_command_that_closes_the_window_is_answered(shop: Shop) -> None:
    assert said(shop.do("window.close")) == ""
    assert shop.windows[0].wait(PATIENCE_S) == 0
    done = shop.do("row.add")
    assert (done.returncode, done.stderr) == (1, "espalier: no window is open (espalier NAME opens one)\n")
