"""A newer version of Espalier that came as a release: on trial until it has painted a window, else given up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kernel.release import File, Manifest
from shell.version_choice import Note, chosen, place_of, read, write
from shell.version_install import VersionError, install
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
#: A program that begins as ours does, and does what its version is to do.
MAIN = """
import os, sys
from shell.version_choice import begin, prove

def main(argv=None):
    begin({folder!r})
    {act}
    return 0
"""
#: What an installed `espalier` does first.
START = "import sys; from shell.version_choice import chosen, hand_over\n" \
        "place = chosen(sys.argv[1]); code = hand_over(place, sys.argv[1]) if place else None\n" \
        "print('installed' if code is None else code)"


def release(folder: Path, act: str, main: str = MAIN) -> dict[str, bytes]:
    """The files of a release whose program does this."""
    choice = (ROOT / "shell" / "version_choice.py").read_bytes()
    text = main.format(folder=str(folder), act=act)
    return {"program/shell/__init__.py": b"", "program/shell/main.py": text.encode(),
            "program/shell/version_choice.py": choice}  # fmt: skip


def take(folder: Path, version: str, files: dict[str, bytes]) -> bool:
    described = {path: File("0" * 64, len(content)) for path, content in files.items()}
    manifest = Manifest("shell", "Shell", version, 1, "", (), described)
    return install(manifest, lambda path: files[path], version, str(folder))


def started(folder: Path) -> str:
    """What a start says."""
    command = [sys.executable, "-c", START, str(folder)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE_S)
    return done.stdout.strip() or f"ended with {done.returncode}"



def good(folder: Path, version: str) -> dict[str, bytes]:
    return release(folder, f"prove({str(folder)!r}); print({version!r})")


def test_without_any_the_installed_one_is_used(tmp_path: Path) -> None:
    assert chosen(str(tmp_path)) == ""
    assert started(tmp_path) == "installed"


def test_one_that_paints_a_window_is_used_from_then_on(tmp_path: Path) -> None:
    assert take(tmp_path, "two", good(tmp_path, "two"))
    assert read(str(tmp_path)) == Note("two", "", 0)
    assert [started(tmp_path).split() for _ in range(4)] == [["two", "0"]] * 4
    assert read(str(tmp_path)) == Note("two", "", -1)
    assert not take(tmp_path, "two", good(tmp_path, "two"))


def test_one_that_never_paints_is_tried_twice_and_given_up(tmp_path: Path) -> None:
    take(tmp_path, "two", good(tmp_path, "two"))
    started(tmp_path)
    take(tmp_path, "three", release(tmp_path, "print('broken', flush=True); os._exit(3)"))
    assert [started(tmp_path).split()[0] for _ in range(4)] == ["broken", "broken", "two", "two"]
    assert read(str(tmp_path)) == Note("two", "", -1)


def test_one_that_cannot_be_imported_is_given_up_at_once(tmp_path: Path) -> None:
    take(tmp_path, "two", release(tmp_path, "", "import nowhere_to_be_found\n"))
    assert started(tmp_path) == "installed"
    assert read(str(tmp_path)) == Note("", "", -1)


def test_the_first_that_fails_leaves_the_installed_one(tmp_path: Path) -> None:
    take(tmp_path, "two", release(tmp_path, "os._exit(3)"))
    assert [started(tmp_path) for _ in range(4)] == ["ended with 3", "ended with 3", "installed", "installed"]


def test_a_version_on_trial_is_never_the_one_to_come_back_to(tmp_path: Path) -> None:
    take(tmp_path, "two", good(tmp_path, "two"))
    started(tmp_path)
    take(tmp_path, "three", release(tmp_path, "os._exit(3)"))
    take(tmp_path, "four", release(tmp_path, "os._exit(3)"))
    assert read(str(tmp_path)) == Note("four", "two", 0)
    assert sorted(path.name for path in (tmp_path / "versions").iterdir()) == ["four", "two"]


def test_a_version_whose_files_are_gone_is_not_begun(tmp_path: Path) -> None:
    take(tmp_path, "two", good(tmp_path, "two"))
    (Path(place_of("two", str(tmp_path))) / "shell" / "main.py").unlink()
    assert started(tmp_path) == "installed"


@pytest.mark.parametrize("text", ["", "two", "two\n\nx\n", "\xff"])
def test_a_damaged_note_means_the_installed_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "version").write_text(text)
    assert started(tmp_path) == "installed"


def test_a_release_that_is_no_program_is_refused(tmp_path: Path) -> None:
    for files in ({"main.kdl": b""}, {**good(tmp_path, "x"), "program/json/__init__.py": b""}):
        with pytest.raises(VersionError, match="holds no program of ours"):
            take(tmp_path, "two", files)
    assert not (tmp_path / "versions").exists() and read(str(tmp_path)) is None


def test_what_cannot_be_written_is_told_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "versions").write_text("a file in its place")
    with pytest.raises(VersionError, match="cannot be written"):
        take(tmp_path, "two", good(tmp_path, "two"))
    assert read(str(tmp_path)) is None


def test_the_note_is_replaced_as_a_whole(tmp_path: Path) -> None:
    for note in (Note("a", "b", 1), Note("", "", -1)):
        write(note, str(tmp_path))
        assert read(str(tmp_path)) == note
    assert [path.name for path in tmp_path.iterdir()] == ["version"]
