"""A machine without a screen, and every database of the table drawn into a picture there."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from desktop import Process

from shell.command_line import COMMANDS
from tests.databases import DATABASES, build

ESPALIER = Path(os.sys.executable).with_name("espalier")
PNG = b"\x89PNG\r\n\x1a\n"
#: Pictures with fewer colours than this show nothing.
FEWEST_BYTES = 4_000


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine without a display and without an embedded server."""
    environment = {**os.environ, "HOME": str(tmp_path), "ESPALIER_BASEDIR": str(tmp_path / "base")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR"):
        environment.pop(name, None)
    return {**environment, "ESPALIER_SERVER_EMBEDDED": "false"}


def run(arguments: list[str], environment: dict[str, str], folder: Path) -> Process:
    """Run `espalier ARGUMENTS` to its end."""
    process = Process([str(ESPALIER), *arguments], environment, folder, None)
    process.wait()
    return process


@pytest.mark.parametrize("has_xvfb", [True, False])
def test_it_says_so_draws_a_picture_and_ends_well(bare: dict[str, str], tmp_path: Path, has_xvfb: bool) -> None:
    if has_xvfb and not shutil.which("Xvfb"):
        pytest.skip("needs Xvfb")
    if not has_xvfb:
        bare["PATH"] = str(tmp_path / "nothing")
    database = build("music", tmp_path)
    done = run(["open", str(database)], bare, tmp_path)
    assert (done.popen.returncode, done.err) == (0, "")
    line = next(line for line in done.out.splitlines() if line.startswith("No display here"))
    picture = Path(line.rpartition(" into ")[2])
    assert picture.read_bytes().startswith(PNG)
    assert picture.stat().st_size > FEWEST_BYTES


@pytest.mark.parametrize("name", DATABASES)
def test_every_database_is_shown(bare: dict[str, str], tmp_path: Path, name: str) -> None:
    database = build(name, tmp_path)
    before = database.read_bytes()
    picture = tmp_path / "picture.png"
    bare["QT_QPA_PLATFORM"] = "offscreen"
    done = run(["--picture", str(picture), "open", str(database)], bare, tmp_path)
    assert done.popen.returncode == 0, done.err
    assert done.err == ""
    assert picture.stat().st_size > FEWEST_BYTES
    assert database.read_bytes() == before, "looking at a database changes nothing in it"
    log = tmp_path / "base" / "state" / "espalier.log"
    assert not log.exists() or "error" not in log.read_text()
    (folder,) = (tmp_path / "base" / "data" / "apps").iterdir()
    checked = run(["check", str(folder)], bare, tmp_path)
    assert checked.popen.returncode == 0, checked.out


def test_a_read_only_file_in_a_read_only_folder_is_shown(bare: dict[str, str], tmp_path: Path) -> None:
    database = build("music", tmp_path / "kept")
    database.chmod(0o444)
    database.parent.chmod(0o555)
    bare["QT_QPA_PLATFORM"] = "offscreen"
    try:
        done = run(["--picture", str(tmp_path / "p.png"), "open", str(database)], bare, tmp_path)
    finally:
        database.parent.chmod(0o755)
    assert done.popen.returncode == 0, done.err
    assert (tmp_path / "p.png").stat().st_size > FEWEST_BYTES


def test_a_locked_database_is_one_line(bare: dict[str, str], tmp_path: Path) -> None:
    database = build("music", tmp_path)
    connection = sqlite3.connect(database)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        done = run(["open", str(database)], bare, tmp_path)
    finally:
        connection.close()
    assert done.popen.returncode == 1
    assert done.err == "espalier: music.sqlite is locked by another program (close it there or try again)\n"


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def altered(content: bytes) -> bytes:
    return content[:100] + b"\xff" * 3000 + content[3100:]


@pytest.mark.parametrize("damage", [cut, altered])
def test_a_damaged_database_is_one_line(bare: dict[str, str], tmp_path: Path, damage) -> None:  # noqa: ANN001
    database = build("music", tmp_path)
    database.write_bytes(damage(database.read_bytes()))
    done = run(["--picture", str(tmp_path / "p.png"), "open", str(database)], bare, tmp_path)
    assert done.popen.returncode == 1
    assert done.err.startswith("espalier: music.sqlite is ") and done.err.count("\n") == 1


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_of_everything(bare: dict[str, str], tmp_path: Path, name: str) -> None:
    done = run([*([name] if name else []), "--help"], bare, tmp_path)
    assert (done.popen.returncode, done.err) == (0, "")
    assert "espalier" in done.out and len(done.out.splitlines()) > 3


LAYOUTS = {
    "unknown kind": ('layout 1\nwindow { gird t }\n', "main.kdl:2:10: ", "did you mean grid?"),
    "missing table": ('layout 1\nwindow { grid nothing }\n', "main.kdl:2:", "there is no table nothing"),
    "cycle of includes": ('layout 1\nuse "main.kdl"\nwindow { }\n', "main.kdl:2:", "main.kdl"),
    "no KDL": ("layout 1\nwindow { {{{\n", "main.kdl:", ""),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_wrong_layout_names_the_place(bare: dict[str, str], tmp_path: Path, name: str) -> None:
    text, place, words = LAYOUTS[name]
    app = tmp_path / "app"
    app.mkdir()
    (app / "app.toml").write_text('name = "a"\ntitle = "A"\n')
    (app / "main.kdl").write_text(text)
    done = run(["--picture", str(tmp_path / "p.png"), str(app)], bare, tmp_path)
    assert done.popen.returncode == 1
    assert place in done.err and words in done.err and "Traceback" not in done.err
