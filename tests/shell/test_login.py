"""What is started at login: an entry that desktops read, on and off again, and never an edit of a person lost."""

from __future__ import annotations

import configparser
import sys
from pathlib import Path

import pytest

from shell.main import main
from shell.service.autostart import quoted

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the entry is; nothing is started by ``on``."""
    from shell.ready import keep

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ESPALIER_START_KEEP_READY", "true")
    monkeypatch.setenv("ESPALIER_BASEDIR", str(tmp_path / "base"))
    monkeypatch.setattr(keep, "is_ready", lambda path: True)
    return tmp_path / "config" / "autostart" / "espalier-ready.desktop"


def login(action: str) -> int:
    return main(["espalier", "login", action])


def test_on_and_off(entry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert login("status") == 0 and capsys.readouterr().out.startswith("off;")
    assert login("on") == login("status") == 0
    assert capsys.readouterr().out.endswith(f"on, by {entry}\n")
    read = configparser.RawConfigParser(delimiters="=")
    read.read(entry)
    found = dict(read["Desktop Entry"])
    assert found["type"] == "Application" and found["exec"].endswith(" login start") and found["exec"].startswith("/")
    assert login("off") == 0 and not entry.exists()
    assert login("off") == 0 and capsys.readouterr().out.endswith("Nothing is started at login\n")


def test_what_somebody_edited_stays(entry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert login("on") == 0
    entry.write_text(entry.read_text() + "Hidden=true\n")
    before = entry.read_text()
    assert login("off") == login("on") == 1 and entry.read_text() == before
    assert "was edited" in capsys.readouterr().err


def test_who_wants_no_process_gets_none(
    entry: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from shell.ready import keep

    monkeypatch.setenv("ESPALIER_START_KEEP_READY", "false")
    monkeypatch.setattr(keep, "is_ready", lambda path: pytest.fail("a process was wanted"))
    assert login("start") == 0
    assert login("on") == 1 and not entry.exists()
    assert "espalier config set start.keep_ready on" in capsys.readouterr().err


@pytest.mark.parametrize(("word", "written"), [
    ("/opt/espalier/bin/espalier", "/opt/espalier/bin/espalier"),
    ("/home/ann b/espalier", '"/home/ann b/espalier"'),
    ('a"b', r'"a\\"b"'),
    ("$HOME", r'"\\$HOME"'),
    ("100%", "100%%"),
    ("", '""'),
])  # fmt: skip
def test_words_as_desktops_read_them(word: str, written: str) -> None:
    assert quoted(word) == written


def test_the_process_that_is_ready_leaves_when_the_option_is_switched_off(
    entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shell.ready import keep, place

    monkeypatch.delenv("ESPALIER_START_KEEP_READY")
    asked: list[str] = []
    monkeypatch.setattr(keep, "dismiss", asked.append)
    for value, expected in (("on", []), ("off", [place.socket_path()])):
        assert main(["espalier", "config", "set", "start.keep_ready", value]) == 0
        assert asked == expected
