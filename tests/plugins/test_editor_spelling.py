"""Misspelt words in comments and texts: which are looked at, found, mended by key, added to the person's list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press, type_text

_RULES = "SET UTF-8\nTRY esianrtolcdugmphbyfvkwzü\nWORDCHARS '\n"
_WORDS = ("the", "word", "is", "right", "here", "don't", "Größe", "total")


@pytest.mark.parametrize(
    ("text", "styles", "found"),
    [
        ("the wrod is", "1", ["the", "wrod"]), ("größe, “Wort”. Ende!", "1", ["größe", "Wort", "Ende"]),
        ("some_name aName NAME a.b.cde /usr/bin x@abc.de don’t", "1", ["don’t"]), ("code `some code` text", "1",
         ["code", "text"]), ("see https://abc.de/word and Word.", "1", ["see", "and", "Word"]),
        ("well-known end. Next", "1", ["well", "known", "end", "Next"]), ("\"orders\"", "2", []),
        ("\"some orders\"", "2", ["some", "orders"]), ("some orders", "0", []), ("wo9rd 12th", "1", []),
    ],
)  # fmt: skip
def test_words_of_a_language_are_told_from_names(text: str, styles: str, found: list[str]) -> None:
    from plugins.scintilla.spelling.prose import words

    data, kinds = text.encode(), bytes(range(256))
    cells = b"".join(bytes((byte, int(styles))) for byte in data)
    rows = list(words(cells, kinds))
    assert [one.text for one in rows] == found
    assert [data[one.start : one.stop].decode() for one in rows] == found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    from plugins.scintilla.spelling.hunspell import library

    if library() is None:
        pytest.skip("Hunspell is not installed: apt install libhunspell-1.7-0")
    folder = tmp_path_factory.mktemp("spelling")
    (folder / "xx_XX.aff").write_text(_RULES)
    (folder / "xx_XX.dic").write_text(f"{len(_WORDS)}\n" + "\n".join(_WORDS) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DICPATH", str(folder))
        made = EditorDesk(folder, "layout 1\nwindow { editor id=it language=python\n }\n")
        yield made
        made.close()


@pytest.fixture
def pane(desk: EditorDesk) -> Iterator[Any]:
    from plugins.api import set_option
    from plugins.scintilla.document import Form

    pane = desk.editor("it").pane
    pane.load(b"wrod = 1  # the wrod is rigth\nx = 'wrod'  # here\n", Form())
    pane.focus_code()
    set_option("scintilla.spelling", "xx_XX")
    yield pane
    set_option("scintilla.spelling", "")
    set_option("scintilla.spelling-words", "")
    spin_until(lambda: not pane.spelling.places)


def wrong(pane: Any) -> list[str]:
    """The words that are underlined."""
    return [one.text for one in pane.spelling.places]


def test_misspelt_words_are_underlined_and_mended_by_key(pane: Any) -> None:
    spin_until(lambda: wrong(pane) == ["wrod", "rigth"])
    press("Alt+F7")
    spin_until(lambda: pane.code.selection == (16, 20))
    press("Ctrl+F7")
    spin_until(lambda: pane.spelling.menu is not None and pane.spelling.menu.isVisible())
    menu = pane.spelling.menu
    assert menu.actions()[0].text() == "word" and menu.activeAction() is menu.actions()[0]
    menu.actions()[0].trigger()
    menu.close()
    assert b"# the word is rigth" in pane.text()
    spin_until(lambda: wrong(pane) == ["rigth"])
    pane.code.send(2176)  # undo
    pane.code.select(0, 0)
    spin_until(lambda: wrong(pane) == ["wrod", "rigth"])
    for span in ((16, 20), (24, 29)):
        press("Alt+F7")
        spin_until(lambda span=span: pane.code.selection == span)
    press("Alt+Shift+F7")
    spin_until(lambda: pane.code.selection == (16, 20))
    pane.code.select(30, 30)
    press("Alt+F7")
    spin_until(lambda: "No word is misspelt" in pane.status.note.text())


def test_a_selected_word_is_looked_for_once(pane: Any) -> None:
    spin_until(lambda: wrong(pane) == ["wrod", "rigth"])
    pane.code.select(16, 20)
    spin_until(lambda: pane.same_word.places)
    pane.code.host.view.viewport().repaint()
    marked: list[str] = []
    mark = pane.code.mark_spans
    pane.code.mark_spans = lambda name, spans: (marked.append(name), mark(name, spans))
    try:
        pane.same_word.look()
        pane.spelling.look()
    finally:
        del pane.code.mark_spans
    assert marked == []


def test_a_word_becomes_one_of_the_persons(pane: Any) -> None:
    spin_until(lambda: wrong(pane) == ["wrod", "rigth"])
    pane.spelling.menu = None
    pane.code.select(18, 18)
    press("Ctrl+F7")
    spin_until(lambda: pane.spelling.menu is not None and pane.spelling.menu.isVisible())
    pane.spelling.menu.actions()[-1].trigger()
    pane.spelling.menu.close()
    spin_until(lambda: wrong(pane) == ["rigth"])


def test_a_long_text_is_looked_through_in_turns(pane: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from plugins.scintilla.document import Form
    from plugins.scintilla.spelling import marks

    monkeypatch.setattr(marks, "STEP", 1)
    pane.load(b"#\n" * 1100 + b"# wrod\n", Form())
    press("Alt+F7")
    spin_until(lambda: pane.code.selection == (2202, 2206))


def test_the_word_that_is_typed_is_left_alone_until_it_ends(pane: Any) -> None:
    spin_until(lambda: wrong(pane) == ["wrod", "rigth"])
    pane.code.select(pane.code.length - 1, pane.code.length - 1)
    type_text(" neww")
    pane.spelling.look()
    spin_until(lambda: "neww" in _known())
    assert "neww" not in wrong(pane)
    type_text(" ")
    spin_until(lambda: wrong(pane) == ["wrod", "rigth", "neww"])


def _known() -> dict[str, bool]:
    from plugins.scintilla.spelling.speller import speller

    return speller().known


def test_what_is_missing_is_said(desk: EditorDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from plugins.api import EspalierError, set_option
    from plugins.scintilla.spelling import command, hunspell

    view = desk.editor("it")
    with pytest.raises(EspalierError, match="not looked at"):
        command.mend(view)
    set_option("scintilla.spelling", "yy_YY")
    with pytest.raises(EspalierError, match="no dictionary"):
        command.next_word(view)
    monkeypatch.setattr(command, "library", lambda: None)
    with pytest.raises(EspalierError, match="Hunspell is not installed"):
        command.next_word(view)
    set_option("scintilla.spelling", "")
    monkeypatch.setenv("DICPATH", str(tmp_path))
    (tmp_path / "zz.dic").write_text("1\na\n")
    assert "zz" not in hunspell.dictionaries()
