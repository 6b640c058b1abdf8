"""An undo that is answered late leaves the person where they went meanwhile."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.change import Update

KINDS = {"grid": "grid item id=view { show name }", "list": 'list item id=view title="name"'}


@pytest.fixture(params=KINDS)
def window(request: Any, qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Any]:
    from shell.boot import boot
    from shell.session import Given

    folder = tmp_path / "shop"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "shop.sqlite")) as database:
        database.executescript("create table item (id integer primary key, name text);"
                               "insert into item (name) values ('rake'), ('spade'), ('hoe');")  # fmt: skip
    (folder / "main.kdl").write_text(
        f'layout 1\ntable item source="item" sort="id"\nwindow {{\n    {KINDS[request.param]}\n}}\n'
    )
    (folder / "app.toml").write_text(
        'name = "shop"\ntitle = "Shop"\nversion = "1"\n[sources.main]\nkind = "sqlite"\npath = "shop.sqlite"\n'
    )
    session = boot(str(folder), Given(basedir=str(tmp_path / "home")))
    window = session.windows[0]
    window.resize(800, 600)
    window.activateWindow()
    view = window.context.widgets["view"]
    wait_until(lambda: view.rows.cache.count == 3)
    view.setFocus()
    yield window
    window.close()
    session.close()


def test_an_editor_that_was_opened_meanwhile_stays(window: Any, wait_until: Callable[..., None]) -> None:
    view, answers = window.context.widgets["view"], []
    view.handle.commit([Update((1,), "", {"name": "broom"})], answers.append)
    wait_until(lambda: answers and window.tables.open_history().journal.entries)
    is_free = threading.Event()
    try:
        view.handle.call(lambda _table: is_free.wait(60), lambda _answer: None, is_write=True)
        window.registry.run("edit.undo")
        view.current.go(2)
        if hasattr(view, "rename_row"):
            view.rename_row()
        else:
            view.add_row()
    finally:
        is_free.set()
    wait_until(lambda: any("is undone" in message.text for message in window.messages.history))
    if hasattr(view, "rename_row"):
        assert view.rename.field is not None and view.current.key == (3,)
    else:
        assert view.editing.draft is not None and view.current.row == 3
