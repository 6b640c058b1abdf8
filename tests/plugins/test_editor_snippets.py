"""A person's snippets, put in by Tab and from the list; snippets and completions at several carets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from plugins.api import Completion, EspalierError, add_assistant
from tests.conftest import spin_until
from tests.plugins import plain
from tests.plugins.editor_desk import EditorDesk, press, type_text

LAYOUT = "layout 1\nwindow { editor id=it language=python; editor id=other language=sql\n }\n"
ROWS = """
[[snippets]]
prefix = "fo"
languages = ["python"]
doc = "a loop"
body = '''
for ${1:one} in ${2:all}:
\t${1}$0'''

[[snippets]]
prefix = "<>"
body = "<${1:b}>$0</${1}>"

[[snippets]]
prefix = "year"
body = "$CURRENT_YEAR ${TM_FILENAME_BASE} \\\\$CURRENT_YEAR $UNKNOWN|"

[[snippets]]
prefix = "fo"
languages = ["sql"]
body = "for update"
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    made = EditorDesk(tmp_path_factory.mktemp("snippets"), LAYOUT)
    yield made
    made.close()


@pytest.fixture
def file(desk: EditorDesk) -> Iterator[Path]:
    """The person's file."""
    path = desk.session.config.paths.config / "snippets.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ROWS)
    yield path
    path.unlink(missing_ok=True)
    press("Escape", "Left")  # Tab behind Escape alone leaves the editor


@pytest.fixture
def editor(desk: EditorDesk, file: Path) -> Any:
    return desk.editor("it")


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("  fo█", "Tab", "  for ┃one█ in all:\n      ┃one▒\n"),
        ("  fo█", "Tab r Tab l Tab !", "  for r in l:\n      r!█\n"),
        ("  fo█", "Tab r Ctrl+Z Ctrl+Z", "  fo█\n"),
        ("xfo█", "Tab", "xfo █\n"),
        ("x<>█", "Tab i", "x<i█></i▒>\n"),
        ("a█", "Tab", "a   █\n"),
        ("fo█", "Ctrl+K Tab", "for ┃one█ in all:\n    ┃one▒\n"),
    ],
)
def test_tab_behind_a_prefix_puts_it_in(editor: Any, before: str, keys: str, after: str) -> None:
    plain.give(editor, before + "\n")
    plain.strike(keys)
    assert plain.shown(editor) == after


