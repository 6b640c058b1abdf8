"""Files are written as their folder's .editorconfig says, and indented as they are where it says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.scintilla.file_rule import RuleError, Rules, read_rules, told_indent
from plugins.scintilla.host import SCI
from tests.plugins.editor_desk import EditorDesk, press, type_text

LAYOUT = 'layout 1\nwindow { state which "notes.txt"\n editor file="{which}" id=it tab-width=6\n }\n'
CONFIG = """root = true
[*]
indent_style = space
indent_size = 3
[*.new]
end_of_line = crlf
charset = utf-16le
insert_final_newline = true
trim_trailing_whitespace = true
max_line_length = 66
[*.{tab,c}]
indent_style = tab
tab_width = 5
[odd]
indent_size = many
max_line_length = off
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    made = EditorDesk(tmp_path_factory.mktemp("rules"), LAYOUT)
    yield made
    made.close()


def shown(desk: EditorDesk, name: str, data: bytes | None, config: str = CONFIG) -> Any:
    """The surface with that file; a file of None is not there yet."""
    (desk.folder / ".editorconfig").write_text(config)
    if data is not None:
        (desk.folder / name).write_bytes(data)
    desk.window.context.scope.publish("which", name)
    desk.window.activateWindow()
    pane = desk.editor("it").pane
    pane.focus_code()
    return pane.code


def indents(code: Any) -> tuple[int, int, bool]:
    """Columns of a step, of a tab; whether it indents with tabs."""
    send = code.send
    return send(SCI.SCI_GETINDENT), send(SCI.SCI_GETTABWIDTH), bool(send(SCI.SCI_GETUSETABS))


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("a.py", Rules(False, 3, 3)),
        ("a.tab", Rules(True, 5, 5)),
        ("a.new", Rules(False, 3, 3, b"\r\n", "utf-16-le", True, True, True, 66)),
        ("odd", Rules(False, None, None)),
        ("folder/a.c", Rules(True, 5, 5)),
    ],
)
def test_what_is_said_of_a_file(tmp_path: Path, name: str, rules: Rules) -> None:
    (tmp_path / ".editorconfig").write_text(CONFIG)
    assert read_rules(tmp_path / name) == rules


def test_a_wrong_file_of_rules_is_told_and_the_text_is_edited(tmp_path: Path, desk: EditorDesk) -> None:
    (tmp_path / ".editorconfig").write_text("[*]\nno equals sign\n")
    with pytest.raises(RuleError, match="no equals sign"):
        read_rules(tmp_path / "a")
    code = shown(desk, "wrong.txt", b"x\n", "[*]\nno equals sign\n")
    assert "no equals sign" in desk.editor("it")._file.bar.text.text()
    type_text("y")
    press("Ctrl+S")
    assert (desk.folder / "wrong.txt").read_bytes() == b"yx\n" and code.length == 3


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", Rules()),
        ("one\ntwo\n", Rules()),
        ("a:\n    b\n    c:\n        d\ne\n", Rules(False, 4)),
        ("a\n  b\n    c\n  d\n", Rules(False, 2)),
        ("a\n\tb\n\t\tc\n  d\n", Rules(True)),
        ("/*\n * x\n */\na {\n  b\n}\n", Rules(False, 2)),
        ("x\n\n   \n        \n", Rules()),
    ],
)
def test_what_a_text_is_indented_with(text: str, rules: Rules) -> None:
    assert told_indent(text.encode()) == rules


def test_the_folder_says_more_than_the_layout_and_the_layout_more_than_the_text(desk: EditorDesk) -> None:
    assert indents(shown(desk, "one.py", b"a:\n  b\n")) == (3, 3, False)
    assert indents(shown(desk, "two.py", b"a:\n  b\n", "root = true\n")) == (6, 6, False)
    assert indents(shown(desk, "three.py", b"a:\n\tb\n", "root = true\n")) == (6, 6, True)
    code = shown(desk, "one.c", b"a\n")
    press("Ctrl+End")
    type_text("\t")
    assert code.data() == b"a\n\t" and code.send(SCI.SCI_GETTABWIDTH) == 5


def test_a_new_file_is_written_as_its_folder_says(desk: EditorDesk) -> None:
    code = shown(desk, "fresh.new", None)
    type_text("one  \ntwo \n\nthree")
    press("Ctrl+S")
    assert (desk.folder / "fresh.new").read_bytes() == b"\xff\xfe" + "one\r\ntwo\r\n\r\nthree\r\n".encode("utf-16-le")
    assert code.send(SCI.SCI_GETEDGECOLUMN) == 66 and not desk.editor("it").has_edits()
    press("Ctrl+Z")
    assert code.data() == b"one  \r\ntwo \r\n\r\nthree"


def test_a_file_that_is_there_keeps_its_line_ends_and_encoding(desk: EditorDesk) -> None:
    code = shown(desk, "old.new", b"a \nb")
    press("Ctrl+End")
    type_text("c\n")
    press("Ctrl+S")
    assert (desk.folder / "old.new").read_bytes() == b"a\nbc\n" and code.line_count == 3
