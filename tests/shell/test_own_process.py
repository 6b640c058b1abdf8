"""Which apps get a process of their own when they are opened from a window, and what is told when one fails."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kernel.release import File, Manifest
from shell import own_process
from shell.app_code import manifest_has_code
from shell.session import Given, Session

LAYOUT = 'layout 1 title="Desk"\nwindow { label "Desk" }\n'


def folder(place: Path, *more: str) -> Path:
    for path, text in {"app.toml": 'name = "desk"\n', "main.kdl": LAYOUT, **dict.fromkeys(more, "")}.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
    return place


@pytest.mark.parametrize(("more", "expected"), [
    ((), False), (("icons/a.svg",), False), (("scripts/desk/ship.py",), True), (("ship.py",), True),
    (("wheels/paint-1-py3-none-any.whl",), True), (("__pycache__/ship.py",), False),
])  # fmt: skip
def test_a_folder_with_code_gets_one(tmp_path: Path, more: tuple[str, ...], expected: bool) -> None:
    session = Session(Given(basedir=str(tmp_path / "base")))
    assert own_process.may_have_code(str(folder(tmp_path / "desk", *more)), session) is expected


def manifest(*paths: str, **more: Any) -> Manifest:
    return Manifest("desk", "Desk", "1", 1, "", (), {path: File("0" * 64, 0) for path in paths}, **more)


def test_a_release_with_code_gets_one() -> None:
    assert not manifest_has_code(manifest("app.toml", "main.kdl"))
    assert manifest_has_code(manifest("app.toml", "scripts/a.py"))
    assert manifest_has_code(manifest("app.toml", wheels={"paint": {}}))
    assert manifest_has_code(manifest("app.toml", libraries={"geo": []}))


def test_what_was_never_opened_here_gets_one_and_the_home_none(tmp_path: Path) -> None:
    session = Session(Given(basedir=str(tmp_path / "base")))
    assert own_process.may_have_code("desk@localhost:1", session)
    assert not own_process.may_have_code("home", session)
    assert not own_process.may_have_code("postgresql://somebody@localhost/desk", session)
    with_code = SimpleNamespace(app=SimpleNamespace(manifest=manifest("a.py")))
    assert own_process.is_wanted("home", session, [with_code])
    assert not own_process.is_wanted("home", session, [SimpleNamespace(app=SimpleNamespace(folder=tmp_path))])


def test_a_process_that_does_not_start_says_why() -> None:
    run = own_process._run
    assert run([sys.executable, "-c", "import sys; sys.exit('espalier: no server has an app desk')"], {}) == (
        "no server has an app desk"
    )
    assert run([sys.executable, "-c", ""], {}) == ""
    assert "No such file" in run(["/nowhere/espalier"], {})
