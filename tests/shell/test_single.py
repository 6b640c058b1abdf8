"""An app has one window for a person and a screen: claims between processes, and who is asked to come to the front."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from kernel.error import EspalierError
from shell import own_process, single
from shell.session import Given, Session
from tests.served import ROOT
from tests.waiting import PATIENCE_S, wait_for

#: Holds an app until its input ends; answers who asks when it is told to.
HOLDER = """
import sys
from shell import single
claim = single.claim("desk", "desk@home", sys.argv[1])
print("held", flush=True)
for line in sys.stdin:
    claim.listener.setblocking(True)
    import socket
    with socket.socket(fileno=claim.listener._accept()[0]) as asker:
        print(asker.recv(100).decode().strip() or "asked", flush=True)
        if line.strip() == "show":
            asker.sendall(single.SHOWN)
"""


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    """A private directory, deeper than a socket's path may be long."""
    place = tmp_path / ("deep" * 20) / "runtime"
    place.mkdir(parents=True, mode=0o700)
    return place


class Holder:
    """A process that shows the app."""

    def __init__(self, runtime: Path) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([sys.executable, "-c", HOLDER, str(runtime)], cwd=ROOT, **pipes)
        assert self.line() == "held"

    def line(self) -> str:
        return self.process.stdout.readline().strip()

    def tell(self, word: str) -> None:
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_S)


@pytest.fixture
def holder(runtime: Path):
    holder = Holder(runtime)
    yield holder
    holder.kill()


def test_a_second_process_has_the_first_one_show_its_window(
    holder: Holder, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "token-7")
    with pytest.raises(single.OpenElsewhereError, match="desk is open already") as told:
        single.claim("desk", "desk@home", runtime)
    holder.tell("show")
    assert single.bring_forward(told.value.place)
    assert holder.line() == "token-7"


def test_one_that_was_killed_leaves_nothing_behind(holder: Holder, runtime: Path) -> None:
    place = single.is_shown("desk@home", runtime)
    assert place
    holder.kill()
    assert not single.is_shown("desk@home", runtime)
    assert not single.bring_forward(place)
    claim = single.claim("desk", "desk@home", runtime)
    assert claim is not None
    claim.close()
    again = single.claim("desk", "desk@home", runtime)
    assert again is not None
    again.close()


def test_one_that_ends_while_it_is_asked_is_opened_again(holder: Holder, runtime: Path) -> None:
    place = single.is_shown("desk@home", runtime)
    found: list[bool] = []
    asking = threading.Thread(target=lambda: found.append(single.bring_forward(place)))
    asking.start()
    holder.tell("ignore")
    assert holder.line() == "asked"
    holder.kill()
    asking.join(PATIENCE_S)
    assert found == [False]


def test_one_that_hangs_is_named(holder: Holder, runtime: Path) -> None:
    place = single.is_shown("desk@home", runtime)
    with pytest.raises(EspalierError, match="does not answer") as told:
        single.bring_forward(place, patience_s=0.1)
    assert told.value.hint == f"end process {holder.process.pid} and open it again"


def test_other_apps_screens_and_open_directories_are_no_matter(
    holder: Holder, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = single.claim("desk", "desk@work", runtime)
    assert other is not None
    other.close()
    monkeypatch.setenv("DISPLAY", ":elsewhere")
    there = single.claim("desk", "desk@home", runtime)
    assert there is not None
    there.close()
    monkeypatch.undo()
    os.chmod(runtime, 0o777)
    assert single.claim("desk", "desk@home", runtime) is None


def test_what_goes_by_one_window(tmp_path: Path) -> None:
    def app(key: str, **more: object) -> SimpleNamespace:
        return SimpleNamespace(info=SimpleNamespace(key=key, server=more.pop("server", "")), **more)

    (tmp_path / "code").mkdir()
    (tmp_path / "plain").mkdir()
    (tmp_path / "code" / "ship.py").write_text("")
    assert single.key_of(app("desk@home", server="home"), "desk") == "desk@home"
    assert single.key_of(None, "desk@home") == "desk@home"
    assert single.key_of(app("home"), "home") == "home"
    assert single.key_of(app("code-1", folder=tmp_path / "code"), "code") == "code-1"
    assert single.key_of(app("plain-1", folder=tmp_path / "plain"), "plain") == ""
    assert single.key_of(app("music-1", folder=tmp_path / "code", database=Path("music")), "music.sqlite") == ""


def test_opening_it_again_and_again_starts_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "ship.py").write_text("")
    started, may_end = [], threading.Event()

    def run(command: list[str], _environment: dict[str, str]) -> str:
        started.append(command[-1])
        may_end.wait(PATIENCE_S)
        return ""

    monkeypatch.setattr(own_process, "_run", run)
    window = SimpleNamespace(session=Session(Given(basedir=str(tmp_path / "base"))), messages=Told())
    for _ in range(5):
        own_process.start(str(tmp_path / "desk"), window)
    wait_for(lambda: started)
    may_end.set()
    wait_for(lambda: not own_process._beginning)
    assert started == [str(tmp_path / "desk")]
    own_process.start(str(tmp_path / "desk"), window)
    wait_for(lambda: len(started) == 2)


class Told:
    """Stands for a window's messages."""

    def report(self, *_words: str) -> None:
        """Nothing is expected."""
