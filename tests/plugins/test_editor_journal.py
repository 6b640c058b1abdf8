"""What was typed in a file and not written is there again, whatever ended the program; and can be undone later."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.scintilla.journal.history import BEGIN, GO_ON, UNDO_LAST, Change, History, PlainText
from plugins.scintilla.journal.keeper import MOST_STEPS
from plugins.scintilla.journal.record import HEADER, MAGIC, Record, change_record, read_records
from plugins.scintilla.journal.store import KEPT_BYTES, KEPT_S, Header, open_journal, place_of, sweep
from plugins.scintilla.journal.writer import wait_for_writes
from shell.boot import boot
from shell.session import Given
from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press, type_text
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parent.parent.parent

LAYOUT = 'layout 1\nwindow { state which "notes.txt"\n editor file="{which}" id=it\n }\n'


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    made = EditorDesk(tmp_path_factory.mktemp("journal"), LAYOUT)
    yield made
    made.close()


class Desk:
    """Opens files one after the other in the same window."""

    def __init__(self, desk: EditorDesk, name: str) -> None:
        self.desk, self.path = desk, desk.folder / name
        self.folder = desk.window.context.private_place() / "edits"

    @property
    def editor(self) -> Any:
        return self.desk.window.context.widgets["it"]

    @property
    def code(self) -> Any:
        return self.editor.pane.code

    @property
    def bar(self) -> Any:
        return self.editor._file.bar

    def open(self) -> None:
        """The file in the editor, which has the focus."""
        self.desk.window.context.scope.publish("which", self.path.name)
        assert self.editor._file.path == self.path.name
        self.desk.window.activateWindow()
        self.editor.pane.focus_code()
        spin_until(lambda: self.code.host.view.hasFocus())

    def write(self, data: bytes) -> None:
        self.path.write_bytes(data)
        self.open()

    def end(self) -> None:
        """What a killed program leaves: the journal as it is, nobody who holds it."""
        keeper = self.editor._file._keeper
        keeper.flush()
        wait_for_writes()
        if keeper._journal is not None:
            os.close(keeper._journal._handle)
            keeper._journal = None
        self.code.mark_saved()  # else the editor would ask and write
        self.desk.window.context.scope.publish("which", "")
        assert self.editor._file is None

    def leave(self) -> None:
        """Close it as a person does."""
        self.desk.window.context.scope.publish("which", "")
        assert self.editor._file is None


@pytest.fixture
def desk(shared: EditorDesk, request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(shared, f"{abs(hash(request.node.name))}.txt")
    yield made
    if made.editor._file is not None:
        made.code.mark_saved()
        made.leave()


def test_what_was_typed_is_there_again_and_can_be_given_up(desk: Desk) -> None:
    desk.write(b"one\ntwo\n")
    press("Ctrl+End")
    type_text("three\n")
    desk.end()
    desk.open()
    assert desk.code.data() == b"one\ntwo\nthree\n" and desk.path.read_bytes() == b"one\ntwo\n"
    assert desk.editor.has_edits() and "not written" in desk.bar.text.text()
    desk.bar.first.click()
    assert desk.code.data() == b"one\ntwo\n" and not desk.editor.has_edits()
    press("Ctrl+Z")
    assert desk.code.data() == b"one\ntwo\nthree\n"


def test_restored_edits_are_undone_step_by_step_to_what_the_file_has(desk: Desk) -> None:
    desk.write(b"one\n")
    type_text("a")
    press("Ctrl+S", "End")
    type_text("b")
    press("Home")
    type_text("c")
    press("Ctrl+Z")
    desk.end()
    desk.open()
    assert desk.code.data() == b"aoneb\n"
    press("Ctrl+Z")
    assert desk.code.data() == b"aone\n" and not desk.editor.has_edits()
    press("Ctrl+Z")
    assert desk.code.data() == b"one\n" and desk.editor.has_edits()
    press("Ctrl+Y", "Ctrl+Y", "Ctrl+Y")
    assert desk.code.data() == b"caoneb\n"


def test_written_edits_are_undone_after_the_file_is_opened_again(desk: Desk) -> None:
    desk.write(b"one\n")
    type_text("first ")
    press("Ctrl+S")
    desk.leave()
    desk.open()
    assert desk.code.data() == b"first one\n" and not desk.editor.has_edits() and not desk.bar.isVisible()
    press("Ctrl+Z")
    assert desk.code.data() == b"one\n" and desk.editor.has_edits()
    press("Ctrl+S")
    assert desk.path.read_bytes() == b"one\n"


def test_a_file_that_is_another_now_is_not_undone_into(desk: Desk) -> None:
    desk.write(b"one\n")
    type_text("first ")
    press("Ctrl+S")
    desk.leave()
    desk.write(b"by somebody else\n")
    press("Ctrl+Z")
    assert desk.code.data() == b"by somebody else\n" and not desk.bar.isVisible()


def test_edits_to_a_file_that_somebody_changed_since_are_asked_about(desk: Desk) -> None:
    desk.write(b"one\n")
    type_text("mine ")
    desk.end()
    desk.write(b"theirs\n")
    assert desk.code.data() == b"mine one\n" and desk.bar.is_asking
    press("Ctrl+S")
    assert desk.path.read_bytes() == b"theirs\n"
    desk.bar.first.click()
    assert desk.code.data() == b"theirs\n" and not desk.editor.has_edits()


def test_a_file_that_was_written_in_the_last_moment_has_no_edits(desk: Desk) -> None:
    desk.write(b"one\n")
    type_text("mine ")
    desk.end()
    desk.write(b"mine one\n")
    assert desk.code.data() == b"mine one\n" and not desk.editor.has_edits() and not desk.bar.isVisible()
    press("Ctrl+Z")
    assert desk.code.data() == b"one\n"


@pytest.mark.parametrize("size", [2_000_000, 17_000_000])
def test_edits_of_large_files_are_there_again(desk: Desk, size: int) -> None:
    line = b"a line of a large text\n"
    data = line * (size // len(line))
    desk.write(data)
    type_text("mine ")
    desk.code.replace(100, 110, b"\x00")
    wanted = desk.code.data()
    desk.end()
    desk.open()
    assert desk.code.data() == wanted and desk.editor.has_edits()
    press("Ctrl+S")
    assert desk.path.read_bytes() == wanted
    desk.leave()
    assert not place_of(desk.folder, desk.path).exists()


def test_edits_of_a_large_file_that_is_another_now_are_kept_aside(desk: Desk) -> None:
    data = b"a line of a large text\n" * 800_000
    desk.write(data)
    type_text("mine ")
    desk.end()
    desk.write(data + b"theirs\n")
    assert desk.code.length == len(data) + 7 and "kept aside" in desk.bar.text.text()
    assert place_of(desk.folder, desk.path).with_suffix(".lost").stat().st_size > 0


def test_long_lines_shown_whole_or_in_parts_are_there_again(desk: Desk) -> None:
    data = b"word " * 50_000
    desk.write(data)
    assert desk.editor.pane.is_broken
    type_text("x")
    desk.editor.pane.break_lines(False)
    assert desk.editor.has_edits()
    type_text("y")
    wanted = desk.editor.pane.text()
    desk.end()
    desk.open()
    assert desk.editor.pane.text() == wanted and not desk.editor.pane.is_broken and desk.editor.has_edits()


def test_of_two_windows_the_second_says_so_and_keeps_nothing(desk: Desk) -> None:
    desk.path.write_bytes(b"one\n")
    other = open_journal(place_of(desk.folder, desk.path))
    assert other is not None
    desk.open()
    assert "Another window" in desk.bar.text.text()
    type_text("x")
    desk.editor._file._keeper.flush()
    wait_for_writes()
    assert other.read() is None
    other.close(is_needed=False)


def test_a_disk_that_refuses_is_told_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    desk.write(b"one\n")
    monkeypatch.setattr("plugins.scintilla.journal.store._write", refuse)
    type_text("mine ")
    desk.editor._file._keeper.flush()
    spin_until(lambda: desk.bar.isVisible())
    assert "No space left on device" in desk.bar.text.text()
    press("Ctrl+S")
    assert desk.path.read_bytes() == b"mine one\n"


def test_without_the_option_nothing_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.scintilla.file_text.option", lambda _name: False)
    desk.write(b"one\n")
    type_text("mine ")
    assert desk.editor._file._keeper is None and not place_of(desk.folder, desk.path).exists()


#: Types a letter every 20 ms and tells each; ends itself by a signal that nobody can hear.
TYPIST = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shell.boot import boot
from shell.session import Given
session = boot(sys.argv[1], Given(sys.argv[2], ()))
(window,) = session.windows
view = window.context.widgets["it"].pane.code.host.view
count = 0
def type_one():
    global count
    QTest.keyClicks(view, "x")
    count += 1
    if count == 100:
        print(count - 50, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
timer = QTimer(interval=20, timeout=type_one)
timer.start()
QApplication.exec()
"""


