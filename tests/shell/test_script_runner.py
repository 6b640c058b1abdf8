"""Scripts run beside the window: it stays awake, hears what they say, and may be closed before they end."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kernel.tables.error import SourceError
from kernel.tables.query import Query
from tests.waiting import PATIENCE_S
from widgets.structure.circle import MOST_ROUNDS

LAYOUT = """layout 1 title="Paint"
table colours source="colours" sort="name"
command slow title="Slow" run="paint:slow"
command other title="Other" run="paint:other"
command fail title="Fail" run="paint:fail"
command leave title="Leave" run="paint:leave"
command unknown title="Unknown" run="paint:nothing"
command read title="Read" run="paint:read"
command count-up title="Count" run="n = n + 1"
window {
    state n 0
    search id=find
    grid colours id=view
}
"""
SCRIPT = """import gate

def slow(app):
    gate.wait()
    app.table("colours").commit([gate.update(app.key("view"))])
    app.report("success", "Painted")
    app.run("other")

def other(app):
    app.report("info", "Other ran")

def read(app):
    gate.wait()
    gate.seen.append((app.read("find.text"), app.key("view"), app.name))

def fail(app):
    gate.wait()
    return 1 / 0

def leave(app):
    raise SystemExit(3)

def mark(app):
    write(app, "mark")

def rename(app):
    write(app, "name")

def write(app, column):
    gate.seen.append(column)
    value = app.read(f"view.current.{column}") or ""
    app.table("colours").commit([gate.change(app.key("view"), column, value + "x")])

def count(app):
    gate.seen.append("count")
    app.run("count-up")
"""


class Gate:
    """What the scripts wait at; a module for them."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.reached = threading.Event()
        self.threads: list[threading.Thread] = []
        self.seen: list[Any] = []

    def wait(self) -> None:
        self.threads.append(threading.current_thread())
        self.reached.set()
        assert self.opened.wait(PATIENCE_S)

    def update(self, key: Any) -> Any:
        return self.change(key, "mark", "seen")

    def change(self, key: Any, column: str, value: str) -> Any:
        from kernel.tables.change import Update

        return Update(key, "", {column: value})


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch):
    import sys

    made = Gate()
    monkeypatch.setitem(sys.modules, "gate", made)
    yield made
    made.opened.set()


@pytest.fixture
def paint(
    qapp: Any, tmp_path: Path, wait_until: Any, gate: Gate, monkeypatch: pytest.MonkeyPatch, request: Any
):
    """The app's window with its list, and what it told."""
    from shiboken6 import isValid

    from shell import desk
    from shell.boot import boot
    from shell.session import Given

    monkeypatch.setattr(desk, "_DESKS", {})
    # No script of these tests is told of for its length, however long a machine takes for it.
    monkeypatch.setattr("shell.script_runner.TELL_AFTER_MS", 600_000)
    folder = tmp_path / "paint"
    (folder / "scripts").mkdir(parents=True)
    file = folder / "paint.sqlite"
    with sqlite3.connect(file) as database:
        database.executescript(
            "create table colours (id integer primary key, name text not null, mark text);"
            "insert into colours (name) values ('amber'), ('blue'), ('coral');"
        )
    database.close()
    (folder / "app.toml").write_text('name = "paint"\n[sources.main]\nkind = "sqlite"\npath = "paint.sqlite"\n')
    given = getattr(request, "param", "")
    (folder / "main.kdl").write_text(LAYOUT.replace("    grid", given + "\n    grid"))
    (folder / "scripts" / "paint.py").write_text(SCRIPT)
    session = boot(str(folder), Given(basedir=str(tmp_path / "home")))
    window = session.windows[0]
    view = window.context.widgets["view"]
    wait_until(lambda: view.current_key is not None)

    def said() -> list[str]:
        return [message.text for message in window.messages.history]

    def marks() -> list[str]:
        database = sqlite3.connect(file)
        try:
            return [name for (name,) in database.execute("select name from colours where mark = 'seen'")]
        finally:
            database.close()

    yield SimpleNamespace(
        window=window, view=view, session=session, said=said, marks=marks, run=window.registry.run,
        log=lambda: "".join(path.read_text() for path in Path(tmp_path / "home").rglob("*.log")),
    )  # fmt: skip
    gate.opened.set()
    window.desk.disposers()
    if isValid(window):
        window.close()
    session.close()


