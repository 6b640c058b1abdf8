"""Large texts, long lines, printing, and the end: editors come and go, in any order, without a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.scintilla.document import Form
from plugins.scintilla.large import LONG_LINE, broken, can_break, has_long_line, joined
from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press, type_text
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    made = EditorDesk(tmp_path_factory.mktemp("life"), 'layout 1\nwindow { editor file="notes.txt" id=it\n }\n')
    yield made
    made.close()


def open_bytes(desk: EditorDesk, data: bytes) -> Any:
    """The pane with a file of these bytes."""
    editor = desk.editor("it")
    desk.notes.write_bytes(data)
    editor._file.load()
    desk.window.activateWindow()
    editor.pane.focus_code()
    spin_until(lambda: editor.pane.code.host.view.hasFocus())
    return editor.pane


@pytest.mark.parametrize(
    "text",
    [b"", b"short\n", b"x" * LONG_LINE, b"a\n" + b"word " * 50_000 + b"\nb", "ü€".encode() * 60_000,
     b"a\r\n" + b"y" * 300_000 + b"\r\nb\r\n"],
    ids=["empty", "short", "just long", "words", "wide letters", "carriage returns"],
)  # fmt: skip
def test_long_lines_in_parts_are_the_same_text(text: bytes) -> None:
    assert has_long_line(text) == (len(text) >= LONG_LINE)
    parts = broken(text)
    assert joined(parts) == text and not has_long_line(parts)
    assert parts.decode().replace("\r\n", "").count("\r") == 0 or can_break(text)
    parts.decode()


def test_an_editor_goes_on_where_the_person_was(desk: EditorDesk) -> None:
    pane = open_bytes(desk, b"".join(b"line %d\n" % number for number in range(200)))
    editor = desk.editor("it")
    pane.code.go_to_line(150, 3)
    kept = editor.keep_state()
    assert (kept["line"], kept["letter"], kept["file"]) == (150, 3, "notes.txt")
    pane.code.go_to_line(0)
    editor.take_state({**kept, "file": "others.txt"})
    assert pane.code.place_of(pane.code.caret) == (0, 0)
    editor.take_state(kept)
    assert pane.code.place_of(pane.code.caret) == (150, 3)
    assert pane.code.top_line == kept["top"] > 0


def test_a_file_with_a_long_line_is_edited_in_parts_and_written_whole(desk: EditorDesk) -> None:
    data = b"head\n" + b"word " * 50_000 + b"\ntail\n"
    pane = open_bytes(desk, data)
    assert pane.is_broken and pane.code.line_count > 10
    press("Ctrl+Home")
    type_text("x")
    press("Ctrl+End", "Backspace", "Ctrl+S")
    assert desk.notes.read_bytes() == b"x" + data[:-1]
    desk.window.registry.run("editor.toggle-long-lines")
    assert not pane.is_broken and pane.text() == b"x" + data[:-1]


def test_lone_carriage_returns_are_never_taken_for_breaks(desk: EditorDesk) -> None:
    data = b"a\rb\n" + b"z" * 150_000
    pane = open_bytes(desk, data)
    assert not pane.is_broken and pane.text() == data


@pytest.mark.parametrize("size", [2_000_000, 20_000_000])
def test_a_large_file_is_edited_found_in_and_written(desk: EditorDesk, size: int) -> None:
    line = b"a line of a large text\n"
    data = line * (size // len(line)) + b"the needle\n"
    pane = open_bytes(desk, data)
    assert pane.code.is_large == (size > 8_000_000) and pane.code.length == len(data)
    press("Ctrl+Home")
    type_text("x")
    assert desk.editor("it").has_edits()
    press("Ctrl+F", "Ctrl+A")
    pane.find_bar().line.setText("needle")
    pane.find_bar().find_here()
    assert pane.code.selection[0] == len(data) - 6
    press("Escape", "Ctrl+S")
    assert desk.notes.read_bytes() == b"x" + data and not desk.editor("it").has_edits()
    press("Ctrl+Z")
    assert desk.editor("it").has_edits()
    open_bytes(desk, b"small again\n")
    assert not pane.code.is_large and pane.text() == b"small again\n"


@pytest.mark.parametrize(
    "data", [b"a\0b\0c\n", bytes(range(256)) * 3, b"\xef\xbb\xbfa\r\nb\n", "x\u2028y\n".encode("utf-16")],
    ids=["nulls", "all bytes", "mark and mixed ends", "utf-16"],
)  # fmt: skip
def test_a_strange_file_is_edited_and_the_rest_stays(desk: EditorDesk, data: bytes) -> None:
    pane = open_bytes(desk, data)
    press("Ctrl+End")
    type_text("q")
    press("Backspace")
    pane.code.type(b"q")
    press("Ctrl+S")
    written = "q".encode(pane.form.encoding)
    assert desk.notes.read_bytes() == data + written


def test_a_text_becomes_a_pdf(desk: EditorDesk, tmp_path: Path) -> None:
    open_bytes(desk, b"print('me')\n" * 200)
    desk.window.registry.run("editor.save-pdf", path=str(tmp_path / "text.pdf"))
    assert (tmp_path / "text.pdf").read_bytes().startswith(b"%PDF")
    desk.window.registry.run("editor.save-pdf", path=str(tmp_path / "none" / "text.pdf"))
    assert any("cannot be written" in message.text for message in desk.window.messages.shown)


def test_the_whole_text_is_shown_small_and_leads_there(desk: EditorDesk) -> None:
    pane = open_bytes(desk, b"a line of words\n" * 3_000)
    desk.window.registry.run("editor.toggle-minimap")
    minimap = pane._minimap
    minimap.grab()
    assert minimap.isVisible() and minimap.first_line() == 0
    minimap.go_to(minimap.height() - 5)
    assert pane.code.send(pane.code.host.editor.SCI_GETFIRSTVISIBLELINE) > 10
    desk.window.registry.run("editor.toggle-minimap")
    assert not minimap.isVisible()


#: Editors are made, typed into, moved between parents and dropped in every way that a program may.
CYCLES = """
import gc, sys
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabWidget, QVBoxLayout, QWidget
application = QApplication([])
from plugins.scintilla.document import Form
from plugins.scintilla.code import Code
from plugins.scintilla.language import BY_NAME
from widgets.theme import Theme
theme = Theme("light")
one, other = QTabWidget(), QWidget()
QVBoxLayout(other)
for number in range(200):
    code = Code(theme, one if number % 2 else None)
    code.load(b"def one():\\n    return 1\\n" * 20)
    code.set_language(BY_NAME["python"])
    if number % 4 == 1:
        one.addTab(code, "x")
    code.show()
    QTest.keyClicks(code.host.view, "ab")
    if number % 3 == 0:
        code.setParent(other)
        other.layout().addWidget(code)
        code.setParent(one)
    if number % 5 == 0:
        theme.set_mode("dark" if number % 10 else "light")
    application.processEvents()
    assert code.data().startswith(b"abdef")
    if number % 2:
        code.deleteLater()
    elif number % 4:
        code.setParent(None)
    del code
    if number % 20 == 0:
        gc.collect()
        application.processEvents()
