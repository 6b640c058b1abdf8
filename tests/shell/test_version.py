"""A newer version of Espalier that came as a release: on trial until it has painted a window, else given up."""

from __future__ import annotations

import contextlib
import fcntl
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.config.paths import find_paths
from kernel.release import File, Manifest
from shell import version_trial
from shell.version_choice import Note, folder_of, installation, interpreter, place_of, read, write
from shell.version_install import VersionError, go_back, install
from shell.version_need import unmet
from shell.version_trial import facts_of, give_up, given_up, take_word
from tests.waiting import PATIENCE_S, wait_for

ROOT = Path(__file__).parents[2]
#: A program that begins as ours does, and does what its version is to do.
MAIN = """
import sys, time
from shell.version_choice import folder_of, prove

def paint():
    prove(folder_of(sys.argv))

def main(argv=None):
    {act}
    return 0
"""
#: What an installed `espalier` does first.
START = """
import sys
from shell.version_choice import choose, folder_of, hand_over
place = choose(sys.argv)
code = hand_over(place, folder_of(sys.argv)) if place else None
print("installed" if code is None else code)
"""


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The base directory of a person who has a screen."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("ESPALIER_BASEDIR", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


@pytest.fixture
def folder(base: Path) -> str:
    """Where this person's versions are."""
    return folder_of([])


def program(act: str, main: str = MAIN) -> dict[str, bytes]:
    """The files of a release whose program does this."""
    files = {name: (ROOT / "shell" / name).read_bytes() for name in ("version_choice.py", "version_trial.py")}
    files |= {"__init__.py": b"", "main.py": main.format(act=act).encode()}
    return {f"program/shell/{name}": content for name, content in files.items()}


def good(version: str) -> dict[str, bytes]:
    return program(f"paint(); print({version!r})")


def take(folder: str, version: str, files: dict[str, bytes], **facts: str) -> bool:
    described = {path: File("0" * 64, len(content)) for path, content in files.items()}
    manifest = Manifest("shell", "Shell", version, 1, "", (), described, **facts)
    return install(manifest, lambda path: files[path], version, folder)


