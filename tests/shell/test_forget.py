"""`espalier forget`: an app goes with its data, and never with edits that are nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kernel.outbox.outbox import Outbox
from kernel.tables.change import Insert, Part
from kernel.tables.schema import Column, Schema
from shell.app_local import folder_key
from shell.main import main
from shell.session import Given, Session


def run(folder: Path, *words: str) -> int:
    return main(["espalier", "--basedir", str(folder / "base"), "forget", *words])


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "app.toml").write_text('name = "desk"\n')
    return folder


def test_data_and_compiled_code_go_and_the_folder_stays(app: Path, tmp_path: Path, capsys: Any) -> None:
    from shell.scripts import code_path

    key = folder_key(app)
    session = Session(Given(basedir=str(tmp_path / "base")))
    (session.places.data(key) / "kept").write_text("kept")
    code = code_path(key, session.servers)
    code.parent.mkdir(parents=True)
    code.write_text("code")
    place = session.places.data(key)
    assert run(tmp_path, str(app), "--yes") == 1
    assert "the app is open" in capsys.readouterr().err and place.exists()
    session.close()
    assert run(tmp_path, str(app), "--yes") == 0
    assert f"{key} is gone from here, with its data" in capsys.readouterr().out
    assert not place.exists() and not code.exists() and (app / "app.toml").exists()


def test_nobody_is_asked_and_nothing_goes(app: Path, tmp_path: Path, capsys: Any) -> None:
    session = Session(Given(basedir=str(tmp_path / "base")))
    place = session.places.data(folder_key(app))
    session.close()
    assert run(tmp_path, str(app)) == 1
    assert "nobody is there to ask (espalier forget APP --yes)" in capsys.readouterr().err
    assert place.exists()


def test_an_app_that_was_never_opened_is_told(tmp_path: Path, capsys: Any) -> None:
    assert run(tmp_path, "nothing@localhost:1", "--yes") == 1
    assert "nothing@localhost:1 was never opened here" in capsys.readouterr().err


def test_an_app_whose_edits_wait_stays(app: Path, tmp_path: Path, capsys: Any) -> None:
    journal = tmp_path / "base" / "data" / "outbox" / f"{folder_key(app)}-0.journal"
    schema = Schema("orders", (Column("id", "integer", is_key=True),), ("id",))
    Outbox(journal).add("a" * 32, [Part("orders", (Insert({"id": 1}),))], lambda *_: {}, lambda _: schema)
    assert run(tmp_path, str(app), "--yes") == 1
    assert "wait for its server" in capsys.readouterr().err