kept = Code(theme)
kept.show()
print("done", flush=True)
EXIT
"""
#: How the program ends, with an editor still open.
ENDS = {
    "as Python ends": "",
    "sys.exit": "sys.exit(0)",
    "the window first": "kept.deleteLater(); application.processEvents(); del kept",
    "the application first": "del application",
    "quit": "from PySide6.QtCore import QTimer; QTimer.singleShot(0, application.quit); application.exec()",
}


@pytest.mark.parametrize("end", ENDS)
def test_two_hundred_editors_come_and_go(end: str) -> None:
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    code = CYCLES.replace("EXIT", ENDS[end]).replace("range(200)", "range(200)" if not ENDS[end] else "range(20)")
    command = [sys.executable, "-X", "faulthandler", "-c", code]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT)
    assert done.returncode == 0 and done.stdout == "done\n", done.stderr[-2000:]


def test_without_the_library_a_card_says_what_to_type(
    tmp_path: Path, qapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("plugins.scintilla.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "PyQt6.Qsci", None)
    made = EditorDesk(tmp_path, "layout 1\nwindow { editor id=it\n label Beside\n }\n")
    shown = " ".join(f"{one.text} {one.detail}" for one in made.window.messages.shown)
    assert "pip install" in shown and "PyQt6-QScintilla" in shown
    made.close()


def test_a_position_outside_of_every_screen_shows_no_list(desk: EditorDesk) -> None:
    pane = open_bytes(desk, b"wonder\n" + b"x " * 3_000 + b"\n")
    desk.window.move(-5_000, 0)
    press("Ctrl+End")
    type_text("won")
    press("Ctrl+Space")
    assert pane.text().endswith(b"won")
    desk.window.move(0, 0)


def test_forms_of_files_are_told() -> None:
    assert Form("utf-8", True).title == "UTF-8 with BOM" and Form("utf-16-le", True).title == "UTF-16 LE"
    assert Form(line_end=b"\r\n", is_mixed=True).line_end_title == "CRLF, mixed"


def test_a_closed_window_leaves_nothing_behind(tmp_path: Path, qapp: Any) -> None:
    from kernel import assist
    from plugins.options import values

    before = len(values), len(assist._LISTENERS)
    made = EditorDesk(tmp_path, "layout 1\nwindow { editor id=it minimap=#true\n diff-view before=a after=b\n }\n")
    made.editor("it")
    assert len(values) > before[0] and len(assist._LISTENERS) > before[1]
    made.close()
    made.window.deleteLater()
    spin_until(lambda: (len(values), len(assist._LISTENERS)) == before)


def test_a_column_of_files_keeps_their_encoding(tmp_path: Path, qapp: Any) -> None:
    made = EditorDesk(
        tmp_path,
        'layout 1\ntable scripts source="scripts"\n'
        "window { editor list.current.raw id=body\n grid scripts id=list\n }\n",
    )
    made.go_to_row(1)
    pane = made.editor("body").pane
    pane.focus_code()
    type_text("ab")
    press("Ctrl+S")
    spin_until(lambda: made.stored(1, "raw") == b"ab")
    made.window.registry.run("editor.set-encoding", encoding="utf-16-le")
    press("Ctrl+S")
    spin_until(lambda: made.stored(1, "raw") == "\ufeffab".encode("utf-16-le"))
    made.go_to_row(2)
    made.go_to_row(1)
    spin_until(lambda: pane.form.encoding == "utf-16-le" and pane.text() == b"ab")
    made.close()
