"""The shell's own texts: gathered without drift, whole in German, said in the language in force, changed at once."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polib
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from kernel.words import say, say_count
from layouts.texts.catalogue import with_context
from shell import desk as desk_module
from shell.action.view import set_language
from shell.boot import boot
from shell.builtin import BUILT_IN
from shell.menu import make_menu
from shell.session import Given
from shell.texts import gather, template, texts_in
from shell.words import RESOURCES, form_of, take_words, translate_qt, worded_commands
from widgets.grid.menu import make_menu as make_cell_menu

WaitUntil = Callable[..., None]
LOCALE = RESOURCES / "locale"


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_template_holds_what_the_code_says() -> None:
    hint = "run python -m shell.texts"
    assert (LOCALE / "shell.pot").read_text(encoding="utf-8") == f"{template(gather())}\n", hint


@pytest.mark.parametrize("path", sorted(LOCALE.glob("*.po")), ids=lambda path: path.name)
def test_a_catalogue_is_whole_and_its_placeholders_are_those_of_the_texts(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    present = {with_context(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    assert sorted(present) == sorted(said.text for said in gather())
    assert not catalogue.untranslated_entries() and not catalogue.fuzzy_entries()
    forms = int(catalogue.metadata["Plural-Forms"].partition("nplurals=")[2].partition(";")[0])
    for said in gather():
        entry = present[said.text]
        if entry.msgctxt:
            continue  # a title of keys; a brace in it is a brace
        if not said.many:
            assert names_in(entry.msgstr) == names_in(said.text), said.text
            continue
        assert len(entry.msgstr_plural) == forms
        for form in entry.msgstr_plural.values():
            assert names_in(form) <= names_in(said.many), said.text


def test_texts_are_found_where_they_are_said() -> None:
    code = 'X = mark("A")\ndef f(n):\n    return say("B {n}", n=n) + say_count("{count} c", "{count} cs", n) + say(X)\n'
    assert [(said.text, said.many) for said in texts_in(code, "f.py")] == [
        ("A", ""), ("B {n}", ""), ("{count} c", "{count} cs"),
    ]  # fmt: skip


def test_a_marked_f_string_is_gathered_with_the_last_names_of_its_values() -> None:
    code = 'raise E(mark(f"{self._path.name} holds {len(a):,} {{x}} of {b} and {c[0]}"))\nsay(f"{a}")\n'
    assert [said.text for said in texts_in(code, "f.py")] == ["{name} holds {value} {{x}} of {b} and {value3}"]


def test_what_is_said_takes_the_form_of_its_count() -> None:
    assert [say_count("{count:,} row", "{count:,} rows", count) for count in (0, 1, 1200)] == [
        "0 rows", "1 row", "1,200 rows",
    ]  # fmt: skip
    assert take_words("de_AT")
    assert [say_count("{count:,} row", "{count:,} rows", count) for count in (0, 1, 2)] == [
        "0 Zeilen", "1 Zeile", "2 Zeilen",
    ]  # fmt: skip
    assert say("Values of {label}", label="Name {x}") == "Werte von Name {x}"
    assert not take_words("xx")
    assert say("Values of {label}", label="Name") == "Values of Name"
    polish = form_of("nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);")
    assert [polish(count) for count in (1, 2, 5, 12, 22)] == [0, 1, 2, 2, 1]


def test_commands_keep_all_but_what_people_read() -> None:
    take_words("de")
    for before, after in zip(BUILT_IN, worded_commands(BUILT_IN), strict=True):
        assert before._replace(title="", doc="", section="") == after._replace(title="", doc="", section="")
        assert before.title != after.title or before.title in ("Docks",)


@pytest.fixture
def window(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> Iterator[Any]:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    before = QLocale()
    QLocale.setDefault(QLocale("en"))
    orders = Path(__file__).parents[2] / "resources" / "apps" / "orders"
    session = boot(str(orders), Given(basedir=str(tmp_path / "home"), settings=()), may_block=False)
    (shown,) = next(iter(desk_module._DESKS.values())).windows
    wait_until(lambda: shown.context is not None and shown.context.views["orders_view"].row_count() > 0)
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


def titles(menu: Any) -> list[str]:
    return [action.text().partition("\t")[0] for action in menu.actions() if action.text()]


def test_menus_bar_and_palette_change_while_the_window_is_open(window: Any, wait_until: WaitUntil) -> None:
    def said() -> tuple[str, str, list[str], list[str]]:
        grid = window.context.views["orders_view"]
        return (window.registry.title("row.add"), window.bar.menu.toolTip(), titles(make_menu(window)),
                titles(make_cell_menu(grid)))  # fmt: skip

    english_words = said()
    assert english_words[:2] == ("New row", "All commands")
    palette = window.cards.palette()
    set_language(window, "de")
    wait_until(lambda: window.context.views["orders_view"].row_count() > 0)
    title, tip, menu, cells = said()
    assert (title, tip) == ("Neue Zeile", "Alle Befehle")
    assert "Zeilen" in menu and "Aussehen" in menu
    assert {"Kopieren", "Ausfüllen", "Zeile löschen…", "Spalte"} <= set(cells)
    assert window.cards.palette() is not palette
    assert QApplication.translate("QWidgetTextControl", "&Copy") == "&Kopieren"
    set_language(window, "en")
    wait_until(lambda: window.context.views["orders_view"].row_count() > 0)
    assert said() == english_words
    assert QApplication.translate("QWidgetTextControl", "&Copy") == "&Copy"