def test_the_key_that_puts_it_in_goes_no_further_beside_pages(editor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from types import ModuleType

    monkeypatch.setitem(sys.modules, "PySide6.QtWebEngineCore", ModuleType("as if pages were shown"))
    plain.give(editor, "fo█\n")
    plain.strike("Ctrl+K Tab")
    assert plain.shown(editor) == "for ┃one█ in all:\n    ┃one▒\n"


def test_each_language_has_its_own(desk: EditorDesk, editor: Any) -> None:
    other = desk.editor("other")
    plain.give(other, "fo█")
    plain.strike("Tab")
    assert plain.shown(other) == "for update█"


def test_names_are_filled_in(editor: Any) -> None:
    from plugins.scintilla.snippet_file import filled, values_of

    values = values_of("/x/größe.tar.py", datetime(2031, 2, 3, 4, 5))
    assert filled("$CURRENT_YEAR-${CURRENT_MONTH}-$CURRENT_DATE \\$CURRENT_YEAR $X ${1:a}", values) == (
        "2031-02-03 \\$CURRENT_YEAR $X ${1:a}"
    )
    assert filled("${TM_FILENAME_BASE}", {"TM_FILENAME_BASE": "a$b}"}) == "a\\$b\\}"
    plain.give(editor, "year█")
    plain.strike("Tab")
    assert plain.shown(editor).endswith(" $CURRENT_YEAR |█")


def test_the_list_offers_them(desk: EditorDesk, editor: Any) -> None:
    plain.give(editor, "fo█")
    press("Ctrl+Space")
    spin_until(lambda: editor.pane.completer.is_open)
    assert [(one.label, one.detail, one.kind) for one in editor.pane.completer.shown] == [("fo", "a loop", "snippet")]
    press("Return")
    assert plain.shown(editor).startswith("for ┃one█ in all")


def test_they_are_put_in_at_every_caret_and_taken_back_at_once(editor: Any) -> None:
    from plugins.scintilla.host import SCI

    plain.give(editor, "fo█\n  fo\nfo\n")
    send = editor.pane.code.send
    send(SCI.SCI_ADDSELECTION, 7, 7)
    send(SCI.SCI_SETMAINSELECTION, 0)
    plain.strike("Tab r")
    assert plain.shown(editor) == "for r█ in all:\n    r▒\n  for r▒ in all:\n      r▒\nfo\n"
    plain.strike("Tab l Tab")
    assert plain.shown(editor) == "for r in l:\n    r█\n  for r in l:\n      r▒\nfo\n"
    for _ in range(8):
        press("Ctrl+Z")
    assert editor.pane.text() == b"fo\n  fo\nfo\n"


class Words:
    """An assistant that knows one word."""

    languages, triggers = ("python",), "."

    def complete(self, text: Any, place: Any, done: Any) -> None:
        done([Completion("wonderful")])

    def open_text(self, text: Any) -> None: ...
    change_text = close_text = open_text

    def call_tip(self, text: Any, place: Any, done: Any) -> None:
        done(None)


def test_completions_are_put_in_at_every_caret_and_taken_back_at_once(editor: Any) -> None:
    from plugins.scintilla.host import SCI

    remove = add_assistant(Words())
    plain.give(editor, "█\nö \nx\n")
    send = editor.pane.code.send
    send(SCI.SCI_ADDSELECTION, 4, 4)
    send(SCI.SCI_SETMAINSELECTION, 0)
    type_text("won")
    spin_until(lambda: editor.pane.completer.is_open)
    press("Return")
    assert plain.shown(editor) == "wonderful█\nö wonderful▒\nx\n"
    press("Ctrl+Z")
    assert b"wonderful" not in editor.pane.text() and editor.pane.text().count(b"won") == 2
    remove()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[snippets]\n", "no TOML"),
        ("snippets = 3\n", "rows"),
        ("[other]\n", "rows"),
        ('[[snippets]]\nprefix = "a"\n', "snippet 1 has no prefix and body"),
        ('[[snippets]]\nprefix = "a"\nbody = "b"\nscope = 1\n', "scope of snippet 1"),
        ('[[snippets]]\nprefix = "a"\nbody = ["b"]\n', "body of snippet 1"),
        ('[[snippets]]\nprefix = "a b"\nbody = "b"\n', "has a space"),
        ('[[snippets]]\nprefix = "a"\nbody = "b"\nlanguages = ["pyhton"]\n', "pyhton"),
    ],
)
def test_a_file_that_is_wrong_is_told_once_and_the_rows_before_stay(
    editor: Any, file: Path, text: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.scintilla.snippet_file import read_snippets

    with pytest.raises(EspalierError, match=why) as raised:
        read_snippets(text, "snippets.toml")
    assert raised.value.where is not None and raised.value.where.file == "snippets.toml"
    plain.give(editor, "fo█\n")
    assert editor.pane.expander.can_expand
    file.write_text(text)
    os.utime(file, ns=(1, 1))
    told: list[str] = []
    monkeypatch.setattr(editor.context.reporter, "report", lambda level, text, detail="": told.append(text))
    plain.strike("Tab")
    assert plain.shown(editor).startswith("for ┃one█ in all")
    assert len(told) == 1 and why in told[0]
    assert editor.pane.expander.offers() and len(told) == 1


def test_they_are_put_in_while_one_types_in_insert_mode(desk: EditorDesk, editor: Any) -> None:
    desk.session.config.set("scintilla.keys", "vim")
    plain.give(editor, "█\n")
    type_text("ifo")
    press("Tab")
    assert plain.shown(editor).startswith("for ┃one█ in all")
    press("Escape", "Escape")
    desk.session.config.set("scintilla.keys", "follow")


def test_the_file_is_made_and_opened(
    desk: EditorDesk, editor: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.scintilla import own_snippets
    from plugins.scintilla.snippet_file import read_snippets

    opened: list[str] = []
    monkeypatch.setattr(own_snippets.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    file.unlink()
    plain.give(editor, "█")
    desk.window.registry.run("editor.edit-snippets")
    assert opened == [str(file)]
    sample = "\n".join(line[2:] for line in file.read_text().splitlines()[2:11])
    assert read_snippets(file.read_text(), "") == []
    (row,) = read_snippets(sample, "")
    assert (row.prefix, row.languages, row.body.count("\n\t")) == ("def", ("python",), 2)