def test_kill_takes_nothing_that_is_older_than_a_second(tmp_path: Path, qapp: Any) -> None:
    desk = EditorDesk(tmp_path, LAYOUT)
    desk.close()
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", TYPIST, str(desk.folder), str(tmp_path / "home")]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    assert desk.notes.read_bytes() == b"a note\n"
    session = boot(str(desk.folder), Given(str(tmp_path / "home"), ()))
    (window,) = session.windows
    text = window.context.widgets["it"].pane.text()
    assert text.endswith(b"xa note\n") and text.count(b"x") >= int(done.stdout)
    window.close_anyway()
    session.close()


# -- the journal itself --------------------------------------------------------------------------------------------

MOVES = st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 5), st.binary(max_size=6))
CHANGES = st.lists(MOVES, max_size=30)


def made(moves: list[tuple[int, int, int, bytes]], start: bytes) -> tuple[list[tuple[int, Change]], bytes, History]:
    """What an editor would tell of these moves; 2 = undo the last step, where there is one."""
    text, history, told = PlainText(start), History(), []
    for kind, position, removed, inserted in moves:
        if kind == 2 and history.at:
            step = history.steps[history.at - 1]
            for number, change in enumerate(reversed(step), 1):
                text.put(change.inverse())
                told.append((UNDO_LAST if number == len(step) else 3, change.inverse()))
                history.take(*told[-1])
        elif kind < 2:
            position = min(position, len(text.data))
            change = Change(position, bytes(text.data[position : position + removed]), inserted)
            told.append((BEGIN if kind == 0 else GO_ON, change))
            text.put(change)
            history.take(*told[-1])
    return told, bytes(text.data), history


