"""A real server for Python over a small project: every answer of it is used as a person would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from plugins.api import set_option
from plugins.scintilla.host import SCI
from tests.conftest import spin_until
from tests.plugins.editor_desk import press, type_text
from tests.plugins.language_client.conftest import LanguageDesk

pytest.importorskip("pylsp")
FILES = {
    "pyproject.toml": "[project]\nname = 'small'\n",
    "prices.py": (
        "def price_of(größe: int, count: int = 1) -> int:\n"
        '    """What some of that size cost."""\n'
        "    return größe * count\n"
        "\n"
        "\n"
        "def total() -> int:\n"
        "    return price_of(3) + price_of(4, 2)\n"
    ),
    "use.py": "from prices import price_of\n\nprint(price_of(5))\n",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[LanguageDesk]:
    made = LanguageDesk(tmp_path_factory.mktemp("pylsp"), FILES, "prices.py")
    made.pane.focus_code()
    made.served  # noqa: B018 — waits until the server is there
    yield made
    made.close()


@pytest.fixture(autouse=True)
def fresh(desk: LanguageDesk) -> None:
    """The project as it was, ``prices.py`` shown."""
    for name, text in FILES.items():
        (desk.folder / name).write_bytes(text.encode())
    desk.show("prices.py")
    desk.served  # noqa: B018
    desk.editor.places.clear()
    desk.editor.list_panel().close_list()


def caret_at(desk: LanguageDesk, text: str, more: int = 0) -> None:
    """Put the caret to where a text stands first."""
    place = desk.pane.text().index(text.encode()) + more
    desk.pane.code.select(place, place)


def at(desk: LanguageDesk) -> tuple[str, int]:
    """The file and the line where the caret stands."""
    return desk.editor.path, desk.pane.code.line_of(desk.pane.code.caret)


def listed(desk: LanguageDesk) -> list[str]:
    """What the list below says."""
    panel = desk.editor.list_panel()
    return [] if panel.isHidden() else panel.texts()


def test_functions_are_folded_as_the_server_says(desk: LanguageDesk) -> None:
    code = desk.pane.code
    spin_until(lambda: (0, 2) in desk.served.folds.ranges)
    spin_until(lambda: not desk.served.folds.is_busy)
    desk.pane.code.select(0, 0)
    press("Ctrl+Alt+[")
    assert [code.send(SCI.SCI_GETLINEVISIBLE, line) for line in range(4)] == [1, 0, 0, 1]
    press("Ctrl+Alt+]")


def test_problems_come_and_go_and_are_listed(desk: LanguageDesk) -> None:
    desk.put("import os\n\n\nprint(größe)\n")
    spin_until(lambda: any("undefined name" in one.message for _, _, one in desk.pane.marks.shown))
    start, _, _ = next(one for one in desk.pane.marks.shown if "undefined" in one[2].message)
    assert desk.pane.text()[start:].decode().startswith("größe")
    press("Ctrl+F8")
    assert "prices.py" in listed(desk) and any("imported but unused" in text for text in listed(desk))
    desk.pane.code.take(b"print(1)\n")
    spin_until(lambda: listed(desk) and "prices.py" not in listed(desk))
    press("Escape")
    assert not listed(desk) and desk.pane.code.host.view.hasFocus()


def test_a_call_is_completed_and_its_parameters_are_shown(desk: LanguageDesk) -> None:
    desk.put(FILES["prices.py"] + "pri|")
    press("Ctrl+Space")
    spin_until(lambda: any(one.label.startswith("price_of") for one in desk.pane.completer.shown))
    assert desk.pane.completer.shown[0].kind == "function"
    press("Return")
    spin_until(lambda: b"\nprice_of" in desk.pane.text())
    desk.put(FILES["prices.py"] + "price_of|")
    type_text("(")
    spin_until(lambda: desk.pane.code.send(SCI.SCI_CALLTIPACTIVE))
    press("Escape")


def test_a_word_is_explained(desk: LanguageDesk) -> None:
    caret_at(desk, "price_of(3)", 2)
    press("Ctrl+F1")
    spin_until(lambda: desk.served.hover.is_shown)
    assert "What some of that size cost" in desk.served.hover.text
    press("Escape")


def test_a_definition_in_another_file_is_gone_to_and_back(desk: LanguageDesk) -> None:
    desk.show("use.py")
    desk.served  # noqa: B018
    caret_at(desk, "price_of(5)", 2)
    press("F12")
    spin_until(lambda: at(desk) == ("prices.py", 0))
    assert desk.pane.code.host.view.hasFocus()
    press("Ctrl+Alt+-")
    assert at(desk) == ("use.py", 2)


def test_keys_with_modes_go_there_too(desk: LanguageDesk) -> None:
    set_option("scintilla.keys", "vim")
    try:
        desk.show("use.py")
        desk.served  # noqa: B018
        caret_at(desk, "price_of(5)", 2)
        type_text("gd")
        spin_until(lambda: at(desk) == ("prices.py", 0))
        caret_at(desk, "price_of(3)", 2)
        type_text("gr")
        spin_until(lambda: len(listed(desk)) >= 3)
    finally:
        set_option("scintilla.keys", "follow")


def test_edits_are_not_lost_by_going_elsewhere(desk: LanguageDesk) -> None:
    desk.show("use.py")
    desk.served  # noqa: B018
    desk.put("from prices import price_of\n\nprint(price_of(5), 1)\n")
    caret_at(desk, "price_of(5)", 2)
    press("F12")
    spin_until(lambda: desk.editor.bar.is_asking)
    assert at(desk) == ("use.py", 2)
    press("Return")
    spin_until(lambda: at(desk) == ("prices.py", 0))
    assert (desk.folder / "use.py").read_text().endswith("(5), 1)\n")


def test_all_uses_are_listed_with_their_lines(desk: LanguageDesk) -> None:
    caret_at(desk, "price_of")
    press("Shift+F12")
    spin_until(lambda: "use.py" in listed(desk))
    assert "print(price_of(5))" in listed(desk) and "return price_of(3) + price_of(4, 2)" in listed(desk)
    table = desk.editor.list_panel().table
    spin_until(lambda: table.row_key(0) is not None)
    key = next(key for key, row in table.values.items() if row["text"] == "print(price_of(5))")
    table.go_to((key,))
    spin_until(lambda: table.current.key == (key,))
    press("Return")
    spin_until(lambda: at(desk) == ("use.py", 2))
    assert listed(desk)


def _exactly() -> Any:
    from PySide6.QtCore import Qt

    return Qt.MatchFlag.MatchExactly


def test_a_name_is_changed_in_several_files_after_a_look(desk: LanguageDesk) -> None:
    caret_at(desk, "price_of")
    press("F2")
    spin_until(lambda: type(_focus()).__name__ == "NameLine")
    assert _focus().text() == "price_of"
    type_text("cost_of")
    press("Return")
    spin_until(lambda: "use.py" in listed(desk))
    assert "print(cost_of(5))" in listed(desk) and (desk.folder / "use.py").read_text() == FILES["use.py"]
    desk.editor.list_panel().act.click()
    assert (desk.folder / "use.py").read_text() == "from prices import cost_of\n\nprint(cost_of(5))\n"
    assert desk.pane.text().decode() == FILES["prices.py"].replace("price_of", "cost_of")
    desk.pane.code.send(SCI.SCI_UNDO)
    assert desk.pane.text().decode() == FILES["prices.py"]


def test_a_name_of_one_file_is_changed_at_once(desk: LanguageDesk) -> None:
    caret_at(desk, "größe", 2)
    press("F2")
    spin_until(lambda: type(_focus()).__name__ == "NameLine")
    type_text("size")
    press("Return")
    spin_until(lambda: "größe".encode() not in desk.pane.text())
    assert desk.pane.text().decode() == FILES["prices.py"].replace("größe", "size")


def test_the_outline_leads_to_its_places(desk: LanguageDesk) -> None:
    press("Ctrl+Shift+O")
    spin_until(lambda: {"price_of", "total"} <= set(listed(desk)))
    tree = desk.editor.list_panel().tree
    tree.setCurrentItem(tree.findItems("total", _exactly())[0])
    press("Return")
    assert at(desk) == ("prices.py", 5)


def test_uses_in_the_text_are_marked(desk: LanguageDesk) -> None:
    caret_at(desk, "price_of", 2)
    spin_until(lambda: len(desk.served.uses.places) == 3)
    caret_at(desk, "\n\n\ndef", 1)
    spin_until(lambda: not desk.served.uses.places)


def test_symbols_are_in_the_palette(desk: LanguageDesk) -> None:
    from plugins.scintilla.language_client.symbols import palette_symbols

    class Asked:
        text = ""

        def check(self) -> None:
            from PySide6.QtWidgets import QApplication

            QApplication.processEvents()

    items = list(palette_symbols(desk.editor)(Asked()))
    assert {"price_of", "total"} <= {one.title for one in items}
    next(one for one in items if one.title == "total").run()
    assert at(desk) == ("prices.py", 5)


def test_a_text_is_put_in_order_as_one_step(desk: LanguageDesk) -> None:
    desk.put("x=1\ny  =  [ 'ü',x ]\n")
    press("Alt+Shift+F")
    spin_until(lambda: desk.pane.text().decode() == "x = 1\ny = ['ü', x]\n")
    desk.pane.code.send(SCI.SCI_UNDO)
    assert desk.pane.text().decode() == "x=1\ny  =  [ 'ü',x ]\n"


def test_a_file_is_put_in_order_before_it_is_written_where_that_is_wanted(desk: LanguageDesk) -> None:
    from plugins.api import set_option

    set_option("scintilla.format-on-save", True)
    desk.put("x=1\n")
    press("Ctrl+S")
    spin_until(lambda: (desk.folder / "prices.py").read_text() == "x = 1\n")
    set_option("scintilla.format-on-save", False)


def _focus() -> Any:
    from PySide6.QtWidgets import QApplication

    return QApplication.focusWidget()
