"""Libraries beside an app's folder: opened, checked, and followed while they are worked on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shell import desk as desk_module
from shell.app_local import LocalApp
from shell.boot import boot
from shell.live.developing import Developing
from shell.session import Given
from tests.shell.test_command_line import espalier

MAIN = 'layout 1\nuse "library:forms/fields.kdl"\nwindow { titled "Hello" id=words }\n'
FIELDS = 'component titled { param text; label "{text}" }\n'


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "apps" / "desk"
    library = tmp_path / "libraries" / "forms"
    folder.mkdir(parents=True)
    library.mkdir(parents=True)
    (folder / "app.toml").write_text('name = "desk"\nlayout = "main.kdl"\n')
    (folder / "main.kdl").write_text(MAIN)
    (library / "fields.kdl").write_text(FIELDS)
    return folder


def test_a_folder_reads_the_libraries_beside_it_and_nothing_else(app: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.kdl").write_text("")
    (tmp_path / "libraries" / "out.kdl").symlink_to(tmp_path / "secret.kdl")
    opened = LocalApp(app)
    assert opened.read_file("libraries/forms/fields.kdl") == FIELDS.encode()
    for path in ("forms/../../secret.kdl", "../secret.kdl", "forms/../out.kdl", "../../secret.kdl"):
        assert opened.read_file(f"libraries/{path}") is None
    opened.close()


def test_check_tells_the_place_in_the_library(app: Path, tmp_path: Path) -> None:
    path = tmp_path / "libraries" / "forms" / "fields.kdl"
    path.write_text("component titled { param text; lable text }\n")
    done = espalier(tmp_path / "home", "check", str(app))
    assert done.returncode == 1
    assert f"{path}:1:32: error: " in done.stdout


def test_check_knows_names_that_are_near(app: Path, tmp_path: Path) -> None:
    (app / "main.kdl").write_text(MAIN.replace("fields", "feilds"))
    assert "did you mean library:forms/fields.kdl?" in espalier(tmp_path / "home", "check", str(app)).stdout


def test_a_saved_library_is_shown_in_the_window_of_an_app_that_uses_it(
    app: Path, tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch, wait_until: Callable[..., None]
) -> None:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    session = boot(str(app), Given(basedir=str(tmp_path / "home")), may_block=False)
    developing = Developing(app, session)
    (window,) = next(iter(desk_module._DESKS.values())).windows
    label = window.context.widgets["words"]
    (tmp_path / "libraries" / "forms" / "fields.kdl").write_text(FIELDS.replace("{text}", "Dear {text}"))
    wait_until(lambda: label.text() == "Dear Hello")
    assert window.context.widgets["words"] is label
    developing.stop()
    window.close()
    session.close()


def test_libraries_that_are_made_while_an_app_is_worked_on_are_seen(
    app: Path, tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch, wait_until: Callable[..., None]
) -> None:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    (tmp_path / "libraries").rename(tmp_path / "elsewhere")
    (app / "main.kdl").write_text('layout 1\nwindow { label "Plain" id=words }\n')
    session = boot(str(app), Given(basedir=str(tmp_path / "home")), may_block=False)
    developing = Developing(app, session)
    (window,) = next(iter(desk_module._DESKS.values())).windows
    (app / "main.kdl").write_text(MAIN)
    wait_until(lambda: "problems" in window.cards.made and window.cards.made["problems"].isVisible())
    for text in ("Hello", "Dear Hello"):  # made, removed, and made once more
        fields = FIELDS.replace("{text}", text.replace("Hello", "{text}"))
        (tmp_path / "elsewhere" / "forms" / "fields.kdl").write_text(fields)
        (tmp_path / "elsewhere").rename(tmp_path / "libraries")
        wait_until(lambda text=text: window.context.widgets["words"].text() == text)
        (tmp_path / "libraries").rename(tmp_path / "elsewhere")
        wait_until(lambda: developing._shared is None)
    developing.stop()
    window.close()
    session.close()
