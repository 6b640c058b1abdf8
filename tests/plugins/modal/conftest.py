"""A window with one editor that has modes, for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.plugins.editor_desk import EditorDesk
from tests.plugins.modal.modal_desk import give

LAYOUT = "layout 1\nwindow { editor id=it\n }\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    from plugins.options import set_option

    desk = EditorDesk(tmp_path_factory.mktemp("modal"), LAYOUT)
    set_option("scintilla.keys", "vim")
    desk.editor("it").set_complete(False)
    yield desk
    set_option("scintilla.keys", "follow")
    desk.close()


@pytest.fixture
def editor(desk: EditorDesk) -> Any:
    editor = desk.editor("it")
    editor.pane.code.set_read_only(False)
    editor.set_language("text")
    give(editor, "")
    return editor
