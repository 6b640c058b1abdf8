"""Services: the files are what their systems read, what somebody edited stays, and the data stay in any case."""

from __future__ import annotations

import os
import plistlib
import shutil
import socket
import subprocess
import sys
import threading
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

from server.notify import tell_system
from shell.main import main
from shell.service.systemd import quoted
from tests.served import ServerProcess, make_repository
from tests.waiting import PATIENCE_S

TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
ODD = "apps of $HOME 100% \"new\" ; it's"

#: A stand-in for systemctl: it notes what it is asked, and answers in a word.
SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$0.asked"
case "$*" in *is-active*) cat "$0.state" ;; esac
test ! -e "$0.fails" || { echo "no bus for you" >&2; exit 1; }
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's home on a machine with a systemd of its own."""
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(SYSTEMCTL)
    program.chmod(0o755)
    program.with_name("systemctl.state").write_text("active\n")
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def service(home: Path, *words: str) -> int:
    return main(["espalier", "--basedir", str(home / "base"), "service", *words, "--system", "systemd"])


def unit(home: Path, name: str = "espalier-serve.service") -> Path:
    return home / ".config" / "systemd" / "user" / name


def shown(capsys: pytest.CaptureFixture[str], system: str, *words: str) -> str:
    capsys.readouterr()
    assert main(["espalier", "service", "install", *words, "--show", "--system", system]) == 0
    return capsys.readouterr().out


def test_it_is_installed_told_about_and_removed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository, _ = make_repository(home / "git")
    assert service(home, "install", "serve", str(repository), "--port", "5061") == 0
    asked = home / "bin" / "systemctl.asked"
    assert "--user restart espalier-serve.service" in asked.read_text()
    assert f"serve {repository} --port 5061" in unit(home).read_text()
    capsys.readouterr()
    assert service(home, "status") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"serve   installed as {unit(home)}; it runs"
    assert said[1].startswith("cache   not installed")
    assert service(home, "remove", "serve") == 0
    assert "disable --now espalier-serve.service" in asked.read_text()
    assert not unit(home).exists() and (repository / "HEAD").exists()
    assert "the repository, its databases and all keys are as they were" in capsys.readouterr().out
    assert service(home, "remove", "serve") == 0


def test_a_file_that_was_edited_is_neither_written_over_nor_removed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert service(home, "install", "cache") == 0
    timer = unit(home, "espalier-cache.timer")
    edited = timer.read_text().replace("OnUnitActiveSec=1800", "OnUnitActiveSec=60")
    timer.write_text(edited)
    before = unit(home, "espalier-cache.service").read_bytes()
    assert service(home, "install", "cache") == 1
    assert service(home, "remove", "cache") == 1
    assert "was edited" in capsys.readouterr().err
    assert (timer.read_text(), unit(home, "espalier-cache.service").read_bytes()) == (edited, before)
    assert service(home, "status", "cache") == 0
    assert f"{timer} was edited" in capsys.readouterr().out
    assert service(home, "install", "cache", "--force") == 0
    assert "OnUnitActiveSec=1800" in timer.read_text()


def test_what_the_system_refuses_is_said_in_its_words(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "bin" / "systemctl.fails").touch()
    assert service(home, "install", "cache") == 1
    assert "was not started: systemctl: no bus for you" in capsys.readouterr().err
    assert service(home, "remove", "cache") == 0
    assert "no bus for you" in capsys.readouterr().err
    assert not unit(home, "espalier-cache.timer").exists()


def test_wrong_words_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["espalier", "service", "install", "serv"]) == 2
    assert "did you mean serve?" in capsys.readouterr().err
    assert main(["espalier", "service", "install", "serve"]) == 2
    assert "which repository?" in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
@pytest.mark.parametrize("words", [("cache",), ("serve", "apps"), ("serve", ODD)])
def test_systemd_understands_the_units(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shown(capsys, "systemd", *words)
    parts = [f"# Written{part}" for part in text.split("# Written")[1:]]
    for part in parts:
        ending = "timer" if "[Timer]" in part else "service"
        (tmp_path / f"espalier-{words[0]}.{ending}").write_text(part)
    units = sorted(map(str, tmp_path.iterdir()))
    environment = os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(["systemd-analyze", "verify", "--user", *units], capture_output=True, text=True,
                          timeout=PATIENCE_S, env=environment)  # fmt: skip
    complaints = [line for line in done.stderr.splitlines() if "espalier" in line]
    assert (done.returncode, complaints) == (0, [])
    service_text = next(part for part in parts if "[Service]" in part)
    assert "NoNewPrivileges=yes" in service_text
    assert ("Type=notify" in service_text, "PrivateTmp=yes" in service_text) == ((words[0] == "serve",) * 2)


def test_a_word_of_a_unit_is_that_word_again() -> None:
    assert quoted("/opt/espalier") == "/opt/espalier"
    assert quoted("100% $HOME") == '"100%% $$HOME"'
    assert quoted('a "b" \\') == '"a \\"b\\" \\\\"'


def test_launchd_and_windows_read_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    agent = plistlib.loads(shown(capsys, "launchd", "serve", ODD, "--port", "5061").encode())
    assert agent["ProgramArguments"][-3:] == [str(Path(ODD).absolute()), "--port", "5061"]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert plistlib.loads(shown(capsys, "launchd", "cache").encode())["StartInterval"] == 1800
    task = xml.fromstring(shown(capsys, "windows", "serve", "apps & more"))
    action = task.find(f"{TASK}Actions/{TASK}Exec")
    assert action is not None and Path(action.findtext(f"{TASK}Command", "")).is_absolute()
    assert f'serve "{Path("apps & more").absolute()}"' in action.findtext(f"{TASK}Arguments", "")
    again = xml.fromstring(shown(capsys, "windows", "cache")).find(f".//{TASK}Repetition/{TASK}Interval")
    assert again is not None and again.text == "PT1800S"


@pytest.mark.skipif(sys.platform == "win32", reason="systemd's sockets")
def test_the_server_says_when_it_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_system("READY=1")  # nobody asked
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "n"))
        listener.settimeout(PATIENCE_S)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "n"))
        thread = threading.Thread(target=lambda: heard.extend(listener.recv(99) for _ in range(2)))
        thread.start()
        server = ServerProcess(make_repository(tmp_path / "git")[0], log_path=tmp_path / "log")
        server.stop()
        thread.join(PATIENCE_S)
    assert heard == [b"READY=1", b"STOPPING=1"]