@given(moves=CHANGES, start=st.binary(max_size=20), cut=st.integers(0, 200))
def test_a_journal_is_read_up_to_where_it_was_torn(
    tmp_path_factory: pytest.TempPathFactory, moves: list[Any], start: bytes, cut: int
) -> None:
    told, text, history = made(moves, start)
    place = tmp_path_factory.mktemp("journals") / "one.edits"
    journal = open_journal(place)
    assert journal is not None
    journal.begin(Header("a", "first"), start, History())
    whole = place.stat().st_size
    journal.append(b"".join(change_record(*one).encode() for one in told))
    found = journal.read()
    assert found is not None and found.history.steps == history.steps and found.history.at == history.at
    again = PlainText(found.base or b"")
    for step in found.history.steps[: found.history.at]:
        for change in step:
            again.put(change)
    assert bytes(again.data) == text and found.history.back_to_first(again) and bytes(again.data) == start
    os.truncate(place, max(whole, place.stat().st_size - cut))
    torn = journal.read()
    records = list(read_records(place.read_bytes()))
    assert torn is not None and records[-1][1] == place.stat().st_size
    left = History()
    for one in told[: len(records) - 2]:
        left.take(*one)
    assert (torn.history.steps, torn.history.at) == (left.steps, left.at)
    journal.close(is_needed=True)


@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_journal_or_none(data: bytes) -> None:
    for record, stop in read_records(data):
        assert data[:stop].endswith(record.encode())
    for record, _ in read_records(MAGIC + Record(HEADER, b"{}").encode() + data):
        assert record.kind >= 0


def test_a_journal_begun_anew_keeps_the_steps(tmp_path: Path) -> None:
    _, text, history = made([(0, 0, 0, b"ab"), (1, 2, 0, b"c"), (0, 1, 1, b"")], b"start")
    history.mark_saved()
    journal = open_journal(tmp_path / "one.edits")
    assert journal is not None
    journal.begin(Header("a", "now", False, False), b"start", history)
    found = journal.read()
    assert found is not None and found.history.is_saved and found.identity == "now"
    assert found.history.steps == history.steps and len(found.history.steps) == 2
    assert open_journal(tmp_path / "one.edits") is None
    journal.close(is_needed=True)


def test_the_oldest_steps_are_forgotten_first() -> None:
    history = History()
    for number in range(MOST_STEPS + 5):
        history.take(BEGIN, Change(number, b"", b"x"))
    history.mark_saved()
    history.trim(MOST_STEPS, 1 << 20)
    assert len(history.steps) == MOST_STEPS == history.saved == history.at
    history.trim(MOST_STEPS, 10)
    assert len(history.steps) == 10


def test_journals_of_long_ago_go(tmp_path: Path) -> None:
    for number, (age, size) in enumerate([(0, 10), (KEPT_S + 60, 10), (60, KEPT_BYTES), (120, 10)]):
        path = tmp_path / f"{number}.edits"
        with path.open("wb") as file:
            file.truncate(size)
        os.utime(path, (time.time() - age,) * 2)
    sweep(tmp_path)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["0.edits"]
