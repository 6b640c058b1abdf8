"""What a process that is ready fits, takes and refuses; the process itself is in tests/end_to_end/test_ready.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from shell.ready import keep, launcher, message, place, way
from shell.ready.fitting import refusal
from shell.ready.loaded import Loaded

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")

SCREEN = {b"DISPLAY": b":1"}


def request(*words: str, environment: dict[bytes, bytes] = SCREEN, program: str = "espalier") -> message.Request:
    return message.Request([f"/usr/bin/{program}", *words], ["/path"], environment, 0o22, [1])


@pytest.mark.parametrize(
    "words",
    [(), ("orders",), ("orders@host:5060",), ("open", "music.sqlite"), ("--basedir", "/d", "--debug", "orders")],
)
def test_what_opens_a_window_is_taken(words: tuple[str, ...]) -> None:
    assert refusal(request(*words)) == ""


@pytest.mark.parametrize(
    "words",
    [("tree", "main.kdl"), ("--help",), ("help",), ("--version",), ("version",), ("config", "list"), ("--nonsense",),
     ("orders", "extra"), ("open",), ("open", "--scaffold-only", "a.sqlite"), ("open", "a", "--app", "d"),
     ("--basedir",), ("--picture", "p.png", "orders"), ("--set", "start.keep_ready=true", "orders")],
)  # fmt: skip
def test_what_does_not_stay_or_is_wrong_goes_by_itself(words: tuple[str, ...]) -> None:
    assert refusal(request(*words))


def test_the_name_of_the_program_is_an_app() -> None:
    assert refusal(request(program="shop")) == ""
    assert refusal(request("tree", program="shop")) == "no window is opened"


def test_without_a_screen_a_start_goes_by_itself() -> None:
    assert refusal(request("orders", environment={b"HOME": b"/"})) == "there is no screen"


def test_a_request_comes_as_it_was_sent() -> None:
    sent = request("é\udcff", environment={b"A": b"\xff=\n"})
    assert message.decode(message.encode(sent)) == sent


@pytest.mark.parametrize("code", [0, 1, 130, 255, -11])
def test_the_last_ending_counts(code: int) -> None:
    assert message.read_ending(message.ending(7) + message.ending(code)) == code


@pytest.mark.parametrize("said", [b"", b"abc"])
def test_no_ending_is_none(said: bytes) -> None:
    assert message.read_ending(said) is None


@pytest.mark.parametrize("name", ["PYTHONMALLOC", "LD_PRELOAD", "LC_ALL", "QT_HASH_SEED"])
def test_variables_that_count_at_the_start_lead_elsewhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = place.socket_path()
    monkeypatch.setenv(name, "another")
    assert place.socket_path() != before


def test_variables_that_are_handed_over_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    before = place.socket_path()
    for name in ("DISPLAY", "QT_SCALE_FACTOR", "ESPALIER_UI_THEME", "HOME"):
        monkeypatch.setenv(name, "another")
    assert place.socket_path() == before


def test_another_limit_leads_elsewhere() -> None:
    code = "import sys; from shell.ready import place; print(place.socket_path())"
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); {code}"
    paths = {subprocess.run([sys.executable, "-c", text], capture_output=True, check=True).stdout
             for text in (code, code, limited, limited.replace("(0, 0)", "(0, 4096)"))}  # fmt: skip
    assert len(paths) in (2, 3)


def test_a_confined_start_has_a_place_of_its_own() -> None:
    code = "import sys; from shell.ready import place; print(place.socket_path())"
    confine = "import ctypes; ctypes.CDLL(None).prctl(38, 1, 0, 0, 0); "  # PR_SET_NO_NEW_PRIVS
    paths = [subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout
             for text in (code, code, confine + code)]  # fmt: skip
    assert paths[0] == paths[1] != paths[2]



def test_a_directory_that_others_can_enter_is_not_used(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert place.is_private(str(tmp_path))
    tmp_path.chmod(0o750)
    assert not place.is_private(str(tmp_path))
    (tmp_path / "link").symlink_to(tmp_path)
    assert not place.is_private(str(tmp_path / "link"))
    assert not place.is_private(str(tmp_path / "nothing"))


def test_nothing_is_started_where_others_can_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(PermissionError, match="entered by others"):
        keep.start(str(tmp_path / "ready-1.socket"), 1.0)
    assert list(tmp_path.iterdir()) == []


def test_too_long_a_directory_is_gone_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("long" * 30)))
    monkeypatch.delenv("ESPALIER_START_KEEP_READY")
    assert launcher.start_ready(["espalier", "orders"]) is None
    assert way.taken() == way.Way("first: the directory for sockets has too long a name", "", dict(os.environ))


@pytest.mark.parametrize("change", ["written", "gone", "replaced"])
def test_a_changed_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    path = tmp_path / "part.py"
    path.write_text("A = 1\n")
    began_ns = path.stat().st_mtime_ns + 1
    module = ModuleType("a_part")
    module.__file__ = str(path)
    monkeypatch.setattr(sys, "modules", {"a_part": module})
    loaded = Loaded(began_ns)
    assert not loaded.has_changed()
    if change == "gone":
        path.unlink()
    elif change == "written":
        path.write_text("A = 22\n")
    else:
        facts = path.stat()
        (tmp_path / "new").write_text("A = 2\n")
        os.utime(tmp_path / "new", ns=(facts.st_atime_ns, facts.st_mtime_ns))
        (tmp_path / "new").replace(path)
    assert loaded.has_changed()


def test_a_file_written_while_it_was_imported_counts_as_changed(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "part.py"
    path.write_text("A = 1\n")
    module = ModuleType("a_part")
    module.__file__ = str(path)
    monkeypatch.setattr(sys, "modules", {"a_part": module})
    assert Loaded(path.stat().st_mtime_ns).has_changed()