def test_the_window_stays_awake_and_the_script_keeps_the_row_it_was_run_for(paint, gate, wait_until):
    paint.run("slow")
    wait_until(gate.reached.is_set)
    assert gate.threads[0] is not threading.main_thread()
    paint.view.go(2, 0)
    gate.opened.set()
    wait_until(lambda: "Other ran" in paint.said())
    assert paint.said() == ["Painted", "Other ran"]
    assert paint.marks() == ["amber"]


def test_a_second_press_says_that_it_still_runs(paint, gate, wait_until):
    paint.run("slow")
    paint.run("slow")
    assert paint.said() == ["Slow is still running"]
    gate.opened.set()
    wait_until(lambda: "Other ran" in paint.said())
    assert len(gate.threads) == 1
    paint.run("slow")
    wait_until(lambda: paint.said().count("Painted") == 2)


def test_a_long_one_is_told_of_and_others_wait_for_it(paint, gate, wait_until, monkeypatch):
    monkeypatch.setattr("shell.script_runner.TELL_AFTER_MS", 1)
    paint.run("fail")
    paint.run("other")
    wait_until(lambda: len(paint.said()) == 2)
    assert paint.said() == ["Fail is still running", "Other waits for “Fail”"]
    gate.opened.set()
    wait_until(lambda: "Other ran" in paint.said())


def test_it_reads_the_window_as_it_was(paint, gate, wait_until):
    find = paint.window.context.widgets["find"]
    paint.window.scope.publish("find.text", "before")
    paint.run("read")
    paint.window.scope.publish("find.text", "after")
    gate.opened.set()
    wait_until(lambda: gate.seen)
    assert find and gate.seen == [("before", (1,), "paint")]


#: Command → what is said and the detail.
FAILURES = {
    "fail": ("Fail: ZeroDivisionError: division by zero", "paint/scripts/paint.py:18:1"),
    "leave": ("Leave: SystemExit: 3", "paint/scripts/paint.py:21:1"),
    "unknown": ("Unknown: there is no function nothing", "paint/scripts/paint.py"),
}


@pytest.mark.parametrize("command", FAILURES)
def test_a_failure_names_the_line(paint, gate, wait_until, command):
    gate.opened.set()
    paint.run(command)
    wait_until(lambda: paint.said())
    message = paint.window.messages.history[0]
    assert (message.level, message.text, message.detail.splitlines()[0]) == ("error", *FAILURES[command])


@pytest.mark.parametrize(("command", "entry"), [("slow", "success Painted"), ("fail", "error Fail: ZeroDivision")])
def test_the_window_may_be_closed_before_the_script_ends(paint, gate, wait_until, command, entry):
    source = paint.session.app.source()
    paint.run(command)
    wait_until(gate.reached.is_set)
    assert paint.window.close()
    paint.session.close()
    paint.session.close()
    gate.opened.set()
    wait_until(lambda: entry in paint.log())
    assert paint.marks() == (["amber"] if command == "slow" else [])
    gate.threads[0].join(PATIENCE_S)
    assert not gate.threads[0].is_alive()
    with pytest.raises(SourceError, match="closed"):
        source.table("colours").count(Query())


@pytest.mark.parametrize(
    ("paint", "places"),
    [
        ('watch "view.current.mark" run="paint:mark"', 1),
        ('watch "view.current.mark" run="paint:rename"\nwatch "view.current.name" run="paint:mark"', 2),
        ('watch "n" run="paint:count"', 1),
    ],
    indirect=["paint"],
)
def test_watches_whose_scripts_set_them_off_in_a_circle_are_stopped_and_told_once(paint, gate, wait_until, places):
    paint.run("count-up")
    paint.view.handle.commit([gate.change(paint.view.current_key, "mark", "go")], lambda _: None)
    told = "A watch was stopped: it sets what it watches, in a circle"
    wait_until(lambda: told in paint.said())
    where = next(one.detail for one in paint.window.messages.history if one.text == told).split(" → ")
    assert len(where) == places + 1 and where[0] == where[-1]
    assert paint.said().count(told) == 1
    assert len(gate.seen) <= (MOST_ROUNDS + 2) * places


@pytest.mark.parametrize("paint", ['watch "view.current.name" run="paint:mark"'], indirect=True)
def test_a_watch_whose_script_sets_something_else_is_no_circle(paint, gate, wait_until):
    for count in range(MOST_ROUNDS + 5):
        before = len(gate.seen)
        paint.view.handle.commit([gate.change(paint.view.current_key, "name", f"n{count}")], lambda _: None)
        wait_until(lambda before=before: len(gate.seen) > before and not paint.session._runner._running)
    assert paint.said() == []
