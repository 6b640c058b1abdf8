"""The line above a file that says where the caret is, and its lists, by keys at a window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press, type_text

LAYOUT = 'layout 1\nwindow {\n    editor file="notes.txt" id=file\n}\n'
CODE = """import os


class Shop:
    def open(self):
        return 1

    @property
    def is_open(self):
        def inner():
            return 2
        return inner()


def close():
    pass
"""


@pytest.fixture(scope="module")
def desk(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditorDesk]:
    made = EditorDesk(tmp_path_factory.mktemp("desk"), LAYOUT)
    (made.folder / "code.py").write_text(CODE)
    yield made
    made.close()


@pytest.fixture
def editor(desk: EditorDesk) -> Any:
    found = desk.window.context.widgets["file"]
    found.set_file("code.py")
    found.pane.focus_code()
    spin_until(lambda: found.pane.code.host.view.hasFocus())
    return found


def at(editor: Any, text: str) -> Any:
    """Put the caret behind a text; answers the trail, which follows."""
    place = editor.pane.code.data().index(text.encode()) + len(text)
    editor.pane.code.select(place, place)
    return editor._file.trail()


def follows(trail: Any, *texts: str) -> None:
    """Wait until the line says that."""
    spin_until(lambda: trail.texts() == list(texts))


def menu() -> Any:
    """The list that is open, with the keys."""
    spin_until(lambda: QApplication.activePopupWidget() is not None)
    return QApplication.activePopupWidget()


def rows(found: Any) -> list[str]:
    return [action.text() for action in found.actions()]


def test_it_follows_the_caret(editor: Any) -> None:
    follows(at(editor, "return 2"), "code.py", "Shop", "is_open", "inner")
    follows(at(editor, "return 1"), "code.py", "Shop", "open")
    follows(at(editor, "import"), "code.py")
    trail = at(editor, "def clo")
    type_text("X")
    follows(trail, "code.py", "cloXse")
    press("Ctrl+Z")
    follows(trail, "code.py", "close")


def test_lists_of_siblings_lead_around_and_within(editor: Any) -> None:
    at(editor, "return 1")
    press("Ctrl+Alt+O")
    found = menu()
    assert rows(found) == ["open", "is_open"] and found.activeAction().text() == "open"
    QTest.keyClick(found, Qt.Key.Key_Left)
    found = menu()
    assert rows(found) == ["Shop", "close"] and found.activeAction().text() == "Shop"
    QTest.keyClick(found, Qt.Key.Key_Right)
    QTest.keyClick(menu(), Qt.Key.Key_Down)
    QTest.keyClick(menu(), Qt.Key.Key_Right)
    found = menu()
    assert rows(found) == ["inner"]
    QTest.keyClick(found, Qt.Key.Key_Return)
    spin_until(lambda: editor.pane.code.host.view.hasFocus())
    assert editor.caret_place() == (10, 9)
    press("Ctrl+Alt+-")
    assert editor.caret_place()[0] == 6


def test_files_of_the_folder_stand_beside_the_file(editor: Any) -> None:
    at(editor, "import")
    press("Ctrl+Alt+O")
    found = menu()
    assert rows(found) == ["app.toml", "code.py", "desk.sqlite", "main.kdl", "notes.txt"]
    QTest.keyClick(found, Qt.Key.Key_Down)
    QTest.keyClick(found, Qt.Key.Key_Down)
    assert found.activeAction().text() == "main.kdl"
    QTest.keyClick(found, Qt.Key.Key_Return)
    spin_until(lambda: editor.path == "main.kdl")
    follows(at(editor, "file="), "main.kdl", "window", "editor file")


def test_names_of_other_languages() -> None:
    from plugins.scintilla.syntax_tree import SyntaxTree

    def names(language: str, text: bytes) -> list[Any]:
        def listed(level: Any) -> list[Any]:
            return [(one.name, listed(one.inside)) if one.inside else one.name for one in level]

        return listed(SyntaxTree(lambda: text).outline(language))

    assert names("layout", b'window title="A b" {\n grid orders id=view { show id }\n label "x"\n}\n') == [
        ("window A b", [("grid view", ["show id"]), "label x"])
    ]
    assert names("toml", b"a = 1\n[b.c]\nd = 2\n") == ["a", ("b.c", ["d"])]
    assert names("json", b'{"a": {"b": 1}}') == [("a", ["b"])]
    assert names("html", b'<div id="m"><p>x</p></div>') == [("div#m", ["p"])]
    assert names("css", b".a, b { color: red }") == [".a, b"]
    assert names("javascript", b"class A { f() {} }\nfunction g() {}") == [("A", ["f"]), "g"]
    assert names("text", b"x") == []
