"""Servers that hang, die, flood, lie and come too late: typing goes on, the line below says how it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.scintilla.host import SCI
from plugins.scintilla.language_client import connection, server
from tests.conftest import spin_until
from tests.plugins.editor_desk import press, type_text
from tests.plugins.language_client.conftest import LanguageDesk, told

Rogue = Callable[..., Any]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[LanguageDesk]:
    files = {"notes.sql": "select 1\n", "empty.txt": "", "other.sql": "x", "main.py": ""}
    made = LanguageDesk(tmp_path_factory.mktemp("rogue"), files, "empty.txt")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses as short as can be."""
    monkeypatch.setattr(server, "PAUSES_MS", (20, 20, 20))


def problem(desk: LanguageDesk) -> str:
    """The text as the rogue has it."""
    return next((one.message for _, _, one in desk.pane.marks.shown), "")


def test_a_text_is_told_as_it_changes(desk: LanguageDesk, rogue: Rogue, tmp_path: Path) -> None:
    rogue(f"log={tmp_path / 'log'}")
    spin_until(lambda: problem(desk) == "select 1\n")
    desk.put("select 🌿ü|\nfrom x\n")
    type_text("one")
    spin_until(lambda: problem(desk) == "select 🌿üone\nfrom x\n")
    press("Ctrl+S")
    spin_until(lambda: any(one.get("method") == "textDocument/didSave" for one in told(tmp_path / "log")))
    heard = [one for one in told(tmp_path / "log") if one.get("method") == "textDocument/didChange"]
    changes = [one["params"]["contentChanges"][0] for one in heard]
    assert changes and all("range" in change and len(change["text"]) < 15 for change in changes)
    desk.show("empty.txt")
    spin_until(lambda: any(one.get("method") == "textDocument/didClose" for one in told(tmp_path / "log")))


def test_a_completion_brings_what_belongs_to_it(desk: LanguageDesk, rogue: Rogue) -> None:
    one = rogue()
    spin_until(lambda: one.state == "ready")
    desk.put("wo|\n")
    press("Ctrl+Space")
    spin_until(lambda: desk.pane.completer.is_open)
    shown = desk.pane.completer._list
    spin_until(lambda: shown.sheet.isVisible() and shown.sheet.browser.toPlainText() == "More of wonder")
    press("Return")
    spin_until(lambda: desk.pane.text() == b"first\nwonder\n")


def test_a_snippet_is_filled_in(desk: LanguageDesk, rogue: Rogue) -> None:
    one = rogue()
    spin_until(lambda: one.state == "ready")
    desk.put("  lo|\n")
    press("Ctrl+Space")
    spin_until(lambda: desk.pane.completer.is_open)
    press("Tab")
    assert desk.pane.text() == b"  for one in all:\n      one\n"
    type_text("row")
    press("Tab")
    type_text("rows")
    press("Tab")
    type_text("!")
    assert desk.pane.text() == b"  for row in rows:\n      row!\n"


def test_a_tip_marks_the_parameter(desk: LanguageDesk, rogue: Rogue) -> None:
    one = rogue()
    spin_until(lambda: one.state == "ready")
    desk.put("f|")
    type_text("(")
    spin_until(lambda: desk.pane.code.send(SCI.SCI_CALLTIPACTIVE))
    press("Escape")


def test_a_server_that_dies_is_started_again_and_knows_the_text(desk: LanguageDesk, rogue: Rogue) -> None:
    one = rogue("die=textDocument/hover")
    spin_until(lambda: one.state == "ready")
    desk.put("all of it|")
    first = one.connection.channel.process_id
    desk.served.hover.ask(1, is_by_key=True)
    spin_until(lambda: one.state == "ready" and one.connection.channel.process_id != first)
    spin_until(lambda: problem(desk) == "all of it")


