"""An app in other languages: its catalogue, the change while it is shown, mirrored windows, the command texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from shell import desk as desk_module
from shell.action.view import set_language
from shell.boot import boot
from shell.main import main
from shell.session import Given

WaitUntil = Callable[..., None]
LAYOUT = """layout 1 title="Shop"
table items source="items"
window {
    row id=line { label "Name" id=first; button "Sell" id=second run="app.reload" }
    label "{items.count} items" id=words
    label "{3.5}" id=number
}
"""
MANIFEST = (
    'name = "shop"\ntitle = "Shop"\n\n[sources.stock]\nkind = "sqlite"\npath = "stock.sqlite"\nschema = "schema.sql"\n'
)
SCHEMA = "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO items (name) VALUES ('one');\n"
HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
GERMAN = (
    HEAD + 'msgid "Name"\nmsgstr "Bezeichnung"\n\nmsgid "{items.count} items"\nmsgid_plural "{items.count} items"\n'
    'msgstr[0] "eine Ware"\nmsgstr[1] "{items.count} Waren"\n'
)
ARABIC = HEAD + 'msgid "Name"\nmsgstr "الاسم"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    (made / "locale").mkdir(parents=True)
    for name, text in (("app.toml", MANIFEST), ("main.kdl", LAYOUT), ("schema.sql", SCHEMA),
                       ("locale/de.po", GERMAN), ("locale/ar.po", ARABIC)):  # fmt: skip
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
    wait_until(lambda: text(shown, "words") == "1 items")
    yield shown
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for one in list(desk.windows):
            one.close()
    session.close()
    QLocale.setDefault(before)
    qapp.setProperty("speaks", None)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def text(window: Any, name: str) -> str:
    return window.context.widgets[name].text() if window.context and name in window.context.widgets else ""


def test_the_language_changes_while_the_window_is_open(window: Any, wait_until: WaitUntil) -> None:
    assert (text(window, "first"), text(window, "number")) == ("Name", "3.5")
    set_language(window, "de")
    wait_until(lambda: text(window, "words") == "eine Ware")
    assert (text(window, "first"), text(window, "second").strip("\u2009")) == ("Bezeichnung", "Sell")
    assert text(window, "number") == "3,5"
    set_language(window, "en")
    wait_until(lambda: text(window, "words") == "1 items")
    assert (text(window, "first"), text(window, "number")) == ("Name", "3.5")


def test_a_language_from_the_right_mirrors_the_window_and_back(window: Any) -> None:
    def places() -> list[int]:
        window.body.layout().activate()
        QApplication.processEvents()
        return [window.context.widgets[name].mapTo(window, window.rect().topLeft()).x() for name in ("first", "second")]

    assert places()[0] < places()[1]
    set_language(window, "ar")
    assert text(window, "first") == "الاسم"
    assert window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert places()[0] > places()[1]
    set_language(window, "system")
    assert places()[0] < places()[1]


def test_texts_brings_catalogues_up_and_keeps_what_is_translated(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--basedir", str(tmp_path / "home")]
    changed = LAYOUT.replace("Sell", "Sell all").replace('label "Name"', 'label "Name" tip="A tip"')
    (folder / "main.kdl").write_text(changed)
    assert main(["espalier", "texts", str(folder), "pl", *given]) == 0
    out = capsys.readouterr().out
    assert "de.po: 5 to translate" in out
    german = (folder / "locale" / "de.po").read_text(encoding="utf-8")
    assert 'msgid "Name"\nmsgstr "Bezeichnung"' in german
    assert 'msgstr[0] "eine Ware"\nmsgstr[1] "{items.count} Waren"' in german
    assert '#: main.kdl:4\nmsgid "Sell all"\nmsgstr ""' in german
    assert 'msgstr[2] ""' in (folder / "locale" / "pl.po").read_text(encoding="utf-8")
    assert main(["espalier", "texts", str(folder), *given]) == 0
    assert (folder / "locale" / "de.po").read_text(encoding="utf-8") == german


def test_check_tells_of_catalogues(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "locale" / "ar.po").unlink()
    (folder / "locale" / "de.po").write_text(GERMAN.replace("{items.count} Waren", "{items.size} Waren"))
    assert main(["espalier", "check", str(folder), "--basedir", str(tmp_path / "home")]) == 0
    out = capsys.readouterr().out
    assert "de.po:8:1: warning: the translation of “{items.count} items” has {items.size}" in out
    assert "de.po:1:1: warning: 4 texts are missing: “Shop” and others" in out


def test_texts_refuses_what_is_no_app_or_no_language(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["espalier", "texts", str(folder), "Deutsch", "--basedir", str(tmp_path / "home")]) != 0
    assert "Deutsch is no language" in capsys.readouterr().err