def begin(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", START, *(words or ("home",))]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def started(*words: str) -> str:
    """What a start says first; a start that opens a window, unless the words are others."""
    out, _ = begin(*words).communicate(timeout=PATIENCE_S)
    return out.split()[0] if out else "nothing"


@pytest.mark.parametrize("words", [[], ["x", "--basedir", "B"], ["x", "--basedir=~/B"], ["x", "--", "--basedir", "B"]])
def test_the_folder_is_that_of_the_persons_data(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from shell.command_line import split_options

    monkeypatch.delenv("ESPALIER_BASEDIR", raising=False)
    found = find_paths(split_options(words)[0].basedir).data
    assert folder_of(words) == str(found / "program")


def test_without_any_the_installed_one_is_used(base: Path) -> None:
    assert started() == "installed"


def test_one_that_paints_a_window_is_used_from_then_on(folder: str) -> None:
    assert take(folder, "two", good("two"))
    assert read(folder) == Note("two")
    assert started("check") == "installed", "commands go on with what is proven"
    assert [started() for _ in range(3)] == ["two"] * 3
    assert read(folder) == Note("two", "", interpreter(), installation())
    assert not take(folder, "two", good("two"))
    assert started("check") == "two"


def test_one_that_never_paints_is_tried_twice_and_given_up(folder: str) -> None:
    take(folder, "two", good("two"))
    started()
    take(folder, "three", program("print('broken', flush=True); raise SystemExit(3)"))
    assert [started() for _ in range(4)] == ["broken", "broken", "two", "two"]
    assert read(folder).lines()[:3] == ["two", "", interpreter()]
    assert given_up(folder) == ["three"]


def test_a_start_whose_app_is_open_already_is_no_failed_try(folder: str) -> None:
    act = "print('open', flush=True); from shell.version_trial import take_back; take_back(folder_of(sys.argv))"
    take(folder, "two", program(act))
    assert [started() for _ in range(4)] == ["open"] * 4
    assert given_up(folder) == [] and _trials(folder) == []


def test_the_next_window_tells_once_what_was_given_up(folder: str) -> None:
    take(folder, "two", good("two"))
    give_up(folder, read(folder), "its window did not come")
    assert take_word(folder) == "two\nits window did not come\n"
    assert take_word(folder) == ""


def test_one_that_hangs_counts_when_it_was_killed_or_has_hung_for_long(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(folder, "two", program("print('hangs', flush=True); time.sleep(600)"))
    with _begun() as first:
        wait_for(lambda: len(_trials(folder)) == 1 and _is_locked(_trials(folder)[0]))
        assert version_trial._failed(folder, "two") == 0, "one that still runs may be slow"
        with monkeypatch.context() as patched:
            patched.setattr(version_trial, "HANGS_S", -60.0)
            assert version_trial._failed(folder, "two") == 1
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE_S)
    assert version_trial._failed(folder, "two") == 1
    with _begun() as second:
        wait_for(lambda: sum(map(_is_locked, _trials(folder))) == 1)
        second.kill()
        second.wait(PATIENCE_S)
    assert started() == "installed"


@contextlib.contextmanager
def _begun() -> Iterator[subprocess.Popen[str]]:
    process = begin()
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_S)


def _trials(folder: str) -> list[Path]:
    return sorted((Path(folder) / "trials" / "two").glob("*"))


def _is_locked(path: Path) -> bool:
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_one_that_cannot_be_imported_is_given_up_at_once(folder: str) -> None:
    take(folder, "two", program("", "import nowhere_to_be_found\n"))
    assert started() == "installed"
    assert read(folder).lines()[:2] == ["", ""]
    assert "ModuleNotFoundError" in take_word(folder)


def test_a_version_on_trial_is_never_the_one_to_come_back_to(folder: str) -> None:
    take(folder, "two", good("two"))
    started()
    take(folder, "three", program("raise SystemExit(3)"))
    take(folder, "four", program("raise SystemExit(3)"))
    assert read(folder).lines()[:3] == ["four", "two", ""]
    assert sorted(path.name for path in (Path(folder) / "versions").iterdir()) == ["four", "two"]


def test_somebody_can_go_back_and_forth(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("two", "three"):
        take(folder, version, good(version))
        assert started() == version
    assert go_back(folder) == "two"
    assert (started(), given_up(folder)) == ("two", ["three"])
    assert go_back(folder) == ""
    assert started() == "installed"
    with pytest.raises(VersionError, match="installed version is used already"):
        go_back(folder)
    assert take(folder, "three", good("three")) and given_up(folder) == ["two"]
    assert started() == "three"
    monkeypatch.setenv("ESPALIER_PROGRAM", "installed")
    assert started() == "installed"


def test_another_interpreter_or_a_new_installation_is_a_new_trial(folder: str) -> None:
    take(folder, "two", good("two"))
    started()
    note = read(folder)
    write(note.but(proof="another one"), folder)
    assert started("check") == "installed"
    assert started() == "two" and read(folder) == note
    about = Path(place_of("two", folder)) / "about.json"
    about.write_text(json.dumps({"version": "0.0.1"}))
    write(note.but(installed="an older one"), folder)
    assert started() == "installed", "what was installed since is newer"
    assert "what was installed since is newer" in take_word(folder)


def test_what_a_version_needs_must_be_here(folder: str) -> None:
    assert unmet({"python": ">=3.11", "shell": ">=0.1", "dependencies": ["msgspec>=0.1", "none; os_name=='no'"]}) == ""
    needs = {"needs.json": json.dumps({"dependencies": ["msgspec>=999"]}).encode()}
    with pytest.raises(VersionError, match="needs msgspec >=999, and .* is installed"):
        take(folder, "two", good("two") | needs)
    with pytest.raises(VersionError, match="an installed Espalier >=99"):
        take(folder, "two", good("two"), min_shell="99")
    with pytest.raises(VersionError, match="cannot be read"):
        take(folder, "two", good("two") | {"needs.json": b'{"dependencies": ["\xff'})
    assert read(folder) is None
    take(folder, "two", good("two"))
    started()
    about = Path(place_of("two", folder)) / "about.json"
    about.write_text(json.dumps(facts_of(folder, "two") | {"needs": {"python": "<3"}}))
    write(read(folder).but(proof=""), folder)
    assert started() == "installed", "the libraries may have changed since it was taken"


def test_a_version_whose_files_are_gone_is_not_begun(folder: str) -> None:
    take(folder, "two", good("two"))
    (Path(place_of("two", folder)) / "shell" / "main.py").unlink()
    assert started() == "installed"


@pytest.mark.parametrize("content", [b"", b"two", b"two\n\nx\n", b"\xff", b"\n\n\n\n"])
def test_a_damaged_note_means_the_installed_one(folder: str, content: bytes) -> None:
    Path(folder).mkdir(parents=True)
    (Path(folder) / "choice").write_bytes(content)
    assert started() == "installed"


def test_a_release_that_is_no_program_is_refused(folder: str) -> None:
    for files in ({"main.kdl": b""}, {**good("x"), "program/json/__init__.py": b""}):
        with pytest.raises(VersionError, match="holds no program of ours"):
            take(folder, "two", files)
    assert not Path(folder).exists()


def test_what_cannot_be_written_is_told_and_changes_nothing(folder: str) -> None:
    Path(folder).mkdir(parents=True)
    (Path(folder) / "versions").write_text("a file in its place")
    with pytest.raises(VersionError, match="cannot be written"):
        take(folder, "two", good("two"))
    assert read(folder) is None


def test_killed_at_any_step_the_next_start_has_a_version(folder: str) -> None:
    take(folder, "two", good("two"))
    started()
    code = ("import os, sys; from tests.shell import test_version as t; left = [int(sys.argv[1])]\n"
            "def step(event, args):\n"
            "    if event in ('open', 'os.rename', 'os.mkdir', 'os.remove', 'os.rmdir') and sys.argv[2] in str(args):\n"
            "        left[0] -= 1\n"
            "        if left[0] < 0: os.kill(os.getpid(), 9)\n"
            "sys.addaudithook(step)\n"
            "t.take(sys.argv[2], 'three', t.good('three')); print('done')")  # fmt: skip
    for step in range(0, 200, 3):
        done = subprocess.run([sys.executable, "-c", code, str(step), folder], capture_output=True, text=True,
                              timeout=PATIENCE_S)  # fmt: skip
        assert (done.returncode, "done" in done.stdout) in ((-9, False), (0, True)), done.stderr
        assert started() in ("two", "three")
        if done.returncode == 0:
            break
    else:
        raise AssertionError("it never ended by itself")
    assert sorted(path.name for path in (Path(folder) / "versions").iterdir()) == ["three", "two"]
