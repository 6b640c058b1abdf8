"""What tables say in other languages: headings, labels of fields, choices, and what ``texts`` gathers of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from kernel.tables.clip_text import ClipCell
from shell import desk as desk_module
from shell.action.view import set_language
from shell.boot import boot
from shell.main import main
from shell.session import Given
from shell.words import translate_qt
from widgets.grid.cell_read import CellReader
from widgets.grid.filter_row import words_filter

WaitUntil = Callable[..., None]
LAYOUT = """layout 1 title="Shop"
table items source="items"
window {
    grid items id=rows { show name; show state as=tag; show maker.city; show made }
    list items id=names title="{name}" subtitle="{state}"
    form of=rows.current id=form
}
"""
MANIFEST = (
    'name = "shop"\ntitle = "Shop"\n\n[sources.stock]\nkind = "sqlite"\npath = "stock.sqlite"\nschema = "schema.sql"\n'
)
SCHEMA = """
CREATE TABLE makers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
CREATE TABLE items (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('new', 'used')),
    made DATE, maker_id INTEGER REFERENCES makers (id)
);
INSERT INTO makers VALUES (1, 'Ada', 'Berlin');
INSERT INTO items VALUES (1, 'Lamp', 'new', NULL, 1), (2, 'Chair', 'used', NULL, 1);
"""
WORDS = {"Name": "Bezeichnung", "State": "Zustand", "new": "neu", "used": "gebraucht", "City": "Ort", "Maker": "Firma"}
GERMAN = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n' + "\n".join(
    f'msgid "{text}"\nmsgstr "{word}"\n' for text, word in WORDS.items()
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    (made / "locale").mkdir(parents=True)
    for name, text in (("app.toml", MANIFEST), ("main.kdl", LAYOUT), ("schema.sql", SCHEMA), ("locale/de.po", GERMAN)):
        (made / name).write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def window(
    qapp: QApplication, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> Iterator[Any]:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    before = QLocale()
    QLocale.setDefault(QLocale("en"))
    session = boot(str(folder), Given(basedir=str(tmp_path / "home"), settings=()), may_block=False)
    (shown,) = next(iter(desk_module._DESKS.values())).windows
    wait_until(lambda: said(shown, 1) == "new")
    yield shown
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for one in list(desk.windows):
            one.close()
    session.close()
    QLocale.setDefault(before)
    qapp.setProperty("speaks", None)
    translate_qt(qapp, "")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def grid_of(window: Any) -> Any:
    return window.context.views["rows"] if window.context is not None else None


def said(window: Any, column: int) -> str:
    grid = grid_of(window)
    return grid.cell_text(0, column) if grid is not None and grid.row_count() == 2 else ""


def headings(window: Any) -> list[str]:
    return [column.label for column in grid_of(window).columns]


def test_headings_fields_and_choices_speak_the_language_at_once(window: Any, wait_until: WaitUntil) -> None:
    assert headings(window) == ["Name", "State", "City", "Made"]
    set_language(window, "de")
    wait_until(lambda: said(window, 1) == "neu")
    grid = grid_of(window)
    # What the catalogue lacks stays as it is.
    assert headings(window) == ["Bezeichnung", "Zustand", "Ort", "Made"]
    form = window.context.widgets["form"]
    wait_until(lambda: len(form.fields) > 4)
    assert [field.label.text().split(" ")[0] for field in form.fields][1:3] == ["Bezeichnung", "Zustand"]
    names = window.context.views["names"]
    wait_until(lambda: "neu" in names.item_text(0))
    set_language(window, "en")
    wait_until(lambda: said(window, 1) == "new")
    assert headings(window) == ["Name", "State", "City", "Made"]
    assert grid.context is not None


def test_a_choice_is_stored_as_it_was_and_read_in_both_languages(
    window: Any, folder: Path, tmp_path: Path, wait_until: WaitUntil
) -> None:
    set_language(window, "de")
    wait_until(lambda: said(window, 1) == "neu")
    grid = grid_of(window)
    reader = CellReader(grid.columns[1], True, None)
    assert [reader.read(ClipCell(text), "", "") for text in ("Gebraucht", "used", "neu")] == ["used", "used", "new"]
    with pytest.raises(ValueError, match="neu, gebraucht"):
        reader.read(ClipCell("alt"), "", "")
    grid.go(0, 1)
    grid.editing.open()
    box = grid.editing.cell.field.box
    assert [box.itemText(at) for at in range(box.count())] == ["neu", "gebraucht"]
    box.setCurrentIndex(1)
    grid.editing.accept()
    wait_until(lambda: said(window, 1) == "gebraucht")
    (place,) = [path for path in tmp_path.rglob("stock.sqlite")]

    def stored() -> str:
        with sqlite3.connect(place) as database:
            return database.execute("SELECT state FROM items WHERE id = 1").fetchone()[0]

    wait_until(lambda: stored() == "used")


def test_a_filter_box_finds_a_choice_by_its_word(window: Any, wait_until: WaitUntil) -> None:
    set_language(window, "de")
    wait_until(lambda: said(window, 1) == "neu")
    grid = grid_of(window)
    assert words_filter(grid.columns[1], "Gebr") == "state in ('used',)"
    assert words_filter(grid.columns[1], "=used") == words_filter(grid.columns[0], "neu") == ""
    grid.filters.set_part(("row", "state"), words_filter(grid.columns[1], "gebr"))
    wait_until(lambda: grid.row_count() == 1 and grid.cell_text(0, 1) == "gebraucht")


def test_texts_of_tables_are_gathered_with_what_they_are(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--basedir", str(tmp_path / "home")]
    assert main(["espalier", "texts", str(folder), "fr", *given]) == 0
    assert "de.po: 5 to translate" in capsys.readouterr().out
    template = (folder / "locale" / "texts.pot").read_text(encoding="utf-8")
    assert '#. column state of items\nmsgid "State"' in template
    assert '#. choice of state of items\nmsgid "used"' in template
    assert '#. table makers\nmsgid "Makers"' in template
    # The heading of a column of another table is one of the layout.
    assert '#: main.kdl:4\nmsgid "City"' in template
    german = (folder / "locale" / "de.po").read_text(encoding="utf-8")
    assert 'msgid "used"\nmsgstr "gebraucht"' in german and "#~" not in german
    assert main(["espalier", "check", str(folder), *given]) == 0
    assert "nothing in the app says" not in capsys.readouterr().out
