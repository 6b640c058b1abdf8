"""Plain editing by real keys: text with carets, keys, text after them, in one window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.plugins.editor_desk import EditorDesk

LAYOUT = "layout 1\nwindow { editor id=it language=python\n }\n"


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[Any]:
    desk = EditorDesk(tmp_path_factory.mktemp("plain"), LAYOUT)
    editor = desk.editor("it")
    editor.set_complete(False)
    yield editor
    desk.close()


def test_keys_of_plain_editing(editor: Any) -> None:
    from tests.plugins import plain

    found, wrong = plain.triples(), []
    assert len(found) >= 200
    for one in found:
        plain.give(editor, one.before)
        QApplication.clipboard().setText("clip")
        plain.strike(one.keys)
        if plain.shown(editor) != one.after:
            wrong.append((*one, plain.shown(editor)))
    assert not wrong, "\n".join(map(str, wrong[:20]))


def test_what_was_done_by_keys_is_taken_back_by_keys(editor: Any) -> None:
    from tests.plugins import plain

    for one in plain.triples()[::5]:
        plain.give(editor, one.before)
        before = editor.pane.text()
        plain.strike(one.keys)
        plain.strike("Ctrl+Z " * 12)
        assert editor.pane.text() == before, one
