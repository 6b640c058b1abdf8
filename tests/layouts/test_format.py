"""The canonical form of layouts: what it changes, what it keeps, what it refuses; and ``espalier fmt``."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest

from layouts.dump import dump
from layouts.format import format_text
from layouts.load import load_layout
from layouts.problem import LayoutError
from shell.main import main
from tests.layouts.test_load import FILES

ROOT = Path(__file__).parent.parent.parent

#: Text → its canonical form.
FORMS: dict[str, str] = {
    "": "",
    "\n\n": "",
    "// only\n": "// only\n",
    "a  1   x = 2 ;b": "a 1 x=2\nb\n",
    "\n\na\n\n\n\nb\r\nc": "a\n\nb\nc\n",
    "a{b;c}": "a { b; c }\n",
    "a{\nb;c}": "a {\n    b\n    c\n}\n",
    "a {}": "a {}\n",
    "a {\n\n  b\n\n}": "a {\n    b\n}\n",
    "a // why": "a  // why\n",
    "a { b // why\n}": "a {\n    b  // why\n}\n",
    "a { // first\n b\n}": "a {\n    // first\n    b\n}\n",
    "a \\\n  b=1 \\ // two\n  c": "a b=1 /* two */ c\n",
    "a /* in */ b": "a /* in */ b\n",
    "/* x */ a": "/* x */\na\n",
    '/- a "x" { b }\nc': '/-a "x" { b }\nc\n',
    "a /- 1 2 /- { b; c }": "a /-1 2 /-{ b; c }\n",
    "(t)a (u)1 p=(v)2": "(t)a (u)1 p=(v)2\n",
    'a "\\u{41}" #"raw"# 0x1F #null': 'a "\\u{41}" #"raw"# 0x1F #null\n',
    'a """\n   one\n   """ b': 'a """\n   one\n   """ b\n',
    "\ufeffa": "a\n",
}


@pytest.mark.parametrize("text", FORMS)
def test_form(text: str) -> None:
    assert format_text(text) == FORMS[text]
    assert format_text(FORMS[text]) == FORMS[text]


def test_a_line_that_is_too_long_is_broken_at_its_braces() -> None:
    long = "b" * 60
    assert format_text(f"a {{ {long} 1; {long} 2 }}") == f"a {{\n    {long} 1\n    {long} 2\n}}\n"


def test_a_text_with_mistakes_is_refused_with_all_of_them() -> None:
    with pytest.raises(LayoutError) as found:
        format_text('a "x\nb )\n', "main.kdl")
    assert [str(one.where) for one in found.value.problems] == ["main.kdl:1:3", "main.kdl:2:3"]


@pytest.mark.parametrize("path", sorted((ROOT / "resources").rglob("*.kdl")), ids=lambda path: path.parent.name)
def test_what_is_shipped_is_in_its_canonical_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_text(text) == text


def test_a_dump_is_in_its_canonical_form() -> None:
    text = dump(load_layout("main.kdl", FILES.get))
    assert format_text(text) == text


def test_files_are_written_whole_with_their_rights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, wrong, right = tmp_path / "a.kdl", tmp_path / "b.kdl", tmp_path / "c.kdl"
    good.write_text("a   1")
    good.chmod(0o640)
    wrong.write_text('a "')
    right.write_text("a 1\n")
    assert main(["espalier", "fmt", "--check", str(tmp_path)]) == 1
    assert good.read_text() == "a   1"
    capsys.readouterr()
    assert main(["espalier", "fmt", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == [str(good), "3 layouts looked at, 1 changed"] and "b.kdl:1:3" in told.err
    assert (good.read_text(), wrong.read_text(), right.read_text()) == ("a 1\n", 'a "', "a 1\n")
    assert stat.S_IMODE(good.stat().st_mode) == 0o640
    wrong.unlink()
    assert main(["espalier", "fmt", "--check", str(tmp_path)]) == 0


def test_an_editor_formats_its_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a   1"))
    assert main(["espalier", "fmt", "-"]) == 0
    assert capsys.readouterr().out == "a 1\n"
