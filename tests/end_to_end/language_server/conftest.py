"""``espalier lsp`` as an editor meets it: a real process, one for each file of tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.end_to_end.language_server.shop import FILES
from tests.language_client import Editor


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One server for a file of tests; it must end rightly, and have nothing said of errors of its own."""
    editor = Editor(tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("home"))
    yield editor
    assert editor.end() == 0
    assert editor.logged == []


@pytest.fixture
def editor(connection: Editor) -> Iterator[Editor]:
    """The server with the app as it is, open: main.kdl."""
    for name, text in FILES.items():
        path = connection.folder / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    connection.folder = connection.folder / "shop"
    connection.open("main.kdl")
    yield connection
    for path in list(connection._texts):
        connection.close(path.relative_to(connection.folder).as_posix())
    shutil.rmtree(connection.folder)
    connection.folder = connection.folder.parent
