"""Machines with and without a screen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from shell.display import has_display, start_virtual_display

#: platform, environment → whether there is a screen.
SCREENS = [
    ("linux", {}, False),
    ("linux", {"DISPLAY": ""}, False),
    ("linux", {"DISPLAY": ":0"}, True),
    ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
    ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
    ("freebsd14", {}, False),
    ("win32", {}, True),
    ("darwin", {}, True),
]


@pytest.mark.parametrize(("platform", "environ", "expected"), SCREENS)
def test_a_screen_is_found(platform: str, environ: dict[str, str], expected: bool) -> None:
    assert has_display(environ, platform) is expected


def test_without_xvfb_qt_draws_offscreen(tmp_path: Path) -> None:
    environ = {"PATH": str(tmp_path)}
    start_virtual_display(environ)()
    assert environ["QT_QPA_PLATFORM"] == "offscreen"


def test_an_xvfb_that_does_not_start_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "Xvfb").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "Xvfb").chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    start_virtual_display(environ)()
    assert environ["QT_QPA_PLATFORM"] == "offscreen"
    assert "DISPLAY" not in environ


def test_xvfb_tells_its_number_and_is_ended(tmp_path: Path) -> None:
    (tmp_path / "Xvfb").write_text(
        f"#!{sys.executable}\nimport os, signal, sys\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n"
        "os.write(int(sys.argv[2]), b'42\\n')\nsignal.pause()\n"
    )
    (tmp_path / "Xvfb").chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    stop = start_virtual_display(environ)
    assert environ == {"PATH": environ["PATH"], "DISPLAY": ":42"}
    process = int((tmp_path / "pid").read_text())
    os.kill(process, 0)
    stop()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