def test_a_server_that_dies_again_and_again_is_left_off(desk: LanguageDesk, rogue: Rogue) -> None:
    (desk.folder / "notes.sql").write_text("die")
    one = rogue()
    spin_until(lambda: one.state == "off")
    assert "ended 4 times" in one.reason and "ended with 4" in one.reason
    assert "✕" in desk.pane.status.server.text() and "is off" in desk.pane.status.server.toolTip()
    (desk.folder / "notes.sql").write_text("select 1\n")
    desk.put("better")
    one.restart()
    spin_until(lambda: one.state == "ready")
    spin_until(lambda: problem(desk) == "better")


@pytest.mark.parametrize("directive", ["garbage", "huge=textDocument/hover,initialize"])
def test_a_server_that_speaks_something_else_is_left_off(desk: LanguageDesk, rogue: Rogue, directive: str) -> None:
    one = rogue(directive)
    spin_until(lambda: one.state == "off")
    assert "does not speak the protocol" in one.reason


def test_typing_goes_on_beside_a_server_that_hangs(desk: LanguageDesk, rogue: Rogue, monkeypatch: Any) -> None:
    monkeypatch.setattr(server, "START_S", 0.3)
    one = rogue("hang")
    desk.put("|")
    type_text("typed all the while ")
    press("Ctrl+Space")
    spin_until(lambda: one.state == "off")
    assert "no answer to initialize" in one.reason and desk.pane.text() == b"typed all the while "


def test_typing_goes_on_beside_a_server_that_floods(desk: LanguageDesk, rogue: Rogue) -> None:
    one = rogue("flood")
    spin_until(lambda: one.state == "ready" and len(one.log) == server.LOG_LINES)
    desk.put("|")
    type_text("typed in time")
    spin_until(lambda: problem(desk) == "typed in time")
    assert len(one.progress) <= 500


def test_what_was_not_asked_is_no_answer(desk: LanguageDesk, rogue: Rogue) -> None:
    one = rogue("wrong")
    spin_until(lambda: one.state == "ready")
    desk.put("wond|")
    failures: list[str] = []
    desk.served.ask("test", one, "textDocument/hover", {"position": desk.served.position(one)}, dict[str, str] | None,
                    failures.append, failures.append)  # fmt: skip
    spin_until(lambda: failures)
    assert "was answered with something else" in failures[0] and one.state == "ready"
    assert one.connection.strange >= 3


def test_a_late_answer_is_given_up_and_changes_nothing(desk: LanguageDesk, rogue: Rogue, tmp_path: Path) -> None:
    one = rogue("late=textDocument/completion", "seconds=0.4", f"log={tmp_path / 'log'}")
    spin_until(lambda: one.state == "ready")
    desk.put("wo|")
    press("Ctrl+Space")
    type_text("\nnext")
    press("Ctrl+Space")
    spin_until(lambda: any(line.get("method") == "$/cancelRequest" for line in told(tmp_path / "log")))
    spin_until(lambda: not one.connection._asked)
    assert desk.pane.text() == b"wo\nnext"
    assert not any(row.text == "wonder" for row in desk.pane.completer.shown)


def test_a_server_that_answers_nothing_any_more_is_started_again(
    desk: LanguageDesk, rogue: Rogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.scintilla.language_client.served.ASKED_S", 0.01)
    monkeypatch.setattr(connection, "_LOOK_MS", 20)
    one = rogue("silent=textDocument/hover")
    spin_until(lambda: one.state == "ready")
    connected, first = one.connection, one.connection.channel.process_id
    for _ in range(100):
        # What else is asked meanwhile and answered ends the row of missed deadlines, which begins anew then.
        if one.connection is not connected:
            break
        desk.served.ask("test", one, "textDocument/hover", {"position": desk.served.position(one)}, Any, print)
        spin_until(lambda: one.connection is not connected or not connected._asked)
    spin_until(lambda: one.state == "ready" and one.connection.channel.process_id != first)


def test_nothing_waits_for_a_process(desk: LanguageDesk, rogue: Rogue) -> None:
    """Starting and stopping return while the server still does what it wants."""
    one = rogue("hang")
    one.restart()
    process = one.connection.channel
    one.stop()
    assert one.state == "off" and one.connection is None
    spin_until(lambda: process._process is None or process._process.poll() is not None)
